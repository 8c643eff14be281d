"""Where each outcome's gain comes from: signed bars for selection, primitives and what is computed, and their total."""

from __future__ import annotations

from negotiation.calls.comparison import Comparison, Row
from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.board import Board, sheet
from negotiation.report.figures.frame import SMALL, Frame, padded, ticks
from negotiation.report.figures.typeset import shortened
from negotiation.report.palette import BLUE, GREEN, INK, MUTED, ORANGE, PAPER
from negotiation.report.words import number

PARTS = (("selection", BLUE, ""), ("primitives", ORANGE, "///"), ("computed", GREEN, "\\\\\\"))
LEFT, TOP, WIDTH, LANE, BAR = 150.0, 52.0, 500.0, 44.0, 18.0


def decomposition_bars(comparison: Comparison) -> Figure:
    """Return the joint gain over the first outcome by source, in the scenario's unit per month."""
    gains = [[sum(part) for part in _parts(row)] for row in comparison.rows]
    unit = comparison.scenario.unit
    height = TOP + LANE * len(gains)

    def paint(board: Board) -> None:
        ends = [total for line in gains for total in _ends(line)]
        frame = Frame(board, LEFT, TOP, WIDTH, LANE * len(gains), padded(ends, include=(0.0,)))
        _legend(board)
        frame.x_axis(ticks(*frame.xs), f"joint gain over {comparison.scenario.calls[0].label}, {unit}")
        for index, (row, line) in enumerate(zip(comparison.rows, gains, strict=True)):
            middle = TOP + LANE * (index + 0.5)
            board.text(LEFT - 12, middle, shortened(row.outcome.call.label, LEFT - 20, 13), size=13, align="right")
            _bars(board, frame, middle, line)
        frame.zero_x()

    return sheet(
        "decomposition",
        paint,
        alt="Bars by outcome: "
        + "; ".join(_words(row, line) for row, line in zip(comparison.rows, gains, strict=True))
        + ".",
        caption="What is assumed (selection, primitives) and what is computed in each outcome's gain. The diamond is the sum.",
        data=_table(comparison, gains),
        height=height + 46,
    )


def _parts(row: Row) -> tuple[tuple[float, ...], ...]:
    return row.decomposition.selection, row.decomposition.primitives, row.decomposition.computed


def _ends(line: list[float]) -> tuple[float, float]:
    return sum(value for value in line if value > 0), sum(value for value in line if value < 0)


def _legend(board: Board) -> None:
    x = LEFT
    for name, colour, hatch in PARTS:
        board.box(x, 14, 22, 12, colour, edge=PAPER, hatch=hatch)
        board.text(x + 28, 20, name, size=SMALL + 0.5, colour=MUTED)
        x += 118
    board.mark(x + 8, 20, "D", INK, 8)
    board.text(x + 20, 20, "total", size=SMALL + 0.5, colour=MUTED)


def _bars(board: Board, frame: Frame, middle: float, line: list[float]) -> None:
    """Stack the gains to the right of zero and the losses to its left."""
    right, left = 0.0, 0.0
    for (_, colour, hatch), value in zip(PARTS, line, strict=True):
        start = right if value > 0 else left
        x0, x1 = frame.x(start), frame.x(start + value)
        if abs(x1 - x0) > 0.5:
            board.box(min(x0, x1), middle - BAR / 2, abs(x1 - x0), BAR, colour, edge=PAPER, hatch=hatch)
        right, left = (right + value, left) if value > 0 else (right, left + value)
    total = sum(line)
    board.mark(frame.x(total), middle, "D", INK, 9, edge=PAPER)
    beyond = frame.x(right) + 8
    board.text(max(beyond, frame.x(total) + 10), middle, number(total), size=SMALL + 0.5, colour=INK, bold=True)


def _words(row: Row, line: list[float]) -> str:
    parts = ", ".join(f"{name} {number(value)}" for (name, _, _), value in zip(PARTS, line, strict=True))
    return f"{row.outcome.call.label}: {parts}, total {number(sum(line))}"


def _table(comparison: Comparison, gains: list[list[float]]) -> Table:
    unit = literal(comparison.scenario.unit)
    columns = (
        Column("outcome"),
        *(Column(name, unit, "number", 3, True) for name, _, _ in PARTS),
        Column("total", unit, "number", 3, True),
    )
    rows: list[tuple[CellValue, ...]] = [
        (literal(row.outcome.call.label), *line, sum(line)) for row, line in zip(comparison.rows, gains, strict=True)
    ]
    return Table(columns, tuple(rows), "Joint gain by source")
