"""A number with everything a reader needs to judge it: range, domain, unit, meaning, source and date.

`low` to `high` is the plausible range that studies sweep; `domain` is what the model can accept at all. A change may
leave the range (a notice is given), never the domain.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

from negotiation._values import Value
from negotiation.errors import InputError
from negotiation.trade.parameters.dates import first_day, last_day
from negotiation.trade.parameters.interval import interval

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


@dataclass(frozen=True, eq=False, kw_only=True)
class Source(Value):
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


@dataclass(frozen=True, eq=False, kw_only=True)
class Parameter(Value):
    """One number (or vector) of a scenario.

    source: key into the scenario's sources; keys that start with "judgement" or "assumption" say so. dated: when the
    number was known (ISO year, month or day). low, high: plausible range, with `range_source` saying whose. domain:
    interval notation. Raises `InputError` for a value outside the domain, low > high, or a date that is none.
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

    def _check(self) -> None:
        fault = self.fault()
        if fault:
            raise InputError.single("parameter", "", fault)

    def fault(self) -> str:
        """Return what is wrong with this parameter as one clause, or an empty text."""
        try:
            legal = interval(self.domain)
            first_day(self.dated)
        except ValueError as error:
            return str(error)
        numbers = self.value if isinstance(self.value, tuple) else (self.value,)
        for number in (*numbers, *(end for end in (self.low, self.high) if end is not None)):
            if not math.isfinite(number):
                return f"{number} is not a finite number"
        for number in numbers:
            if number not in legal:
                return f"{number_text(number)} is outside its domain {self.domain}: it must be {legal.sentence()}"
        if self.low is not None and self.high is not None and self.low > self.high:
            return f"needs low <= high, got {self.low:g} > {self.high:g}"
        return ""

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
