"""How far from a different answer: each key parameter's plausible range, today's value, and where the claim flips.

A lane for each outcome runs from the value after that call to the nearest break-even. The scale is the plausible range
with some room on both sides; what lies beyond is an arrow at the edge with its number.
"""

import numpy as np

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.break_even import BreakEven
from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.axes import SMALL, Axes, Canvas, beside, lanes, legend, marker, next_to, shorten
from negotiation.report.render import svg
from negotiation.report.render.palette import BAD, GOOD, INK, MUTED, RULE, WASH, Look
from negotiation.report.words import enumeration, number, significant

LANE, FRAME = 16.0, 34.0  # pixels of an outcome, and of the key
HEAD = 4.0  # lanes for the name of a parameter, its meaning and the ends of its range
ROOM = 0.2  # of the range, on both sides of it
NAME = 130.0  # pixels of the name of an outcome
SHOWN = 8  # parameters, those whose flip is nearest; with twice as many the picture is five screens long


def break_even_distances(analysis: Analysis) -> Figure:
    """Return the distance of every outcome from a different answer, parameter by parameter."""
    by_path: dict[str, list[BreakEven]] = {}
    for one in analysis.break_evens:
        by_path.setdefault(one.path, []).append(one)
    by_path = {path: by_path[path] for path in [*by_path][:SHOWN]}
    names = {row.name: row.outcome.call.label for row in analysis.comparison.calls}
    lane_count = sum(HEAD + len(group) for group in by_path.values())

    def draw(canvas: Canvas) -> None:
        axes = canvas.subplots()
        places, top = [], HEAD
        for path, group in by_path.items():
            _parameter(axes, analysis, path, group, top)
            places += [top + index for index in range(len(group))]
            top += len(group) + HEAD
        lanes(axes, [names[one.outcome] for group in by_path.values() for one in group], places, NAME)
        axes.set_ylim(max(lane_count, 1), 0)
        axes.set(xlim=(-0.2 - ROOM, 1.25 + ROOM), xticks=[])
        entries = [
            ("plausible range", {"facecolor": WASH, "edgecolor": RULE}),
            ("now", marker("|", INK, 13, edge=INK)),
            ("holds until here", marker("o", GOOD, 9)),
            ("fails until here", marker("o", BAD, 9, hollow=True)),
        ]
        legend(canvas, entries, 4)

    return svg.figure(
        "break-even-distances",
        draw,
        alt=_alt(by_path, names),
        caption=_caption(analysis, by_path),
        data=_table(analysis, by_path, names),
        height=LANE * lane_count + FRAME,
    )


def parameter_title(path: str) -> str:
    """Return a parameter's path in words.

    >>> parameter_title("tariffs.us.exporter_adjustment_loss")
    'exporter adjustment loss (tariffs, us)'
    >>> parameter_title("payoffs.row.defect.cooperate")
    'payoff of row at defect/cooperate'
    """
    *rooms, last = path.replace("_", " ").split(".")
    if rooms[:1] == ["payoffs"] and len(rooms) == 3:
        return f"payoff of {rooms[1]} at {rooms[2]}/{last}"
    return f"{last} ({', '.join(rooms)})" if rooms else last


def _parameter(axes: Axes, analysis: Analysis, path: str, group: list[BreakEven], top: float) -> None:
    """Draw the lanes of one parameter, the first at `top`, on a scale whose 0 and 1 are the ends of its range."""
    parameter = analysis.scenario.parameter(path)
    low, high = _range(analysis, path, group)
    name = shorten(parameter_title(path), 330, 12.5, bold=True)
    beside(axes, 0.005, top - 3, name, "figure fraction", fontsize=12.5, fontweight="bold")
    beside(axes, 1.0, top - 3, shorten(parameter.unit, 104, 12), ha="right", color=MUTED)
    meaning = shorten(parameter.meaning, svg.WIDTH, SMALL)
    beside(axes, 0.005, top - 2, meaning, "figure fraction", fontsize=SMALL, color=MUTED)
    axes.axhline(top - 3.8, color=RULE, linewidth=0.8)
    if _plausible(analysis, path):
        shade: Look = {"color": WASH, "edgecolor": RULE, "linewidth": 0.8}
        axes.fill_between([0, 1], top - 0.6, top + len(group) - 0.4, **shade)
        ends = [(0.0, significant(low, 2)), (1.0, significant(high, 2))]
    else:
        now = analysis.scenario.value(path)
        ends = [((now - low) / (high - low), significant(now))]
    for x, words in ends:
        axes.text(x, top - 1.05, words, ha="center", va="center", color=MUTED, fontsize=SMALL)
    for index, one in enumerate(group):
        _lane(axes, top + index, one, (low, high))


