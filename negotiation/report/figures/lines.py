"""A line chart for experiments: several series over one parameter, told apart by colour, mark and line style."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.board import WIDTH as BOARD
from negotiation.report.figures.board import Board, sheet
from negotiation.report.figures.frame import SMALL, Frame, padded, ticks
from negotiation.report.figures.typeset import shortened
from negotiation.report.render.palette import GREY, MUTED, series
from negotiation.report.words import number

LEFT, TOP, HEIGHT, ROW = 52.0, 46.0, 260.0, 20.0
WIDTH = BOARD - LEFT - 16.0


@dataclass(frozen=True)
class Line:
    """One series: a value for each x, None where there is none (the line breaks there)."""

    name: str
    values: tuple[float | None, ...]


def line_chart(
    key: str,
    xs: Sequence[float],
    lines: Sequence[Line],
    *,
    x_title: str,
    y_title: str,
    caption: str,
    marks: Sequence[tuple[float, str]] = (),
) -> Figure:
    """Return a line chart; `marks` are x values of note with their words, drawn as dotted lines."""
    known = [value for line in lines for value in line.values if value is not None]

    def paint(board: Board) -> None:
        frame = Frame(board, LEFT, TOP, WIDTH, HEIGHT, (min(xs), max(xs)), padded(known))
        board.text(LEFT - 40, 16, y_title, colour=MUTED, size=SMALL + 0.5)
        frame.y_axis(ticks(*frame.ys))
        frame.x_axis(ticks(*frame.xs, 6), x_title)
        for place, words in marks:
            board.line([(frame.x(place), TOP), (frame.x(place), frame.bottom)], GREY, 1.2, ":")
            side = "right" if place > sum(frame.xs) / 2 else "left"
            board.text(frame.x(place), TOP - 10, words, size=SMALL, colour=MUTED, align=side)
        for index, line in enumerate(lines):
            _draw(board, frame, xs, line, index)
        _legend(board, frame.bottom + 58, lines)

    return sheet(
        key,
        paint,
        alt=_alt(xs, lines, x_title, y_title),
        caption=caption,
        data=_table(xs, lines, x_title, y_title),
        height=TOP + HEIGHT + 66 + ROW * math.ceil(len(lines) / 2),
    )


def _draw(board: Board, frame: Frame, xs: Sequence[float], line: Line, index: int) -> None:
    """Draw one series, broken where it has no value, with a mark at both ends of every piece."""
    look = series(index)
    piece: list[tuple[float, float]] = []
    for x, value in zip((*xs, math.nan), (*line.values, None), strict=True):
        if value is not None:
            piece.append((frame.x(x), frame.y(value)))
        elif piece:
            board.line(piece, look.colour, 2.2, look.line)
            board.mark(*piece[0], look.marker, look.colour, 7)
            board.mark(*piece[-1], look.marker, look.colour, 7)
            piece = []


def _legend(board: Board, top: float, lines: Sequence[Line]) -> None:
    half = BOARD / 2 - 8
    for index, line in enumerate(lines):
        look = series(index)
        x, y = 10.0 + (index % 2) * half, top + ROW * (index // 2)
        empty = all(value is None for value in line.values)
        board.line([(x, y), (x + 24, y)], look.colour, 2.2, look.line)
        board.mark(x + 12, y, look.marker, look.colour, 8, hollow=empty)
        words = f"{line.name} (never)" if empty else line.name
        board.text(x + 30, y, shortened(words, half - 36, SMALL + 0.5), size=SMALL + 0.5)


def _alt(xs: Sequence[float], lines: Sequence[Line], x_title: str, y_title: str) -> str:
    parts = []
    for line in lines:
        known = [(x, value) for x, value in zip(xs, line.values, strict=True) if value is not None]
        if known:
            (x0, first), (x1, last) = known[0], known[-1]
            parts.append(f"{line.name} from {number(first)} at {x0:g} to {number(last)} at {x1:g}")
        else:
            parts.append(f"{line.name} has no value anywhere")
    return f"Line chart of {y_title} against {x_title}: {'; '.join(parts)}."


def _table(xs: Sequence[float], lines: Sequence[Line], x_title: str, y_title: str) -> Table:
    columns = (Column(literal(x_title), kind="number"), *(Column(literal(line.name), kind="number") for line in lines))
    rows: list[tuple[CellValue, ...]] = [(float(x), *(line.values[i] for line in lines)) for i, x in enumerate(xs)]
    return Table(columns, tuple(rows), literal(y_title))
