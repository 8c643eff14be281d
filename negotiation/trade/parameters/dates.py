"""Dates as people know them: a year, a month or a day ("2025", "2025-06", "2025-06-01").

A number dated only by month may have been published on its last day, so it counts as known on that day.
"""

from __future__ import annotations

import calendar
import re
from datetime import date

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
