"""Bars of a study: the share of the uncertain world in which each conclusion stands, the tornado, Sobol indices."""

from collections.abc import Sequence

import numpy as np

from negotiation.errors import count_text
from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.axes import SMALL, Canvas, beside, lanes, legend, number_or_none, shorten
from negotiation.report.figures.breakeven import parameter_title
from negotiation.report.render import svg
from negotiation.report.render.palette import BAD, BLUE, GREY, INK, MUTED, ORANGE, WASH, Look
from negotiation.report.words import number, percent, significant
from negotiation.studies.results import Conclusion
from negotiation.studies.sensitivity import SobolIndices, Tornado

SENTENCE, LANE, FRAME = 40.0, 24.0, 66.0  # pixels of a conclusion, of a parameter, and of the key and the axis
NAME = 198.0  # pixels of the name of a parameter
MOST = 12  # parameters shown, the widest first
PLAIN: Look = {"facecolor": BLUE}
HATCHED: Look = {"facecolor": ORANGE, "hatch": "///", "edgecolor": INK}


def share_bars(key: str, items: Sequence[Conclusion], points: int) -> Figure:
    """Return a bar for each conclusion: the share of the computed points at which it stands."""

    def draw(canvas: Canvas) -> None:
        axes = canvas.subplots()
        axes.set_title(f"share of {count_text(points, 'point')}", fontsize=SMALL, fontweight="normal", color=MUTED)
        axes.barh(range(len(items)), 1, 0.3, color=WASH)
        axes.barh(range(len(items)), [one.share for one in items], 0.3, color=BLUE)
        for y, one in enumerate(items):
            beside(axes, 0, y - 0.4, shorten(one.sentence, svg.WIDTH, 12.5), fontsize=12.5)
            axes.text(1.02, y, percent(one.share), va="center", fontsize=12.5, fontweight="bold")
        lanes(axes, [""] * len(items))
        axes.set(xlim=(0, 1), xticks=[])

    rows: list[tuple[CellValue, ...]] = [(literal(one.sentence), one.share) for one in items]
    told = "; ".join(f"{one.sentence}: {percent(one.share)}" for one in items)
    return svg.figure(
        key,
        draw,
        alt=f"Share of the points at which each conclusion of the base case stands. {told}.",
        caption="Each conclusion is true in the base case; the bar says in how much of the uncertain world it stands.",
        data=Table((Column("conclusion"), Column("share", kind="number", digits=3)), tuple(rows), "Conclusions"),
        height=SENTENCE * len(items) + 30,
    )


def tornado_bars(key: str, tornado: Tornado, outcome: str, label: str, unit: str) -> Figure:
    """Return the tornado of one outcome's joint value: the widest parameters, from the low to the high end of each."""
    place = tornado.outcomes.index(outcome)
    swings = sorted(tornado.swings, key=lambda swing: (-swing.width(place), swing.path))[:MOST]
    base = float(tornado.joint[place])
    flips = [outcome in swing.flips for swing in swings]
    low = np.array([swing.joint_low[place] for swing in swings])
    high = np.array([swing.joint_high[place] for swing in swings])

    def draw(canvas: Canvas) -> None:
        axes = canvas.subplots()
        places = np.arange(len(swings))
        axes.barh(places - 0.17, high - base, 0.33, base, **PLAIN)
        axes.barh(places + 0.17, low - base, 0.33, base, **HATCHED)
        axes.axvline(base, color=GREY, linewidth=1.6)
        lanes(axes, [parameter_title(swing.path) for swing in swings], room=NAME)
        for tick, flip in zip(axes.get_yticklabels(), flips, strict=True):
            tick.set(fontsize=SMALL, color=BAD if flip else INK, fontweight="bold" if flip else "normal")
        for y in np.flatnonzero(np.isnan(low + high)).tolist():
            beside(axes, 1.0, y, "an end is refused", ha="right", fontsize=SMALL, color=MUTED)
        axes.set_xlabel(shorten(f"joint value after {label}, {unit}", 430), loc="right")
        legend(canvas, [("low end", HATCHED), ("high end", PLAIN), ("base case", {"color": GREY})], 3)

    rows: list[tuple[CellValue, ...]] = [
        (f"`{s.path}`", s.low, s.high, number_or_none(s.joint_low[place]), number_or_none(s.joint_high[place]), flip)
        for s, flip in zip(swings, flips, strict=True)
    ]
    return svg.figure(
        key,
        draw,
        alt=_tornado_alt(label, base, rows),
        caption=(
            f"One parameter at a time, the others as they are: joint value after {literal(label)} at the low and at "
            "the high end of each range. A bold red name flips the verdict on the deal at one end."
        ),
        data=Table(_TORNADO, tuple(rows), f"Tornado after {literal(label)}"),
        height=LANE * len(swings) + FRAME,
    )


