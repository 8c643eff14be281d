"""A line chart for experiments: several series over one parameter, labelled at their ends rather than in a legend."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.board import Board, sheet
from negotiation.report.figures.frame import SMALL, Frame, padded, spread, ticks
from negotiation.report.figures.typeset import shortened
from negotiation.report.palette import GREY, MUTED, series
from negotiation.report.words import number

LEFT, TOP, WIDTH, HEIGHT, TAIL = 56.0, 46.0, 440.0, 280.0, 176.0


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
            board.text(frame.x(place) + 4, TOP - 10, words, size=SMALL, colour=MUTED)
        ends = [_draw(board, frame, xs, line, index) for index, line in enumerate(lines)]
        _labels(board, frame, lines, ends)

    return sheet(
        key,
        paint,
        alt=_alt(xs, lines, x_title, y_title),
        caption=caption,
        data=_table(xs, lines, x_title, y_title),
        height=TOP + HEIGHT + 52,
    )


def _draw(board: Board, frame: Frame, xs: Sequence[float], line: Line, index: int) -> float:
    """Draw one series and return the pixel height of its last value (the middle when it has none)."""
    look = series(index)
    piece: list[tuple[float, float]] = []
    last = frame.top + frame.height / 2
    for x, value in zip((*xs, math.nan), (*line.values, None), strict=True):
        if value is not None:
            piece.append((frame.x(x), frame.y(value)))
            last = piece[-1][1]
        elif piece:
            board.line(piece, look.colour, 2.2, look.line)
            board.mark(*piece[0], look.marker, look.colour, 7)
            board.mark(*piece[-1], look.marker, look.colour, 7)
            piece = []
    return last


def _labels(board: Board, frame: Frame, lines: Sequence[Line], ends: Sequence[float]) -> None:
    places = spread(ends, 17, frame.top, frame.bottom)
    for index, (line, place) in enumerate(zip(lines, places, strict=True)):
        look = series(index)
        empty = all(value is None for value in line.values)
        words = f"{line.name} (never)" if empty else line.name
        board.mark(frame.right + 16, place, look.marker, look.colour, 8, hollow=empty)
        board.text(
            frame.right + 26, place, shortened(words, TAIL - 26, SMALL + 0.5), colour=look.colour, size=SMALL + 0.5
        )


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
