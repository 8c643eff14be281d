"""Public monitoring against published and closed-form sets: noisy dilemmas, Green-Porter, Poisson news, two states."""

import json

import numpy as np
import pytest

from negotiation.games import DynamicGame, Monitoring, StageGame
from negotiation.games.automaton import Automaton
from negotiation.games.solution import Status
from negotiation.solve.automata.one_shot_deviations import check_automaton
from negotiation.solve.options import PUBLIC
from negotiation.solve.public.solver import solve_public
from tests.stored import STORED

CASES = STORED / "repeated_games"
SUM = np.array([1.0, 1.0])


def case(name):
    return json.loads((CASES / f"{name}.json").read_text())


def noisy_dilemma(data, discount):
    payoffs = np.moveaxis(np.array(data["payoffs_bimatrix"], dtype=float), -1, 0)
    stage = StageGame(("row", "column"), (("C", "D"), ("C", "D")), payoffs)
    good = np.array([[data["signal_prob_good"][a + b] for b in "CD"] for a in "CD"])
    return DynamicGame.repeated(stage, discount, Monitoring(("good", "bad"), np.stack([good, 1 - good], axis=-1)))


def area(vertices):
    x, y = vertices.T
    return 0.5 * abs(x @ np.roll(y, -1) - y @ np.roll(x, -1))


@pytest.mark.parametrize(
    "name", ["noisy_pd_p.9_q.5_r.2_delta0.8", "noisy_pd_p.9_q.5_r.2_delta0.9", "irgames_verify_pd_delta0.9"]
)
def test_noisy_dilemmas(name):
    """Area, largest payoff and largest sum lie in the published intervals, up to the gap; the bounds enclose them."""
    data = case(name)
    expected, game = data["expected"], noisy_dilemma(data, data["delta"])
    found = solve_public(game, PUBLIC.replace(gap=5e-4))
    assert found.status is Status.SOLVED
    inner, outer = found.inner[0], found.outer[0]
    low, high = expected["area_interval"]
    assert area(inner.vertices) <= high + 1e-5
    assert area(outer.vertices) >= low - 1e-5
    assert area(outer.vertices) - area(inner.vertices) <= 5e-4 * 4 * 12
    low, high = expected["max_v1_interval"]
    for axis in np.eye(2):
        assert inner.support(axis) <= high + 1e-5
        assert outer.support(axis) >= low - 1e-5
        assert outer.support(axis) - inner.support(axis) <= 2e-3
        assert -outer.support(-axis) == pytest.approx(expected["min_v"], abs=1e-6)
    low, high = expected["max_sum_interval"] if "max_sum_interval" in expected else (expected["max_sum"],) * 2
    assert inner.support(SUM) <= high + 1e-6
    assert outer.support(SUM) >= low - 1e-6


@pytest.mark.parametrize("name", ["ms_noisy_pd_sse_p0.8_q0.4_r0.1", "ms_noisy_pd_sse_p0.9_q0.5_r0.2"])
def test_strongly_symmetric_values(name):
    """The best symmetric payoff (Mailath, Samuelson 2006, sec. 7.2) is a payoff of the set, and no sum is larger.

    With two signals that do not tell who shirked, value burning is the same for both, so the best sum is symmetric.
    """
    data = case(name)
    best, least = data["expected"]["max_SSE_payoff"], data["expected"]["delta_min"]
    found = solve_public(noisy_dilemma(data, 0.9))
    assert found.outer[0].support(SUM) == pytest.approx(2 * best, abs=1e-6)
    assert found.inner[0].support(SUM) == pytest.approx(2 * best, abs=8e-3)
    assert found.outer[0].distances(np.array([[best, best]]))[0] <= 1e-8
    patient = solve_public(noisy_dilemma(data, least + 0.01))
    assert patient.inner[0].support(SUM) == pytest.approx(2 * best, abs=1e-6)
    impatient = solve_public(noisy_dilemma(data, least - 0.01))
    assert impatient.outer[0].support(SUM) == pytest.approx(0.0, abs=1e-6)


def test_poisson_bad_news():
    """Abreu, Milgrom, Pearce (1991): as periods shrink, bad news sustain pi - g beta / (mu - beta), here 5/3.

    pi = 2, g = 1; the signal arrives at rate 1 when both work, 4 when one shirks. Period .01, interest rate .1.
    """
    data = case("amp1991_poisson_limits")["example"]
    length, rate = 0.01, 0.1
    chance = 1 - np.exp(-length * np.array([[data["beta"], data["mu"]], [data["mu"], 2 * data["mu"]]]))
    stage = StageGame(("a", "b"), (("C", "D"), ("C", "D")), [[[2, -1], [3, 0]], [[2, 3], [-1, 0]]])
    seen = Monitoring(("news", "none"), np.stack([chance, 1 - chance], axis=-1))
    found = solve_public(
        DynamicGame.repeated(stage, float(np.exp(-rate * length)), seen), PUBLIC.replace(directions=40)
    )
    # exact in discrete time: pi - g / (l - 1) with the likelihood ratio of the news
    exact = data["pi"] - data["g"] / (chance[0, 1] / chance[0, 0] - 1)
    assert exact == pytest.approx(data["v_limit_bad_news"], abs=0.02)
    assert found.inner[0].support(SUM) / 2 <= exact + 1e-6
    assert found.outer[0].support(SUM) / 2 == pytest.approx(exact, abs=8e-3)


