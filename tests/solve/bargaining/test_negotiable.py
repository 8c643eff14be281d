"""The ground of bargaining, in ratios and on solvers' sets, against closed forms, SLSQP and a direct enumeration."""

import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize

from negotiation.calls.outcomes.bargaining import (
    bargaining_on_set,
    bargaining_points,
    equilibrium_bargaining,
)
from negotiation.calls.outcomes.stage_game import analyse_stage
from negotiation.errors import InputError
from negotiation.games import DynamicGame, PayoffSet, StageGame
from negotiation.solve.bargaining.individually_rational import efficient
from negotiation.solve.bargaining.solutions import ExactBargain, bargain, bargain_exactly, worst_payoffs
from negotiation.solve.geometry.pareto_frontier import Position, convex_set, pareto_vertices
from negotiation.solve.perfect.solver import solve_perfect
from tests.stored import STORED

CASES = json.loads((STORED / "bargaining.json").read_text())
PENTAGON = [(0, 0), (5, 0), (4, 3), (2, 4), (0, 4)]
points = st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=9)


def slsqp(region, threat):
    """Nash bargain as the maximum of the log product of gains over the half-spaces of the polygon."""

    def loss(v):
        return -np.log(np.maximum(v - threat, 1e-12)).sum()

    inside = {"type": "ineq", "fun": lambda v: region.levels - region.directions @ v}
    # a start at which both gain: the largest least gain
    table = np.block([[region.directions, np.zeros((len(region.levels), 1))], [-np.eye(2), np.ones((2, 1))]])
    start = linprog([0, 0, -1], table, [*region.levels, *(-threat)], bounds=(None, None)).x[:2]
    return minimize(loss, start, constraints=[inside], method="SLSQP", options={"ftol": 1e-14, "maxiter": 500}).x


def test_pentagon_in_ratios():
    """Nash (4, 3), Kalai-Smorodinsky (50/13, 40/13): the model's section 3."""
    found = bargain_exactly(PENTAGON, ("0", "0"))
    assert found.nash == (4, 3)
    assert found.kalai_smorodinsky == (Fraction(50, 13), Fraction(40, 13))
    assert found.egalitarian == (Fraction(10, 3), Fraction(10, 3))
    assert found.ideal == (5, 4)
    assert found.frontier == ((5, 0), (4, 3), (2, 4))


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["kind"] == "bargaining_polygon"], ids=lambda c: c["id"]
)
def test_stored_polygons_exactly(case):
    found = bargain_exactly(case["points"], case["disagreement"])
    for name, expected in case["expected"].items():
        if name == "utilitarian_sum":
            assert sum(found.utilitarian) == Fraction(expected)
        else:
            assert getattr(found, name) == tuple(Fraction(number) for number in expected)


