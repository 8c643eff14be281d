"""Months and spans of months as the shipment files write them: "2025-04", "2025-01..02", "2024-H1", "2024".

A month is one number, 12 x year + month - 1, so that a span is a pair of whole numbers and arithmetic is plain.
"""

import re
from dataclasses import dataclass
from datetime import date

from negotiation._values import Value

SPAN = re.compile(r"(\d{4})(?:-H([12])|-(\d{2})(?:\.\.(\d{2}))?)?")
FORMS = "YYYY-MM, or a span: YYYY-MM..MM, YYYY-H1, YYYY-H2, YYYY"
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, eq=False)
class MonthSpan(Value):
    """Whole months from `first` to `last`, both included, each 12 x year + month - 1."""

    first: int
    last: int

    @property
    def months(self) -> range:
        """The months of the span."""
        return range(self.first, self.last + 1)

    @property
    def single(self) -> bool:
        """Whether the span is one month."""
        return self.first == self.last

    def text(self) -> str:
        """Return the span as the files write it.

        >>> parse_span("2025-H1").text(), parse_span("2025-01..02").text(), parse_span("2025-04").text()
        ('2025-H1', '2025-01..02', '2025-04')
        """
        year, month = divmod(self.first, 12)
        count = self.last - self.first + 1
        if count == 1:
            return month_text(self.first)
        if count == 12 and month == 0:
            return f"{year:04d}"
        if count == 6 and month in (0, 6):
            return f"{year:04d}-H{1 + month // 6}"
        return f"{month_text(self.first)}..{self.last % 12 + 1:02d}"


def parse_span(text: str) -> MonthSpan:
    """Return the span that `text` names; raises `ValueError` with what is allowed."""
    match = SPAN.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is no month; write {FORMS}")
    year, half, first, last = (int(part) if part else None for part in match.groups())
    assert year is not None  # every form has one
    if first is None:
        return MonthSpan(month_of(year, 7 if half == 2 else 1), month_of(year, 6 if half == 1 else 12))
    span = MonthSpan(month_of(year, first), month_of(year, first if last is None else last))
    if last is not None and span.last <= span.first:
        raise ValueError(f"'{text}' ends before it has gone on for a month; write {FORMS}")
    return span


def month_of(year: int, month: int) -> int:
    """Return a month as a number; raises `ValueError` unless month is 1 to 12.

    >>> month_text(month_of(2025, 4) + 1)
    '2025-05'
    """
    if not 1 <= month <= 12:
        raise ValueError(f"{month} is no month of a year, allowed are 01 to 12")
    return 12 * year + month - 1


def month_text(month: int) -> str:
    """Return a month as "YYYY-MM"."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def month_name(month: int) -> str:
    """Return a month for readers.

    >>> month_name(month_of(2025, 4))
    'Apr 2025'
    """
    return f"{MONTH_NAMES[month % 12]} {month // 12}"


def first_day_of(month: int) -> date:
    """Return the first day of a month."""
    return date(month // 12, month % 12 + 1, 1)


def customs_day(span: MonthSpan, destination: str) -> date:
    """Return the day on which Chinese customs publishes a span's figure: about the 20th of the next month.

    The world total comes a little earlier (the 18th), the total of raw rare earths earlier still (the 14th at the
    latest in the sources); January comes together with February, in March.
    """
    following = span.last + (2 if span.last % 12 == 0 else 1)
    day = {"WORLD": 18, "WORLD_RAW_RARE_EARTHS_not_magnets": 14}.get(destination, 20)
    return first_day_of(following).replace(day=day)
