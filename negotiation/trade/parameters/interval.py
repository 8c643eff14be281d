"""Domains of parameters in interval notation: "(0, inf)", "[0, 1]"; round brackets leave the end out."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

import numpy as np

from negotiation._values import Bools, Floats

# no number of a model is larger, or positive and smaller: squares, quotients and products of a few do not overflow,
# nor would they at twice the exponents
LARGEST_NUMBER, SMALLEST_NUMBER = 1e15, 1e-100
NOTATION = re.compile(r"^([\[(])\s*(-?inf|[-+.\deE]+)\s*,\s*(inf|[-+.\deE]+)\s*([\])])$")


@dataclass(frozen=True)
class Interval:
    """The numbers between `low` and `high`, at most `LARGEST_NUMBER` in size; an open end does not belong to it."""

    low: float
    high: float
    low_open: bool
    high_open: bool

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int | float) and bool(self.contains(np.float64(number)))

    def contains(self, numbers: Floats | np.float64) -> Bools:
        """Return which of many numbers belong to the interval."""
        low = SMALLEST_NUMBER if self.low_open and self.low == 0 else self.low
        above = numbers > low if self.low_open and low == self.low else numbers >= low
        below = numbers < self.high if self.high_open else numbers <= self.high
        inside: Bools = above & below & (np.abs(numbers) <= LARGEST_NUMBER)
        return inside

    def sentence(self) -> str:
        """Return the interval in words, for an error message."""
        ends = []
        if self.low > float("-inf"):
            ends.append(f"above {self.low:g}" if self.low_open else f"at least {self.low:g}")
            ends[0] += f" (from {SMALLEST_NUMBER:g})" if self.low_open and self.low == 0 else ""
        if self.high < float("inf"):
            ends.append(f"below {self.high:g}" if self.high_open else f"at most {self.high:g}")
        else:
            ends.append(f"at most {LARGEST_NUMBER:g}" if ends else f"at most {LARGEST_NUMBER:g} in size")
        return " and ".join(ends)


@functools.lru_cache(maxsize=256)
def interval(notation: str) -> Interval:
    """Return the interval written in `notation`.

    Raises `ValueError` when the text is not interval notation.

        >>> 0.0 in interval("(0, inf)"), interval("[0, 1)").sentence()
        (False, 'at least 0 and below 1')
    """
    match = NOTATION.match(notation.strip())
    if match is None:
        raise ValueError(f"'{notation}' is not an interval such as '(0, inf)' or '[0, 1]'")
    left, low, high, right = match.groups()
    return Interval(float(low), float(high), left == "(", right == ")")
