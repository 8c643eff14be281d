"""Shipment files: rows of tonnage by month (or span) and destination, each with its source and publication date.

A file has the columns month, destination, tonnes, source, url, confidence and, if the day is known, published; without
it the customs calendar is used (`months.customs_day`). Empty tonnes are a missing month: they stay missing. A span's
total is kept as it is. Every fault is reported with its row, all at once.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from negotiation._files import data_text, read_text
from negotiation._values import Value
from negotiation.errors import InputError, Problem, nearest
from negotiation.evidence.data.destinations import DESTINATIONS, USUAL
from negotiation.evidence.data.months import MonthSpan, customs_day, parse_span
from negotiation.evidence.data.shipment_row import RELATIVE_ERRORS, Shipment
from negotiation.evidence.data.span_totals import contradictions
from negotiation.trade.parameters.dates import last_day

COLUMNS = ("month", "destination", "tonnes", "source", "url", "confidence")
OPTIONAL = ("published",)
SHIPPED = "shipments.csv"
LARGEST = 10_000_000


@dataclass(frozen=True, eq=False)
class Shipments(Value):
    """Checked rows of one product, with the name of the file they come from."""

    origin: str
    rows: tuple[Shipment, ...]

    def as_of(self, day: date) -> Shipments:
        """Return only what was published by `day`."""
        return Shipments(self.origin, tuple(row for row in self.rows if row.published <= day.isoformat()))

    def to(self, destination: str) -> tuple[Shipment, ...]:
        """Return the rows with a figure for one destination, in the order of the months."""
        rows = [row for row in self.rows if row.destination == destination and row.tonnes is not None]
        return tuple(sorted(rows, key=lambda row: (row.span.first, row.span.last)))

    def updated(self, other: Shipments) -> Shipments:
        """Return these rows with those of `other` in place of the same month and destination.

        Raises `InputError` when a total then contradicts its months.
        """
        keys = {row.key for row in other.rows}
        unchanged = tuple(row for row in self.rows if row.key not in keys)
        merged = Shipments(other.origin, (*unchanged, *other.rows))
        faults = contradictions(merged.rows)
        # a row number of the other file would mislead: the total is named in the sentence
        problems = [
            problem if row.key in keys else Problem(f"against {self.origin}", problem.message, problem.hint)
            for row, problem in faults
        ]
        _raise_any(other.origin, problems)
        return merged

    @property
    def newest(self) -> str:
        """ISO day on which the newest figure was published."""
        return max(row.published for row in self.rows if row.tonnes is not None)


def load_shipments(path: Path | None = None, today: date | None = None) -> Shipments:
    """Return the shipped rows, or those of a file of the same form. Raises `InputError` naming every faulty row.

    today: rows about later months are refused; the present day by default.
    """
    if path is None:
        return read_shipments(SHIPPED, data_text(SHIPPED), today)
    return read_shipments(str(path), read_text(path, "a table of shipments", LARGEST), today)


def read_shipments(origin: str, text: str, today: date | None = None) -> Shipments:
    """Return the rows of a shipment file given as text; `origin` names it in errors."""
    raw = read_table(origin, text, COLUMNS, OPTIONAL)
    problems: list[Problem] = []
    rows = [_parse_row(number, record, today or date.today(), problems) for number, record in raw]
    good = [row for row in rows if row is not None]
    first_rows: dict[tuple[int, int, str], int] = {}
    for row in good:
        if row.key in first_rows:
            where = f"{row.span.text()} to {row.destination} is given twice, first in row {first_rows[row.key]}"
            problems.append(_problem(row.row, "month", where, "keep one row for each month and destination"))
        first_rows.setdefault(row.key, row.row)
    if not problems:
        problems += [problem for _, problem in contradictions(good)]
    _raise_any(origin, problems)
    return Shipments(origin, tuple(good))


def read_table(
    origin: str, text: str, columns: Iterable[str], optional: Iterable[str] = ()
) -> list[tuple[int, dict[str, str]]]:
    """Return (row number, record) of a CSV text whose header must hold `columns`; the header is row 1."""
    wanted, extra = tuple(columns), tuple(optional)
    reader = csv.reader(io.StringIO(text))
    try:
        lines = [(reader.line_num, [cell.strip() for cell in line]) for line in reader]
    except csv.Error as error:
        raise InputError.single(origin, f"row {reader.line_num}", f"is not CSV: {error}") from None
    if not lines or not any(lines[0][1]):
        raise InputError.single(origin, "row 1", "is empty", "the first row must be: " + ",".join(wanted))
    head = lines[0][1]
    problems = [
        Problem("row 1", f"unknown column '{name}'", nearest(name, (*wanted, *extra)))
        for name in head
        if name not in wanted and name not in extra
    ]
    problems += [Problem("row 1", f"column '{name}' is missing") for name in wanted if name not in head]
    problems += [
        Problem("row 1", f"column '{name}' appears twice") for name in sorted(set(head)) if head.count(name) > 1
    ]
    _raise_any(origin, problems)
    records = []
    for number, cells in lines[1:]:
        if not any(cells):
            continue
        if len(cells) != len(head):
            problems.append(Problem(f"row {number}", f"has {len(cells)} cells for {len(head)} columns"))
            continue
        records.append((number, dict(zip(head, cells, strict=True))))
    _raise_any(origin, problems)
    return records


def _parse_row(number: int, record: Mapping[str, str], today: date, problems: list[Problem]) -> Shipment | None:
    before = len(problems)
    span = _parse_month(number, record["month"], today, problems)
    destination = record["destination"]
    if destination not in DESTINATIONS:
        hint = nearest(destination, DESTINATIONS, USUAL) + "; countries by their two letters"
        problems.append(_problem(number, "destination", f"'{destination}' is unknown", hint))
    confidence = record["confidence"]
    if confidence not in RELATIVE_ERRORS:
        problems.append(
            _problem(number, "confidence", f"'{confidence}' is unknown", nearest(confidence, RELATIVE_ERRORS))
        )
    tonnes = _parse_tonnes(number, record["tonnes"], problems)
    published = record.get("published", "")
    if published:
        try:
            published = last_day(published).isoformat()
        except ValueError as error:
            problems.append(_problem(number, "published", str(error)))
    if len(problems) > before or span is None:
        return None
    published = published or customs_day(span, destination).isoformat()
    return Shipment(number, span, destination, tonnes, record["source"], record["url"], confidence, published)


def _parse_month(number: int, text: str, today: date, problems: list[Problem]) -> MonthSpan | None:
    try:
        span = parse_span(text)
    except ValueError as error:
        problems.append(_problem(number, "month", str(error)))
        return None
    if span.last >= 12 * today.year + today.month - 1:
        problems.append(_problem(number, "month", f"{text} is not over yet on {today.isoformat()}"))
        return None
    return span


def _parse_tonnes(number: int, text: str, problems: list[Problem]) -> float | None:
    if not text:
        return None
    try:
        tonnes = float(text)
    except ValueError:
        problems.append(_problem(number, "tonnes", f"'{text}' is no number", "write 1238.5, or nothing when missing"))
        return None
    if not math.isfinite(tonnes) or tonnes < 0:
        problems.append(_problem(number, "tonnes", f"must be a number from 0 up, got {text}"))
        return None
    return tonnes


def _problem(row: int, column: str, message: str, hint: str = "") -> Problem:
    return Problem(f"row {row}, {column}", message, hint)


def _raise_any(origin: str, problems: list[Problem]) -> None:
    if problems:
        raise InputError(origin, problems)
