"""How a result is shown: a verdict and a short table as text, the report's own tables as HTML, rows, a picture."""

from __future__ import annotations

import html as escaping
import importlib
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from negotiation._results import Result
from negotiation._values import Value, plain
from negotiation.errors import InputError
from negotiation.report.document import Column, Table, literal
from negotiation.report.render.html import table as table_html
from negotiation.report.text_table import brief, table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINES = 15  # of a result on a terminal, verdict and table together
VERDICT = 6  # of them for the verdict
CELL_LETTERS = 40  # characters of a cell
NARROWEST, WIDEST_LINE = 60, 120  # characters of a table on a terminal: tables take its width in between

Row = dict[str, Any]


class View(Value):
    """verdict: the answer in words. rows: the table; `columns` names those that are shown, all when empty."""

    verdict: Callable[[Any], str]
    rows: Callable[[Any], Iterable[Row]]
    columns: tuple[str, ...] = ()


def rows_of(items: Iterable[Any], **columns: str) -> Iterator[Row]:
    """Yield a row for each item; `columns` says which (dotted) attribute of it stands in each column."""
    getters = {name: attrgetter(path) for name, path in columns.items()}
    for row in items:
        yield {name: get(row) for name, get in getters.items()}


HOMES = ("game_views", "scenario_views", "record_views")  # modules with views, loaded in this order until one has it


def view_of(result: Result) -> View:
    """Return how a result introduces itself."""
    views = (importlib.import_module(f"negotiation.api.{home}").VIEWS for home in HOMES)
    tag = type(result).__name__
    view: View = next(shown[tag] for shown in views if tag in shown)
    return view


def text(result: Result) -> str:
    """Return the verdict and, below it, as much of the table as fits into 15 lines."""
    view = view_of(result)
    width = min(max(shutil.get_terminal_size((WIDEST_LINE, 24)).columns, NARROWEST), WIDEST_LINE)
    said = [line for part in view.verdict(result).splitlines() for line in textwrap.wrap(part, width)]
    if len(said) > VERDICT:
        said = [*said[: VERDICT - 1], f"{said[VERDICT - 1][: width - 2]} …"]
    every = rows(result)
    shown = _chosen(every, view.columns)
    if not shown:
        return "\n".join(said)
    room = LINES - len(said) - 2  # the head and its line
    more = [] if len(shown) <= room else [f"… and {len(shown) - room + 1} more rows: .rows() has all"]
    cells = [[_cell(value) for value in row.values()] for row in shown[: room - len(more)]]
    heads = [name.replace("_", " ") for name in shown[0]]
    while len(heads) > 2 and sum(max(map(len, column)) + 2 for column in zip(heads, *cells, strict=True)) > width:
        heads, cells = heads[:-1], [row[:-1] for row in cells]
    return "\n".join([*said, table(heads, cells, 1000), *more])


def html(result: Result) -> str:
    """Return the verdict and the whole table as HTML."""
    view = view_of(result)
    said = "".join(f"<p>{escaping.escape(part)}</p>" for part in view.verdict(result).splitlines())
    shown = _chosen(rows(result), view.columns)
    if not shown:
        return said
    kinds = {name: _kind([row[name] for row in shown]) for name in shown[0]}
    columns = tuple(Column(literal(name.replace("_", " ")), kind=kind) for name, kind in kinds.items())
    numbers = (bool, int, float, type(None))
    cells = [
        [value if isinstance(value, numbers) else literal(_cell(value)) for value in row.values()] for row in shown
    ]
    return said + table_html(Table(columns, tuple(map(tuple, cells)), sortable=False))


def rows(result: Result) -> list[dict[str, Any]]:
    """Return the table of a result as plain values, one dict a row."""
    numbers = (float, np.floating)  # infinities among them stay numbers
    return [
        {key: float(value) if isinstance(value, numbers) else plain(value) for key, value in row.items()}
        for row in view_of(result).rows(result)
    ]


def frame(result: Result) -> Any:
    """Return the rows as a `pandas.DataFrame`; raises `InputError` where pandas is not installed."""
    try:
        import pandas  # type: ignore[import-untyped,unused-ignore]
    except ImportError:
        hint = "pip install 'negotiation[notebook]'"
        raise InputError.single("to_frame", "", "needs pandas, which is not installed", hint) from None
    return pandas.DataFrame(rows(result))


def plot(result: Result, ax: Axes | None) -> Axes:
    """Draw a result on axes, those given or new ones; raises `InputError` where there is no picture of it."""
    from negotiation.api.plots import draw

    return draw(result, ax)


def _chosen(every: list[dict[str, Any]], columns: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{name: row[name] for name in columns if name in row} for row in every] if columns else every


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float | int):
        return brief(value)
    if isinstance(value, list) and all(isinstance(number, float | int) for number in value):
        return ", ".join(brief(number) for number in value)
    return textwrap.shorten(str(value), CELL_LETTERS, placeholder="…")


def _kind(values: list[Any]) -> Any:
    given = [value for value in values if value is not None]
    if given and all(isinstance(value, bool) for value in given):
        return "mark"
    return "number" if given and all(isinstance(value, int | float) for value in given) else "text"


renderer = sys.modules[__name__]  # what `_door` lends to results
