"""Sender-receiver games: stored equilibria, textbook games, and every random game against an independent check."""

import importlib.util
import itertools
import json
import random
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from negotiation.errors import InputError
from negotiation.games.signalling import SignallingGame, exact
from negotiation.games.stage import StageGame
from negotiation.solve.signalling.equilibria import (
    PARTIAL,
    POOLING,
    SEPARATING,
    belief_after,
    kind_of,
    perfect_bayesian_equilibria,
    receiver_payoff,
    sender_payoffs,
)
from negotiation.solve.signalling.intuitive_criterion import FAILS, SURVIVES, intuitive_criterion, objections_to
from negotiation.solve.signalling.text import beliefs, component_sentence
from negotiation.solve.stage.nash import stage_equilibria
from tests.stored import STORED

SPEC = importlib.util.spec_from_file_location("signalling_check", Path(__file__).with_name("signalling_check.py"))
CHECK = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(CHECK)
covered, is_equilibrium, pure, pure_equilibria = CHECK.covered, CHECK.is_equilibrium, CHECK.pure, CHECK.pure_equilibria

CASES = json.loads((STORED / "signalling.json").read_text())


def stored_game(case):
    def cube(table):
        return [[[table[f"{t}|{s}|{a}"] for a in case["actions"]] for s in case["messages"]] for t in case["types"]]

    prior = Fraction(case["prior_deliberate"])
    names = (case["types"], case["messages"], case["actions"])
    return SignallingGame(*names, (prior, 1 - prior), cube(case["sender_payoff"]), cube(case["receiver_payoff"]))


def random_game(rng, shape=(2, 3, 3), low=-9, high=9):
    n, m, k = shape
    weights = [rng.randint(1, 9) for _ in range(n)]
    prior = [Fraction(weight, sum(weights)) for weight in weights]

    def cube():
        return [[[rng.randint(low, high) for _ in range(k)] for _ in range(m)] for _ in range(n)]

    return SignallingGame(
        [f"t{i}" for i in range(n)], [f"m{i}" for i in range(m)], [f"r{i}" for i in range(k)], prior, cube(), cube()
    )


def two_by_two(point):
    sigma, rho = point
    return (sigma[0][0], sigma[1][0]), (rho[0][0], rho[1][0])


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_stored_equilibria(case):
    game = stored_game(case)
    components = perfect_bayesian_equilibria(game)
    found = {two_by_two(point): point for item in components for point in item.extremes}
    wanted = {
        (tuple(map(Fraction, item["P_reassure"])), tuple(map(Fraction, item["P_hold"]))): item
        for item in case["extreme_pbe"]
    }
    assert set(found) == set(wanted)
    for key, item in wanted.items():
        label = {SEPARATING: "separating", PARTIAL: "semi-separating"}.get(kind_of(found[key][0]))
        if label is None:
            label = "pool-Reassure" if key[0] == (1, 1) else "pool-Vague"
        assert label == item["type"]
        assert bool(objections_to(game, *found[key])) is item["intuitive_criterion_fails"]


def test_beer_quiche_in_words():
    """Cho, Kreps 1987: pooling on beer survives, on quiche not; off the path a duel at least half of the time."""
    by_message = {item.sent[0]: item for item in perfect_bayesian_equilibria(stored_game(CASES[0]))}
    quiche, beer = by_message[0], by_message[3]
    assert (quiche.kind, beer.kind) == (POOLING, POOLING)
    assert intuitive_criterion(beer).verdict == SURVIVES
    verdict = intuitive_criterion(quiche)
    assert verdict.verdict == FAILS
    assert (verdict.objection.speaker, verdict.objection.excluded) == ("Deliberate", ("Delay",))
    assert "SnapBack with probability 1/2 to 1" in component_sentence(beer)
    assert beliefs(beer, 0) == ((Fraction(9, 10), Fraction(1, 10)),)
    assert sorted(beliefs(beer, 1)) == [(0, 1), (Fraction(1, 2), Fraction(1, 2))]


