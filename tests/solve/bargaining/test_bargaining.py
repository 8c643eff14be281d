"""Bargaining solutions: stored cases, published examples, limits and axioms as properties."""

import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from negotiation.errors import InputError
from negotiation.games import PayoffSet
from negotiation.solve.bargaining.solutions import bargain
from negotiation.solve.geometry.convex_hull import convex_set
from tests.stored import STORED

CASES = json.loads((STORED / "bargaining.json").read_text())
SOLUTIONS = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian")
PENTAGON = convex_set(np.array([[0.0, 0], [5, 0], [4, 3], [2, 4], [0, 4]]))


def of_kind(kind):
    return [case for case in CASES if case["kind"] == kind]


def numbers(entries):
    return [float(Fraction(entry)) for entry in entries]


@pytest.mark.parametrize("case", of_kind("bargaining_polygon"), ids=lambda case: case["id"])
def test_stored_polygons(case):
    """Closed forms checked against SLSQP and HiGHS."""
    found = bargain(convex_set(np.array([numbers(point) for point in case["points"]])), numbers(case["disagreement"]))
    for name, expected in case["expected"].items():
        if name == "utilitarian_sum":
            assert found.utilitarian.sum() == pytest.approx(float(Fraction(expected)), abs=case["tol"])
        else:
            assert getattr(found, name) == pytest.approx(numbers(expected), abs=case["tol"])


def test_package_case_ideal_points():
    """The note of the stored 3 x 3 package: ideal points 29/3 and 8."""
    case = next(case for case in CASES if case["id"] == "tariff_minerals_package")
    found = bargain(convex_set(np.array([numbers(point) for point in case["points"]])), numbers(case["disagreement"]))
    assert found.ideal == pytest.approx([29 / 3, 8], abs=1e-15 * 10)


@pytest.mark.parametrize("case", of_kind("bargaining_curve"), ids=lambda case: case["id"])
@pytest.mark.parametrize("name", ["nash", "kalai_smorodinsky", "egalitarian"])
def test_stored_curve_as_the_limit_of_polygons(case, name):
    """u1 = x, u2 = sqrt(1 - x), by inscribed polygons whose corners gather where the last answer was."""
    answer, width = np.array([0.5, 0.5]), 0.5
    while width > case["tol"] / 10:
        near = np.linspace(max(answer[1] - width, 0), min(answer[1] + width, 1), 65)
        height = np.concatenate(([0, 1], near))
        region = convex_set(np.vstack(([0.0, 0.0], np.column_stack((1 - height**2, height)))))
        answer, width = getattr(bargain(region, (0, 0)), name), width / 8
    assert answer == pytest.approx(case[name], abs=case["tol"])


def test_pentagon(closed_form):
    """Closed form and the model's section 3: Nash (4, 3), Kalai-Smorodinsky (50/13, 40/13)."""
    expected, tolerance, inputs = closed_form("nash_bargaining_pentagon")
    found = bargain(convex_set(np.array(inputs["vertices"], dtype=float)), inputs["d"])
    assert found.nash == pytest.approx(expected, abs=tolerance)
    assert found.kalai_smorodinsky == pytest.approx([50 / 13, 40 / 13], abs=1e-12)
    assert found.frontier.tolist() == [[5, 0], [4, 3], [2, 4]]


def test_default_game_from_its_stage_equilibrium(closed_form):
    """Closed form: Nash bargain at full restoration; the model's section 3: Kalai-Smorodinsky (.0075, -.0161)."""
    values, _, _ = closed_form("default_stage_matrices")
    expected, tolerance, inputs = closed_form("default_nash_bargaining")
    points = np.array(values).reshape(2, 9).T
    found = bargain(convex_set(points), inputs["d"])
    assert found.nash == pytest.approx(expected, abs=tolerance)
    assert found.kalai_smorodinsky == pytest.approx([0.0075, -0.0161], abs=5e-5)
    assert (found.ideal > inputs["d"]).all()


def test_degenerate_sets():
    point = bargain(convex_set(np.array([[2.0, 3.0]])), (1, 1))
    along = bargain(convex_set(np.array([[0.0, 4.0], [4.0, 0.0]])), (1, 0))
    up = bargain(convex_set(np.array([[0.0, 0.0], [4.0, 2.0]])), (0, 0))
    for name in SOLUTIONS:
        assert getattr(point, name).tolist() == [2, 3]
        assert getattr(up, name).tolist() == [4, 2]
    assert along.nash.tolist() == along.egalitarian.tolist() == along.utilitarian.tolist() == [2.5, 1.5]
    assert along.ideal.tolist() == [4, 3]


