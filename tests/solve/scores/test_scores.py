"""Fudenberg-Levine scores: closed forms, a programme written from the definition, and sets that must lie within."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import linprog

from negotiation.errors import InputError
from negotiation.games import DynamicGame, Monitoring, StageGame
from negotiation.solve.options import PUBLIC
from negotiation.solve.public.solver import solve_public
from negotiation.solve.scores.half_spaces import axis_level, quadrant_score
from negotiation.solve.scores.limit_set import enforceable_incentives, patient_limit
from negotiation.solve.scores.piecewise_linear import piece_at
from negotiation.solve.transfers.solver import transfer_steps

COARSE = PUBLIC.replace(directions=64)  # a few games need hundreds of directions for their gap, not for this test
AXES = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)]


def two_action(payoffs, likelihood, observed=(), discount=0.5):
    likelihood = np.asarray(likelihood, dtype=float)
    names = tuple(f"y{k}" for k in range(likelihood.shape[-1]))
    payoffs = np.asarray(payoffs, dtype=float)
    actions = tuple(tuple(f"{k}" for k in range(size)) for size in payoffs.shape[1:])
    return DynamicGame.repeated(
        StageGame(("a", "b"), actions, payoffs), discount, Monitoring(names, likelihood, observed)
    )


def partnership(bad=(0.1, 0.4, 0.7)):
    """Radner, Myerson, Maskin (1986), two actions: u = 1, gain 1; bad news with 0, 1, 2 shirkers."""
    chance = np.array([[bad[0], bad[1]], [bad[1], bad[2]]])
    payoffs = [[[1.0, -1.5], [2.0, 0.0]], [[1.0, 2.0], [-1.5, 0.0]]]
    return two_action(payoffs, np.stack([chance, 1 - chance], axis=-1))


def score(game, direction):
    """The largest score over pure profiles in one direction and the profile; None when no profile is enforceable."""
    conditions = enforceable_incentives(game)
    first, second = (Fraction(number) for number in direction)
    size = abs(first) + abs(second)
    if first and second:
        function = quadrant_score(conditions, (1 if first > 0 else -1, 1 if second > 0 else -1))
        piece = piece_at(function, abs(second) / size)
        return None if piece is None else (piece.line.value(abs(second) / size) * size, piece.tag)
    level = axis_level(conditions, 0 if first else 1, 1 if first + second > 0 else -1)
    return None if level is None else (level[0] * size, level[1])


def random_game(rng, ratios=True):
    sizes = tuple(int(size) for size in rng.integers(2, 4, 2))
    signals = int(rng.integers(1, 5))
    observed = [(), (0,), (1,), (0, 1)][rng.integers(4)]
    if ratios:
        weights = rng.integers(0, 5, (*sizes, signals)).astype(float)
        weights[weights.sum(axis=-1) == 0] = 1
        likelihood = weights / weights.sum(axis=-1, keepdims=True)
        payoffs = rng.integers(-9, 10, (2, *sizes)).astype(float)
    else:
        likelihood, payoffs = rng.dirichlet(np.ones(signals), sizes), rng.normal(size=(2, *sizes))
    return two_action(payoffs, likelihood, observed)


def by_definition(game, direction):
    """max over pure profiles of lambda.v over (v, x): v = g + E x, lambda.x(z) <= 0 for all z, no deviation gains."""
    stage, seen = game.stage, game.monitoring[0]

    def chances(profile):
        key = tuple(profile[player] for player in seen.observed)
        return {(*key, y): chance for y, chance in enumerate(seen.likelihood[profile])}

    outcomes = sorted({z for profile in stage.profiles() for z in chances(profile)})
    place = {z: 2 + 2 * at for at, z in enumerate(outcomes)}
    width, best = 2 + 2 * len(outcomes), -np.inf
    for profile in stage.profiles():
        equal, above, limits = np.zeros((2, width)), [], []
        for player in (0, 1):
            equal[player, player] = 1
            for z, chance in chances(profile).items():
                equal[player, place[z] + player] -= chance
            for other in range(stage.shape[player]):
                if other != profile[player]:
                    to = (other, profile[1]) if player == 0 else (profile[0], other)
                    row = np.zeros(width)
                    row[player] = -1
                    for z, chance in chances(to).items():
                        row[place[z] + player] += chance
                    above.append(row)
                    limits.append(-stage.payoff(to)[player])
        for z in outcomes:
            row = np.zeros(width)
            row[place[z] : place[z] + 2] = direction
            above.append(row)
            limits.append(0.0)
        costs = np.concatenate([-np.asarray(direction), np.zeros(width - 2)])
        found = linprog(costs, np.array(above), limits, equal, stage.payoff(profile), bounds=(None, None))
        assert found.status in (0, 2)
        best = max(best, -found.fun if found.status == 0 else -np.inf)
    return best


def test_anonymous_signals_lose_a_third(closed_form):
    """2 (u - g / (l - 1)) = 4/3 in direction (1, 1): Radner, Myerson, Maskin 1986; Fudenberg, Levine 1994."""
    for name in ("FL_score_anonymous_signal_CC", "RMM_inefficiency_bound"):
        expected, tolerance, _ = closed_form(name)
        assert float(score(partnership(), (1, 1))[0]) == pytest.approx(expected, abs=tolerance)
        assert patient_limit(partnership()).joint == pytest.approx(expected, abs=tolerance)
    found = patient_limit(partnership())
    assert (Fraction(2, 3), Fraction(2, 3)) in found.exact_vertices
    assert found.full_dimensional
    assert "fill it" in found.words()


def test_two_independent_signals_lose_nothing():
    """Product structure: a signal about each player alone identifies who shirked, so the bound is 2, not 4/3."""
    good = np.array([0.9, 0.4])
    first = np.stack([good, 1 - good], axis=-1)
    both = np.einsum("au,bv->abuv", first, first).reshape(2, 2, 4)
    payoffs = [[[1.0, -1.5], [2.0, 0.0]], [[1.0, 2.0], [-1.5, 0.0]]]
    assert score(two_action(payoffs, both), (1, 1)) == (2, (0, 0))


def test_default_game_loses_nothing(closed_form, default_game):
    pact = default_game.pact
    game = DynamicGame.repeated(pact.stage, pact.discount, pact.monitoring)
    for name in ("FL_score_default_game_(1,1)", "FL_score_default_game_snapback_edge"):
        expected, tolerance, inputs = closed_form(name)
        assert float(score(game, inputs["direction"])[0]) == pytest.approx(expected, abs=tolerance)
    found = patient_limit(game)
    assert found.joint == pytest.approx(0.0, abs=1e-12)
    # the pure minmax payoffs of the model's section 2a
    assert found.bound.vertices.min(axis=0) == pytest.approx([-4.701708848, -1.8413325671], abs=1e-9)


def test_perfect_monitoring_gives_the_folk_theorem():
    """Fudenberg, Maskin 1986: all feasible payoffs above pure minmax; here the dilemma's, cut at (0, 0)."""
    stage = StageGame(("a", "b"), (("C", "D"), ("C", "D")), [[[2, -1], [3, 0]], [[2, 3], [-1, 0]]])
    found = patient_limit(DynamicGame.repeated(stage, 0.5))
    expected = {(0, 0), (Fraction(8, 3), 0), (2, 2), (0, Fraction(8, 3))}
    assert set(found.exact_vertices) == expected


