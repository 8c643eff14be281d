"""Tables in few words: columns as data, rows as the cells of one thing each."""

from collections.abc import Iterable
from typing import Any

from negotiation.report.document import Column, Table

Head = str | Column  # a name alone heads a column of text


def numbers(
    digits: int | None, *names: str, unit: str = "", signed: bool = False, group: str = "", title: str = ""
) -> tuple[Head, ...]:
    """Return a column of numbers for each of `names`, alike in all else; `Column` says what the rest means."""
    return tuple(
        Column(name, unit=unit, kind="number", digits=digits, signed=signed, group=group, title=title) for name in names
    )


def marks(*names: str, group: str = "", title: str = "") -> tuple[Head, ...]:
    """Return a column of yes and no for each of `names`."""
    return tuple(Column(name, kind="mark", group=group, title=title) for name in names)


def table(
    caption: str,
    key: str,
    columns: Iterable[Head],
    rows: Iterable[Iterable[Any]],
    *notes: str,
    sortable: bool = True,
) -> Table:
    """Return a table with the anchor `key`; rows hold `CellValue`s."""
    heads = tuple(Column(column) if isinstance(column, str) else column for column in columns)
    return Table(heads, tuple(map(tuple, rows)), caption=caption, sortable=sortable, key=key, notes=notes)
