"""Shipment files: rows of tonnage by month (or span) and destination, each with its source and publication date.

Without a day of publication the customs calendar is used (`months.customs_day`). Empty tonnes are a missing month and
stay missing. Every fault is reported with its row, all at once.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from negotiation._files import data_text, read_text
from negotiation._tables import table_faults
from negotiation._values import Value
from negotiation.errors import InputError, Problem, nearest
from negotiation.evidence.data.months import customs_day, parse_span
from negotiation.evidence.data.shipment_row import Shipment, ShipmentTable
from negotiation.evidence.data.span_totals import contradictions

SHIPMENTS_FILE = "shipments.csv"
# what columns of raw customs tables are called: by China's customs, the UN's and in Chinese
RAW_COLUMN = re.compile(r"(?i)\b(hs|kg|kilo|commodity|partner|country|quantity|qty|weight)|_kg|cmd|netw|商品|数量|伙伴")
TURN_ROUND = (
    "add up each month and country: month as 2026-01, destination by two letters (US for the United States, WORLD for "
    "all together), tonnes as kg / 1000, then source, url, confidence"
)
MOST_BYTES = 10_000_000  # of a file of shipments: some 100,000 rows


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
        return tuple(sorted(rows, key=lambda row: (row.span.start, row.span[-1])))

    def with_rows(self, other: Shipments) -> Shipments:
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
        return read_shipments(SHIPMENTS_FILE, data_text(SHIPMENTS_FILE))
    return read_shipments(str(path), read_text(path, "a table of shipments", MOST_BYTES))


def read_shipments(origin: str, text: str) -> Shipments:
    """Return the rows of a shipment file given as text; `origin` names it in errors."""
    rows: list[Shipment] = []
    problems: list[Problem] = []
    for number, record in _read_records(origin, text):
        try:
            cells = ShipmentTable.model_validate(record).model_dump()
        except ValidationError as error:
            faults = table_faults(error, ShipmentTable)
            problems += [Problem(f"row {number}, {key[0]}", message, hint) for key, message, hint in faults]
            continue
        published = cells.pop("published") or customs_day(parse_span(cells["month"])[-1], cells["destination"])
        rows.append(Shipment(row=number, published=str(published), **cells))
    first_rows: dict[tuple[range, str], int] = {}
    for row in rows:
        first = first_rows.setdefault(row.key, row.row)
        if first != row.row:
            where = f"{row.month} to {row.destination} is given twice, first in row {first}"
            problems.append(Problem(f"row {row.row}, month", where, "keep one row for each month and destination"))
    _raise_any(origin, problems or [problem for _, problem in contradictions(rows)])
    return Shipments(origin, tuple(rows))


def _read_records(origin: str, text: str) -> list[tuple[int, dict[str, str]]]:
    """Return (row number, record) of a CSV text whose header names the columns; the header is row 1."""
    reader = csv.reader(io.StringIO(text))
    try:
        lines = [(reader.line_num, [cell.strip() for cell in line]) for line in reader]
    except csv.Error as error:
        raise InputError.single(origin, f"row {reader.line_num}", f"is not CSV: {error}") from None
    columns = ShipmentTable.model_fields
    wanted = [name for name, field in columns.items() if field.is_required()]
    if not lines or not any(lines[0][1]):
        raise InputError.single(origin, "row 1", "is empty", "the first row must be: " + ",".join(wanted))
    head, body = lines[0][1], [(number, cells) for number, cells in lines[1:] if any(cells)]
    raw = [name for name in head if name not in columns and RAW_COLUMN.search(name)]
    if raw:
        raise InputError.single(origin, "row 1", f"these are raw customs rows ({', '.join(raw)})", TURN_ROUND)
    faults = [(f"unknown column '{name}'", nearest(name, columns)) for name in head if name not in columns]
    faults += [(f"column '{name}' is missing", "") for name in wanted if name not in head]
    faults += [(f"column '{name}' appears twice", "") for name, count in Counter(head).items() if count > 1]
    problems = [Problem("row 1", *fault) for fault in faults]
    size = len(head)
    problems += [
        Problem(f"row {number}", f"has {len(cells)} cells for {size} columns")
        for number, cells in body
        if len(cells) != size
    ]
    _raise_any(origin, problems)
    return [(number, dict(zip(head, cells, strict=True))) for number, cells in body]


def shipped_records(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file that the package brings along."""
    return list(csv.DictReader(io.StringIO(data_text(name))))


def _raise_any(origin: str, problems: list[Problem]) -> None:
    if problems:
        raise InputError(origin, problems)