def test_green_porter_trigger_is_a_payoff():
    """A trigger with the published value (Green, Porter 1984) is an equilibrium whose value lies in the set."""
    entry = case("green_porter_trigger_value")["expected"][0]
    stage = StageGame(("a", "b"), (("r", "s"), ("r", "s")), [[[10, 4], [11, 7]], [[10, 11], [4, 7]]])
    low, shirk = entry["alpha"], 0.9
    chance = np.array([[low, shirk], [shirk, 0.95]])
    seen = Monitoring(("low", "high"), np.stack([chance, 1 - chance], axis=-1))
    periods = entry["T"] - 1
    states = periods + 1
    transition = np.zeros((states, 2, states))
    transition[0, 0, 1] = transition[0, 1, 0] = 1
    for state in range(1, states):
        transition[state, :, (state + 1) % states] = 1
    actions = np.array([[0, 0]] + [[1, 1]] * periods)
    names = tuple(f"{k}" for k in range(states))
    automaton = Automaton(names, actions, transition, np.full((states, 2), -1), np.zeros((states, 2, 2, 2)))
    check = check_automaton(stage, seen, entry["delta"], automaton)
    assert check.holds()
    assert check.values[0] == pytest.approx([entry["v_normalized"]] * 2, abs=1e-9)
    found = solve_public(DynamicGame.repeated(stage, entry["delta"], seen))
    # vertices that cannot be told apart, within 1e-9 of the range, are drawn together
    assert found.outer[0].distances(check.values).max() <= 1e-9 * 7
    assert found.inner[0].distances(check.values[:1]).max() <= 1e-3 * 7


def random_successors(data):
    """Return the game with perfect monitoring and random successors: the signal is the successor."""
    transition = np.array(data["transition"])
    stages, monitoring = [], []
    for s, payoffs in enumerate(data["payoffs"]):
        table = np.moveaxis(np.array(payoffs), -1, 0)
        stages.append(StageGame(("row", "column"), (("a", "b"), ("a", "b")), table))
        monitoring.append(Monitoring(("to first", "to second"), transition[s], (0, 1)))
    return DynamicGame(("first", "second"), tuple(stages), tuple(monitoring), [[0, 1], [0, 1]], data["delta"])


def test_two_states_with_random_successors():
    """The SGSolve example pd_twostate: six and four vertices."""
    data = case("sgsolve_pd_twostate_delta2_3")
    found = solve_public(random_successors(data))
    assert found.status is Status.SOLVED
    for s, vertices in enumerate(data["expected_vertices_by_state"]):
        corners = np.array(vertices)
        assert found.outer[s].distances(corners).max() <= 1e-6
        assert found.inner[s].distances(corners).max() <= 1e-3 * 3
        assert len(found.inner[s].vertices) >= len(corners)


def test_no_equilibrium_in_pure_strategies():
    """Matching pennies at any discount factor: an empty set is the answer."""
    stage = StageGame(("a", "b"), (("h", "t"), ("h", "t")), [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
    seen = Monitoring(("x", "y"), [[[0.7, 0.3], [0.4, 0.6]], [[0.4, 0.6], [0.7, 0.3]]])
    found = solve_public(DynamicGame.repeated(stage, 0.9, seen))
    assert found.status is Status.EMPTY
    assert found.outer[0].is_empty
    assert found.inner[0].is_empty
    assert found.gap == 0.0


def test_no_equilibrium_where_public_play_can_reach_a_state_without_one():
    """A state of matching pennies spoils every state that can lead there, and only those."""
    pennies = StageGame(("a", "b"), (("h", "t"), ("h", "t")), [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
    dilemma = StageGame(("a", "b"), (("h", "t"), ("h", "t")), [[[3, 0], [4, 1]], [[3, 4], [0, 1]]])
    seen = Monitoring(("x", "y"), np.full((2, 2, 2), 0.5), (0, 1))
    following = [[0, 0], [1, 1], [0, 1]]  # the third state may lead to the first
    game = DynamicGame(("pennies", "safe", "risky"), (pennies, dilemma, dilemma), (seen,) * 3, following, 0.9)
    found = solve_public(game)
    assert found.status is Status.SOLVED
    assert [own.is_empty for own in found.outer] == [True, False, True]
    alone = solve_public(DynamicGame.repeated(dilemma, 0.9, seen))
    assert found.inner[1].vertices == pytest.approx(alone.inner[0].vertices)
    assert "pennies, risky" in found.words()


def test_limits_claim_nothing_beyond_the_outer_bound(default_game):
    pact = default_game.pact
    game = DynamicGame.repeated(pact.stage, pact.discount, pact.monitoring)
    for options, status in (
        (PUBLIC.replace(iterations=3), Status.ITERATION_LIMIT),
        (PUBLIC.replace(seconds=1e-9), Status.TIME_LIMIT),
    ):
        found = solve_public(game, options)
        assert found.status is status
        assert not found.solved
        assert found.inner[0].is_empty
        assert found.gap == np.inf
        assert solve_public(game).inner[0].within(found.outer[0], 1e-9)
