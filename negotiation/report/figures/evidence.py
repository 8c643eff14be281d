"""Shipments, events, and below on the same time axis the probability of targeted withholding under each prior."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from negotiation.evidence.answers.assessment import Assessment
from negotiation.evidence.data.events import CONTACTS, Event
from negotiation.evidence.data.months import month_name, month_text
from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.axes import SMALL, Axes, Canvas, legend, next_to, number_or_none, wrapped
from negotiation.report.render import svg
from negotiation.report.render.palette import GREY, MUTED, RULE, Look, series

SHIPPED, CHANCE, FRAME = 200.0, 150.0, 130.0  # pixels of the panels, and of their keys and axes
ROW, LINE = 17.0, 13.5  # of the list of events: from one to the next, and from line to line of one
TARGETED = "Probability that the US is targeted, by prior"
TELLING = ("deal", "accusation")
FIRST = 12 * 2024  # the first month that is drawn
LETTERS = "ABCDEFGHIJKL"


def shipments_and_causes(key: str, found: Assessment) -> Figure:
    """Return the picture: the upper panel shows shares of normal, the lower one P(targeted)."""
    events = telling_events(found)
    start = _start(found)
    told = [_told(event) for event in events]
    tall = [ROW + LINE * (len(lines) - 1) for lines in told]

    def draw(canvas: Canvas) -> None:
        ratios = (SHIPPED, CHANCE, max(sum(tall), 1.0))
        upper, lower, below = canvas.subplots(3, 1, height_ratios=ratios)
        plot_chances(found, lower)
        lower.set_title(TARGETED, fontsize=12, fontweight="normal", pad=26)
        legend(lower, _priors(found, ""), 3, loc="lower left", bbox_to_anchor=(0, 1))
        _shipments(found, start, upper)
        for axes in (upper, lower):
            axes.vlines([_place(event) for event in events], *axes.get_ylim(), color=RULE, linestyle=":")
        _letters(upper, events)
        below.set(ylim=(sum(tall), 0), xlim=(0, svg.WIDTH))
        below.axis("off")
        for index, (event, lines) in enumerate(zip(events, told, strict=True)):
            y = sum(tall[:index]) + ROW / 2
            next_to(below, 0, y, LETTERS[index], 1, fontsize=SMALL, fontweight="bold")
            next_to(below, 0, y, event.dated, 16, fontsize=SMALL, color=MUTED)
            for place, line in enumerate(lines):
                next_to(below, 0, y + LINE * place, line, 84, fontsize=SMALL)

    return svg.figure(
        key,
        draw,
        alt=_alt(found),
        caption=_caption(found),
        data=month_table(found),
        height=SHIPPED + CHANCE + FRAME + sum(tall),
    )


def _start(found: Assessment) -> int:
    return found.history.index(max(FIRST, found.history.first))


def _months(found: Assessment, start: int, axes: Axes) -> None:
    """Let the horizontal axis show the months, every third one named: the year in January."""
    months = found.history.months[start:]
    marks = [month for month in months if month % 3 == 0]
    names = [month_name(month)[:3] if month % 12 else month_name(month)[4:] for month in marks]
    axes.set_xticks(marks, labels=names)
    axes.set_xlim(months[0] - 0.5, months[-1] + 0.5)
    axes.grid(False, axis="x")
    axes.grid(True, axis="y", color=RULE, linewidth=0.7)
    axes.spines[["top", "right"]].set_visible(False)


def _place(event: Event) -> float:
    return event.month + (event.day.day - 15.5) / 31


def telling_events(found: Assessment) -> list[Event]:
    """Return the events that are marked: licences for minerals, leaders' contacts, deals, an accusation; at most 12."""
    licences = found.events.licences_from() or FIRST
    rows = [
        row
        for row in found.events.rows
        if (row.kind in (*CONTACTS, *TELLING) and row.month >= FIRST)
        or (row.kind == "export_control" and row.actor == "China" and row.month >= max(licences, FIRST))
    ]
    return sorted(rows, key=lambda row: row.dated)[: len(LETTERS)]


def _normal(found: Assessment) -> tuple[float, float]:
    """Return what counts as normal: mean single months to the US and to the others before licences were required."""
    licences = found.events.licences_from()
    stop = len(found.history.data) if licences is None else max(found.history.index(licences), 1)
    us, rest = found.history.data[:stop, 1], found.history.rest[:stop]
    return float(np.nanmean(us)), float(np.nanmean(rest))


