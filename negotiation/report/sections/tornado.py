"""One parameter at a time: how far each moves the value, and which of them flip the headline."""

from __future__ import annotations

from negotiation.errors import count_text
from negotiation.report.document import Block, CellValue, Column, Details, Section, Table, literal
from negotiation.report.figures.study_bars import tornado_bars
from negotiation.report.words import enumeration
from negotiation.studies.sensitivity import Swing, Tornado
from negotiation.trade.scenario.scenario import Scenario


def tornado_section(scenario: Scenario, found: Tornado, first: str) -> Section:
    """Return the tornado of one outcome, the others behind a summary, and the table of what flips the headline."""
    figures = {
        name: tornado_bars(f"tornado-{name.replace('_', '-')}", found, name, scenario.call(name).label, scenario.unit)
        for name in found.outcomes
    }
    others = tuple(figures[name] for name in found.outcomes if name != first)
    blocks: list[Block] = [figures[first]]
    if others:
        blocks.append(Details("The same after the other call outcomes", others))
    blocks.append(_flips(scenario, found))
    return Section(
        "tornado",
        "One number at a time",
        tuple(blocks),
        "Each parameter goes from the low to the high end of its range, the others stay as they are; length or payment "
        "of every regime is chosen anew.",
    )


def flipping(found: Tornado) -> tuple[Swing, ...]:
    """Return the swings that flip a verdict or the best outcome."""
    return tuple(swing for swing in found.swings if swing.flips or swing.best_flips)


def _flips(scenario: Scenario, found: Tornado) -> Table:
    rows: list[tuple[CellValue, ...]] = [
        (
            f"`{swing.path}`",
            scenario.value(swing.path),
            swing.low,
            swing.high,
            enumeration([literal(scenario.call(name).label) for name in swing.flips]) or "none",
            swing.best_flips,
        )
        for swing in flipping(found)
    ]
    columns = (
        Column("parameter"),
        Column("now", kind="number"),
        Column("low end", kind="number"),
        Column("high end", kind="number"),
        Column("verdict flips after"),
        Column("another outcome is best", kind="mark"),
    )
    rest = [swing for swing in found.swings if not (swing.flips or swing.best_flips)]
    refused = sum(swing.refused for swing in rest)
    note = f"Without a flip at either end: {count_text(len(rest) - refused, 'further parameter')}."
    if refused:
        note += f" Without one as far as known, since an end could not be computed: {count_text(refused, 'parameter')}."
    return Table(columns, tuple(rows), "Which parameters flip the headline", key="headline-flips", notes=(note,))
