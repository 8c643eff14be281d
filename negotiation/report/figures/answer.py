"""The one picture that carries the answer: does the deal hold after each call outcome, by how much, and at what price.

A row for each outcome: the discount factor that the selected regime needs (diamond) against the one at hand (disc), the
room or the shortfall between them, and beside it what is lost per month and how many months are punished.
"""

from collections.abc import Sequence

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.report.document import Cell, Column, Figure, Table, literal
from negotiation.report.figures.axes import Axes, Canvas, beside, lanes, legend, marker, next_to, rules, shorten
from negotiation.report.render import svg
from negotiation.report.render.palette import BAD, BLUE, GOOD, GREY, INK, PAPER, WARNING, Look
from negotiation.report.words import enumeration, number, percent

ROW, FRAME = 66.0, 112.0  # pixels of an outcome, and of the key, the headings and the axis
ROOM = 0.25  # of the range of discount factors, left of the least, for its number
SIGN = 7.0  # pixels of a sign of the verdict
SHORT: Look = {"facecolor": PAPER, "hatch": "////"}  # a bar that patience does not fill


def answer_picture(analysis: Analysis) -> Figure:
    """Return the picture of the first screen: room or shortfall of patience by outcome, losses and punished months."""
    lines = analysis.comparison.outcomes
    unit = analysis.scenario.unit
    digits = _digits(lines)

    def draw(canvas: Canvas) -> None:
        axes = canvas.subplots(1, 3, sharey=True, width_ratios=(5.2, 1.7, 1.7))
        lanes(axes[0], [""] * len(lines))
        rules(axes, [y - 0.66 for y in range(len(lines))])
        for y, line in enumerate(lines):
            _name(axes, y, line)
            _patience(axes[0], y, line, digits)
        least = min(value for line in lines for value in (line.least_discount, line.discount) if value is not None)
        axes[0].set_xlim(max(0.0, least - ROOM * (1 - least)), 1.0)
        axes[0].set_xlabel("discount factor: more patient →")
        words = [number(line.loss, 2) for line in lines]
        _bars(axes[1], [line.loss for line in lines], words, BLUE)
        words = [percent(line.punished_share) + (" pay" if _pays(line) else "") for line in lines]
        _bars(axes[2], [line.punished_share for line in lines], words, GREY)
        heads = ("Is there patience enough?", f"joint loss\n{shorten(unit, 84)}", "months\npunished")
        for one, head, weight in zip(axes, heads, ("bold", "normal", "normal"), strict=True):
            one.set_title(head, fontsize=12, fontweight=weight)
        bar = {"facecolor": GOOD}
        marks = [("needed", marker("D", INK, 9, hollow=True)), ("at hand", marker("o", INK, 9))]
        legend(canvas, [*marks, ("room", bar), ("short", SHORT | {"edgecolor": BAD})], 4)

    return svg.figure(
        "answer",
        draw,
        alt=_alt(lines, unit, digits),
        caption=_caption(lines),
        data=_table(lines, unit),
        height=ROW * len(lines) + FRAME,
    )


def _verdict(line: Outcome) -> str:
    return f"holds by {line.selected.label}" if line.holds else f"does not hold: {line.selected.label}"


def _colour(line: Outcome) -> str:
    return GOOD if line.holds else WARNING if line.enforcement.others else BAD


def _rule(line: Outcome) -> str:
    """Return the name of the rule whose need is shown, empty where no rule holds at any discount factor."""
    measured = line.enforcement.measured
    return "" if measured is None else measured.name


def _others(line: Outcome) -> list[str]:
    return [rule.name for rule in line.enforcement.others]


def _pays(line: Outcome) -> bool:
    asked = line.enforcement.asked
    return line.holds and asked is not None and asked.key == "compensation"


def _digits(lines: Sequence[Outcome]) -> int:
    """Return the decimals that tell every need from what is at hand."""
    pairs = [(line.least_discount, line.discount) for line in lines if line.least_discount is not None]
    return next((d for d in (2, 3) if all(number(a, d) != number(b, d) for a, b in pairs)), 4)


def _name(axes: list[Axes], y: int, line: Outcome) -> None:
    """Write above a row the outcome and, at the right end, the verdict."""
    verdict = shorten(_verdict(line), 272, 12.5)
    name = shorten(line.call.label, svg.WIDTH - 44 - SIGN * len(verdict), 13.5, bold=True)
    sign: Look = {"boxstyle": "circle,pad=0.15" if line.holds else "square,pad=0.15", "facecolor": _colour(line)}
    look: Look = {"color": PAPER, "fontweight": "bold", "bbox": sign | {"edgecolor": "none"}}
    beside(axes[0], 0.02, y - 0.4, "✓" if line.holds else "×", **look)
    beside(axes[0], 0.09, y - 0.4, name, fontsize=13.5, fontweight="bold")
    beside(axes[2], 1.0, y - 0.4, verdict, ha="right", fontsize=12.5, color=_colour(line))


