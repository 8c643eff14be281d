"""Extreme rays of a small cone in exact integers: the double description method started from the orthant.

The cone is {y >= 0 : row.y = 0 or row.y >= 0 for each row}. Rows are added one at a time; two rays on either side of a
new one give a new ray when no third ray satisfies all their common equalities (Motzkin, Raiffa, Thompson, Thrall 1953;
Fukuda, Prodon 1996). Degenerate systems need no perturbation, and an empty list means that only 0 is left.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

IntVector = tuple[int, ...]


class ConeCondition(NamedTuple):
    """One condition: integer `coefficients`, `equal` for = 0 instead of >= 0."""

    coefficients: IntVector
    equal: bool


def coprime_integers(numbers: Iterable[Fraction | int]) -> IntVector:
    """Return the numbers scaled by the same positive factor to integers without common factor.

    >>> coprime_integers([Fraction(1, 2), Fraction(1, 3)])
    (3, 2)
    """
    exact = [Fraction(number) for number in numbers]
    scale = math.lcm(*(number.denominator for number in exact))
    cells = [number.numerator * (scale // number.denominator) for number in exact]
    common = math.gcd(*cells) or 1
    return tuple(cell // common for cell in cells)


def extreme_rays(size: int, rows: Sequence[ConeCondition]) -> list[IntVector]:
    """Return the extreme rays of the cone, integers without common factor, each ray once.

    >>> sorted(extreme_rays(3, [ConeCondition((1, 1, -1), True)]))
    [(0, 1, 1), (1, 0, 1)]
    """
    every = (1 << size) - 1
    rays = [(tuple(int(at == axis) for at in range(size)), every ^ (1 << axis)) for axis in range(size)]
    for number, row in enumerate(rows):
        rays = _cut(rays, row, 1 << (size + number))
        if not rays:
            return []
    return [point for point, _ in rays]


def _cut(rays: list[tuple[IntVector, int]], row: ConeCondition, bit: int) -> list[tuple[IntVector, int]]:
    above: list[tuple[int, IntVector, int]] = []
    below: list[tuple[int, IntVector, int]] = []
    kept: list[tuple[IntVector, int]] = []
    for point, label in rays:
        slack = sum(map(int.__mul__, row.coefficients, point))
        if slack < 0:
            below.append((-slack, point, label))
        elif slack:
            above.append((slack, point, label))
            if not row.equal:
                kept.append((point, label))
        else:
            kept.append((point, label | bit))
    labels = [label for _, label in rays]
    for under, low, low_label in below:
        for over, high, high_label in above:
            shared = low_label & high_label
            if sum(1 for label in labels if label & shared == shared) == 2:
                mixed = [over * a + under * b for a, b in zip(low, high, strict=True)]
                factor = math.gcd(*mixed)
                kept.append((tuple(cell // factor for cell in mixed), shared | bit))
    return kept
