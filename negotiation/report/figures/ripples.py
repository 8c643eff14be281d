"""Ripples: what each outcome is worth economically to each party per month, one panel a party on a scale of its own."""

from __future__ import annotations

from negotiation.calls.comparison import Comparison
from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.board import Board, sheet
from negotiation.report.figures.frame import SMALL, Frame, padded, ticks
from negotiation.report.figures.typeset import shortened
from negotiation.report.palette import BLUE, INK, MUTED, VERMILION
from negotiation.report.words import number, title

LEFT, TOP, LANE, HEAD, FOOT = 146.0, 10.0, 22.0, 28.0, 34.0
WIDTH, NUMBER = 420.0, 70.0


def ripples(comparison: Comparison) -> Figure:
    """Return long-run economic value per month by party and outcome, money between the players left out."""
    parties = comparison.rows[0].outcome.game.parties
    values = {name: [float(row.outcome.real[i]) for row in comparison.rows] for i, name in enumerate(parties)}
    labels = [row.outcome.call.label for row in comparison.rows]
    panel = HEAD + LANE * len(labels) + FOOT

    def paint(board: Board) -> None:
        for index, (name, line) in enumerate(values.items()):
            _panel(board, TOP + index * panel, title(name), labels, line)

    return sheet(
        "party-values",
        paint,
        alt="Economic value per month: " + "; ".join(_words(name, labels, line) for name, line in values.items()) + ".",
        caption=f"Long-run economic value in {literal(comparison.scenario.unit)}, each party on a scale of its own. Discs are "
        "gains, squares are losses, against the deal kept smoothly.",
        data=_table(comparison, values),
        height=TOP + panel * len(values),
    )


def _panel(board: Board, top: float, name: str, labels: list[str], values: list[float]) -> None:
    board.text(LEFT - 12, top + 12, name, size=14, bold=True, align="right", colour=INK)
    frame = Frame(board, LEFT, top + HEAD, WIDTH, LANE * len(labels), padded(values, include=(0.0,)))
    frame.x_axis(ticks(*frame.xs, 4))
    frame.zero_x()
    for index, (label, value) in enumerate(zip(labels, values, strict=True)):
        y = top + HEAD + LANE * (index + 0.5)
        gain = value >= 0
        colour = BLUE if gain else VERMILION
        board.text(LEFT - 12, y, shortened(label, LEFT - 20, 12.5), size=12.5, align="right")
        board.line([(frame.x(0.0), y), (frame.x(value), y)], colour, 3.0)
        board.mark(frame.x(value), y, "o" if gain else "s", colour, 8)
        board.text(frame.right + NUMBER, y, number(value), size=SMALL + 0.5, align="right", colour=MUTED)


def _words(name: str, labels: list[str], values: list[float]) -> str:
    pairs = ", ".join(f"{label} {number(value)}" for label, value in zip(labels, values, strict=True))
    return f"{title(name)}: {pairs}"


def _table(comparison: Comparison, values: dict[str, list[float]]) -> Table:
    unit = literal(comparison.scenario.unit)
    columns = (Column("outcome"), *(Column(literal(title(name)), unit, "number", 3, True) for name in values))
    rows: list[tuple[CellValue, ...]] = [
        (literal(row.outcome.call.label), *(line[i] for line in values.values()))
        for i, row in enumerate(comparison.rows)
    ]
    return Table(columns, tuple(rows), "Economic value per month")
