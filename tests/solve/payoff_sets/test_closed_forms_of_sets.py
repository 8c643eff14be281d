"""Closed forms and published numbers that the payoff sets must give back: stored with their sources in tests/cases."""

import numpy as np
import pytest

from negotiation.games import DynamicGame, Monitoring, StageGame
from negotiation.solve.payoff_sets.solver import solve
from negotiation.solve.public.enforceability import Answer
from negotiation.solve.public.solver import solve_public
from negotiation.solve.thresholds.claims import CanPlay
from negotiation.solve.thresholds.monotonicity import in_patience
from negotiation.solve.thresholds.threshold import threshold


def enclosed(stage, profile, low=0.05, high=0.95, width=1e-4):
    """Return the largest discount factor proven too small and the least one proven large enough."""

    def at(discount):
        return DynamicGame.repeated(stage, discount)

    found = threshold(at, CanPlay(profile), low, high, in_patience(at, [low, 0.5, high]), width=width)
    (no, yes, rises), *more = found.changes
    assert rises
    assert not more
    return no, yes


def test_grim_threshold_of_the_dilemma(closed_form):
    """(T - R) / (T - P): in the dilemma no threat is harsher than the static equilibrium (Friedman 1971)."""
    expected, _, inputs = closed_form("pd_grim_threshold")
    t, r, p, s = (float(inputs[name]) for name in "TRPS")
    stage = StageGame(("a", "b"), (("C", "D"), ("C", "D")), [[[r, s], [t, p]], [[r, t], [s, p]]])
    no, yes = enclosed(stage, (0, 0))
    assert no <= expected <= yes
    assert yes - no <= 1e-3


def test_penal_codes_of_the_default_game(closed_form, default_game):
    """With every action seen, keep/license can be played from .378 on, by penal codes harsher than war."""
    expected, _, _ = closed_form("default_game_optimal_penal_threshold")
    pact = default_game.pact
    no, yes = enclosed(pact.stage, pact.deal)
    assert no <= expected + 1e-9
    assert yes >= expected - 1e-9
    assert yes - no <= 1e-3


def test_best_symmetric_payoff_under_noise(closed_form):
    """u - g / (l - 1) (Abreu, Milgrom, Pearce 1991), here as the best sum with one public signal about two people."""
    expected, _, inputs = closed_form("AMP_best_symmetric_payoff")
    u, gain, p, q = (float(inputs[name]) for name in ("u", "gain", "p", "q"))
    stage = StageGame(("a", "b"), (("C", "D"), ("C", "D")), [[[u, -1], [u + gain, 0]], [[u, u + gain], [-1, 0]]])
    bad = np.array([[p, q], [q, 0.7]])
    seen = Monitoring(("bad", "good"), np.stack([bad, 1 - bad], axis=-1))
    found = solve_public(DynamicGame.repeated(stage, 0.9, seen))
    both = np.array([1.0, 1.0])
    assert found.inner[0].support(both) <= 2 * expected + 1e-9
    assert found.outer[0].support(both) == pytest.approx(2 * expected, abs=5e-3)


def test_nothing_is_playable_that_everyone_would_leave(default_game):
    """Far below the threshold the answer is a proven no, not silence."""
    pact = default_game.pact
    found = threshold(lambda d: DynamicGame.repeated(pact.stage, d), CanPlay(pact.deal), 0.05, 0.2, grid=2)
    assert {stretch.answer for stretch in found.stretches} == {Answer.PROVEN_NO}


def test_published_extreme_points_of_abreu_and_sannikov(closed_form, case):
    """Abreu, Sannikov 2014, p. 19: six extreme points of their nine-profile game at delta .4."""
    _, tolerance, inputs = closed_form("abreu_sannikov_2014_set_delta_0.4")
    rows = np.array(case("repeated_games/as2014_3x3_delta0.3")["payoffs_bimatrix"], dtype=float)
    names = (("A", "B", "C"), ("A", "B", "C"))
    stage = StageGame(("a", "b"), names, np.moveaxis(rows, -1, 0))
    found = solve(DynamicGame.repeated(stage, inputs["delta"]))
    points = np.array(inputs["extreme_points"])
    assert len(found.outer[0].vertices) == len(points)
    for vertices in (found.outer[0].vertices, found.inner[0].vertices):
        away = np.abs(vertices[:, None, :] - points[None, :, :]).max(axis=2)
        assert max(away.min(axis=0).max(), away.min(axis=1).max()) <= tolerance
