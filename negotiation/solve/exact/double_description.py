"""Extreme rays of a small cone in exact integers: the double description method started from the orthant.

The cone is {y >= 0 : row.y = 0 or row.y >= 0 for each row}. Rows are added one at a time; two rays on either side of a
new one give a new ray when no third ray satisfies all their common equalities (Motzkin, Raiffa, Thompson, Thrall 1953;
Fukuda, Prodon 1996). Degenerate systems need no perturbation, and an empty list means that only 0 is left.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from negotiation.solve.exact.rationals import IntVector


class ConeCondition(NamedTuple):
    """One condition: integer `coefficients`, `equal` for = 0 instead of >= 0."""

    coefficients: IntVector
    equal: bool


def extreme_rays(size: int, conditions: Sequence[ConeCondition]) -> list[IntVector]:
    """Return the extreme rays of the cone, integers without common factor, each ray once.

    >>> sorted(extreme_rays(3, [ConeCondition((1, 1, -1), True)]))
    [(0, 1, 1), (1, 0, 1)]
    """
    every = (1 << size) - 1  # of each ray, one bit a condition that holds with equality
    rays = [(tuple(int(other == axis) for other in range(size)), every ^ (1 << axis)) for axis in range(size)]
    for number, condition in enumerate(conditions):
        rays = _rays_with(rays, condition, 1 << (size + number))
        if not rays:
            return []
    return [ray for ray, _ in rays]


def _rays_with(rays: list[tuple[IntVector, int]], condition: ConeCondition, bit: int) -> list[tuple[IntVector, int]]:
    """Return the rays of the cone cut by one more condition; `bit` marks those on its boundary."""
    above: list[tuple[int, IntVector, int]] = []
    below: list[tuple[int, IntVector, int]] = []
    left: list[tuple[IntVector, int]] = []
    for ray, equalities in rays:
        slack = sum(map(int.__mul__, condition.coefficients, ray))
        if slack < 0:
            below.append((-slack, ray, equalities))
        elif slack:
            above.append((slack, ray, equalities))
            if not condition.equal:
                left.append((ray, equalities))
        else:
            left.append((ray, equalities | bit))
    for lack, low, low_equalities in below:
        for slack, high, high_equalities in above:
            shared = low_equalities & high_equalities
            if sum(1 for _, equalities in rays if equalities & shared == shared) == 2:
                between = [slack * a + lack * b for a, b in zip(low, high, strict=True)]
                divisor = math.gcd(*between)
                left.append((tuple(entry // divisor for entry in between), shared | bit))
    return left
