"""Extreme rays of a small cone in exact integers: the double description method started from the orthant.

The cone is {y >= 0 : row.y = 0 or row.y >= 0 for each row}. Rows are added one at a time; two rays on either side of a
new one give a new ray when no third ray satisfies all their common equalities (Motzkin, Raiffa, Thompson, Thrall 1953;
Fukuda, Prodon 1996). Degenerate systems need no perturbation, and an empty list means that only 0 is left. A ray's
label has one bit for each condition that holds with equality: first the coordinates, then the rows.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from negotiation._time_limit import checkpoint
from negotiation.solve.exact.rationals import IntVector

LabelledRay = tuple[IntVector, int]


class ConeCondition(NamedTuple):
    """One condition: integer `coefficients`, `equal` for = 0 instead of >= 0."""

    coefficients: IntVector
    equal: bool


def extreme_rays(size: int, conditions: Sequence[ConeCondition]) -> list[LabelledRay]:
    """Return the extreme rays of the cone with their labels, integers without common factor, each ray once.

    >>> sorted(extreme_rays(3, [ConeCondition((1, 1, -1), True)]))
    [((0, 1, 1), 9), ((1, 0, 1), 10)]
    """
    every = (1 << size) - 1
    rays = [(tuple(int(other == axis) for other in range(size)), every ^ (1 << axis)) for axis in range(size)]
    for number, condition in enumerate(conditions):
        rays = _rays_with(rays, condition, 1 << (size + number), size)
    return rays


def _rays_with(rays: list[LabelledRay], condition: ConeCondition, bit: int, size: int) -> list[LabelledRay]:
    """Return the rays of the cone cut by one more condition; `bit` marks those on its boundary."""
    above: list[tuple[int, IntVector, int]] = []
    below: list[tuple[int, IntVector, int]] = []
    left: list[LabelledRay] = []
    for ray, label in rays:
        slack = sum(map(int.__mul__, condition.coefficients, ray))
        if slack < 0:
            below.append((-slack, ray, label))
        elif slack:
            above.append((slack, ray, label))
            if not condition.equal:
                left.append((ray, label))
        else:
            left.append((ray, label | bit))
    for lack, low, low_label in below:
        checkpoint()
        for slack, high, high_label in above:
            shared = low_label & high_label
            if shared.bit_count() < size - 2:
                continue  # an edge has as many independent equalities
            simple = low_label.bit_count() == size - 1 or high_label.bit_count() == size - 1
            # a ray with exactly so many equalities has them independent: all but one in common define an edge
            if simple or sum(1 for _, label in rays if label & shared == shared) == 2:
                between = [slack * a + lack * b for a, b in zip(low, high, strict=True)]
                divisor = math.gcd(*between)
                left.append((tuple(entry // divisor for entry in between), shared | bit))
    return left
