"""Vertices of a best-response polyhedron in exact integer arithmetic: the double description method.

Player i mixes over m actions with weights x; the other player's action j then earns sum_k x_k table[j][k]. The
best-response polyhedron {(x, v) : x >= 0, sum x = 1, v >= payoff of every j} is a slice of the cone

    {(x, v) : x_k >= 0 (bit k),  v - sum_k x_k table[j][k] >= 0 (bit m + j)}.

Its extreme rays with x != 0 are the vertices. A bit is set in a ray's label when that inequality holds with equality:
action k is not used, or action j is a best reply. Inequalities are added one at a time; two rays on either side of a
new one give a new ray when they are adjacent, which their labels decide (Motzkin, Raiffa, Thompson, Thrall 1953;
Fukuda, Prodon 1996). Degenerate games need no perturbation.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from negotiation._time_limit import checkpoint
from negotiation.solve.exact.payoffs import IntTable


class Ray(NamedTuple):
    """An extreme ray: integer coordinates (x_0, ..., x_{m-1}, v) without common factor, and its label bits."""

    point: tuple[int, ...]
    label: int


def best_response_vertices(table: IntTable) -> tuple[Ray, ...]:
    """Return all vertices for `table` (replies, actions of the mixing player), as integer rays with x != 0.

    >>> [ray.point for ray in best_response_vertices(((3, 0), (0, 3)))]
    [(1, 0, 3), (1, 1, 3), (0, 1, 3)]
    """
    size = len(table[0])
    floor = [min(column) for column in zip(*table, strict=True)]  # the same for every reply: best replies stay
    rows = [tuple(cell - low for cell, low in zip(row, floor, strict=True)) for row in table]
    rays = _first_cone(rows[0], size)
    for reply, row in enumerate(rows[1:], start=1):
        rays = _cut(rays, row, size + reply, size)
    found = [ray for ray in rays if any(ray.point[:size])]
    found.sort(key=lambda ray: _weights(ray, size), reverse=True)
    return tuple(found)


def _weights(ray: Ray, size: int) -> tuple[float, ...]:
    total = sum(ray.point[:size])
    return tuple(weight / total for weight in ray.point[:size])


def _first_cone(row: tuple[int, ...], size: int) -> list[Ray]:
    """Return the rays of the cone with the sign constraints and the first reply only."""
    every = (1 << size) - 1
    rays = [Ray((0,) * size + (1,), every)]
    for action in range(size):
        point = [0] * (size + 1)
        point[action], point[size] = 1, row[action]
        rays.append(Ray(tuple(point), (every ^ (1 << action)) | (1 << size)))
    return rays


def _cut(rays: list[Ray], row: tuple[int, ...], bit: int, size: int) -> list[Ray]:
    """Return the rays of the cone after adding v - row.x >= 0 as label bit `bit`."""
    above: list[tuple[int, Ray]] = []
    below: list[tuple[int, Ray]] = []
    kept: list[Ray] = []
    for ray in rays:
        slack = ray.point[size] - sum(map(int.__mul__, ray.point, row))
        if slack < 0:
            below.append((slack, ray))
        elif slack:
            above.append((slack, ray))
            kept.append(ray)
        else:
            kept.append(Ray(ray.point, ray.label | (1 << bit)))
    for under, low in below:
        checkpoint()
        for over, high in above:
            shared = low.label & high.label
            if shared.bit_count() >= size - 1 and _adjacent(low.label, high.label, shared, rays, size):
                mixed = [over * a - under * b for a, b in zip(low.point, high.point, strict=True)]
                factor = math.gcd(*mixed)
                kept.append(Ray(tuple(cell // factor for cell in mixed), shared | (1 << bit)))
    return kept


def _adjacent(low: int, high: int, shared: int, rays: list[Ray], size: int) -> bool:
    """Whether two rays span an edge: no third ray satisfies all their common equalities.

    A ray with exactly m equalities has them independent, so m - 1 in common already define an edge.
    """
    if low.bit_count() == size or high.bit_count() == size:
        return True
    return sum(1 for ray in rays if ray.label & shared == shared) == 2
