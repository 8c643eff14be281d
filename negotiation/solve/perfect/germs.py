"""Rational functions of one small parameter t, ordered by their sign on (0, 1].

The ordered field in which a statement about a moving polygon is decided for every t at once: a comparison is made where
the lowest term of the difference outweighs all higher ones together on the whole interval, else it is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import total_ordering

import numpy as np
from numpy.polynomial.polynomial import polyadd, polymul

Coefficients = Sequence[Fraction] | np.ndarray[tuple[int], np.dtype[np.object_]]  # from the constant on


class UndecidedError(ArithmeticError):
    """The sign of a function on (0, 1] does not follow from its lowest term."""


@total_ordering
class Germ:
    """The function numerator(t) / denominator(t); the denominator is positive."""

    __slots__ = ("denominator", "numerator")

    def __init__(self, numerator: Coefficients, denominator: Coefficients = (Fraction(1),)) -> None:
        self.numerator, self.denominator = np.array(numerator, dtype=object), np.array(denominator, dtype=object)

    @property
    def at_one(self) -> Fraction:
        """The value at t = 1."""
        value: Fraction = self.numerator.sum() / self.denominator.sum()
        return value

    def __add__(self, other: Germ | Fraction | int) -> Germ:
        there = _germ(other)
        if np.array_equal(self.denominator, there.denominator):
            return Germ(polyadd(self.numerator, there.numerator), self.denominator)
        one, two = polymul(self.numerator, there.denominator), polymul(there.numerator, self.denominator)
        return Germ(polyadd(one, two), polymul(self.denominator, there.denominator))

    def __mul__(self, other: Germ | Fraction | int) -> Germ:
        there = _germ(other)
        return Germ(polymul(self.numerator, there.numerator), polymul(self.denominator, there.denominator))

    def __truediv__(self, other: Germ) -> Germ:
        sign = _sign(other.numerator)
        if sign == 0:
            raise ZeroDivisionError
        return self * Germ(sign * other.denominator, sign * other.numerator)

    def __sub__(self, other: Germ | Fraction | int) -> Germ:
        return self + _germ(other) * Fraction(-1)

    __radd__, __rmul__ = __add__, __mul__

    def __lt__(self, other: Germ | Fraction | int) -> bool:
        return _sign((self - other).numerator) < 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Germ | Fraction | int) and not (self - other).numerator.any()

    def __hash__(self) -> int:
        return hash(self.at_one)


def _germ(number: Germ | Fraction | int) -> Germ:
    return number if isinstance(number, Germ) else Germ((Fraction(number),))


def _sign(coefficients: Coefficients) -> int:
    """Return the sign on (0, 1]; raise `UndecidedError` where the terms may outweigh the lowest one."""
    terms = [number for number in coefficients if number]
    if not terms:
        return 0
    if abs(terms[0]) <= sum(abs(number) for number in terms[1:]):
        raise UndecidedError
    return 1 if terms[0] > 0 else -1
