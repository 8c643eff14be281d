"""Rational functions of one small parameter t, ordered by their sign on (0, 1].

The ordered field in which a statement about a moving polygon is decided for every t at once: a comparison is made where
the lowest term of the difference outweighs all higher ones together on the whole interval, else it is refused.
"""

from __future__ import annotations

from fractions import Fraction


class UndecidedError(ArithmeticError):
    """The sign of a function on (0, 1] does not follow from its lowest term."""


class Germ:
    """The function numerator(t) / denominator(t), coefficients from the constant on; the denominator is positive."""

    __slots__ = ("denominator", "numerator")

    def __init__(self, numerator: tuple[Fraction, ...], denominator: tuple[Fraction, ...] = (Fraction(1),)) -> None:
        self.numerator, self.denominator = numerator, denominator

    @property
    def at_one(self) -> Fraction:
        """The value at t = 1."""
        return sum(self.numerator, Fraction(0)) / sum(self.denominator, Fraction(0))

    def __add__(self, other: Germ | Fraction | int) -> Germ:
        there = _germ(other)
        if self.denominator == there.denominator:
            return Germ(_sum(self.numerator, there.numerator), self.denominator)
        crossed = _product(self.numerator, there.denominator), _product(there.numerator, self.denominator)
        return Germ(_sum(*crossed), _product(self.denominator, there.denominator))

    def __mul__(self, other: Germ | Fraction | int) -> Germ:
        there = _germ(other)
        return Germ(_product(self.numerator, there.numerator), _product(self.denominator, there.denominator))

    def __truediv__(self, other: Germ) -> Germ:
        sign = _sign(other.numerator)
        if sign == 0:
            raise ZeroDivisionError
        upper, lower = _product(self.numerator, other.denominator), _product(self.denominator, other.numerator)
        return Germ(tuple(sign * x for x in upper), tuple(sign * x for x in lower))

    def __sub__(self, other: Germ | Fraction | int) -> Germ:
        return self + _germ(other) * Fraction(-1)

    __radd__, __rmul__ = __add__, __mul__

    def __lt__(self, other: Germ | Fraction | int) -> bool:
        return _sign((self - other).numerator) < 0

    def __le__(self, other: Germ | Fraction | int) -> bool:
        return _sign((self - other).numerator) <= 0

    def __gt__(self, other: Germ | Fraction | int) -> bool:
        return _sign((self - other).numerator) > 0

    def __ge__(self, other: Germ | Fraction | int) -> bool:
        return _sign((self - other).numerator) >= 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Germ | Fraction | int) and not any((self - other).numerator)

    def __hash__(self) -> int:
        return hash(self.at_one)


def _germ(number: Germ | Fraction | int) -> Germ:
    return number if isinstance(number, Germ) else Germ((Fraction(number),))


def _sum(first: tuple[Fraction, ...], second: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    short, long = sorted((first, second), key=len)
    return tuple(x + y for x, y in zip(short, long, strict=False)) + long[len(short) :]


def _product(first: tuple[Fraction, ...], second: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    product = [Fraction(0)] * (len(first) + len(second) - 1)
    for m, x in enumerate(first):
        if x:
            for n, y in enumerate(second):
                product[m + n] += x * y
    return tuple(product)


def _sign(coefficients: tuple[Fraction, ...]) -> int:
    """Return the sign on (0, 1]; raise `UndecidedError` where the terms may outweigh the lowest one."""
    terms = [number for number in coefficients if number]
    if not terms:
        return 0
    if abs(terms[0]) <= sum(abs(number) for number in terms[1:]):
        raise UndecidedError
    return 1 if terms[0] > 0 else -1
