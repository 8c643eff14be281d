"""Equilibrium payoff sets under noisy monitoring against closed forms and printed bounds."""

import numpy as np
import pytest

from negotiation.games import DynamicGame, Monitoring, StageGame
from negotiation.games.files.load import read_game
from negotiation.games.solution import Status
from negotiation.solve.certificates.certify import with_certificate
from negotiation.solve.public.operator import Directions
from negotiation.solve.public.outer_approximation import contradiction, empty_states
from negotiation.solve.public.solver import solve_public
from negotiation.trade.game.build import build_pact
from negotiation.trade.parameters.changes import Change
from tests.solve.public.public_games import random_game
from tests.stored import STORED

CORNERS = STORED / "corners"


def partnership(discount, bad=(0.1, 0.4, 0.7)):
    """Radner, Myerson, Maskin (1986), two actions: 1, -1.5; 2, 0; a bad signal with 0, 1 or 2 shirkers."""
    payoffs = np.array([[[1.0, -1.5], [2.0, 0.0]], [[1.0, 2.0], [-1.5, 0.0]]])
    stage = StageGame(("a", "b"), (("work", "shirk"), ("work", "shirk")), payoffs)
    chance = np.array([[bad[0], bad[1]], [bad[1], bad[2]]])
    return DynamicGame.repeated(stage, discount, Monitoring(("bad", "good"), np.stack([chance, 1 - chance], axis=-1)))


def test_uniform_inefficiency_is_attained(closed_form):
    """Sum of payoffs at most 2 (u - g / (l - 1)) = 4/3 for every delta, attained at delta .9."""
    expected, _, _ = closed_form("RMM_bound_attained_at_delta_.9")
    found = solve_public(partnership(0.9))
    direction = np.array([1.0, 1.0])
    assert found.outer[0].support(direction) == pytest.approx(expected, abs=5e-3)
    assert found.inner[0].support(direction) <= expected + 1e-9


def test_below_the_critical_discount_only_static_nash_is_left():
    """The critical discount factor is .8333: below it both shirk for ever."""
    found = solve_public(partnership(0.8))
    assert found.outer[0].support(np.array([1.0, 1.0])) == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize(("call", "joint"), [("no_call", -0.010), ("breakdown", -0.029)])
def test_printed_upper_bounds_of_the_default_game(default_scenario, call, joint):
    """Largest joint payoff -.010 without a call, -.029 after a breakdown (outer bounds printed with the model)."""
    pact = build_pact(default_scenario.after(default_scenario.call(call).changes))
    found = solve_public(DynamicGame.repeated(pact.stage, pact.discount, pact.monitoring))
    assert found.status is Status.SOLVED
    assert found.gap <= 1e-3
    most = found.outer[0].support(np.array([1.0, 1.0]))
    # the printed bounds come from 32 directions: ours must not be looser, and lies near
    assert joint - 0.012 <= most <= joint + 1e-3
    # every equilibrium loses something: monitoring is noisy
    assert found.inner[0].support(np.array([1.0, 1.0])) <= most


def test_the_set_holds_the_static_equilibrium_and_grows_with_patience(default_scenario):
    pact = build_pact(default_scenario)
    nash = pact.stage.payoff(pact.punishment)
    supports = []
    for discount in (0.6, 0.8, 0.9):
        found = solve_public(DynamicGame.repeated(pact.stage, discount, pact.monitoring))
        for direction in np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]]):
            assert found.outer[0].support(direction) >= direction @ nash - 1e-9
        supports.append(found.outer[0].support(np.array([1.0, 1.0])))
    assert supports == sorted(supports)


def test_levels_that_contradict_one_another_prove_a_state_empty():
    """Two states that lead to each other; clipping their proven levels once left a point outside the feasible set."""
    game = random_game(np.random.default_rng([9, 700]), (2, 4), (2, 6), (1, 3), 0.7)
    found = with_certificate(solve_public(game))
    assert found.status is Status.EMPTY
    assert all(held.is_empty for held in (*found.inner, *found.outer))
    assert found.gap == 0.0
    assert any("no equilibrium in pure strategies" in note for note in found.notes)


def test_void_finds_three_half_planes_without_a_common_point():
    angle = np.array([0.0, 2.0, 4.0])
    lines = Directions.build([np.stack([np.cos(angle), np.sin(angle)], axis=1)])
    for level, empty in ((np.full(3, -0.01), True), (np.full(3, -1e-11), False), (np.full(3, 0.01), False)):
        assert empty_states(lines, lines.polygons(level), level).tolist() == [empty]
    three, by = contradiction(lines.lam, np.full(3, -0.01))
    assert sorted(three) == [0, 1, 2]
    assert by == pytest.approx(0.01)


@pytest.mark.parametrize("path", sorted(CORNERS.glob("*.json")), ids=lambda path: path.stem)
def test_corners_that_once_kept_an_inner_set_from_being_found(path):
    """Default games with other parameters. two_slanted_sides: corners settle only after many small steps.

    threat_corner: giving way at the worst payoffs of both made the corner between them stick out further and further.
    """
    found = solve_public(read_game(path))
    assert found.status is Status.SOLVED
    assert found.gap <= 1e-3
    assert found.outer[0].distances(found.inner[0].vertices).max() <= 1e-9


def test_default_games_across_their_plausible_ranges_are_solved(default_scenario):
    rng = np.random.default_rng(17)
    fixed = ("third_parties", "pledges", "monitoring.trigger")
    ranges = {
        name: held
        for name, held in default_scenario.parameters.items()
        if held.low is not None and held.high is not None and not name.startswith(fixed)
    }
    for _ in range(8):
        drawn = {name: float(rng.uniform(held.low, held.high)) for name, held in ranges.items()}
        scenario = default_scenario.after([Change(name, "set", value) for name, value in drawn.items()])
        for call in scenario.calls:
            pact = build_pact(scenario.after(call.changes), fine=False)
            found = solve_public(DynamicGame.repeated(pact.stage, pact.discount, pact.monitoring))
            assert found.solved, (drawn, call.name)
