"""Months and spans of months as the shipment files write them: "2025-04", "2025-01..02", "2024-H1", "2024".

A month is one number, 12 x year + month - 1, so that a span is a range and arithmetic is plain.
"""

import re
from datetime import date

SPAN = re.compile(r"(\d{4})(?:-H([12])|-(\d{2})(?:\.\.(\d{2}))?)?")
FORMS = "YYYY-MM, or a span: YYYY-MM..MM, YYYY-H1, YYYY-H2, YYYY"
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def parse_span(text: str) -> range:
    """Return the months that `text` names; raises `ValueError` with what is allowed.

    >>> [month_text(month) for month in parse_span("2025-01..02")], len(parse_span("2025-H2")), len(parse_span("2025"))
    (['2025-01', '2025-02'], 6, 12)
    """
    match = SPAN.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is no month; write {FORMS}")
    year, half, first, last = int(match[1]), match[2], match[3], match[4]
    if first is None:
        return range(month_of(year, 7 if half == "2" else 1), month_of(year, 6 if half == "1" else 12) + 1)
    span = range(month_of(year, int(first)), month_of(year, int(last or first)) + 1)
    if last is not None and len(span) < 2:
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


def customs_day(month: int, destination: str) -> date:
    """Return the day on which Chinese customs publishes the figure to the end of a month: about the 20th of the next.

    The world total comes a little earlier (the 18th), the total of raw rare earths earlier still (the 14th at the
    latest in the sources); January comes together with February, in March.
    """
    following = month + (2 if month % 12 == 0 else 1)
    day = {"WORLD": 18, "WORLD_RAW_RARE_EARTHS_not_magnets": 14}.get(destination, 20)
    return first_day_of(following).replace(day=day)