def _plausible(analysis: Analysis, path: str) -> tuple[float, float] | None:
    """Return the plausible range of a parameter, None without two different ends."""
    low, high = analysis.scenario.parameter(path).low, analysis.scenario.parameter(path).high
    return None if low is None or high is None or high <= low else (low, high)


def _range(analysis: Analysis, path: str, group: list[BreakEven]) -> tuple[float, float]:
    """Return the ends of the plausible range; without one, an interval that holds what there is to show."""
    ends = _plausible(analysis, path)
    if ends:
        return ends
    shown = [one.value for one in group] + [one.nearest for one in group if one.nearest is not None]
    low, high = min(shown), max(shown)
    return (low, high) if high > low else (low - max(abs(low), 1.0) / 2, high + max(abs(high), 1.0) / 2)


def _lane(axes: Axes, y: float, one: BreakEven, ends: tuple[float, float]) -> None:
    """Draw a line from the value now to the flip, which is an arrow where it lies beyond the scale."""
    colour = GOOD if one.holds_now else BAD
    values = np.array([one.value, one.value if one.nearest is None else one.nearest])
    places = (values - ends[0]) / (ends[1] - ends[0])
    now, flip = np.clip(places, -ROOM, 1 + ROOM)
    axes.plot(now, y, zorder=3, **marker("|", INK, 13, edge=INK))
    if one.nearest is None:
        words, right = ("no flip: holds" if one.holds_now else "no flip: fails"), now < 0.7
    else:
        words, right = _short(one.nearest), one.nearest > one.value
        line: Look = {"color": colour, "linewidth": 2.2, "linestyle": "-" if one.holds_now else "--"}
        axes.plot([now, flip], [y, y], **line)
        inside = flip == places[1]
        shape = "o" if inside else ">" if right else "<"
        axes.plot(flip, y, zorder=3, **marker(shape, colour, 9, hollow=inside and not one.holds_now))
    weight = "normal" if one.nearest is None else "bold"
    next_to(axes, flip, y, words, 9 if right else -9, color=colour, fontweight=weight)


def _short(value: float) -> str:
    size = abs(value)
    return number(value, 2) if 0.01 <= size < 10 or not size else significant(value, 2 if size >= 10 else 1)


def _flip(one: BreakEven) -> str:
    verb = "holds" if one.holds_now else "fails"
    return f"{verb}, no flip" if one.nearest is None else f"{verb}, flips at {significant(one.nearest)}"


def _alt(by_path: dict[str, list[BreakEven]], names: dict[str, str]) -> str:
    parts = [
        f"{parameter_title(path)}: " + enumeration([f"{names[one.outcome]} {_flip(one)}" for one in group])
        for path, group in by_path.items()
    ]
    return "Nearest break-even of each parameter by call outcome. " + "; ".join(parts) + "."


def _caption(analysis: Analysis, by_path: dict[str, list[BreakEven]]) -> str:
    ranges = {path: ends for path in by_path if (ends := _plausible(analysis, path))}
    inside = [
        literal(parameter_title(path))
        for path, (low, high) in ranges.items()
        if any(one.nearest is not None and low <= one.nearest <= high for one in by_path[path])
    ]
    text = (
        "Each lane runs from the value after that call to the nearest value at which the answer changes, length or "
        "payment chosen anew; an arrow points to one beyond the scale."
    )
    if not inside:
        return f"{text} No flip lies inside a plausible range."
    return (
        f"{text} After some outcome a flip lies inside the plausible range for {len(inside)} of the {len(ranges)} "
        f"parameters that have one: {enumeration(inside)}."
    )


def _table(analysis: Analysis, by_path: dict[str, list[BreakEven]], names: dict[str, str]) -> Table:
    columns = (
        Column("parameter"),
        Column("unit"),
        Column("outcome"),
        Column("now", kind="number"),
        Column("nearest flip", kind="number"),
        Column("holds now", kind="mark"),
        Column("range from", kind="number"),
        Column("to", kind="number"),
    )
    rows: list[tuple[CellValue, ...]] = []
    for path, group in by_path.items():
        parameter = analysis.scenario.parameter(path)
        start, ends = (f"`{path}`", literal(parameter.unit)), (parameter.low, parameter.high)
        rows += [(*start, literal(names[one.outcome]), one.value, one.nearest, one.holds_now, *ends) for one in group]
    return Table(columns, tuple(rows), "Nearest break-even by parameter and outcome")
