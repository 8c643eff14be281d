"""Shipments, events, and below on the same time axis the probability of targeted withholding under each prior."""

import math
import string
from collections.abc import Iterator

import numpy as np

from negotiation.evidence.answers.assessment import Assessment
from negotiation.evidence.data.events import CONTACTS, Event
from negotiation.evidence.data.months import month_name, month_text
from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.axes import SMALL, Axes, Canvas, legend, next_to, number_or_none, wrap
from negotiation.report.render import svg
from negotiation.report.render.palette import GREY, MUTED, RULE, Look, series

SHIPPED, CHANCE, FRAME = 200.0, 150.0, 130.0  # pixels of the panels, and of their keys and axes
ROW, LINE = 17.0, 13.5  # of the list of events: from one to the next, and from line to line of one
TARGETED = "Probability that the US is targeted, by prior"
TELLING = ("deal", "accusation")
FIRST = 12 * 2024  # the first month that is drawn
LETTERS = string.ascii_uppercase


def shipments_and_causes(key: str, assessment: Assessment) -> Figure:
    """Return the picture: the upper panel shows shares of normal, the lower one P(targeted)."""
    events = telling_events(assessment)
    start = _start(assessment)
    told = [_told(event) for event in events]
    tall = [ROW + LINE * (len(lines) - 1) for lines in told]

    def draw(canvas: Canvas) -> None:
        ratios = (SHIPPED, CHANCE, max(sum(tall), 1.0))
        upper, lower, below = canvas.subplots(3, 1, height_ratios=ratios)
        plot_chances(assessment, lower)
        lower.set_title(TARGETED, fontsize=12, fontweight="normal", pad=26)
        legend(lower, _priors(assessment, ""), 3, loc="lower left", bbox_to_anchor=(0, 1))
        _shipments(assessment, start, upper)
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
        alt=_alt(assessment),
        caption=_caption(assessment),
        data=month_table(assessment),
        height=SHIPPED + CHANCE + FRAME + sum(tall),
    )


def _start(assessment: Assessment) -> int:
    return assessment.history.index(max(FIRST, assessment.history.first))


def _months(assessment: Assessment, start: int, axes: Axes) -> None:
    """Let the horizontal axis show the months, every third one named: the year in January."""
    months = assessment.history.months[start:]
    marks = [month for month in months if month % 3 == 0]
    names = [month_name(month)[:3] if month % 12 else month_name(month)[4:] for month in marks]
    axes.set_xticks(marks, labels=names)
    axes.set_xlim(months[0] - 0.5, months[-1] + 0.5)
    axes.grid(False, axis="x")
    axes.grid(True, axis="y", color=RULE, linewidth=0.7)
    axes.spines[["top", "right"]].set_visible(False)


def _place(event: Event) -> float:
    return event.month + (event.day.day - 15.5) / 31


def telling_events(assessment: Assessment) -> list[Event]:
    """Return the events that are marked: licences for minerals, leaders' contacts, deals, an accusation."""
    licences = assessment.events.licences_from() or FIRST
    rows = [
        row
        for row in assessment.events.rows
        if (row.kind in (*CONTACTS, *TELLING) and row.month >= FIRST)
        or (row.kind == "export_control" and row.actor == "China" and row.month >= max(licences, FIRST))
    ]
    return sorted(rows, key=lambda row: row.dated)


def _normal(assessment: Assessment) -> tuple[float, float]:
    """Return what counts as normal: mean single months to the US and to the others before licences were required."""
    licences = assessment.events.licences_from()
    stop = len(assessment.history.data) if licences is None else max(assessment.history.index(licences), 1)
    us, rest = assessment.history.data[:stop, 1], assessment.history.rest[:stop]
    return float(np.nanmean(us)), float(np.nanmean(rest))


def _letters(axes: Axes, events: list[Event]) -> None:
    """Letter the events above the axes, none on another."""
    last = -math.inf
    for index, event in enumerate(events):
        last = max(_place(event), last + 0.022 * float(np.ptp(axes.get_xlim())))
        look: Look = {"ha": "center", "fontsize": SMALL, "color": MUTED, "fontweight": "bold"}
        axes.text(last, 1.02, LETTERS[index], transform=axes.get_xaxis_transform(), **look)


