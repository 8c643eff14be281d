"""A number with everything a reader needs to judge it: range, domain, unit, meaning, source and date.

`low` to `high` is the plausible range that studies sweep; `domain` is what the model can accept at all. A change may
leave the range (a notice is given), never the domain. Domains are intervals as "(0, inf)" or "[0, 1]"; round brackets
leave the end out. Dates are years, months or days ("2025", "2025-06", "2025-06-01"); a number dated only by month may
have been published on its last day, so it counts as known on that day.
"""

import calendar
import functools
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np

from negotiation._values import Bools, Floats, Value
from negotiation.errors import InputError

ISO = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


def first_day(text: str) -> date:
    """Return the first day of the year, month or day named by `text`; raises `ValueError` when it names none.

    >>> first_day("2025-06").isoformat(), last_day("2025-06").isoformat()
    ('2025-06-01', '2025-06-30')
    """
    match = ISO.match(text)
    if match is None:
        raise ValueError(f"'{text}' is not a date such as 2025, 2025-06 or 2025-06-01")
    year, month, day = match.groups()
    return date(int(year), int(month or 1), int(day or 1))


def last_day(text: str) -> date:
    """Return the last day of the year, month or day named by `text`; raises `ValueError` when it names none."""
    first = first_day(text)
    if len(text) == 4:
        return date(first.year, 12, 31)
    if len(text) == 7:
        return date(first.year, first.month, calendar.monthrange(first.year, first.month)[1])
    return first


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


Number = float | tuple[float, ...]
JUDGEMENT_PREFIXES = ("judgement", "assumption")  # of the keys of sources that are no publication
SOURCE_KINDS = ("published", "judgement")


def number_text(value: Number) -> str:
    """Return a number or a vector as a reader would write it: 0.68, or [0.25, 0.5]."""
    if isinstance(value, tuple):
        return "[" + ", ".join(number_text(entry) for entry in value) + "]"
    return f"{value:.12g}"


def is_judgement_source(source: str) -> bool:
    """Return whether a source key stands for judgement or assumption ("judgement", "judgement-delays", ...)."""
    return source.startswith(JUDGEMENT_PREFIXES)


class Source(Value, kw_only=True):
    """Where a number comes from: `kind` is "published" or "judgement"; `date` as ISO text, `url` may be empty."""

    key: str
    title: str
    publisher: str = ""
    date: str = ""
    url: str = ""
    kind: str = "published"


OWN_KEY = "judgement-own"  # a number that somebody sets without saying where it comes from
OWN_SOURCE = Source(
    key=OWN_KEY, title="A number of your own, given in a scenario file without a source", kind="judgement"
)


class Parameter(Value, kw_only=True):
    """One number (or vector) of a scenario.

    source: key into the scenario's sources; keys that start with "judgement" or "assumption" say so. dated: when the
    number was known (ISO year, month or day). low, high: plausible range, with `range_source` saying whose. domain:
    interval notation. instead_of: the other path of a pair, where that one was given before. Raises `InputError` for a
    value outside the domain, low > high, or a date that is none.
    """

    value: Number
    unit: str
    meaning: str
    source: str
    dated: str
    low: float | None = None
    high: float | None = None
    domain: str = "(-inf, inf)"
    range_source: str = "judgement"
    instead_of: str | None = None

    def _check(self) -> None:
        for leaf, text in self.faults():
            raise InputError.single("parameter", leaf, text)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with this parameter: a field (or "" for several together), and one clause."""
        try:
            legal = interval(self.domain)
            first_day(self.dated)
        except ValueError as error:
            yield "", str(error)
            return
        for leaf, value in (("value", self.value), ("low", self.low), ("high", self.high)):
            for number in value if isinstance(value, tuple) else (value,):
                if number is not None and number not in legal:
                    text = f"{number_text(number)} is outside its domain {self.domain}: it must be {legal.sentence()}"
                    yield leaf, text
        if self.low is not None and self.high is not None and self.low > self.high:
            yield "", f"needs low <= high, got {self.low:g} > {self.high:g}"

    @property
    def is_judgement(self) -> bool:
        """Whether the value rests on judgement and not on a published source."""
        return is_judgement_source(self.source)

    @property
    def outside_range(self) -> bool:
        """Whether the value (any entry of a vector) lies outside low to high."""
        numbers = self.value if isinstance(self.value, tuple) else (self.value,)
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        return any(not low <= number <= high for number in numbers)

    @property
    def range_text(self) -> str:
        """The plausible range as text, "0.2 to 0.9"; empty when there is none."""
        if self.low is None and self.high is None:
            return ""
        if self.low is None:
            return f"at most {self.high:g}"
        if self.high is None:
            return f"at least {self.low:g}"
        return f"{self.low:g} to {self.high:g}"

    def is_hindsight_on(self, date: str) -> bool:
        """Return whether the number was not yet known on `date` (a month or year counts to its last day)."""
        return last_day(self.dated) > last_day(date)

    def with_value(self, value: Number) -> Self:
        """Return a copy with another value, without checking it again (the caller has checked the domain)."""
        return self._unchecked(**{**vars(self), "value": value})
