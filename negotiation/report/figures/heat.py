"""A heat map for experiments: a number for each pair of choices, written into its cell; hatched where nothing holds."""

from __future__ import annotations

from collections.abc import Sequence

from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.board import WIDTH as BOARD
from negotiation.report.figures.board import Board, sheet
from negotiation.report.figures.frame import SMALL
from negotiation.report.figures.typeset import shortened
from negotiation.report.render.palette import GREY, INK, MUTED, WASH, ink_on, step
from negotiation.report.words import number

LEFT, TOP = 132.0, 82.0
WIDE = BOARD - LEFT - 8.0
TALL = 26.0
MOST_NUMBERS = 6


def heat_map(
    key: str,
    xs: Sequence[str],
    ys: Sequence[str],
    values: Sequence[Sequence[float | None]],
    *,
    x_title: str,
    y_title: str,
    value_title: str,
    caption: str,
    best: tuple[int, int] | None = None,
    digits: int = 3,
) -> Figure:
    """Return a heat map: `values[row][column]` with names `ys` and `xs`, None where there is no value.

    A stronger colour is higher. `best` is the (row, column) that is framed.
    """
    known = [value for row in values for value in row if value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    width = WIDE / len(xs)

    def paint(board: Board) -> None:
        _heading(board, xs, x_title, y_title, value_title)
        for row, name in enumerate(ys):
            top = TOP + row * TALL
            words = shortened(name, LEFT - 20, SMALL + 0.5)
            board.text(LEFT - 10, top + TALL / 2, words, size=SMALL + 0.5, align="right")
            for column, value in enumerate(values[row]):
                shown = digits if len(xs) <= MOST_NUMBERS else -1
                _cell(board, LEFT + column * width, top, width, value, low, high, shown)
        if best is not None:
            _frame(board, LEFT + best[1] * width, TOP + best[0] * TALL, width)

    return sheet(
        key,
        paint,
        alt=_alt(xs, ys, values, value_title, best),
        caption=caption,
        data=_table(xs, ys, values, y_title),
        height=TOP + TALL * len(ys) + 16,
    )


def _heading(board: Board, xs: Sequence[str], x_title: str, y_title: str, value_title: str) -> None:
    # deep on a light page is bright on a dark one, so "stronger" and not "darker"
    board.text(8, 14, f"{value_title}: a stronger colour is higher;", colour=MUTED, size=SMALL + 0.5)
    board.text(8, 30, "hatched: does not hold", colour=MUTED, size=SMALL + 0.5)
    board.text(LEFT + WIDE / 2, 54, x_title, align="center", colour=INK)
    board.text(LEFT - 10, 54, y_title, align="right", colour=INK)
    width = WIDE / len(xs)
    for column, name in enumerate(xs):
        board.text(LEFT + (column + 0.5) * width, TOP - 10, name, size=SMALL, colour=MUTED, align="center")


def _cell(
    board: Board, x: float, y: float, width: float, value: float | None, low: float, high: float, digits: int
) -> None:
    if value is None:
        board.box(x + 1, y + 1, width - 2, TALL - 2, WASH, edge=GREY, hatch="///")
        return
    fill = step((value - low) / (high - low) if high > low else 1.0)
    board.box(x + 1, y + 1, width - 2, TALL - 2, fill)
    if digits >= 0:
        board.text(x + width / 2, y + TALL / 2, number(value, digits), size=SMALL, colour=ink_on(fill), align="center")


def _frame(board: Board, x: float, y: float, width: float) -> None:
    corners = [(x, y), (x + width, y), (x + width, y + TALL), (x, y + TALL), (x, y)]
    board.line(corners, INK, 2.2)


def _alt(
    xs: Sequence[str],
    ys: Sequence[str],
    values: Sequence[Sequence[float | None]],
    title: str,
    best: tuple[int, int] | None,
) -> str:
    holding = sum(value is not None for row in values for value in row)
    text = f"Heat map of {title} for {len(ys)} by {len(xs)} choices"
    text += "." if holding == len(xs) * len(ys) else f"; {holding} of them hold, the others have no value."
    if best is not None:
        top = values[best[0]][best[1]]
        text += f" The best is {ys[best[0]]} with {xs[best[1]]}: {number(top)}."
    return text


def _table(xs: Sequence[str], ys: Sequence[str], values: Sequence[Sequence[float | None]], corner: str) -> Table:
    columns = (Column(literal(corner)), *(Column(literal(name), kind="number", digits=4) for name in xs))
    rows: list[tuple[CellValue, ...]] = [(literal(name), *line) for name, line in zip(ys, values, strict=True)]
    return Table(columns, tuple(rows), "Values by choice")