def _shipments(assessment: Assessment, start: int, axes: Axes) -> None:
    """Draw shares of normal to the US and to the others, and means of totals that cover several months."""
    history, usual = assessment.history, _normal(assessment)
    keys = []
    for side, (name, values) in enumerate(
        (("to the US", history.data[:, 1]), ("to the rest of the world", history.rest))
    ):
        look = series(side)
        style = {**look.stroke, "marker": look.marker, "markersize": 5.5}
        axes.plot(history.months[start:], np.minimum(values[start:] / usual[side], 1.5), **style)
        keys.append((name, style))
    for first, last, mean in _totals(assessment, start):
        axes.plot([first - 0.4, last + 0.4], [mean / usual[0]] * 2, color=GREY, linewidth=3.4)
    _months(assessment, start, axes)
    axes.set(ylim=(0, 1.5), yticks=(0, 0.5, 1, 1.5), yticklabels=("0", "50 %", "100 %", "150 %"))
    text = "Exports of magnets, share of normal (mean before April 2025)"
    axes.set_title(text, fontsize=12, fontweight="normal", pad=44)
    means = [("mean of a total", {"color": GREY, "linewidth": 3.4})]
    legend(axes, keys + means, 3, loc="lower left", bbox_to_anchor=(0, 1.1))


def _totals(assessment: Assessment, start: int) -> Iterator[tuple[int, int, float]]:
    """Yield first month, last month and monthly mean of every total over several months."""
    history = assessment.history
    for t in range(start, len(history.data)):
        if math.isfinite(history.data[t, 11]):
            inside = [
                s for s in range(t + 1) if history.data[s, 9] == 2 and not np.isfinite(history.data[s:t, 11]).any()
            ]
            yield history.months[inside[0]], history.months[t], float(history.data[t, 11]) / len(inside)


def plot_chances(assessment: Assessment, axes: Axes) -> None:
    """Draw on axes the probability that the US is targeted, by prior, with a band under the middle one."""
    start = _start(assessment)
    months, middle = assessment.history.months[start:], assessment.causes[assessment.middle]
    colour = series(assessment.middle + 2).colour
    axes.fill_between(months, middle.low[3, start:], middle.high[3, start:], color=colour, alpha=0.15, linewidth=0)
    for cause, (_, look) in zip(assessment.causes, _priors(assessment), strict=True):
        axes.plot(months, cause.mean[3, start:], **look)
    if months[-1] > assessment.last:
        axes.axvline(assessment.last + 0.5, color=GREY, linewidth=1.2, linestyle="--")
    _months(assessment, start, axes)
    axes.set(ylim=(0, 1), yticks=(0, 0.5, 1.0), title=f"{TARGETED}\nas known on {assessment.as_of}")
    legend(axes, _priors(assessment), 1, loc="upper left", frameon=False)


def _priors(assessment: Assessment, suffix: str = " prior") -> list[tuple[str, Look]]:
    """Return the key of the priors: names and looks."""
    looks = [series(index + 2).stroke | {"linewidth": 2.2} for index in range(len(assessment.priors))]
    return [(f"{name}{suffix}", look) for name, look in zip(assessment.priors, looks, strict=True)]


def _told(event: Event) -> list[str]:
    """Return what happened, in at most three lines; of export controls only the part on licences."""
    parts = event.text.split("; ") if event.kind == "export_control" else ()
    told = next((part for part in parts if "licences" in part), event.text)
    return wrap(told, svg.WIDTH - 90, SMALL, lines=3)


def _caption(assessment: Assessment) -> str:
    return (
        "Above: what arrived, months without a figure left out. Below: the smoothed probability of slow-walking or "
        f"withholding towards the US, as known on {assessment.as_of}; right of the dashed line no figure yet; "
        f"band: 90 % over the parameters, {assessment.priors[assessment.middle]} prior. The action chain is a reduced "
        "form, not an equilibrium belief."
    )


def _alt(assessment: Assessment) -> str:
    middle, months = assessment.causes[assessment.middle], list(assessment.history.months)
    peak = max(range(len(months)), key=lambda t: float(middle.mean[3, t]))
    lowest = int(np.nanargmin(assessment.history.data[:, 1]))
    return (
        f"Two panels over the same months. US-bound shipments are lowest in {month_name(months[lowest])} at "
        f"{assessment.history.data[lowest, 1]:.0f} tonnes. The probability of targeted conduct under the "
        f"{assessment.priors[assessment.middle]} prior is highest in {month_name(months[peak])} at "
        f"{middle.mean[3, peak]:.2f}."
    )


def month_table(assessment: Assessment) -> Table:
    """Return what arrived and the probabilities, month by month."""
    start = _start(assessment)
    columns = (
        Column("month"),
        Column("to the US", "t", kind="number", digits=0),
        Column("to others", "t", kind="number", digits=0),
        Column("P(common)", kind="number", digits=2),
        *(Column(literal(name), kind="number", digits=2, group="P(targeted)") for name in assessment.priors),
    )
    rows: list[tuple[CellValue, ...]] = []
    for t, month in enumerate(assessment.history.months):
        if t >= start:
            figures = [number_or_none(assessment.history.data[t, 1]), number_or_none(assessment.history.rest[t])]
            chances = [float(cause.mean[3, t]) for cause in assessment.causes]
            rows.append((month_text(month), *figures, float(assessment.causes[assessment.middle].mean[0, t]), *chances))
    return Table(columns, tuple(rows), "Shipments and probabilities by month")