def _letters(axes: Axes, events: list[Event]) -> None:
    """Letter the events above the axes, none on another."""
    last = -math.inf
    for index, event in enumerate(events):
        last = max(_place(event), last + 0.022 * float(np.ptp(axes.get_xlim())))
        look: Look = {"ha": "center", "fontsize": SMALL, "color": MUTED, "fontweight": "bold"}
        axes.text(last, 1.02, LETTERS[index], transform=axes.get_xaxis_transform(), **look)


def _shipments(found: Assessment, start: int, axes: Axes) -> None:
    """Draw shares of normal to the US and to the others, and means of totals that cover several months."""
    history, usual = found.history, _normal(found)
    keys = []
    for side, (name, values) in enumerate(
        (("to the US", history.data[:, 1]), ("to the rest of the world", history.rest))
    ):
        look = series(side)
        style = {**look.stroke, "marker": look.marker, "markersize": 5.5}
        axes.plot(history.months[start:], np.minimum(values[start:] / usual[side], 1.5), **style)
        keys.append((name, style))
    for first, last, mean in _totals(found, start):
        axes.plot([first - 0.4, last + 0.4], [mean / usual[0]] * 2, color=GREY, linewidth=3.4)
    _months(found, start, axes)
    axes.set(ylim=(0, 1.5), yticks=(0, 0.5, 1, 1.5), yticklabels=("0", "50 %", "100 %", "150 %"))
    text = "Exports of magnets, share of normal (mean before April 2025)"
    axes.set_title(text, fontsize=12, fontweight="normal", pad=44)
    means = [("mean of a total", {"color": GREY, "linewidth": 3.4})]
    legend(axes, keys + means, 3, loc="lower left", bbox_to_anchor=(0, 1.1))


def _totals(found: Assessment, start: int) -> Iterator[tuple[int, int, float]]:
    """Yield first month, last month and monthly mean of every total over several months."""
    history = found.history
    for t in range(start, len(history.data)):
        if math.isfinite(history.data[t, 11]):
            inside = [
                s for s in range(t + 1) if history.data[s, 9] == 2 and not np.isfinite(history.data[s:t, 11]).any()
            ]
            yield history.months[inside[0]], history.months[t], float(history.data[t, 11]) / len(inside)


def plot_chances(found: Assessment, axes: Axes) -> None:
    """Draw on axes the probability that the US is targeted, by prior, with a band under the middle one."""
    start = _start(found)
    months, middle = found.history.months[start:], found.causes[found.middle]
    colour = series(found.middle + 2).colour
    axes.fill_between(months, middle.low[3, start:], middle.high[3, start:], color=colour, alpha=0.15, linewidth=0)
    for cause, (_, look) in zip(found.causes, _priors(found), strict=True):
        axes.plot(months, cause.mean[3, start:], **look)
    if months[-1] > found.last:
        axes.axvline(found.last + 0.5, color=GREY, linewidth=1.2, linestyle="--")
    _months(found, start, axes)
    axes.set(ylim=(0, 1), yticks=(0, 0.5, 1.0), title=f"{TARGETED}\nas known on {found.as_of}")
    legend(axes, _priors(found), 1, loc="upper left", frameon=False)


def _priors(found: Assessment, suffix: str = " prior") -> list[tuple[str, Look]]:
    """Return the key of the priors: names and looks."""
    looks = [series(index + 2).stroke | {"linewidth": 2.2} for index in range(len(found.priors))]
    return [(f"{name}{suffix}", look) for name, look in zip(found.priors, looks, strict=True)]


def _told(event: Event) -> list[str]:
    """Return what happened, in at most three lines; of export controls only the part on licences."""
    parts = event.text.split("; ") if event.kind == "export_control" else ()
    told = next((part for part in parts if "licences" in part), event.text)
    return wrapped(told, svg.WIDTH - 90, SMALL, lines=3)


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
            figures = [number_or_none(found.history.data[t, 1]), number_or_none(found.history.rest[t])]
            chances = [float(cause.mean[3, t]) for cause in found.causes]
            rows.append((month_text(month), *figures, float(found.causes[found.middle].mean[0, t]), *chances))
    return Table(columns, tuple(rows), "Shipments and probabilities by month")