def test_a_threat_that_is_never_best_supports_nothing():
    """An entrant stays out only for fear of a fight that the incumbent would never start: Nash, but not perfect."""
    game = SignallingGame(
        ("weak", "strong"),
        ("in", "out"),
        ("yield", "fight"),
        ("1/2", "1/2"),
        [[[2, -1], [1, 1]], [[3, -1], [1, 1]]],
        [[[1, 0], [2, 2]], [[1, -1], [2, 2]]],
    )
    (component,) = perfect_bayesian_equilibria(game)
    assert component.senders == (pure((0, 0), 2),)
    threat = pure((1, 1), 2), pure((1, 0), 2)
    assert not is_equilibrium(game, *threat)
    assert not covered([component], *threat)


@pytest.mark.parametrize("seed", range(4))
def test_random_games_against_an_independent_check(seed):
    """1,000 games with 2 types, 3 messages, 3 responses; every fourth has payoffs so coarse that ties abound."""
    rng = random.Random(seed)
    for number in range(250):
        game = random_game(rng, low=-1 if number % 4 == 0 else -9, high=1 if number % 4 == 0 else 9)
        components = perfect_bayesian_equilibria(game)
        assert components
        for item in components:
            points = [item.middle, *itertools.islice(item.extremes, 4)]
            assert all(is_equilibrium(game, *point) for point in points)
        corners = {point for item in components for point in item.extremes}
        missed = [point for point in pure_equilibria(game) if point not in corners]
        assert missed == []


def normal_form(game):
    """Return the stage game over plans, and the plans of both sides."""
    n, m, k = game.shape
    speeches, replies = list(itertools.product(range(m), repeat=n)), list(itertools.product(range(k), repeat=m))
    payoffs = np.zeros((2, len(speeches), len(replies)), dtype=object)
    for (i, sent), (j, answer) in itertools.product(enumerate(speeches), enumerate(replies)):
        for t, s in enumerate(sent):
            payoffs[0, i, j] += game.prior[t] * game.sender[t][s][answer[s]]
            payoffs[1, i, j] += game.prior[t] * game.receiver[t][s][answer[s]]
    return payoffs.tolist(), speeches, replies


def behaviour(mix, plans, size):
    rows = len(plans[0])
    return tuple(
        tuple(
            sum((w for w, plan in zip(mix, plans, strict=True) if plan[at] == option), Fraction(0))
            for option in range(size)
        )
        for at in range(rows)
    )


def nash_filtered(game):
    """Return every extreme Nash equilibrium of the normal form that the independent check accepts, as behaviour."""
    exact_payoffs, speeches, replies = normal_form(game)
    names = tuple(str(plan) for plan in speeches), tuple(str(plan) for plan in replies)
    stage = StageGame(("sender", "receiver"), names, np.array(exact_payoffs, dtype=float))
    found = stage_equilibria(stage, exact=exact_payoffs).equilibria
    points = [
        (behaviour(item.mixes[0], speeches, len(game.messages)), behaviour(item.mixes[1], replies, len(game.responses)))
        for item in found
    ]
    return [point for point in points if is_equilibrium(game, *point)]


@pytest.mark.parametrize("coarse", [False, True])
def test_no_equilibrium_of_the_normal_form_is_missed(coarse):
    """The normal form's Nash equilibria, found by another algorithm and filtered by beliefs, lie in the components."""
    rng = random.Random(11)
    checked = 0
    for _ in range(25):
        game = random_game(rng, (2, 2, 2), -1 if coarse else -9, 1 if coarse else 9)
        components = perfect_bayesian_equilibria(game)
        for sigma, rho in nash_filtered(game):
            assert covered(components, sigma, rho)
            checked += 1
    assert checked > 30


GAMBIT = json.loads((STORED / "gambit_signalling.json").read_text())


