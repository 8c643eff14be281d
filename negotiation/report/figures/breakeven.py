"""How far from a different answer: each key parameter's plausible range, today's value, and where the claim flips.

A lane for each outcome runs from the value after that call to the nearest break-even. The scale is the plausible range
with some room on both sides; what lies beyond is an arrow at the edge with its number.
"""

from __future__ import annotations

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.break_even import BreakEven
from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.board import Board, sheet
from negotiation.report.figures.frame import SMALL, Frame
from negotiation.report.figures.typeset import shortened, width
from negotiation.report.render.palette import BAD, GOOD, INK, MUTED, RULE, WASH
from negotiation.report.words import enumeration, number, significant
from negotiation.trade.parameters.parameter import Parameter

TOP, HEAD, LANE, GAP = 40.0, 62.0, 16.0, 10.0
LEFT, ROOM = 132.0, 0.2
WORDS = 36.0


def break_even_distances(analysis: Analysis) -> Figure:
    """Return the distance of every outcome from a different answer, parameter by parameter."""
    found: dict[str, list[BreakEven]] = {}
    for item in analysis.break_evens:
        found.setdefault(item.path, []).append(item)
    names = {row.name: row.outcome.call.label for row in analysis.comparison.calls}
    lanes = len(names)
    group = HEAD + LANE * lanes + GAP

    def paint(board: Board) -> None:
        _legend(board)
        for index, (path, items) in enumerate(found.items()):
            _group(board, analysis, path, items, names, TOP + index * group)

    return sheet(
        "break-even-distances",
        paint,
        alt=_alt(found, names),
        caption=_caption(analysis, found),
        data=_table(analysis, found, names),
        height=TOP + group * len(found) + 6,
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


def _legend(board: Board) -> None:
    board.box(0, 6, 20, 12, WASH, edge=RULE)
    board.text(26, 12, "plausible range", size=12)
    board.line([(132, 5), (132, 19)], INK, 2.2)
    board.text(140, 12, "now", size=12)
    board.mark(184, 12, "o", GOOD, 9)
    board.text(194, 12, "holds until here", size=12)
    board.mark(304, 12, "o", BAD, 9, hollow=True)
    board.text(314, 12, "fails until here", size=12)


def _group(
    board: Board, analysis: Analysis, path: str, items: list[BreakEven], names: dict[str, str], top: float
) -> None:
    parameter = analysis.scenario.parameter(path)
    low, high = _range(analysis, path, items)
    reach = ROOM * (high - low)
    xs = (low - reach, high + reach)
    frame = Frame(board, LEFT + WORDS, top + HEAD, board.width - LEFT - 2 * WORDS, LANE * len(items), xs)
    board.line([(0, top), (board.width, top)], RULE, 0.8)
    name = shortened(parameter_title(path), board.width - 110, 12.5, True)
    board.text(0, top + 13, name, size=12.5, bold=True)
    board.text(board.width, top + 13, shortened(parameter.unit, 104, 12), size=12, colour=MUTED, align="right")
    board.text(0, top + 30, shortened(parameter.meaning, board.width, SMALL), size=SMALL, colour=MUTED)
    if _ranged(parameter):
        board.box(frame.x(low), frame.top - 2, frame.x(high) - frame.x(low), frame.height + 4, WASH, edge=RULE)
        for value in (low, high):
            board.text(frame.x(value), frame.top - 11, significant(value, 2), size=SMALL, colour=MUTED, align="center")
    else:
        now = analysis.scenario.value(path)
        board.text(frame.x(now), frame.top - 11, significant(now), size=SMALL, colour=MUTED, align="center")
    for index, item in enumerate(items):
        y = frame.top + LANE * (index + 0.5)
        board.text(LEFT - 8, y, shortened(names[item.outcome], LEFT - 10, 12), size=12, align="right")
        _lane(frame, y, item)


def _ranged(parameter: Parameter) -> bool:
    """Whether a parameter has a plausible range with two different ends."""
    return parameter.low is not None and parameter.high is not None and parameter.high > parameter.low


def _range(analysis: Analysis, path: str, items: list[BreakEven]) -> tuple[float, float]:
    """Return the ends of the plausible range; without one, an interval that holds what there is to show."""
    parameter = analysis.scenario.parameter(path)
    if parameter.low is not None and parameter.high is not None and parameter.high > parameter.low:
        return parameter.low, parameter.high
    known = [item.value for item in items] + [item.nearest for item in items if item.nearest is not None]
    low, high = min(known), max(known)
    return (low, high) if high > low else (low - max(abs(low), 1.0) / 2, high + max(abs(high), 1.0) / 2)


def _lane(frame: Frame, y: float, item: BreakEven) -> None:
    board, colour = frame.board, GOOD if item.holds_now else BAD
    now = frame.x(_held(frame, item.value))
    if item.nearest is None:
        words = "no flip: holds" if item.holds_now else "no flip: fails"
        fits = now + 8 + width(words, 12) < frame.right
        board.text(now + (8 if fits else -8), y, words, size=12, colour=colour, align="left" if fits else "right")
        board.line([(now, y - 6), (now, y + 6)], INK, 2.2)
        return
    held = _held(frame, item.nearest)
    x, right = frame.x(held), item.nearest > item.value
    board.line([(now, y), (x, y)], colour, 2.4 if item.holds_now else 1.6, "-" if item.holds_now else "--")
    board.line([(now, y - 6), (now, y + 6)], INK, 2.2)
    if held == item.nearest:
        board.mark(x, y, "o", colour, 9, hollow=not item.holds_now)
    else:
        board.head((now, y), (x, y), colour, 10)
    words = _short(item.nearest)
    side, align = (9, "left") if right else (-9, "right")
    board.text(x + side, y, words, size=12, align=align, bold=True, colour=colour)


def _short(value: float) -> str:
    size = abs(value)
    return number(value, 2) if 0.01 <= size < 10 or not size else significant(value, 2 if size >= 10 else 1)


def _held(frame: Frame, value: float) -> float:
    return min(max(value, frame.xs[0]), frame.xs[1])


def _flip(item: BreakEven) -> str:
    verb = "holds" if item.holds_now else "fails"
    return f"{verb}, no flip" if item.nearest is None else f"{verb}, flips at {significant(item.nearest)}"


def _alt(found: dict[str, list[BreakEven]], names: dict[str, str]) -> str:
    parts = [
        f"{parameter_title(path)}: " + enumeration([f"{names[item.outcome]} {_flip(item)}" for item in items])
        for path, items in found.items()
    ]
    return "Nearest break-even of each parameter by call outcome. " + "; ".join(parts) + "."


def _caption(analysis: Analysis, found: dict[str, list[BreakEven]]) -> str:
    ranged = [path for path in found if _ranged(analysis.scenario.parameter(path))]
    inside = []
    for path in ranged:
        low, high = _range(analysis, path, found[path])
        if any(item.nearest is not None and low <= item.nearest <= high for item in found[path]):
            inside.append(literal(parameter_title(path)))
    text = (
        "Each lane runs from the value after that call to the nearest value at which the answer changes, length or "
        "payment chosen anew; an arrow points to one beyond the scale."
    )
    if not inside:
        return f"{text} No flip lies inside a plausible range."
    return (
        f"{text} After some outcome a flip lies inside the plausible range for {len(inside)} of the {len(ranged)} "
        f"parameters that have one: {enumeration(inside)}."
    )


def _table(analysis: Analysis, found: dict[str, list[BreakEven]], names: dict[str, str]) -> Table:
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
    rows: tuple[tuple[CellValue, ...], ...] = tuple(
        (
            f"`{path}`",
            literal(analysis.scenario.parameter(path).unit),
            literal(names[item.outcome]),
            item.value,
            item.nearest,
            item.holds_now,
            analysis.scenario.parameter(path).low,
            analysis.scenario.parameter(path).high,
        )
        for path, items in found.items()
        for item in items
    )
    return Table(columns, rows, "Nearest break-even by parameter and outcome")
