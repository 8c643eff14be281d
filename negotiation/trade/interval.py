"""Domains of parameters in interval notation: "(0, inf)", "[0, 1]"; round brackets leave the end out."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from negotiation._values import Bools, Floats

NOTATION = re.compile(r"^([\[(])\s*(-?inf|[-+.\deE]+)\s*,\s*(inf|[-+.\deE]+)\s*([\])])$")


@dataclass(frozen=True)
class Interval:
    """The numbers between `low` and `high`; an open end does not belong to it."""

    low: float
    high: float
    low_open: bool
    high_open: bool

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, int | float):
            return False
        above = self.low < number if self.low_open else self.low <= number
        return above and (number < self.high if self.high_open else number <= self.high)

    def holds(self, numbers: Floats) -> Bools:
        """Return which of many numbers belong to the interval."""
        above = numbers > self.low if self.low_open else numbers >= self.low
        inside: Bools = above & (numbers < self.high if self.high_open else numbers <= self.high)
        return inside

    def sentence(self) -> str:
        """Return the interval in words, for an error message."""
        ends = []
        if self.low > float("-inf"):
            ends.append(f"above {self.low:g}" if self.low_open else f"at least {self.low:g}")
        if self.high < float("inf"):
            ends.append(f"below {self.high:g}" if self.high_open else f"at most {self.high:g}")
        return " and ".join(ends) or "any finite number"


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