def gambit_points(case):
    """Return a stored game and Gambit's Nash equilibria: those that the independent check accepts, and the others."""
    n, m, k = (len(case["sender"]), len(case["sender"][0]), len(case["sender"][0][0]))
    prior = [Fraction(weight, sum(case["weights"])) for weight in case["weights"]]
    names = ([f"t{i}" for i in range(n)], [f"m{i}" for i in range(m)], [f"r{i}" for i in range(k)])
    game = SignallingGame(*names, prior, case["sender"], case["receiver"])
    points = [tuple(tuple(tuple(map(Fraction, row)) for row in side) for side in point) for point in case["equilibria"]]
    accepted = [point for point in points if is_equilibrium(game, *point)]
    return game, accepted, [point for point in points if point not in accepted]


def test_gambits_equilibria_are_found():
    """Every equilibrium of Gambit's that beliefs support lies in a component, mixed ones too; no other does."""
    mixed, empty_threats = 0, 0
    for case in GAMBIT:
        game, points, others = gambit_points(case)
        components = perfect_bayesian_equilibria(game)
        corners = {point for item in components for point in item.extremes}
        for point in points:
            assert point in corners or covered(components, *point)
            mixed += any(0 < chance < 1 for side in point for row in side for chance in row)
        for point in others:
            assert not covered(components, *point)
            empty_threats += 1
    assert empty_threats > 10
    assert len(GAMBIT) >= 50
    assert mixed > 50


@pytest.mark.parametrize("shape", [(1, 2, 3), (3, 2, 2), (3, 2, 3), (2, 2, 4), (3, 3, 2)])
def test_other_shapes(shape):
    rng = random.Random(5)
    for number in range(15):
        game = random_game(rng, shape, -2 if number % 2 else -9, 2 if number % 2 else 9)
        components = perfect_bayesian_equilibria(game)
        assert all(is_equilibrium(game, *item.middle) for item in components)
        assert all(is_equilibrium(game, *point) for item in components for point in itertools.islice(item.extremes, 6))
        corners = {point for item in components for point in item.extremes}
        assert all(point in corners for point in pure_equilibria(game))


def test_cheap_talk_always_has_a_babbling_equilibrium_and_the_criterion_no_bite():
    rng = random.Random(3)
    for _ in range(40):
        kinds = [[rng.randint(-5, 5) for _ in range(3)] for _ in range(2)]
        worths = [[rng.randint(-5, 5) for _ in range(3)] for _ in range(2)]
        game = SignallingGame(
            ("a", "b"), ("x", "y"), ("1", "2", "3"), ("1/3", "2/3"), [[k, k] for k in kinds], [[w, w] for w in worths]
        )
        components = perfect_bayesian_equilibria(game)
        assert all(intuitive_criterion(item).verdict == SURVIVES for item in components)
        babbling = [sigma for item in components for sigma in item.senders if kind_of(sigma) == POOLING]
        assert babbling


def test_payoffs_and_beliefs_of_the_semi_separating_case():
    """Prior 2/5: one type always reassures, the other at 2/3; P(deliberate | reassure) = .4 / (.4 + .4) = 1/2."""
    (component,) = perfect_bayesian_equilibria(stored_game(CASES[1]))
    (point,) = component.extremes
    assert belief_after(component.game, point[0], 0) == (Fraction(1, 2), Fraction(1, 2))
    assert sender_payoffs(component.game, *point) == (2, 1)
    # the receiver is right half of the time after Reassure (weight .8), always after Vague
    assert receiver_payoff(component.game, *point) == Fraction(3, 5)


def test_relabelling_and_scaling_change_nothing():
    rng = random.Random(8)
    for _ in range(20):
        game = random_game(rng)
        order = [2, 0, 1]
        turned = SignallingGame(
            game.types,
            [game.messages[s] for s in order],
            game.responses,
            game.prior,
            [[[3 * u + 7 for u in table[s]] for s in order] for table in game.sender],
            [[[v / 5 - t for v in table[s]] for s in order] for t, table in enumerate(game.receiver)],
        )
        first = {(s, r) for item in perfect_bayesian_equilibria(game) for s, r in item.extremes}
        second = set()
        for item in perfect_bayesian_equilibria(turned):
            for sigma, rho in item.extremes:
                back = tuple(tuple(row[order.index(s)] for s in range(3)) for row in sigma)
                second.add((back, tuple(rho[order.index(s)] for s in range(3))))
        assert first == second


