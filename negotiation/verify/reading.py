"""Reading a certificate: every number an integer or the text of a ratio, every fault a sentence that names its place.

A number is a JSON integer, or text: "-3", "5/7", or in base 16 where it is long, "0x1f/0x20". Doubles are refused:
a certificate says what is exact, and a decimal point does not.
"""

from __future__ import annotations

import math
import re
import reprlib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from negotiation._numbers import CERTIFICATE_DIGITS
from negotiation.errors import InputError

ORIGIN = "certificate"
_WHOLE = rf"-?(?:0x[0-9a-f]{{1,{CERTIFICATE_DIGITS}}}|[0-9]{{1,4000}})"
_SHORT = reprlib.Repr()
_SHORT.maxlevel, _SHORT.maxstring, _SHORT.maxlong = 2, 40, 40
_RATIO = re.compile(rf"({_WHOLE})(?:/({_WHOLE}))?\Z")


@dataclass
class Count:
    """How many conditions have been checked so far."""

    checked: int = 0


class FailedError(Exception):
    """A condition of a certificate does not hold; the message says which, in words."""


def short_repr(value: Any) -> str:
    """Return a value as a message shows it: short, however long or deep it is."""
    return _SHORT.repr(value)[:60]


def double(value: Any) -> float:
    """Return a ratio as the nearest double, infinite where it is larger than any: for messages and first guesses."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


class Entry(NamedTuple):
    """A value of the certificate and its path; what is asked of it is returned, or refused with the path."""

    value: Any
    path: str = ""

    def fault(self, message: str, hint: str = "") -> InputError:
        """Return the error for an entry that cannot be read."""
        return InputError.single(ORIGIN, self.path, message, hint)

    def object(self) -> Mapping[str, Any]:
        """Return an object."""
        if not isinstance(self.value, Mapping):
            raise self.fault("is not an object")
        return self.value

    def field(self, key: str) -> Entry:
        """Return a field of an object."""
        fields, path = self.object(), f"{self.path}.{key}" if self.path else key
        if key not in fields:
            raise Entry(None, path).fault("is missing")
        return Entry(fields[key], path)

    def optional(self, key: str, default: Any) -> Entry:
        """Return a field of an object that may lack it."""
        return self.field(key) if key in self.object() else Entry(default, key)

    def items(self, length: int | None = None) -> list[Entry]:
        """Return the entries of a list, of a given length where one is needed."""
        if not isinstance(self.value, list | tuple):
            raise self.fault("is not a list")
        if length is not None and len(self.value) != length:
            raise self.fault(f"needs {length} entries, has {len(self.value)}")
        return [Entry(value, f"{self.path}[{number}]") for number, value in enumerate(self.value)]

    def text(self) -> str:
        """Return a text."""
        if not isinstance(self.value, str):
            raise self.fault("is not text")
        return self.value

    def texts(self) -> tuple[str, ...]:
        """Return a list of texts."""
        return tuple(entry.text() for entry in self.items())

    def ratio(self) -> Fraction:
        """Return a number of a certificate as a ratio.

        >>> Entry("5/7").ratio(), Entry(3).ratio(), Entry("-0xff").ratio()
        (Fraction(5, 7), Fraction(3, 1), Fraction(-255, 1))
        """
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            return Fraction(self.value)
        match = _RATIO.match(self.value) if isinstance(self.value, str) else None
        if match is None:
            raise self.fault(f"{short_repr(self.value)} is not a ratio", 'write an integer or text such as "5/7"')
        above, below = (int(number, 16 if "x" in number else 10) for number in (match[1], match[2] or "1"))
        if below == 0:
            raise self.fault("the denominator is 0")
        return Fraction(above, below)

    def ratios(self, length: int | None = None) -> tuple[Fraction, ...]:
        """Return a list of ratios."""
        return tuple(entry.ratio() for entry in self.items(length))

    def whole(self, below: int | None = None) -> int:
        """Return an integer; with `below` it must be a number from 0 to below - 1."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.fault(f"{short_repr(self.value)} is not an integer")
        if below is not None and not 0 <= self.value < below:
            raise self.fault(f"must be from 0 to {below - 1}, got {short_repr(self.value)}")
        return self.value

    def wholes(self, length: int | None = None, below: int | None = None) -> tuple[int, ...]:
        """Return a list of integers."""
        return tuple(entry.whole(below) for entry in self.items(length))

    def number(self, infinite: bool = False) -> float:
        """Return a number that a result prints as a double; "inf" only where it may be infinite."""
        if infinite and self.value == "inf":
            return math.inf
        number = double(self.value) if type(self.value) in (int, float) else math.nan
        if not math.isfinite(number):
            raise self.fault(f"{short_repr(self.value)} is not a number")
        return number

    def table(self, shape: tuple[int | None, ...]) -> list[float]:
        """Return the numbers of nested lists that a result prints, last index fastest; None: as many as there are."""
        if not shape:
            return [self.number()]
        return [number for entry in self.items(shape[0]) for number in entry.table(shape[1:])]
