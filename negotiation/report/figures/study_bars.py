"""Bars of a study: the share of the uncertain world in which each conclusion stands, the tornado, Sobol indices."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from negotiation.errors import count_text
from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.board import WIDTH, Board, sheet
from negotiation.report.figures.breakeven import parameter_title
from negotiation.report.figures.frame import SMALL, Frame, padded, ticks
from negotiation.report.figures.typeset import shortened
from negotiation.report.render.palette import BAD, BLUE, GREY, INK, MUTED, ORANGE, RULE, WASH
from negotiation.report.words import number, percent, significant
from negotiation.studies.results import Conclusion
from negotiation.studies.sensitivity import SobolIndices, Tornado

LANE, NAMES, RIGHT = 24.0, 222.0, 16.0
MOST = 12


def share_bars(key: str, items: Sequence[Conclusion], points: int) -> Figure:
    """Return a bar for each conclusion: the share of the computed points at which it stands."""
    top, lane = 26.0, 40.0

    def paint(board: Board) -> None:
        width = WIDTH - 60
        board.text(0, 10, f"share of {count_text(points, 'point')}", size=SMALL, colour=MUTED)
        for index, item in enumerate(items):
            y = top + index * lane
            board.text(0, y + 8, shortened(item.sentence, WIDTH, 12.5), size=12.5)
            board.box(0, y + 18, width, 12, WASH)
            if item.share > 0:
                board.box(0, y + 18, width * item.share, 12, BLUE)
            board.text(width + 8, y + 24, percent(item.share), size=12.5, bold=True)

    rows: list[tuple[CellValue, ...]] = [(literal(item.sentence), item.share) for item in items]
    told = "; ".join(f"{item.sentence}: {percent(item.share)}" for item in items)
    return sheet(
        key,
        paint,
        alt=f"Share of the points at which each conclusion of the base case stands. {told}.",
        caption="Each conclusion is true in the base case; the bar says in how much of the uncertain world it stands.",
        data=Table((Column("conclusion"), Column("share", kind="number", digits=3)), tuple(rows), "Conclusions"),
        height=top + lane * len(items) + 4,
    )


def tornado_bars(key: str, found: Tornado, outcome: str, label: str, unit: str) -> Figure:
    """Return the tornado of one outcome's joint value: the widest parameters, from the low to the high end of each."""
    place = found.outcomes.index(outcome)
    swings = sorted(found.swings, key=lambda swing: (-swing.width(place), swing.path))[:MOST]
    ends = [value for s in swings for value in (float(s.joint_low[place]), float(s.joint_high[place]))]
    base = float(found.joint[place])
    top = 44.0

    def paint(board: Board) -> None:
        frame = Frame(board, NAMES, top, WIDTH - NAMES - RIGHT, LANE * len(swings), padded(ends, 0.12, [base]))
        _tornado_legend(board)
        frame.x_axis(ticks(*frame.xs, count=4), f"joint value after {label}, {unit}")
        for index, swing in enumerate(swings):
            y = top + (index + 0.5) * LANE
            name = shortened(parameter_title(swing.path), NAMES - 24, SMALL)
            flips = outcome in swing.flips
            board.text(NAMES - 8, y, name, size=SMALL, align="right", bold=flips, colour=BAD if flips else INK)
            low, high = float(swing.joint_low[place]), float(swing.joint_high[place])
            _bar(frame, y - 8, base, high, BLUE, "")
            _bar(frame, y, base, low, ORANGE, "///")
            if math.isnan(low) or math.isnan(high):
                board.text(frame.right - 2, y, "an end is refused", size=SMALL, colour=MUTED, align="right")
        frame.zero_x(base)

    rows: list[tuple[CellValue, ...]] = [
        (f"`{s.path}`", s.low, s.high, _known(s.joint_low[place]), _known(s.joint_high[place]), outcome in s.flips)
        for s in swings
    ]
    return sheet(
        key,
        paint,
        alt=_tornado_alt(label, base, rows),
        caption=(
            f"One parameter at a time, the others as they are: joint value after {literal(label)} at the low and at "
            "the high end of each range. A bold red name flips the verdict on the deal at one end."
        ),
        data=Table(_TORNADO, tuple(rows), f"Tornado after {literal(label)}"),
        height=top + LANE * len(swings) + 44,
    )