def test_a_threat_on_the_frontier_leaves_nothing_to_bargain_about():
    found = bargain(PENTAGON, (4, 3))
    for name in SOLUTIONS:
        assert getattr(found, name).tolist() == [4, 3]
    assert found.ideal.tolist() == [4, 3]
    assert found.frontier.tolist() == [[4, 3]]


def test_a_threat_off_the_frontier_by_a_rounding_is_moved_onto_it():
    segment = convex_set(np.array([[0.1, 0.5], [0.7, 0.2]]))
    threat = (0.4, np.nextafter(0.35, 1))
    assert bargain(segment, threat).nash == pytest.approx([0.4, 0.35], abs=1e-11)


def test_a_threat_outside_the_set_but_below_its_frontier_counts():
    region = convex_set(np.array([[1.0, 1], [3, 1], [1, 3]]))
    assert bargain(region, (0, 0)).nash.tolist() == [2, 2]
    assert bargain(region, (-100, 0)).nash.tolist() == [1, 3]


@pytest.mark.parametrize(
    ("region", "threat", "message"),
    [
        (PENTAGON, (5, 4), r"no feasible payoff gives both players at least \(5, 4\)"),
        (PENTAGON, (6, 0), "players' best feasible points are"),
        (PENTAGON, (float("nan"), 0), "needs two finite payoffs"),
        (PENTAGON, (1, 2, 3), "needs two finite payoffs"),
        (PayoffSet(np.empty((0, 2))), (0, 0), "not empty"),
    ],
)
def test_impossible_threats_are_refused(region, threat, message):
    with pytest.raises(InputError, match=message) as caught:
        bargain(region, threat)
    assert "\n" not in str(caught.value)


def clouds():
    return st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=8)


@settings(max_examples=80, deadline=None)
@given(clouds(), st.tuples(st.integers(-9, 9), st.integers(-9, 9)))
def test_solutions_are_efficient_acceptable_and_optimal(points, threat):
    """Feasible, at least the threat, no coarse grid point does better in the solution's own measure."""
    region = convex_set(np.array(points, dtype=float))
    try:
        found = bargain(region, threat)
    except InputError:
        assert not any(u >= threat[0] and v >= threat[1] for u, v in points)
        return
    rng = np.random.default_rng(0)
    cloud = rng.dirichlet(np.full(len(points), 0.3), size=400) @ np.array(points, dtype=float)
    gains = cloud[(cloud >= threat).all(axis=1)] - threat
    for name in SOLUTIONS:
        solution = getattr(found, name)
        assert (solution >= np.array(threat) - 1e-12).all()
        assert (region.directions @ solution <= region.levels + 1e-9).all()
        assert not ((gains + threat > solution + 1e-9).all(axis=1)).any()
    best = found.nash - threat
    assert (gains.prod(axis=1) <= best.prod() + 1e-9).all()
    assert (gains.sum(axis=1) <= found.utilitarian.sum() - sum(threat) + 1e-9).all()
    assert (gains.min(axis=1) <= (found.egalitarian - threat).min() + 1e-9).all()
    if (found.ideal > threat).all():
        shares = gains / (found.ideal - threat)
        assert (shares.min(axis=1) <= ((found.kalai_smorodinsky - threat) / (found.ideal - threat)).min() + 1e-9).all()


@settings(max_examples=60, deadline=None)
@given(clouds(), st.sampled_from([1e9, 1e-9, 0.5]), st.integers(-9, 9))
def test_nash_and_kalai_smorodinsky_ignore_scales_and_none_ignores_names(points, scale, offset):
    threat = (-9.0, -9.0)
    cloud = np.array(points, dtype=float)
    move = np.array([scale, 1.0]), np.array([scale * offset, 3.0])
    plain = bargain(convex_set(cloud), threat)
    moved = bargain(convex_set(cloud * move[0] + move[1]), np.array(threat) * move[0] + move[1])
    turned = bargain(convex_set(cloud[:, ::-1]), threat)
    for name in SOLUTIONS:
        assert getattr(turned, name) == pytest.approx(getattr(plain, name)[::-1], abs=1e-12)
    for name in ("nash", "kalai_smorodinsky"):
        assert getattr(moved, name) == pytest.approx(getattr(plain, name) * move[0] + move[1], rel=1e-9, abs=1e-12)


def test_nash_bargain_equals_a_numerical_maximum_on_the_default_kind_of_kinked_frontier():
    found = bargain(PENTAGON, (1.3, 2.1))
    corners = np.array([[5, 0], [4, 3], [2, 4.0]])

    def height(u):
        return np.interp(u, corners[::-1, 0], corners[::-1, 1])

    best = minimize_scalar(lambda u: -(u - 1.3) * (height(u) - 2.1), bounds=(2, 5), options={"xatol": 1e-12})
    assert found.nash == pytest.approx([best.x, height(best.x)], abs=1e-6)
