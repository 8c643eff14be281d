"""Shipments, events, and below on the same time axis the probability of targeted withholding under each prior."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from negotiation.evidence.answers.assessment import Assessment
from negotiation.evidence.data.events import CONTACTS, Event
from negotiation.evidence.data.months import month_name, month_text
from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.board import WIDTH, Board, sheet
from negotiation.report.figures.frame import SMALL, Frame, Framed, OpenFrame
from negotiation.report.figures.typeset import wrapped
from negotiation.report.render.palette import GREY, INK, MUTED, RULE, series

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEFT, RIGHT, TOP, SHIPPED, GAP, CHANCE = 46.0, 10.0, 58.0, 170.0, 72.0, 120.0
ROW, LINE = 17.0, 13.0  # of the list of events: from one to the next, and from line to line of one
TARGETED = "Probability that the US is targeted, by prior"
TELLING = ("deal", "accusation")
FIRST = 12 * 2024


def shipments_and_causes(key: str, found: Assessment) -> Figure:
    """Return the picture: the upper panel shows shares of normal, the lower one P(targeted)."""
    events = telling_events(found)
    start = _start(found)

    def paint(board: Board) -> None:
        months = _span(found, start)
        wide = WIDTH - LEFT - RIGHT
        upper = Frame(board, LEFT, TOP, wide, SHIPPED, months, (0.0, 1.5))
        lower = Frame(board, LEFT, TOP + SHIPPED + GAP, wide, CHANCE, months, (0.0, 1.0))
        _panels(board, upper, lower, found)
        _events(board, upper, lower, events)
        _shipments(upper, found, start)
        _chances(lower, found, start)
        _list(board, lower.bottom + 42, events)

    return sheet(
        key,
        paint,
        alt=_alt(found),
        caption=_caption(found),
        data=month_table(found),
        height=TOP + SHIPPED + GAP + CHANCE + 48 + sum(ROW + LINE * (len(_told(event)) - 1) for event in events),
    )


def _start(found: Assessment) -> int:
    """Return the place of the first month that is drawn."""
    return found.history.index(max(FIRST, found.history.first))


def _span(found: Assessment, start: int) -> tuple[float, float]:
    return float(found.history.months[start]) - 0.5, float(found.history.months[-1]) + 0.5


def _month_marks(found: Assessment, span: tuple[float, float]) -> tuple[list[float], list[str]]:
    """Return every third month inside the span, and its name: the year in January."""
    marks = [month for month in found.history.months if month % 3 == 0 and span[0] < month < span[1]]
    names = [month_name(month)[:3] if month % 12 else month_name(month)[4:] for month in marks]
    return [float(month) for month in marks], names


def telling_events(found: Assessment) -> list[Event]:
    """Return the events that are marked: licences for minerals, leaders' contacts, deals, an accusation; at most 12."""
    licences = found.events.licences_from() or FIRST
    rows = [
        row
        for row in found.events.rows
        if row.month >= FIRST
        and (
            row.kind in (*CONTACTS, *TELLING)
            or (row.kind == "export_control" and row.actor == "China" and row.month >= licences)
        )
    ]
    return sorted(rows, key=lambda row: row.dated)[:12]


def normal(found: Assessment) -> tuple[float, float]:
    """Return what counts as normal: mean single months to the US and to the others before licences were required."""
    licences = found.events.licences_from()
    stop = len(found.history.data) if licences is None else max(found.history.index(licences), 1)
    us, rest = found.history.data[:stop, 1], found.history.rest[:stop]
    return float(np.nanmean(us)), float(np.nanmean(rest))


def _panels(board: Board, upper: Frame, lower: Frame, found: Assessment) -> None:
    marks, names = _month_marks(found, upper.xs)
    board.text(0, 14, "Exports of magnets, share of normal (mean before April 2025)", size=SMALL + 0.5)
    upper.y_axis([0, 0.5, 1.0, 1.5], names=["0", "50 %", "100 %", "150 %"])
    upper.x_axis(marks, grid=False, names=names)
    board.text(0, lower.top - 34, TARGETED, size=SMALL + 0.5)
    lower.y_axis([0, 0.5, 1.0], names=["0", ".5", "1"])
    lower.x_axis(marks, grid=False, names=names)
    for index, name in enumerate(found.priors):
        look, x = series(index + 2), LEFT + 118 * index
        board.line([(x, lower.top - 16), (x + 22, lower.top - 16)], look.colour, 2.2, look.line)
        board.text(x + 27, lower.top - 16, name, size=SMALL)
    for index, name in enumerate(("to the US", "to the rest of the world", "mean of a total")):
        look, x = series(index), LEFT + (0, 84, 250)[index]
        if index < 2:
            board.line([(x, 34), (x + 22, 34)], look.colour, 2.2, look.line)
            board.mark(x + 11, 34, look.marker, look.colour, 6)
        else:
            board.line([(x, 34), (x + 22, 34)], GREY, 3.4)
        board.text(x + 27, 34, name, size=SMALL)


def _events(board: Board, upper: Frame, lower: Frame, events: list[Event]) -> None:
    last = -math.inf
    for index, event in enumerate(events):
        x = upper.x(event.month + (event.day.day - 15.5) / 31)
        board.line([(x, upper.top), (x, upper.bottom)], RULE, 1.0, ":")
        board.line([(x, lower.top), (x, lower.bottom)], RULE, 1.0, ":")
        place = max(x, last + 9)
        board.text(place, upper.top - 7, _letter(index), size=SMALL, colour=MUTED, align="center", bold=True)
        last = place


