"""Convex hulls in the plane with exact signs: no vertex is lost to a tolerance, no point on an edge is kept.

The sign of a cross product decides everything. It is computed in doubles and, where rounding could flip it, again in
exact fractions (the filter of Shewchuk 1997); the hull itself is the monotone chain of Andrew (1979).
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np

from negotiation._values import Floats
from negotiation.errors import InputError
from negotiation.games.payoff_set import PayoffSet

Point = Sequence[float]
Vertex = TypeVar("Vertex")

CLEAR_SIGN = 4e-16  # of the two products' magnitudes: above (3 + 16 u) u with u = 2^-53, so a clear sign is a true sign
TINY = 1e-290  # below this, products may have lost digits to underflow


def orientation(a: Point, b: Point, c: Point) -> int:
    """Return 1 when a, b, c turn left (counter-clockwise), -1 when they turn right, 0 when they lie on a line."""
    left = (b[0] - a[0]) * (c[1] - a[1])
    right = (b[1] - a[1]) * (c[0] - a[0])
    area, size = left - right, abs(left) + abs(right)
    if abs(area) > CLEAR_SIGN * size and size > TINY and size < float("inf"):
        return 1 if area > 0 else -1
    (ax, ay), (bx, by), (cx, cy) = ((Fraction(float(x)), Fraction(float(y))) for x, y in (a, b, c))
    exact = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    return (exact > 0) - (exact < 0)


def convex_hull(points: Floats) -> Floats:
    """Return the extreme points of a set of points (K, 2), counter-clockwise from the lexicographically smallest.

    One row for a point, two for a segment. Raises `InputError` for another shape, no point, or numbers not finite.
    """
    given = np.asarray(points, dtype=np.float64)
    if given.ndim != 2 or given.shape[1] != 2 or not len(given):
        raise InputError.single("convex hull", "points", f"needs shape (K, 2) with K >= 1, got {given.shape}")
    if not np.isfinite(given).all():
        raise InputError.single("convex hull", "points", "every number must be finite")
    ordered: list[list[float]] = np.unique(given + 0.0, axis=0).tolist()
    if len(ordered) == 1:
        return np.array(ordered)
    lower, upper = left_chain(ordered, orientation), left_chain(ordered[::-1], orientation)
    return np.array(lower[:-1] + upper[:-1])


def left_chain(ordered: Sequence[Vertex], turn: Callable[[Vertex, Vertex, Vertex], Any]) -> list[Vertex]:
    """Return the part of the hull that turns left (turn > 0) along points in lexicographic order (Andrew 1979)."""
    chain: list[Vertex] = []
    for point in ordered:
        while len(chain) >= 2 and turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def convex_set(points: Floats) -> PayoffSet:
    """Return the convex hull of points (K, 2) with its facet normals (unit length, outward) and their levels."""
    vertices = convex_hull(points)
    directions = facet_normals(vertices)
    return PayoffSet(vertices, directions, (directions @ vertices.T).max(axis=1))


def facet_normals(vertices: Floats) -> Floats:
    """Return outward unit normals whose half-spaces bound the hull of `vertices` (counter-clockwise), shape (L, 2)."""
    if len(vertices) == 1:
        return np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])
    edges = np.roll(vertices, -1, axis=0) - vertices
    edges = edges[(edges != 0).any(axis=1)]
    edges = edges / np.abs(edges).max(axis=1, keepdims=True)  # against overflow and underflow in the length
    edges = edges / np.hypot(edges[:, :1], edges[:, 1:])
    normals: Floats = np.column_stack((edges[:, 1], -edges[:, 0]))
    return np.vstack((normals, edges)) + 0.0 if len(vertices) == 2 else normals + 0.0


def edge_normals(vertices: Floats, shortest: float = 0.0) -> Floats:
    """Return the outward unit normals of the edges longer than `shortest` of a polygon (counter-clockwise), (L, 2)."""
    edges = np.roll(vertices, -1, axis=0) - vertices
    length = np.hypot(edges[:, 0], edges[:, 1])
    long = length > shortest
    normals: Floats = np.column_stack((edges[long, 1], -edges[long, 0])) / length[long, None]
    return normals
