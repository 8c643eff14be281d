"""Feasible sets, frontiers: textbook games, scipy's hull, exact signs near edges."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import ConvexHull

from negotiation.errors import InputError
from negotiation.games import PayoffSet, StageGame
from negotiation.solve.geometry.convex_hull import convex_hull, orientation
from negotiation.solve.geometry.pareto_frontier import (
    convex_set,
    efficient_frontier,
    feasible_set,
    pareto_vertices,
)


def game_of(row, column):
    shape = np.shape(row)
    actions = tuple(tuple(f"{letter}{at}" for at in range(size)) for letter, size in zip("rc", shape, strict=True))
    return StageGame(("US", "China"), actions, [row, column])


def test_prisoners_dilemma():
    """Friedman 1971: the feasible set is a quadrilateral; everything but joint defection is efficient."""
    found = efficient_frontier(game_of([[3, 0], [5, 1]], [[3, 5], [0, 1]]))
    assert found.feasible.vertices.tolist() == [[0, 5], [1, 1], [5, 0], [3, 3]]
    assert found.pareto.tolist() == [[5, 0], [3, 3], [0, 5]]
    assert found.profiles == (((1, 0),), ((0, 0),), ((0, 1),))
    assert found.largest_sum == 6


def test_points_on_edges_and_weakly_efficient_corners_are_left_out():
    """(5, 0) is weakly dominated by (5, 2); (3, 3) lies on the edge from (5, 1) to (1, 5)."""
    region = convex_set(np.array([[5.0, 0], [5, 1], [3, 3], [1, 5], [0, 5], [0, 0]]))
    assert region.vertices.tolist() == [[0, 0], [5, 0], [5, 1], [1, 5], [0, 5]]
    assert pareto_vertices(region).tolist() == [[5, 1], [1, 5]]


def test_default_game_frontier_runs_through_full_restoration(closed_form):
    """Model, closed form of the Fudenberg-Levine score on the snapback edge: its normal is (.906, .423), level 0."""
    values, _, _ = closed_form("default_stage_matrices")
    _, tolerance, inputs = closed_form("FL_score_default_game_snapback_edge")
    found = efficient_frontier(game_of(*np.array(values).reshape(2, 3, 3)))
    at = [profiles[0] for profiles in found.profiles]
    assert at == [(1, 0), (0, 0), (0, 1)]
    match = np.abs(found.feasible.directions - inputs["direction"]).max(axis=1)
    assert match.min() < tolerance
    assert found.feasible.levels[match.argmin()] == pytest.approx(0.0, abs=tolerance)
    assert found.feasible.support(inputs["direction"]) == pytest.approx(0.0, abs=tolerance)


@pytest.mark.parametrize(
    ("row", "column", "kind", "pareto"),
    [
        ([[1, 1], [1, 1]], [[2, 2], [2, 2]], "point", [[1, 2]]),
        ([[0, 1], [2, 3]], [[0, 1], [2, 3]], "segment", [[3, 3]]),
        ([[0, 1], [2, 3]], [[3, 2], [1, 0]], "segment", [[3, 0], [0, 3]]),
    ],
)
def test_points_and_segments(row, column, kind, pareto):
    found = efficient_frontier(game_of(row, column))
    assert found.feasible.kind == kind
    assert found.pareto.tolist() == pareto
    assert len(found.feasible.directions) == 4
    for vertex in found.feasible.vertices:
        assert (found.feasible.directions @ vertex <= found.feasible.levels).all()


def test_hull_agrees_with_qhull_on_random_clouds():
    rng = np.random.default_rng(1)
    for size in (5, 40, 400):
        points = rng.normal(size=(size, 2))
        assert {tuple(p) for p in convex_hull(points)} == {tuple(p) for p in points[ConvexHull(points).vertices]}


def test_no_vertex_is_lost_on_a_nearly_vertical_edge():
    """A bulge of 1e-13 on an edge of length 100: any tolerance on the cross product of 1e-10 would drop it."""
    points = np.array([[0.0, 0], [1, 0], [1 + 1e-13, 50], [1, 100], [0, 100]])
    assert len(convex_hull(points)) == 5
    assert len(convex_hull(points * 1e-9)) == 5
    points[2, 0] = 1.0
    assert len(convex_hull(points)) == 4


def test_hull_orients_counter_clockwise_and_refuses_what_is_no_cloud():
    corners = convex_hull(np.array([[0.0, 0], [0, 1], [1, 1], [1, 0]]))
    assert corners.tolist() == [[0, 0], [1, 0], [1, 1], [0, 1]]
    for bad in (np.zeros((0, 2)), np.zeros((2, 3)), np.array([[0.0, np.nan]])):
        with pytest.raises(InputError, match="convex hull: points"):
            convex_hull(bad)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(-1e3, 1e3), min_size=4, max_size=4), st.floats(0, 1), st.integers(-3, 3))
def test_orientation_has_the_exact_sign(ends, share, nudge):
    """Points next to the line through two others, where doubles alone give any sign."""
    a, b = ends[:2], ends[2:]
    c = [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]
    for _ in range(abs(nudge)):
        c[0] = float(np.nextafter(c[0], np.inf if nudge > 0 else -np.inf))
    (ax, ay), (bx, by), (cx, cy) = ([Fraction(x) for x in point] for point in (a, b, c))
    area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    assert orientation(a, b, c) == (area > 0) - (area < 0)
    assert orientation(b, a, c) == -orientation(a, b, c)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_every_payoff_is_feasible_and_every_frontier_vertex_undominated(seed):
    rng = np.random.default_rng(seed)
    game = game_of(*rng.integers(-4, 5, (2, 3, 3)))
    found = efficient_frontier(game)
    points = game.points()
    assert (points @ found.feasible.directions.T <= found.feasible.levels + 1e-12).all()
    for vertex, profiles in zip(found.pareto, found.profiles, strict=True):
        assert not ((points >= vertex).all(axis=1) & (points > vertex).any(axis=1)).any()
        assert all(game.payoff(profile) == tuple(vertex) for profile in profiles)
        assert profiles
    assert (np.diff(found.pareto[:, 0]) < 0).all()
    assert (np.diff(found.pareto[:, 1]) > 0).all()
    assert found.largest_sum == points.sum(axis=1).max()


def test_three_players_and_empty_sets_are_refused():
    with pytest.raises(InputError, match="payoff polygons need two"):
        feasible_set(StageGame(("a", "b", "c"), (("x",),) * 3, np.zeros((3, 1, 1, 1))))
    with pytest.raises(InputError, match="the set is empty"):
        pareto_vertices(PayoffSet(np.empty((0, 2))))
