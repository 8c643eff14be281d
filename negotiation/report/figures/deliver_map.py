"""A map of two instruments: where the deal cannot hold at all, where some equilibrium has it, where a package does."""

from __future__ import annotations

from collections.abc import Sequence

from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.board import WIDTH as BOARD
from negotiation.report.figures.board import Board, sheet
from negotiation.report.figures.frame import SMALL
from negotiation.report.render.palette import GREY, INK, MUTED, WASH, ink_on, step

LEFT, TOP, TALL, ROW = 62.0, 70.0, 26.0, 20.0
WIDE = BOARD - LEFT - 8.0
IMPOSSIBLE, OPEN, POSSIBLE, ENFORCED = "impossible", "undecided", "possible", "enforced"
SIGNS = {IMPOSSIBLE: "×", OPEN: "?", POSSIBLE: "·", ENFORCED: "✓"}
FILLS = {IMPOSSIBLE: WASH, OPEN: WASH, POSSIBLE: step(0.25), ENFORCED: step(0.75)}
WORDS = {
    IMPOSSIBLE: "proven: no pure equilibrium has it, even in its first month",
    OPEN: "proven neither way, and no simple package enforces it",
    POSSIBLE: "proven: some equilibrium has it; no simple package does",
    ENFORCED: "a simple package enforces it, checked state by state",
}


def deliver_map(
    key: str,
    xs: Sequence[float],
    ys: Sequence[float],
    kinds: Sequence[Sequence[str]],
    *,
    x_title: str,
    y_title: str,
    caption: str,
) -> Figure:
    """Return the map; `kinds[row][column]` is one of the four kinds at ys[row] and xs[column], lowest y last drawn."""
    width = WIDE / len(xs)
    order = sorted(range(len(ys)), key=lambda at: -ys[at])
    bottom = TOP + TALL * len(ys)

    def paint(board: Board) -> None:
        board.text(8, 16, f"{y_title} (up) and {x_title} (across)", colour=INK)
        for at, x in enumerate(xs):
            board.text(LEFT + (at + 0.5) * width, TOP - 12, f"{x:.2f}", size=SMALL, colour=MUTED, align="center")
        for place, row in enumerate(order):
            top = TOP + place * TALL
            board.text(LEFT - 8, top + TALL / 2, f"{ys[row]:.2f}", size=SMALL, colour=MUTED, align="right")
            for column in range(len(xs)):
                _cell(board, LEFT + column * width, top, width, kinds[row][column])
        for index, kind in enumerate(SIGNS):
            y = bottom + 20 + ROW * index
            _cell(board, 10, y - 10, 24, kind, 20)
            board.text(42, y, WORDS[kind], size=SMALL + 0.5)

    return sheet(
        key,
        paint,
        alt=_alt(kinds, x_title, y_title),
        caption=caption,
        data=_table(xs, ys, kinds, y_title),
        height=bottom + 24 + ROW * len(SIGNS),
    )


def _cell(board: Board, x: float, y: float, width: float, kind: str, tall: float = TALL) -> None:
    hatch = {"edge": GREY, "hatch": "///"} if kind == IMPOSSIBLE else {}
    board.box(x + 1, y + 1, width - 2, tall - 2, FILLS[kind], **hatch)
    ink = INK if kind in (IMPOSSIBLE, OPEN) else ink_on(FILLS[kind])
    board.text(x + width / 2, y + tall / 2, SIGNS[kind], size=SMALL + 1, colour=ink, align="center")


def _alt(kinds: Sequence[Sequence[str]], x_title: str, y_title: str) -> str:
    flat = [kind for row in kinds for kind in row]
    counts = "; ".join(f"{flat.count(kind)} cells: {WORDS[kind]}" for kind in SIGNS if kind in flat)
    return f"Map of {y_title} against {x_title}. {counts}."


def _table(xs: Sequence[float], ys: Sequence[float], kinds: Sequence[Sequence[str]], corner: str) -> Table:
    columns = (Column(literal(corner), kind="number", digits=3), *(Column(f"{x:.3f}") for x in xs))
    rows: list[tuple[CellValue, ...]] = [(float(y), *line) for y, line in zip(ys, kinds, strict=True)]
    return Table(columns, tuple(rows), "Kinds by amounts")