def test_no_pure_equilibrium_is_an_answer():
    pennies = StageGame(("a", "b"), (("H", "T"), ("H", "T")), [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
    found = patient_limit(DynamicGame.repeated(pennies, 0.9))
    assert found.bound.is_empty
    assert found.exact_vertices == ()
    assert found.joint == -np.inf
    assert found.words().startswith("No equilibrium in pure strategies exists at any discount factor")


def test_uninformative_signals_leave_static_equilibria_only():
    """Without information only stage equilibria are played: here the single point (0, 0), and no limit is claimed."""
    payoffs = [[[2, -1], [3, 0]], [[2, 3], [-1, 0]]]
    found = patient_limit(two_action(payoffs, np.ones((2, 2, 1))))
    assert found.exact_vertices == ((0, 0),)
    assert not found.full_dimensional
    assert "not claimed" in found.words()


def test_coordinate_directions_are_special():
    """Player b's action is unseen and b is tempted by 1 to leave column 0: nothing can hold it there.

    Player a is then held down by column 1 alone: minmax with enforceability is 4, the unrestricted pure minmax 0.
    """
    payoffs = [[[0, 4], [-1, 3]], [[1, 2], [1, 2]]]
    blind = two_action(payoffs, np.ones((2, 2, 1)), observed=(0,))
    assert score(blind, (-1, 0))[0] == -4
    assert score(two_action(payoffs, np.ones((2, 2, 1)), observed=(0, 1)), (-1, 0))[0] == 0


@pytest.mark.parametrize("ratios", [True, False])
def test_scores_equal_a_programme_written_from_the_definition(ratios):
    rng = np.random.default_rng(17)
    for _ in range(10 if ratios else 5):
        game = random_game(rng, ratios)
        found = patient_limit(game)
        for direction in [*AXES, *rng.normal(size=(3, 2))]:
            expected, ours = by_definition(game, direction), score(game, direction)
            assert (-np.inf if ours is None else float(ours[0])) == pytest.approx(expected, abs=1e-6)
            assert found.bound.support(np.array(direction)) <= expected + 1e-6
        for normal, level in zip(found.bound.directions, found.bound.levels, strict=True):
            # a half-space at an axis may be a limit from within a quadrant, which the axis itself need not obey
            if min(abs(normal)) > 1e-9:
                assert by_definition(game, normal) == pytest.approx(level, abs=1e-6)


def must_lie_within(game, discounts=(0.5, 0.9, 0.99)):
    """Inner and, where solved, outer set of every discount factor obey the half-spaces; returns how many are solved."""
    bound, size = patient_limit(game).bound, float(np.ptp(game.stage.payoffs))
    solved = 0
    for discount in discounts:
        found = solve_public(game.replace(discount=discount, exact_discount=None), COARSE)
        if bound.is_empty:
            assert found.inner[0].is_empty
            continue
        if not found.inner[0].is_empty:
            assert (found.inner[0].vertices @ bound.directions.T - bound.levels).max() <= 1e-6 * size
        if found.solved and not found.outer[0].is_empty:
            solved += 1
            # the outer set exceeds the true one by at most its gap
            assert (found.outer[0].vertices @ bound.directions.T - bound.levels).max() <= (found.gap + 1e-6) * 2 * size
    return solved


def test_equilibrium_sets_lie_within_for_every_discount_factor():
    rng = np.random.default_rng(6)
    solved = 0
    for _ in range(4):
        payoffs = rng.integers(-9, 10, (2, 2, 2)).astype(float)
        solved += must_lie_within(two_action(payoffs, rng.dirichlet(np.ones(3), (2, 2)), [(), (0,)][rng.integers(2)]))
    assert must_lie_within(partnership()) >= 1
    assert solved >= 8


@pytest.mark.slow
def test_equilibrium_sets_lie_within_on_many_games():
    """25 games; of sets thinner than 1e-8 of the payoff range the set solver may refuse one, as out of rounding."""
    rng = np.random.default_rng(3)
    solved = refused = 0
    for _ in range(25):
        try:
            solved += must_lie_within(random_game(rng))
        except InputError as problem:
            if "the inner set is not contained in the outer set" not in str(problem):
                raise
            refused += 1
    assert solved >= 30
    assert refused <= 3


def test_patience_fills_the_anonymous_bound():
    """V(delta) attains 4/3 from delta = .8333 on (Radner, Myerson, Maskin 1986), so bound and set meet there."""
    game = partnership().replace(discount=0.95)
    direction = np.ones(2)
    assert solve_public(game).inner[0].support(direction) == pytest.approx(patient_limit(game).joint, abs=5e-3)


def test_unlimited_liquidity_reaches_the_score_in_direction_one_one():
    """With transfers the joint payoff of patient players is the score of (1, 1), the worst payoffs those of -e_i."""
    rng = np.random.default_rng(8)
    compared = 0
    for _ in range(12):
        game = random_game(rng)
        steps = transfer_steps(game).steps
        if steps and steps[-1].profile:
            last = transfer_steps(game).step_at(1 - 1e-12)
            if last.liquidity > 1e6:
                compared += 1
                assert float(last.joint) == pytest.approx(float(score(game, (1, 1))[0]), abs=1e-6)
                for player, direction in enumerate(AXES[2:]):
                    assert float(-last.punishments[player]) == pytest.approx(float(score(game, direction)[0]), abs=1e-6)
    assert compared >= 4


def test_scale_shift_and_names_do_not_matter():
    rng = np.random.default_rng(5)
    for _ in range(4):
        game = random_game(rng)
        plain = patient_limit(game)
        moved = game.stage.payoffs * 1e9 + 1e9
        shifted = patient_limit(DynamicGame.repeated(game.stage.replace(payoffs=moved), 0.5, game.monitoring[0]))
        assert shifted.bound.vertices == pytest.approx(plain.bound.vertices * 1e9 + 1e9, rel=1e-8)
        swapped = two_action(
            np.swapaxes(game.stage.payoffs[::-1], 1, 2),
            np.swapaxes(game.monitoring[0].likelihood, 0, 1),
            tuple(sorted(1 - player for player in game.monitoring[0].observed)),
        )
        assert {(v, u) for u, v in patient_limit(swapped).exact_vertices} == set(plain.exact_vertices)


def test_several_states_are_refused():
    game = partnership()
    twice = DynamicGame(
        ("s", "t"), (game.stage,) * 2, (game.monitoring[0],) * 2, np.array([[0, 1], [0, 1]]), discount=0.5
    )
    with pytest.raises(InputError, match="2 states: scores and transfers are for repeated games"):
        patient_limit(twice)
