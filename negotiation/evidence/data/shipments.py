"""Shipment files: rows of tonnage by month (or span) and destination, each with its source and publication date.

Without a day of publication the customs calendar is used (`months.customs_day`). Empty tonnes are a missing month and
stay missing. Every fault is reported with its row, all at once.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from negotiation._files import data_text, read_text
from negotiation._values import Value
from negotiation.errors import InputError, Problem, nearest
from negotiation.evidence.data.months import MonthSpan, customs_day, month_of, parse_span
from negotiation.evidence.data.shipment_row import DESTINATIONS, RELATIVE_ERRORS, USUAL, Shipment
from negotiation.evidence.data.span_totals import contradictions
from negotiation.trade.parameters.parameter import last_day

COLUMNS = ("month", "destination", "tonnes", "source", "url", "confidence")
OPTIONAL = ("published",)
SHIPPED = "shipments.csv"
MOST_BYTES = 10_000_000  # of a file of shipments: some 100,000 rows


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


def load_shipments(path: Path | None = None) -> Shipments:
    """Return the shipped rows, or those of a file of the same form. Raises `InputError` naming every faulty row."""
    if path is None:
        return read_shipments(SHIPPED, data_text(SHIPPED))
    return read_shipments(str(path), read_text(path, "a table of shipments", MOST_BYTES))


def read_shipments(origin: str, text: str) -> Shipments:
    """Return the rows of a shipment file given as text; `origin` names it in errors."""
    raw = _read_records(origin, text)
    problems: list[Problem] = []
    rows = [_parse_row(number, record, problems) for number, record in raw]
    good = [row for row in rows if row is not None]
    first_rows: dict[tuple[int, int, str], int] = {}
    for row in good:
        if row.key in first_rows:
            where = f"{row.span.text()} to {row.destination} is given twice, first in row {first_rows[row.key]}"
            problems.append(Problem(f"row {row.row}, month", where, "keep one row for each month and destination"))
        first_rows.setdefault(row.key, row.row)
    if not problems:
        problems += [problem for _, problem in contradictions(good)]
    _raise_any(origin, problems)
    return Shipments(origin, tuple(good))


def _read_records(origin: str, text: str) -> list[tuple[int, dict[str, str]]]:
    """Return (row number, record) of a CSV text whose header must hold `COLUMNS`; the header is row 1."""
    reader = csv.reader(io.StringIO(text))
    try:
        lines = [(reader.line_num, [cell.strip() for cell in line]) for line in reader]
    except csv.Error as error:
        raise InputError.single(origin, f"row {reader.line_num}", f"is not CSV: {error}") from None
    if not lines or not any(lines[0][1]):
        raise InputError.single(origin, "row 1", "is empty", "the first row must be: " + ",".join(COLUMNS))
    head = lines[0][1]
    problems = [
        Problem("row 1", f"unknown column '{name}'", nearest(name, (*COLUMNS, *OPTIONAL)))
        for name in head
        if name not in (*COLUMNS, *OPTIONAL)
    ]
    problems += [Problem("row 1", f"column '{name}' is missing") for name in COLUMNS if name not in head]
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


def shipped_records(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file that the package brings along."""
    return list(csv.DictReader(io.StringIO(data_text(name))))


def _parse_row(number: int, record: Mapping[str, str], problems: list[Problem]) -> Shipment | None:
    """Return the row, None when there are problems, which are reported all at once."""
    parsers: dict[str, Callable[[str], Any]] = {
        "month": _span,
        "destination": _destination,
        "confidence": _confidence,
        "tonnes": _tonnes,
        "published": lambda text: last_day(text) if text else None,
    }
    values: dict[str, Any] = {}
    before = len(problems)
    for column, parse in parsers.items():
        try:
            values[column] = parse(record.get(column, ""))
        except ValueError as error:  # its arguments: the message and, where there is one, the hint
            problems.append(Problem(f"row {number}, {column}", *error.args))
    if len(problems) > before:
        return None
    span, published = values.pop("month"), values.pop("published")
    values["published"] = (published or customs_day(span, values["destination"])).isoformat()
    return Shipment(row=number, span=span, source=record["source"], url=record["url"], **values)


def _span(text: str) -> MonthSpan:
    span, today = parse_span(text), date.today()
    if span.last >= month_of(today.year, today.month):
        raise ValueError(f"{text} is not over yet on {today.isoformat()}")
    return span


def _destination(text: str) -> str:
    if text not in DESTINATIONS:
        hint = nearest(text, DESTINATIONS, USUAL) + "; countries by their two letters"
        raise ValueError(f"'{text}' is unknown", hint)
    return text


def _confidence(text: str) -> str:
    if text not in RELATIVE_ERRORS:
        raise ValueError(f"'{text}' is unknown", nearest(text, RELATIVE_ERRORS))
    return text


def _tonnes(text: str) -> float | None:
    if not text:
        return None
    try:
        tonnes = float(text)
    except ValueError:
        raise ValueError(f"'{text}' is no number", "write 1238.5, or nothing when missing") from None
    if not math.isfinite(tonnes) or tonnes < 0:
        raise ValueError(f"must be a number from 0 up, got {text}")
    return tonnes


def _raise_any(origin: str, problems: list[Problem]) -> None:
    if problems:
        raise InputError(origin, problems)
