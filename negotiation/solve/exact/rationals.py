"""Ratios: to integers and back, the simplest ratio near a double, and square systems without rounding.

Simplest fraction in an interval: Stern-Brocot search through continued fractions (Graham, Knuth, Patashnik 1994, 4.5).
Systems: fraction-free elimination (Bareiss 1968).
"""

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

IntVector = tuple[int, ...]

# Eight roundings to the nearest double, relative to the largest number. Twice as much takes numbers for simple
# fractions that differ from them by more than their rounding.
DOUBLE_ROUNDING = Fraction(1, 2**50)
# Denominator^2 * slack up to which a fraction that close to a number is hardly an accident. Twice as much takes larger
# denominators for what was meant.
COINCIDENCE = Fraction(1, 16)


def integer_multiple(numbers: Iterable[Fraction | int]) -> tuple[IntVector, Fraction]:
    """Return the numbers times a positive factor, integers without common divisor, and the factor.

    >>> integer_multiple([Fraction(1, 2), Fraction(1, 3)])
    ((3, 2), Fraction(6, 1))
    """
    exact = [Fraction(number) for number in numbers]
    denominator = math.lcm(*(number.denominator for number in exact))
    integers = [number.numerator * (denominator // number.denominator) for number in exact]
    divisor = math.gcd(*integers) or 1
    return tuple(integer // divisor for integer in integers), Fraction(denominator, divisor)


def coprime_integers(numbers: Iterable[Fraction | int]) -> IntVector:
    """Return the numbers scaled by the same positive factor to integers without common divisor.

    >>> coprime_integers([Fraction(1, 2), Fraction(1, 3)])
    (3, 2)
    """
    return integer_multiple(numbers)[0]


def simplest_between(low: Fraction, high: Fraction) -> Fraction:
    """Return the fraction with the smallest denominator in [low, high], for 0 <= low <= high.

    >>> simplest_between(Fraction(333, 1000), Fraction(334, 1000))
    Fraction(1, 3)
    """
    a, b, c, d = low.numerator, low.denominator, high.numerator, high.denominator
    before, last = (0, 1), (1, 0)  # convergents of the continued fraction so far
    while True:
        term = -(-a // b)
        if term * d <= c:
            return Fraction(last[0] * term + before[0], last[1] * term + before[1])
        term -= 1
        before, last = last, (last[0] * term + before[0], last[1] * term + before[1])
        a, b, c, d = d, c - term * d, b, a - term * b


def simple_fractions(shares: Iterable[Fraction], slack: Fraction) -> list[Fraction] | None:
    """Return the simplest fractions within `slack` of shares in [0, 1]; None if they have no small common denominator.

    >>> simple_fractions([Fraction(0.1), Fraction(0.9)], DOUBLE_ROUNDING)
    [Fraction(1, 10), Fraction(9, 10)]
    """
    simplest: dict[Fraction, Fraction] = {}
    fractions, denominator = [], 1
    for share in shares:
        if share not in simplest:
            simplest[share] = simplest_between(max(share - slack, Fraction(0)), min(share + slack, Fraction(1)))
            denominator = math.lcm(denominator, simplest[share].denominator)
            if denominator * denominator * slack > COINCIDENCE:
                return None
        fractions.append(simplest[share])
    return fractions


def solve_square(system: Sequence[Sequence[int]]) -> list[list[Fraction]] | None:
    """Return x with A x = B from integer rows (A | B), A square; one row of x an unknown, None if A is singular.

    With det the last pivot, det x is whole (Cramer's rule), so is the way back.

    >>> solve_square([[2, 1, 3], [1, 3, 5]])
    [[Fraction(4, 5)], [Fraction(7, 5)]]
    """
    rows, size, scale = [list(row) for row in system], len(system), 1
    for column in range(size):
        swap = next((number for number in range(column, size) if rows[number][column]), None)
        if swap is None:
            return None
        rows[column], rows[swap] = rows[swap], rows[column]
        pivot_row, pivot = rows[column], rows[column][column]
        for row in rows[column + 1 :]:
            factor = row[column]
            row[column + 1 :] = [
                (pivot * entry - factor * above) // scale
                for entry, above in zip(row[column + 1 :], pivot_row[column + 1 :], strict=True)
            ]
        scale = pivot
    unknowns: list[list[int]] = [[] for _ in rows]
    for column in range(size - 1, -1, -1):
        row = rows[column]
        for side in range(len(row) - size):
            rest = sum(row[later] * unknowns[later][side] for later in range(column + 1, size))
            unknowns[column].append((row[size + side] * scale - rest) // row[column])
    return [[Fraction(number, scale) for number in entries] for entries in unknowns]
