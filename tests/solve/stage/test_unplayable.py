"""Payoffs of what nobody can ever play leave the answer as it is, whatever their size; what can be played stays."""

import copy
import random
from fractions import Fraction

import numpy as np
import pytest

from negotiation.games.files.load import any_game_of
from negotiation.solve.certificates.certify import with_certificate
from negotiation.solve.certificates.derived_claims import play_certificate
from negotiation.solve.payoff_sets.solver import solve
from negotiation.solve.public.solver import solve_public
from negotiation.solve.stage.unplayable import moderate, ruled_out
from negotiation.verify.checker import check

SIZES = (10**6, 10**9, 10**10, 10**11, 10**12, 10**100, 10**290)
DILEMMA = [[[9, 1], [10, 3]], [[9, 10], [1, 3]]]
RIGHT = [[3, 3], [9.75, 3], [9, 9], [3, 9.75]]
NOISE = [[["9/10", "1/10"], ["1/2", "1/2"]], *2 * [[["1/2", "1/2"], ["1/5", "4/5"]]]]


def with_row(payoff):
    """Return the dilemma with a third row that gives the first player `payoff`."""
    return [[*DILEMMA[0], [payoff, payoff]], [*DILEMMA[1], [0, 0]]]


def extreme(draw, size):
    """Return a dilemma with one to three dominated actions at random places, whose losses are `size` or more."""
    tables = copy.deepcopy(DILEMMA)
    for _ in range(draw.choice((1, 1, 2, 3))):
        player, other = draw.choice(((0, 1), (1, 0)))
        rows, columns = len(tables[0]), len(tables[0][0])
        loss, at = draw.choice((1, 1, 2)), draw.randrange((rows, columns)[player] + 1)
        fine = [draw.choice((0, 1, 3, loss * size)) for _ in range((columns, rows)[player])]
        for who, numbers in ((player, [-size * loss] * len(fine)), (other, fine)):
            for line in [None] if player == 0 else range(rows):
                if player == 0:
                    tables[who].insert(at, list(numbers))
                else:
                    tables[who][line].insert(at, numbers[line])
    return {"payoffs": tables, "discount": "2/5"}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("discount", ["2/5", 0.4])
def test_a_dominated_row_changes_nothing_however_bad_it_is(size, discount):
    game = any_game_of({"payoffs": with_row(-size), "discount": discount})
    found = with_certificate(solve(game))
    for part in (*found.inner, *found.outer):
        assert np.allclose(part.vertices, RIGHT, rtol=0, atol=1e-9)
    assert check(found.certificate).holds
    assert Fraction(found.certificate["gap"]) < Fraction(1, 10**8)


@pytest.mark.parametrize("seed", range(12))
def test_where_and_how_many_dominated_actions_there_are_changes_nothing(seed):
    answers = []
    for size in (10**4, 10**8, 10**12):
        game = any_game_of(extreme(random.Random(seed), size))
        assert ruled_out(game)
        seen, noisy = with_certificate(solve(game)), solve_public(game)
        assert check(seen.certificate).holds
        assert noisy.outer[0].within(seen.outer[0], 1e-3)
        answers.append(seen.outer[0].vertices.tolist())
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize("size", [10**6, 10**12])
def test_the_same_holds_with_noise(size):
    table = {"payoffs": with_row(-size), "discount": "9/10"}
    mild = {**table, "payoffs": with_row(-70)}
    found, plain = (with_certificate(solve(any_game_of({**data, "signals": NOISE}))) for data in (table, mild))
    assert found.solved
    assert check(found.certificate).holds
    for one, other in ((found, plain), (plain, found)):
        assert one.inner[0].within(other.outer[0], 1e-9)
    assert np.ptp(found.outer[0].vertices, axis=0).max() < 7
    assert found.gap < 1e-3  # of a range of 9, not of the size


def test_a_dominated_action_that_the_future_can_reward_stays():
    # the loss of 8 in month one is less than what .9/.1 times the range of later payoffs can make good
    data = {"payoffs": [[[9, 1], [10, 3], [2, 2]], [[9, 10], [1, 3], [90, 90]]], "discount": "9/10"}
    assert ruled_out(any_game_of(data)) == ()


def test_a_disaster_that_is_an_equilibrium_of_the_stage_game_stays():
    size = 10**12
    data = {"payoffs": [[[3, -size], [-size, -size]], [[3, -size], [-size, -size]]], "discount": "2/5"}
    assert (0, 3) not in ruled_out(any_game_of(data))
    assert solve(any_game_of(data)).outer[0].vertices.min() == -size


@pytest.mark.parametrize("seed", range(40))
def test_moderate_games_have_the_best_replies_and_the_profiles_of_the_given_one(seed):
    draw = random.Random(seed)
    game = any_game_of(extreme(draw, 10 ** draw.randrange(4, 200)))
    near, out = moderate(game), [p for _, p in ruled_out(game)]
    live = np.setdiff1d(np.arange(game.stage.payoffs[0].size), out)
    assert np.abs(near.stage.payoffs).max() < 1e4
    for i in range(2):
        assert (near.stage.payoffs[i].ravel()[live] == game.stage.payoffs[i].ravel()[live]).all()
        best = [table.stage.payoffs[i].max(axis=i, keepdims=True) for table in (near, game)]
        both = [np.broadcast_to(table, game.stage.shape).ravel()[live] for table in best]
        assert (both[0] == both[1]).all()


def test_a_profile_ruled_out_beforehand_cannot_be_played():
    size = 10**9
    game = any_game_of({"payoffs": with_row(-size), "discount": "2/5"})
    found = with_certificate(solve(game))
    assert play_certificate(found, (2, 0))["answer"] == "no"
    assert play_certificate(found, (0, 0))["answer"] == "yes"


def range_notes(found):
    return [note for note in found.notes if "payoffs range over" in note or "The payoff range is taken" in note]


@pytest.mark.parametrize("size", [10**8, 10**10, 10**12])
def test_what_the_payoff_range_does_to_the_digits_is_said(size):
    """Of a range that dwarfs the set, of one that is taken smaller, and of neither where neither is so."""

    def noted(tables, *signals):
        return range_notes(solve_public(any_game_of({"payoffs": tables, "discount": "9/10", "signals": [*signals]})))

    def with_lure(size):
        """Return the dilemma with a third action: alone it costs `size`, which goes to the other player."""
        return [[[9, 1, size], [10, 3, 0], [-size, 0, 0]], [[9, 10, -size], [1, 3, 0], [size, 0, 0]]]

    noise = [[*row, ["1/2", "1/2"]] for row in (*NOISE[:1], *2 * [2 * [["1/2", "1/2"]]])]
    assert noted(with_lure(size), *noise) == [
        f"player {player}'s payoffs range over {2.0 * size:.3g}, so that its numbers are accurate to {2e-9 * size:.1g}."
        for player in (1, 2)
    ]
    taken = "The payoff range is taken without 2 of 6 profiles, which no equilibrium ever plays."
    assert noted(with_row(-size), *NOISE) == [taken]
    assert noted(with_lure(10**3), *noise) == noted(DILEMMA, *NOISE[:2]) == []