_TORNADO = (
    Column("parameter"),
    Column("low end", kind="number"),
    Column("high end", kind="number"),
    Column("joint at low", kind="number", digits=3),
    Column("joint at high", kind="number", digits=3),
    Column("flips the verdict", kind="mark"),
)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _tornado_legend(board: Board) -> None:
    board.box(0, 6, 18, 12, ORANGE, hatch="///", edge=INK)
    board.text(24, 12, "low end", size=SMALL)
    board.box(86, 6, 18, 12, BLUE)
    board.text(110, 12, "high end", size=SMALL)
    board.line([(180, 5), (180, 19)], GREY, 1.6)
    board.text(188, 12, "base case", size=SMALL)


def _bar(frame: Frame, top: float, base: float, value: float, colour: str, hatch: str) -> None:
    if math.isnan(value) or value == base:
        return
    paint = {"hatch": hatch, "edge": INK} if hatch else {}
    frame.board.box(frame.x(base), top, frame.x(value) - frame.x(base), 8, colour, **paint)


def _tornado_alt(label: str, base: float, rows: Sequence[tuple[CellValue, ...]]) -> str:
    told = [
        f"{str(path).strip('`')} from {number(low if isinstance(low, float) else None)} "
        f"to {number(high if isinstance(high, float) else None)}{', flips the verdict' if flips else ''}"
        for path, _, _, low, high, flips in rows
    ]
    return f"Tornado of the joint value after {label}, {number(base)} in the base case. " + "; ".join(told) + "."


def sobol_bars(key: str, found: SobolIndices, label: str, what: str) -> Figure:
    """Return first-order and total Sobol indices with their confidence intervals, the largest totals first."""
    order = np.argsort(-found.total, kind="stable")[:MOST]
    top = 44.0

    def paint(board: Board) -> None:
        high = max(1.0, float(found.total_high[order].max(initial=1.0)))
        frame = Frame(board, NAMES, top, WIDTH - NAMES - RIGHT, LANE * len(order), (0.0, high))
        board.box(0, 6, 18, 12, BLUE)
        board.text(24, 12, "by itself (first order)", size=SMALL)
        board.box(160, 6, 18, 12, ORANGE, hatch="///", edge=INK)
        board.text(184, 12, "with its interactions (total)", size=SMALL)
        frame.x_axis(ticks(0.0, high, 4), "share of the variance")
        for index, place in enumerate(order.tolist()):
            y = top + (index + 0.5) * LANE
            name = shortened(parameter_title(found.paths[place]), NAMES - 14, SMALL)
            board.text(NAMES - 8, y, name, size=SMALL, align="right")
            _index(frame, y - 4, found.first[place], found.first_low[place], found.first_high[place], BLUE, "")
            _index(frame, y + 4, found.total[place], found.total_low[place], found.total_high[place], ORANGE, "///")

    rows: list[tuple[CellValue, ...]] = [
        (
            f"`{found.paths[place]}`",
            *(float(array[place]) for array in (found.first, found.first_low, found.first_high)),
            *(float(array[place]) for array in (found.total, found.total_low, found.total_high)),
        )
        for place in order.tolist()
    ]
    told = "; ".join(
        f"{found.paths[p]} first {significant(float(found.first[p]), 2)}, total {significant(float(found.total[p]), 2)}"
        for p in order.tolist()
    )
    numbers = ("first order", "from", "to", "total", "from", "to")
    columns = (Column("parameter"), *(Column(name, kind="number", digits=3) for name in numbers))
    return sheet(
        key,
        paint,
        alt=f"Sobol indices of the {what} after {label}. {told}.",
        caption=(
            f"How much of the variance of the {what} after {literal(label)} each parameter explains, by itself and "
            "with its interactions; lines are 95 % intervals."
        ),
        data=Table(columns, tuple(rows), "Sobol indices"),
        height=top + LANE * len(order) + 44,
    )


def _index(frame: Frame, y: float, value: float, low: float, high: float, colour: str, hatch: str) -> None:
    paint = {"hatch": hatch, "edge": INK} if hatch else {}
    left = frame.x(0.0)
    if value > 0:
        frame.board.box(left, y - 4, frame.x(float(value)) - left, 8, colour, **paint)
    ends = [min(max(float(end), 0.0), frame.xs[1]) for end in (low, high)]
    frame.board.line([(frame.x(ends[0]), y), (frame.x(ends[1]), y)], INK, 1.2)
    frame.board.line([(left, frame.top), (left, frame.bottom)], RULE, 0.8)