def _patience(axes: Axes, y: int, line: Outcome, digits: int) -> None:
    """Draw what is needed and what is at hand, with the room or the shortfall between them."""
    axes.plot(line.discount, y, zorder=4, **marker("o", _colour(line), 11))
    if line.least_discount is None:
        next_to(axes, line.discount, y, "no discount factor is enough", 12 if line.discount < 0.5 else -12)
        return
    look = {"facecolor": _colour(line)} if line.holds else SHORT
    axes.barh(y, line.discount - line.least_discount, 0.12, line.least_discount, edgecolor=_colour(line), **look)
    axes.plot(line.least_discount, y, zorder=4, **marker("D", _colour(line), 9, hollow=True))
    for value in (line.least_discount, line.discount):
        right = value > min(line.least_discount, line.discount) or (line.least_discount == line.discount == value)
        weight = "bold" if value == line.discount else "normal"
        next_to(axes, value, y, number(value, digits), 10 if right else -10, fontsize=12.5, fontweight=weight)


def _bars(axes: Axes, values: list[float], words: list[str], colour: str) -> None:
    axes.barh(range(len(values)), values, 0.18, color=colour)
    for y, (value, text) in enumerate(zip(values, words, strict=True)):
        next_to(axes, value, y, text, 5, fontsize=12.5)
    axes.grid(False)
    axes.set_xlim(0, max(*values, 1e-12) * 2.6)
    axes.set_xticks([])
    axes.tick_params(axis="y", left=False, labelleft=False)


def _alt(lines: Sequence[Outcome], unit: str, digits: int) -> str:
    parts = []
    for line in lines:
        need = (
            f"{_rule(line) or 'every rule'} holds at no discount factor"
            if line.least_discount is None
            else f"{_rule(line)} needs {number(line.least_discount, digits)}"
        )
        if _others(line) and not line.holds:
            need += f", {enumeration(_others(line))} would hold"
        parts.append(
            f"{line.call.label}: {_verdict(line)}; {need}, at hand {number(line.discount, digits)}; joint loss "
            f"{number(line.loss, 2)} {unit}, {percent(line.punished_share)} of months "
            + ("paid for" if _pays(line) else "punished")
        )
    return "One row for each call outcome. " + ". ".join(parts) + "."


def _caption(lines: Sequence[Outcome]) -> str:
    good = [literal(line.call.label) for line in lines if line.holds]
    bad = [literal(line.call.label) for line in lines if not line.holds]
    first = (
        f"By the rule selected after each outcome the deal holds by itself after **{enumeration(good)}**"
        if good
        else "After no outcome does the deal hold by itself under the rule selected then"
    )
    second = f"; it does not after **{enumeration(bad)}**." if bad and good else "."
    second += "".join(
        f" After {literal(line.call.label)} it would by {literal(enumeration(_others(line), 'or'))}."
        for line in lines
        if _others(line) and not line.holds
    )
    reading = (
        " The diamond is the least patience at which the named rule holds, its length or payment chosen anew; a filled "
        "bar means that it holds at the disc. The loss is both players' together, against a deal that everyone keeps "
        "and nobody doubts."
    )
    if any(line.enforcement.asked is None for line in lines):
        named = dict.fromkeys(literal(_rule(line)) for line in lines if line.enforcement.asked is None and _rule(line))
        if named:
            rules = enumeration([*named])
            reading += f" Where stage Nash is selected, the diamond is that of the least demanding rule: {rules}."
    return first + second + reading


def _table(lines: Sequence[Outcome], unit: str) -> Table:
    columns = (
        Column("outcome"),
        Column("regime"),
        Column("holds", kind="mark"),
        Column("discount factor needed", kind="number", digits=3),
        Column("at hand", kind="number", digits=3),
        Column("room", kind="number", digits=3, signed=True),
        Column("joint loss", literal(unit), "number", 3),
        Column("months punished", kind="number", digits=3, title="long-run share; months with a payment if paid for"),
        Column("needed by"),
        Column("other rules that hold"),
    )
    rows = tuple(
        (
            literal(line.call.label),
            literal(line.selected.label),
            Cell(line.holds, tone="good" if line.holds else "bad"),
            line.least_discount,
            line.discount,
            None if line.least_discount is None else line.discount - line.least_discount,
            line.loss,
            line.punished_share,
            literal(_rule(line) or "none"),
            literal(enumeration(_others(line)) or "none"),
        )
        for line in lines
    )
    return Table(columns, rows, "Patience needed and at hand, by call outcome")
