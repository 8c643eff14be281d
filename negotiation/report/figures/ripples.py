"""Ripples: the economic value per month to every party, those who only watch included, by call outcome."""

from __future__ import annotations

from negotiation.calls.outcomes.comparison import Comparison
from negotiation.errors import InputError
from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.board import Board, sheet
from negotiation.report.figures.frame import signed
from negotiation.report.figures.typeset import shortened, wrapped
from negotiation.report.render.palette import GREY, MUTED, PAPER, RULE, series
from negotiation.report.words import enumeration, title

LEFT, GAP, LANE, HEAD, TOP = 104.0, 16.0, 32.0, 30.0, 6.0
COLUMNS = 4
NUMBER = 42.0


def ripples(comparison: Comparison) -> Figure:
    """Return the long-run economic value of each outcome to each party; raises `InputError` without economics."""
    game = comparison.calls[0].outcome.game
    if not game.has_economics:
        raise InputError.single(comparison.scenario.name, "ripples", "payoffs given directly have no economic values")
    parties = game.parties
    block = HEAD + LANE * len(comparison.calls) + GAP
    blocks = -(-len(parties) // COLUMNS)

    def paint(board: Board) -> None:
        for start in range(0, len(parties), COLUMNS):
            _block(board, comparison, start, TOP + block * (start // COLUMNS))
        words = shortened(f"{comparison.scenario.unit}, each party on its own scale", board.width)
        board.text(0, board.height - 10, words, size=12, colour=MUTED)

    return sheet(
        "ripples",
        paint,
        alt=_alt(comparison, parties),
        caption=_caption(comparison, parties),
        data=_table(comparison, parties),
        height=TOP + block * blocks + 18,
    )


def _block(board: Board, comparison: Comparison, start: int, top: float) -> None:
    parties = comparison.calls[0].outcome.game.parties[start : start + COLUMNS]
    wide = (board.width - LEFT) / min(COLUMNS, len(parties))
    for index, row in enumerate(comparison.calls):
        y = top + HEAD + LANE * (index + 0.5)
        board.line([(0, y - LANE / 2), (board.width, y - LANE / 2)], RULE, 0.8)
        lines = wrapped(row.outcome.call.label, LEFT - 10, 12, 2)
        board.lines(0, y - 7 * (len(lines) - 1), lines, leading=14, size=12)
    for column, party in enumerate(parties):
        left = LEFT + column * wide
        board.text(left, top + 14, shortened(title(party), wide - 8, 13, True), size=13, bold=True)
        _column(board, comparison, start + column, left, wide - 10, top + HEAD)


def _column(board: Board, comparison: Comparison, party: int, left: float, wide: float, top: float) -> None:
    """Draw one party's bars on its own scale, each number on the free side of its bar."""
    values = [float(row.outcome.real[party]) for row in comparison.calls]
    low, high = min(0.0, *values), max(0.0, *values)
    scale = (wide - NUMBER) / max(high - low, 1e-12)
    # numbers of losses stand right of zero where there is room for them, gains' right of their bars
    zero = left - low * scale
    look = series(party)
    for index, value in enumerate(values):
        y = top + LANE * (index + 0.5)
        length = value * scale
        if abs(length) > 0.4:
            fill = PAPER if look.hatch else look.colour
            board.box(min(zero, zero + length), y - 6, abs(length), 12, fill, edge=look.colour, hatch=look.hatch)
        board.text(zero + max(length, 0.0) + 4, y, signed(value, _digits(values)), size=12)
    board.line([(zero, top), (zero, top + LANE * len(values))], GREY, 1.0)


def _digits(values: list[float]) -> int:
    largest = max(abs(value) for value in values)
    return 2 if largest >= 0.1 else 3


def _alt(comparison: Comparison, parties: tuple[str, ...]) -> str:
    parts = []
    for row in comparison.calls:
        worth = enumeration(
            [f"{title(name)} {signed(float(row.outcome.real[index]), 3)}" for index, name in enumerate(parties)]
        )
        parts.append(f"{row.outcome.call.label}: {worth}")
    return f"Economic value per month by call outcome and party, in {comparison.scenario.unit}. {'; '.join(parts)}."


def _caption(comparison: Comparison, parties: tuple[str, ...]) -> str:
    text = (
        "Economic value in the long run on the path of the selected regime, without political weights and without "
        "money paid between the two players."
    )
    winners = [
        f"{literal(title(name))} after {literal(row.outcome.call.label)}"
        for index, name in enumerate(parties)
        for row in comparison.calls
        if float(row.outcome.real[index]) > 1e-9
    ]
    return text + (
        f" Better off than under a deal kept by all: {enumeration(winners)}." if winners else " Nobody gains."
    )


def _table(comparison: Comparison, parties: tuple[str, ...]) -> Table:
    unit = literal(comparison.scenario.unit)
    columns = (Column("outcome"), *(Column(literal(title(name)), unit, "number", 3, True) for name in parties))
    rows: tuple[tuple[CellValue, ...], ...] = tuple(
        (literal(row.outcome.call.label), *(float(value) for value in row.outcome.real)) for row in comparison.calls
    )
    return Table(columns, rows, "Economic value per month by outcome and party")
