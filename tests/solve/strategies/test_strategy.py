"""Strategies for points of inner sets: worth what is asked, no deviation pays, simulated play agrees."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiation._kernels import linear
from negotiation.errors import InputError
from negotiation.games import DynamicGame, Monitoring, StageGame
from negotiation.solve.automata.one_shot_deviations import check_automaton
from negotiation.solve.occupation.bounds import share_bounds
from negotiation.solve.public.solver import solve_public
from negotiation.solve.strategies.construction import supporting_strategy
from tests.solve.strategies.strategy_simulation import automaton_of, play

PRISONERS = StageGame(
    ("a", "b"), (("C", "D"), ("C", "D")), np.array([[[2, -1], [3, 0]], [[2, 3], [-1, 0]]], dtype=float)
)
GOOD = np.array([[0.9, 0.5], [0.5, 0.2]])
NOISY = Monitoring(("good", "bad"), np.stack([GOOD, 1 - GOOD], axis=-1))


@pytest.fixture(scope="module")
def noisy():
    return solve_public(DynamicGame.repeated(PRISONERS, 0.8, NOISY))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_any_point_of_the_inner_set_is_supported(noisy, seed):
    vertices = noisy.inner[0].vertices
    payoff = np.random.default_rng(seed).dirichlet(np.full(len(vertices), 0.3)) @ vertices
    strategy = supporting_strategy(noisy, payoff)
    assert np.abs(strategy.value - payoff).max() <= 1e-9
    assert strategy.holds()
    # an independent implementation of the one-shot deviation check
    check = check_automaton(PRISONERS, NOISY, 0.8, automaton_of(strategy))
    assert check.holds()
    assert np.abs(check.values - strategy.values).max() <= 1e-9
    assert sum(strategy.shares().values()) == pytest.approx(1, abs=1e-9)


def test_every_vertex_and_the_words(noisy):
    for vertex in noisy.inner[0].vertices:
        strategy = supporting_strategy(noisy, vertex)
        assert np.abs(strategy.value - vertex).max() <= 1e-9
        assert "No single deviation pays" in strategy.words()


def test_points_segments_and_perfect_monitoring():
    """The dilemma 9, 1, 10, 3: a point below 1/7, the segment from (3, 3) to (9, 9) up to about 1/4."""
    stage = PRISONERS.replace(payoffs=np.array([[[9, 1], [10, 3]], [[9, 10], [1, 3]]], dtype=float))
    for discount, payoff in ((0.1, (3, 3)), (0.2, (9, 9)), (0.2, (4.5, 4.5)), (0.9, (9.7, 3.05)), (0.9, (5.0, 6.0))):
        strategy = supporting_strategy(solve_public(DynamicGame.repeated(stage, discount)), payoff)
        assert strategy.value == pytest.approx(payoff, abs=1e-7)
        assert strategy.holds()


def test_observed_deviations_lead_to_the_worst_plan(default_game):
    pact = default_game.pact
    solution = solve_public(DynamicGame.repeated(pact.stage, pact.discount, pact.monitoring))
    vertices = solution.inner[0].vertices
    best = vertices[vertices.sum(axis=1).argmax()]
    strategy = supporting_strategy(solution, best)
    assert strategy.holds()
    assert np.abs(strategy.value - best).max() <= 1e-9
    worst = strategy.values[strategy.worst[0, 0], 0]
    assert worst == pytest.approx(vertices[:, 0].min(), abs=1e-3)
    assert (automaton_of(strategy).on_deviation[:, 0] == strategy.worst[0, 0]).all()
    assert (automaton_of(strategy).on_deviation[:, 1] == -1).all()


def test_several_public_states():
    """Two states that alternate with the signal: strategies start where they are asked to and respect the successor."""
    shirk = PRISONERS.replace(payoffs=PRISONERS.payoffs * 0.5)
    game = DynamicGame(("rich", "poor"), (PRISONERS, shirk), (NOISY, NOISY), np.array([[0, 1], [0, 1]]), 0.8)
    solution = solve_public(game)
    for state in range(2):
        vertices = solution.inner[state].vertices
        payoff = vertices.mean(axis=0)
        strategy = supporting_strategy(solution, payoff, state)
        assert np.abs(strategy.value - payoff).max() <= 1e-9
        assert strategy.holds()
        assert set(strategy.publics[strategy.initial > 0]) == {state}
        assert all(names[0] in game.states for names in strategy.shares())


def test_simulated_play_agrees_with_the_value(noisy):
    vertices = noisy.inner[0].vertices
    strategy = supporting_strategy(noisy, vertices[vertices.sum(axis=1).argmax()])
    found = play(strategy, 4000, 60, np.random.default_rng(5))
    values = found.discounted(0.8)
    error = values.std(axis=0) / np.sqrt(len(values))
    assert (np.abs(values.mean(axis=0) - strategy.value) <= 5 * error + 3 * 0.8**60).all()
    again = play(strategy, 4000, 60, np.random.default_rng(5))
    assert (again.plans == found.plans).all()
    long = play(strategy, 200, 1500, np.random.default_rng(6))
    # the lazy chain has the same long-run shares and no period
    lazy = np.linalg.matrix_power(0.5 * (np.eye(strategy.n_plans) + strategy.chain), 2**20)
    flow = np.array([PRISONERS.payoff(profile) for profile in strategy.profiles])
    expected = strategy.initial @ lazy @ flow
    assert np.abs(long.average() - expected).max() <= 0.1


def test_the_strategy_behind_a_share_attains_it(noisy):
    found = share_bounds(noisy, (0, 0), tolerance=2e-2)
    assert 0 < found.low <= found.high <= 1
    assert found.strategy is not None
    assert found.strategy.holds()
    assert found.strategy.shares()["C", "C"] == pytest.approx(found.low, abs=1e-9)
    assert check_automaton(PRISONERS, NOISY, 0.8, automaton_of(found.strategy)).holds()


def test_shares_over_alternating_states():
    """Impatient players shirk in both states; months in the first state weigh (1 - d)(1 + d^2 + ...) = 1 / (1 + d)."""
    seen = Monitoring.perfect(PRISONERS)
    game = DynamicGame(("odd", "even"), (PRISONERS, PRISONERS), (seen, seen), np.array([[1], [0]]), 0.1)
    solution = solve_public(game)
    for state in range(2):
        found = share_bounds(solution, (1, 1), state)
        assert found.low == pytest.approx(1 / 1.1, abs=1e-7)
        assert found.high == pytest.approx(1 / 1.1, abs=5e-3)
        assert found.high >= 1 / 1.1 - 1e-9
    assert share_bounds(solution, (0, 0), 0).high == 0


def test_payoffs_outside_are_refused(noisy):
    with pytest.raises(InputError, match="closest payoff"):
        supporting_strategy(noisy, (5.0, 5.0))
    with pytest.raises(InputError, match="two finite numbers"):
        supporting_strategy(noisy, (1.0, float("nan")))
    with pytest.raises(InputError, match="states are"):
        supporting_strategy(noisy, (0.0, 0.0), state=4)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 100_000))
def test_linear_programmes_agree_with_highs_and_with_their_python_twin(seed):
    from scipy.optimize import linprog

    rng = np.random.default_rng(seed)
    outcomes, per, rows = 3, 5, 2
    block = np.concatenate([np.repeat(np.arange(outcomes), per), np.full(rows, -1)])
    matrix = np.zeros((outcomes * per + rows, outcomes + rows))
    matrix[np.arange(outcomes * per), block[: outcomes * per]] = 1
    matrix[: outcomes * per, outcomes:] = rng.normal(size=(outcomes * per, rows))
    matrix[outcomes * per :, outcomes:] = -np.eye(rows)
    right = np.concatenate([np.ones(outcomes), np.abs(rng.normal(size=rows)) * 0.3])
    costs = np.concatenate([rng.normal(size=(4, outcomes * per)), np.zeros((4, rows))], axis=1)
    arguments = (matrix, costs, right, block, outcomes, np.ones(outcomes + rows))
    start = (np.zeros((4, outcomes + rows)), np.full(4, -np.inf))
    value, bound, *_ = linear.solve_many(*arguments, *start)
    twin, twin_bound, *_ = linear.solve_many.py_func(*arguments, *start)
    assert np.allclose(value, twin, atol=1e-12)
    assert np.allclose(bound, twin_bound, atol=1e-12)
    for cost, reached, proven in zip(costs, value, bound, strict=True):
        exact = linprog(-cost, A_eq=matrix.T, b_eq=right, bounds=(0, None))
        if exact.status == 2:
            assert reached == -np.inf
        else:
            assert reached == pytest.approx(-exact.fun, abs=1e-8)
            assert proven >= -exact.fun - 1e-9
            assert proven == pytest.approx(reached, abs=1e-8)
