"""Bargaining on solvers' sets, against closed forms and SLSQP."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import linprog, minimize

from negotiation.calls.outcomes.stage_game import (
    analyse_stage,
    bargaining_on_set,
    bargaining_points,
)
from negotiation.games import DynamicGame, PayoffSet, StageGame
from negotiation.solve.bargaining.solutions import bargain
from negotiation.solve.geometry.convex_hull import convex_set
from negotiation.solve.perfect.solver import solve_perfect

PENTAGON = [(0, 0), (5, 0), (4, 3), (2, 4), (0, 4)]


def slsqp(region, threat):
    """Nash bargain as the maximum of the log product of gains over the half-spaces of the polygon."""

    def loss(v):
        return -np.log(np.maximum(v - threat, 1e-12)).sum()

    inside = {"type": "ineq", "fun": lambda v: region.levels - region.directions @ v}
    # a start at which both gain: the largest least gain
    table = np.block([[region.directions, np.zeros((len(region.levels), 1))], [-np.eye(2), np.ones((2, 1))]])
    start = linprog([0, 0, -1], table, [*region.levels, *(-threat)], bounds=(None, None)).x[:2]
    return minimize(loss, start, constraints=[inside], method="SLSQP", options={"ftol": 1e-14, "maxiter": 500}).x


@pytest.mark.parametrize("threat", [(0.0, 0.0), (1.0, 2.0), (3.2, 0.5), (0.3, 3.1)])
def test_nash_bargain_equals_slsqp(threat):
    region = convex_set(np.array(PENTAGON, dtype=float))
    assert bargain(region, threat).nash == pytest.approx(slsqp(region, np.array(threat)), abs=1e-5)


def dilemma():
    return StageGame(("a", "b"), (("C", "D"), ("C", "D")), [[[2, -1], [3, 0]], [[2, 3], [-1, 0]]])


def test_bargaining_on_an_equilibrium_set():
    """Patient dilemma: every equilibrium promise enforces itself; by symmetry (2, 2) is every solution's point."""
    stage = analyse_stage(dilemma())
    region = solve_perfect(DynamicGame.repeated(dilemma(), Fraction(9, 10))).inner[0]
    found = bargaining_points(stage, region)
    assert {point.threat for point in found} == {"stage Nash", "pure minmax", "worst equilibrium"}
    for point in found:
        assert point.payoffs == pytest.approx((2, 2), abs=1e-9)


def test_bargaining_on_a_poor_or_empty_set_is_honest():
    """An impatient dilemma leaves the point (0, 0); an empty set leaves nothing."""
    stage = analyse_stage(dilemma())
    region = solve_perfect(DynamicGame.repeated(dilemma(), Fraction(1, 10))).inner[0]
    found = bargaining_points(stage, region)
    assert all(point.payoffs == (0, 0) for point in found)
    empty = bargaining_points(stage, PayoffSet(np.empty((0, 2))))
    assert empty == ()


def test_a_threat_beyond_the_set_is_told_apart():
    found = bargaining_on_set(convex_set(np.array(PENTAGON, dtype=float)), {"too much": (6, 1), "fine": (0, 0)})
    assert {point.threat for point in found} == {"fine"}


def test_stage_points_as_before(default_game):
    """Default game: Nash bargain (0, 0) from stage Nash; the report's table keeps its order."""
    found = bargaining_points(analyse_stage(default_game.pact.stage))
    assert [point.threat for point in found] == ["stage Nash"] * 4 + ["pure minmax"] * 4
    assert found[0].payoffs == pytest.approx((0, 0), abs=1e-3)
