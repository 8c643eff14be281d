"""Reading a certificate: every number an integer or the text of a ratio, every fault a sentence that names its place.

A number is a JSON integer, or text: "-3", "5/7", or in base 16 where it is long, "0x1f/0x20". Doubles are refused:
a certificate says what is exact, and a decimal point does not.
"""

from __future__ import annotations

import math
import re
import reprlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

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


def fault(path: str, message: str, hint: str = "") -> InputError:
    """Return the error for a certificate that cannot be read."""
    return InputError.single(ORIGIN, path, message, hint)


def ratio(value: Any, path: str) -> Fraction:
    """Return a number of a certificate as a ratio.

    >>> ratio("5/7", "discount"), ratio(3, "x"), ratio("-0xff", "y")
    (Fraction(5, 7), Fraction(3, 1), Fraction(-255, 1))
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value)
    match = _RATIO.match(value) if isinstance(value, str) else None
    if match is None:
        raise fault(path, f"{short_repr(value)} is not a ratio", 'write an integer or text such as "5/7"')
    below = 1 if match[2] is None else int(match[2], 16 if "x" in match[2] else 10)
    if below == 0:
        raise fault(path, "the denominator is 0")
    return Fraction(int(match[1], 16 if "x" in match[1] else 10), below)


def number(value: Any, path: str, infinite: bool = False) -> float:
    """Return a number that a result prints as a double; "inf" only where it may be infinite."""
    if infinite and value == "inf":
        return math.inf
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            if math.isfinite(double_value := float(value)):
                return double_value
        except OverflowError:
            pass
    raise fault(path, f"{short_repr(value)} is not a number")


def double(value: Any) -> float:
    """Return a ratio as the nearest double, infinite where it is larger than any: for messages and first guesses."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def ratios(value: Any, path: str, count: int | None = None) -> tuple[Fraction, ...]:
    """Return a list of ratios, of a given length where one is needed."""
    return tuple(ratio(entry, f"{path}[{number}]") for number, entry in enumerate(entries(value, path, count)))


def whole(value: Any, path: str, below: int | None = None) -> int:
    """Return an integer; with `below` it must be a number from 0 to below - 1."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise fault(path, f"{short_repr(value)} is not an integer")
    if below is not None and not 0 <= value < below:
        raise fault(path, f"must be from 0 to {below - 1}, got {short_repr(value)}")
    return value


def wholes(value: Any, path: str, count: int | None = None, below: int | None = None) -> tuple[int, ...]:
    """Return a list of integers, of a given length where one is needed."""
    return tuple(whole(entry, path, below) for entry in entries(value, path, count))


def entries(value: Any, path: str, count: int | None = None) -> Sequence[Any]:
    """Return a list, of a given length where one is needed."""
    if not isinstance(value, list | tuple):
        raise fault(path, "is not a list")
    if count is not None and len(value) != count:
        raise fault(path, f"needs {count} entries, has {len(value)}")
    return value


def part(value: Any, path: str) -> Mapping[str, Any]:
    """Return an object."""
    if not isinstance(value, Mapping):
        raise fault(path, "is not an object")
    return value


def field(data: Mapping[str, Any], key: str, path: str) -> Any:
    """Return an entry of an object."""
    if key not in data:
        raise fault(f"{path}.{key}" if path else key, "is missing")
    return data[key]


def text(value: Any, path: str) -> str:
    """Return a text."""
    if not isinstance(value, str):
        raise fault(path, "is not text")
    return value