_TORNADO = (
    Column("parameter"),
    *(Column(f"{end} end", kind="number") for end in ("low", "high")),
    *(Column(f"joint at {end}", kind="number", digits=3) for end in ("low", "high")),
    Column("flips the verdict", kind="mark"),
)


def _tornado_alt(label: str, base: float, rows: Sequence[tuple[CellValue, ...]]) -> str:
    told = [
        f"{str(path).strip('`')} from {number(low if isinstance(low, float) else None)} "
        f"to {number(high if isinstance(high, float) else None)}{', flips the verdict' if flips else ''}"
        for path, _, _, low, high, flips in rows
    ]
    return f"Tornado of the joint value after {label}, {number(base)} in the base case. " + "; ".join(told) + "."


def sobol_bars(key: str, sobol: SobolIndices, label: str, what: str) -> Figure:
    """Return first-order and total Sobol indices with their confidence intervals, the largest totals first."""
    order = np.argsort(-sobol.total, kind="stable")[:MOST]
    arrays = (sobol.first, sobol.first_low, sobol.first_high, sobol.total, sobol.total_low, sobol.total_high)
    values = np.array([array[order] for array in arrays])

    def draw(canvas: Canvas) -> None:
        axes = canvas.subplots()
        right = max(1.0, float(values[5].max(initial=1.0)))
        for (index, low, high), shift, look in ((values[:3], -0.17, PLAIN), (values[3:], 0.17, HATCHED)):
            places = np.arange(len(order)) + shift
            axes.barh(places, np.maximum(index, 0), 0.33, **look)
            axes.hlines(places, np.clip(low, 0, right), np.clip(high, 0, right), color=INK, linewidth=1.2)
        lanes(axes, [parameter_title(sobol.paths[place]) for place in order], room=NAME)
        axes.set_xlim(0, right)
        axes.set_xlabel("share of the variance")
        legend(canvas, [("by itself (first order)", PLAIN), ("with its interactions (total)", HATCHED)], 2)

    rows: list[tuple[CellValue, ...]] = [
        (f"`{sobol.paths[place]}`", *line) for place, line in zip(order, values.T.tolist(), strict=True)
    ]
    told = "; ".join(
        f"{sobol.paths[place]} first {significant(line[0], 2)}, total {significant(line[3], 2)}"
        for place, line in zip(order, values.T.tolist(), strict=True)
    )
    numbers = ("first order", "from", "to", "total", "from", "to")
    columns = (Column("parameter"), *(Column(name, kind="number", digits=3) for name in numbers))
    return svg.figure(
        key,
        draw,
        alt=f"Sobol indices of the {what} after {label}. {told}.",
        caption=(
            f"How much of the variance of the {what} after {literal(label)} each parameter explains, by itself and "
            "with its interactions; lines are 95 % intervals."
        ),
        data=Table(columns, tuple(rows), "Sobol indices"),
        height=LANE * len(order) + FRAME,
    )