def _shipments(frame: Framed, found: Assessment, start: int) -> None:
    history, usual = found.history, normal(found)
    for side, values in enumerate((history.data[:, 1], history.rest)):
        look = series(side)
        piece: list[tuple[float, float]] = []
        for t in range(start, len(values) + 1):
            share = values[t] / usual[side] if t < len(values) else math.nan
            if not math.isnan(share):
                piece.append((float(history.months[t]), min(float(share), 1.5)))
            elif piece:
                if len(piece) > 1:
                    frame.plane.line(piece, look.colour, 2.0, look.line)
                for place in piece:
                    frame.plane.mark(*place, look.marker, look.colour, 5.5)
                piece = []
    for t in range(start, len(history.data)):
        if math.isfinite(history.data[t, 11]):
            inside = [s for s in range(t + 1) if history.data[s, 9] == 2 and not _closed(history.data[s:t, 11])]
            height = float(history.data[t, 11]) / len(inside) / usual[0]
            ends = (history.months[inside[0]] - 0.4, history.months[t] + 0.4)
            frame.plane.line([(ends[0], height), (ends[1], height)], GREY, 3.4)


def _closed(totals: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> bool:
    return bool(np.isfinite(totals).any())


def _chances(frame: Framed, found: Assessment, start: int) -> None:
    xs = [float(month) for month in found.history.months][start:]
    middle = found.causes[found.middle]
    low, high = (list(zip(xs, band[3, start:].tolist(), strict=True)) for band in (middle.low, middle.high))
    frame.plane.area([*low, *reversed(high)], series(found.middle + 2).colour, alpha=0.15)
    for index, cause in enumerate(found.causes):
        look = series(index + 2)
        frame.plane.line(list(zip(xs, cause.mean[3, start:].tolist(), strict=True)), look.colour, 2.2, look.line)
    if found.history.months[-1] > found.last:
        frame.plane.line([(found.last + 0.5, 1), (found.last + 0.5, 0)], GREY, 1.2, "--")


def plot_chances(found: Assessment, axes: Axes) -> None:
    """Draw on axes the probability that the US is targeted, by prior, with a band under the middle one."""
    start = _start(found)
    frame = OpenFrame(axes, _span(found, start), (0.0, 1.0))
    _chances(frame, found, start)
    marks, names = _month_marks(found, frame.xs)
    frame.x_axis(marks, grid=False, names=names)
    frame.y_axis([0, 0.5, 1.0], title=TARGETED)
    for index, name in enumerate(found.priors):
        look: dict[str, Any] = {"color": series(index + 2).colour, "linestyle": series(index + 2).line}
        axes.plot([], [], label=f"{name} prior", **look)
    axes.legend(loc="upper left", frameon=False)
    axes.set_title(f"as known on {found.as_of}")


def _told(event: Event) -> list[str]:
    """Return what happened, in at most three lines; of export controls only the part on licences."""
    parts = event.text.split("; ") if event.kind == "export_control" else ()
    told = next((part for part in parts if "licences" in part), event.text)
    return wrapped(told, WIDTH - 90, SMALL, lines=3)


def _list(board: Board, top: float, events: list[Event]) -> None:
    y = top
    for index, event in enumerate(events):
        board.text(0, y, _letter(index), size=SMALL, bold=True)
        board.text(16, y, event.dated, size=SMALL, colour=MUTED)
        for line in _told(event):
            board.text(84, y, line, size=SMALL, colour=INK)
            y += LINE
        y += ROW - LINE


def _letter(index: int) -> str:
    return "ABCDEFGHIJKL"[index]


def _caption(found: Assessment) -> str:
    return (
        "Above: what arrived, months without a figure left out. Below: the smoothed probability of slow-walking or "
        f"withholding towards the US, as known on {found.as_of}; right of the dashed line no figure yet; band: 90 % "
        f"over the parameters, {found.priors[found.middle]} prior. The action chain is a reduced form, not an "
        "equilibrium belief."
    )


def _alt(found: Assessment) -> str:
    middle, months = found.causes[found.middle], list(found.history.months)
    peak = max(range(len(months)), key=lambda t: float(middle.mean[3, t]))
    lowest = int(np.nanargmin(found.history.data[:, 1]))
    return (
        f"Two panels over the same months. US-bound shipments are lowest in {month_name(months[lowest])} at "
        f"{found.history.data[lowest, 1]:.0f} tonnes. The probability of targeted conduct under the "
        f"{found.priors[found.middle]} prior is highest in {month_name(months[peak])} at {middle.mean[3, peak]:.2f}."
    )


def month_table(found: Assessment) -> Table:
    """Return what arrived and the probabilities, month by month."""
    start = _start(found)
    columns = (
        Column("month"),
        Column("to the US", "t", kind="number", digits=0),
        Column("to others", "t", kind="number", digits=0),
        Column("P(common)", kind="number", digits=2),
        *(Column(literal(name), kind="number", digits=2, group="P(targeted)") for name in found.priors),
    )
    rows: list[tuple[CellValue, ...]] = []
    for t, month in enumerate(found.history.months):
        if t >= start:
            figures = [_known(found.history.data[t, 1]), _known(found.history.rest[t])]
            chances = [float(cause.mean[3, t]) for cause in found.causes]
            rows.append((month_text(month), *figures, float(found.causes[found.middle].mean[0, t]), *chances))
    return Table(columns, tuple(rows), "Shipments and probabilities by month")


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