@pytest.mark.parametrize("threat", [(0.0, 0.0), (1.0, 2.0), (3.2, 0.5), (0.3, 3.1)])
def test_nash_bargain_equals_slsqp(threat):
    region = convex_set(np.array(PENTAGON, dtype=float))
    assert bargain(region, threat).nash == pytest.approx(slsqp(region, np.array(threat)), abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(points)
def test_efficient_chain_equals_the_exact_sign_hull(cloud):
    exact = efficient([(Fraction(u), Fraction(v)) for u, v in cloud])
    assert [[float(u), float(v)] for u, v in exact] == pareto_vertices(
        convex_set(np.array(cloud, dtype=float))
    ).tolist()


@settings(max_examples=60, deadline=None)
@given(points, st.tuples(st.integers(-9, 9), st.integers(-9, 9)), st.integers(1, 7))
def test_ratios_scale_exactly_and_agree_with_doubles(cloud, threat, scale):
    """Thirds are no doubles: the solutions of cloud / 3 are exactly a third of those of the cloud for every rule."""
    try:
        found = bargain_exactly(cloud, threat)
    except InputError:
        with pytest.raises(InputError):
            bargain(convex_set(np.array(cloud, dtype=float)), threat)
        return
    shrunk = bargain_exactly(
        [tuple(Fraction(x, 3 * scale) for x in point) for point in cloud], [Fraction(x, 3 * scale) for x in threat]
    )
    doubles = bargain(convex_set(np.array(cloud, dtype=float)), threat)
    for name in ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian", "ideal"):
        assert getattr(shrunk, name) == tuple(number / (3 * scale) for number in getattr(found, name))
        assert getattr(doubles, name) == pytest.approx([float(number) for number in getattr(found, name)], abs=1e-12)


def test_one_third_is_refused_one_part_in_10_to_the_20_beyond_the_frontier():
    third, hair = Fraction(1, 3), Fraction(1, 10**20)
    segment = [(0, third), (third, 0)]
    assert isinstance(bargain_exactly(segment, (third, 0)), ExactBargain)
    with pytest.raises(InputError, match="no feasible payoff gives both players at least"):
        bargain_exactly(segment, (third, hair))


@pytest.mark.parametrize("bad", [[(1, 2, 3)], [("x", 1)], [(float("nan"), 0)], [("1/0", 1)], [(float("inf"), 1)]])
def test_bad_points_are_refused(bad):
    with pytest.raises(InputError, match="not a pair of payoffs"):
        bargain_exactly(bad, (0, 0))


def test_no_points_are_refused():
    with pytest.raises(InputError, match="not empty"):
        bargain_exactly([], (0, 0))


def test_degenerate_sets_say_so():
    point = bargain(convex_set(np.array([[2.0, 3.0]])), (1, 1))
    assert point.settled
    assert "Only one efficient agreement, (2, 3), is left" in point.words()
    assert point.where is Position.OUTSIDE
    assert "lies outside the set" in point.words()
    nothing = bargain(convex_set(np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 2.0]])), (1, 1))
    assert "nothing to gain" in nothing.words()
    assert nothing.where is Position.BOUNDARY
    plain = bargain(convex_set(np.array(PENTAGON, dtype=float)), (1, 1))
    assert plain.where is Position.INSIDE
    assert "from (4.667, 1) to (2, 4)" in plain.words()


def test_worst_payoffs():
    assert worst_payoffs(convex_set(np.array([[1.0, 5.0], [4.0, 2.0], [3.0, 3.5]]))) == (1.0, 2.0)
    with pytest.raises(InputError, match="no worst equilibrium"):
        worst_payoffs(PayoffSet(np.empty((0, 2))))


def dilemma():
    return StageGame(("a", "b"), (("C", "D"), ("C", "D")), [[[2, -1], [3, 0]], [[2, 3], [-1, 0]]])


def test_bargaining_on_an_equilibrium_set():
    """Patient dilemma: every equilibrium promise enforces itself; by symmetry (2, 2) is every solution's point."""
    stage = analyse_stage(dilemma())
    region = solve_perfect(DynamicGame.repeated(dilemma(), Fraction(9, 10))).inner[0]
    found = equilibrium_bargaining(region, stage)
    assert {point.threat for point in found} == {"stage Nash", "pure minmax", "worst equilibrium"}
    for point in found:
        assert point.payoffs == pytest.approx((2, 2), abs=1e-9)


def test_bargaining_on_a_poor_or_empty_set_is_honest():
    """An impatient dilemma leaves the point (0, 0); an empty set leaves nothing."""
    stage = analyse_stage(dilemma())
    region = solve_perfect(DynamicGame.repeated(dilemma(), Fraction(1, 10))).inner[0]
    found = equilibrium_bargaining(region, stage)
    assert all(point.payoffs == (0, 0) for point in found)
    empty = equilibrium_bargaining(PayoffSet(np.empty((0, 2))), stage)
    assert empty == ()


def test_a_threat_beyond_the_set_is_told_apart():
    found = bargaining_on_set(convex_set(np.array(PENTAGON, dtype=float)), {"too much": (6, 1), "fine": (0, 0)})
    assert {point.threat for point in found} == {"fine"}


def test_stage_points_as_before(default_game):
    """Default game: Nash bargain (0, 0) from stage Nash; the report's table keeps its order."""
    found = bargaining_points(analyse_stage(default_game.pact.stage))
    assert [point.threat for point in found] == ["stage Nash"] * 4 + ["pure minmax"] * 4
    assert found[0].payoffs == pytest.approx((0, 0), abs=1e-3)
