"""Where each outcome's gain comes from: signed, stacked bars of selection, primitives and what was computed."""

from __future__ import annotations

from negotiation.calls.outcomes.comparison import ComparedOutcome, Comparison
from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.board import Board, sheet
from negotiation.report.figures.frame import Frame, padded, signed, ticks
from negotiation.report.figures.typeset import shortened
from negotiation.report.render.palette import INK, PAPER, RULE, series
from negotiation.report.words import enumeration

PARTS = (
    ("selection", "which regime is agreed on"),
    ("primitives", "what the call changes"),
    ("computed", "length or payment chosen anew"),
)
TOP, ROW, FOOT = 66.0, 46.0, 48.0
LEFT, TOTAL = 8.0, 52.0


def decomposition_bars(comparison: Comparison) -> Figure:
    """Return each outcome's joint gain over the reference, split into assumed selection, primitives, and computed."""
    rows = comparison.calls
    gains = [[_joint(row, part) for part, _ in PARTS] for row in rows]

    def paint(board: Board) -> None:
        for index, (part, words) in enumerate(PARTS):
            look = series(index)
            fill = PAPER if look.hatch else look.colour
            board.box(0, 4 + 18 * index, 24, 12, fill, edge=look.colour, hatch=look.hatch)
            board.text(32, 10 + 18 * index, f"{part}: {words}", size=12)
        board.mark(board.width - 112, 10, "D", INK, 8)
        board.text(board.width - 100, 10, "total", size=12)
        ends = [end for parts in gains for end in _ends(parts)]
        height = ROW * len(rows)
        frame = Frame(board, LEFT, TOP, board.width - LEFT - TOTAL, height, padded(ends, 0.05, include=(0.0,)))
        unit = shortened(comparison.scenario.unit, 150)
        frame.x_axis(ticks(*frame.xs, 5), f"joint gain over {_reference(comparison)}, {unit}")
        frame.zero_x()
        for index, (row, parts) in enumerate(zip(rows, gains, strict=True)):
            _row(frame, TOP + index * ROW, row.outcome.call.label, parts)

    return sheet(
        "decomposition",
        paint,
        alt=_alt(comparison, gains),
        caption=_caption(comparison, gains),
        data=_table(comparison),
        height=TOP + ROW * len(rows) + FOOT,
    )


def _joint(row: ComparedOutcome, part: str) -> float:
    values: tuple[float, ...] = getattr(row.decomposition, part)
    return sum(values)


def _ends(parts: list[float]) -> tuple[float, float]:
    return sum(value for value in parts if value < 0), sum(value for value in parts if value > 0)


def _reference(comparison: Comparison) -> str:
    return shortened(comparison.scenario.calls[0].label, 130)


def _row(frame: Frame, top: float, name: str, parts: list[float]) -> None:
    board = frame.board
    board.line([(0, top), (board.width, top)], RULE, 0.8)
    board.text(0, top + 12, shortened(name, board.width - TOTAL, 12.5, True), size=12.5, bold=True)
    y, reached = top + 31, {False: 0.0, True: 0.0}
    for index, value in enumerate(parts):
        look, up = series(index), value > 0
        start = reached[up]
        reached[up] += value
        left, right = sorted((frame.x(start), frame.x(reached[up])))
        if right - left > 0.4:
            fill = PAPER if look.hatch else look.colour
            board.box(left, y - 8, right - left, 16, fill, edge=look.colour, hatch=look.hatch)
    total = sum(parts)
    board.mark(frame.x(total), y, "D", INK, 8, edge=PAPER)
    board.text(board.width, y, signed(total), size=13, bold=True, align="right")


def _alt(comparison: Comparison, gains: list[list[float]]) -> str:
    parts = []
    for row, values in zip(comparison.calls, gains, strict=True):
        split = enumeration([f"{name} {signed(value, 3)}" for (name, _), value in zip(PARTS, values, strict=True)])
        parts.append(f"{row.outcome.call.label}: {signed(sum(values), 3)} ({split})")
    return f"Joint gain over {comparison.scenario.calls[0].label} in {comparison.scenario.unit}. {'; '.join(parts)}."


def _caption(comparison: Comparison, gains: list[list[float]]) -> str:
    reference = literal(comparison.scenario.calls[0].label)
    text = (
        f"Joint gain over **{reference}**. Plain and slanted bars are assumed: the regime that is agreed on, and what "
        "the call does to the numbers. Only the back-slanted part is computed. Bars to the left are losses; the "
        "diamond is the sum."
    )
    totals = [sum(values) for values in gains]
    if totals:
        best = max(range(len(totals)), key=lambda index: totals[index])
        name = literal(comparison.calls[best].outcome.call.label)
        text += f" The largest gain is that of **{name}**." if totals[best] > 0 else " No outcome gains."
    return text


def _table(comparison: Comparison) -> Table:
    unit = literal(comparison.scenario.unit)
    columns = (
        Column("outcome"),
        *(Column(name, unit, "number", 3, True, title=words) for name, words in PARTS),
        Column("total", unit, "number", 3, True),
    )
    rows: tuple[tuple[CellValue, ...], ...] = tuple(
        (
            literal(row.outcome.call.label),
            *(_joint(row, part) for part, _ in PARTS),
            sum(row.decomposition.total),
        )
        for row in comparison.calls
    )
    return Table(columns, rows, f"Joint gain over {literal(comparison.scenario.calls[0].label)}, split")