def test_the_belief_interval_of_the_check_itself():
    game = stored_game(CASES[0])
    assert CHECK.interval_of_beliefs(game, 0, [0]) == (Fraction(1, 2), 1)
    assert CHECK.interval_of_beliefs(game, 0, [0, 1]) == (Fraction(1, 2), Fraction(1, 2))


CUBE = [[[0, 0], [0, 0]], [[0, 0], [0, 0]]]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"prior": (1.2, -0.2)}, "prior.a: 1.2 is no probability"),
        ({"prior": (0.5, 0.4)}, "adds up to 0.9"),
        ({"prior": (1, 0)}, "leave out a type"),
        ({"prior": (1,)}, "1 numbers for 2 types"),
        ({"types": ()}, "at least one type"),
        ({"messages": ()}, "a type needs at least one message"),
        ({"responses": ()}, "at least one response"),
        ({"types": ("a", "a")}, "the same name"),
        ({"sender": [[[0, 0]], [[0, 0]]]}, "needs 2 entries"),
        ({"receiver": [[[0, 0], [0, "x"]], [[0, 0], [0, 0]]]}, "'x' is not a finite number"),
        ({"receiver": [[[0, 0], [0, float("nan")]], [[0, 0], [0, 0]]]}, "nan is not a finite number"),
    ],
)
def test_bad_input_is_one_clear_sentence(change, words):
    good = {
        "types": ("a", "b"),
        "messages": ("x", "y"),
        "responses": ("1", "2"),
        "prior": (0.5, 0.5),
        "sender": CUBE,
        "receiver": CUBE,
    }
    with pytest.raises(InputError, match="signalling game") as error:
        SignallingGame(**{**good, **change})
    assert words in str(error.value)


def test_a_game_too_large_to_look_through_is_refused():
    with pytest.raises(InputError, match="support patterns"):
        perfect_bayesian_equilibria(random_game(random.Random(1), (4, 9, 6)))


def test_numbers_are_read_exactly():
    assert exact(0.1) == Fraction(1, 10)
    assert exact(np.float64(0.25)) == Fraction(1, 4)


@pytest.mark.slow  # Gambit takes seconds to import
def test_gambit_itself_where_it_is_installed():
    pygambit = pytest.importorskip("pygambit")
    case = GAMBIT[0]
    n, m, k = 2, 2, 2
    plans = list(itertools.product(range(2), repeat=2))
    tables = [
        [
            [
                sum(w * case[side][t][sent[t]][answer[sent[t]]] for t, w in enumerate(case["weights"]))
                for answer in plans
            ]
            for sent in plans
        ]
        for side in ("sender", "receiver")
    ]
    game = pygambit.Game.from_arrays(*tables)
    found = []
    for profile in pygambit.nash.enummixed_solve(game, rational=True).equilibria:
        mixes = [[Fraction(str(profile[strategy])) for strategy in player.strategies] for player in game.players]
        found.append((behaviour(mixes[0], plans, 2), behaviour(mixes[1], plans, 2)))
    stored = [tuple(tuple(tuple(map(Fraction, row)) for row in side) for side in p) for p in case["equilibria"]]
    assert set(found) == set(stored)
    assert (n, m, k) == (len(case["sender"]), len(case["sender"][0]), len(case["sender"][0][0]))


@pytest.mark.benchmark
def test_median_time_of_a_game():
    """Stays well under 50 ms a game on one core: the median of 200 random games."""
    import time

    rng = random.Random(2)
    games = [random_game(rng) for _ in range(200)]
    seconds = []
    for game in games:
        start = time.process_time()
        perfect_bayesian_equilibria(game)
        seconds.append(time.process_time() - start)
    assert sorted(seconds)[100] < 0.05
