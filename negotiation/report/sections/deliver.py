"""What the call must deliver: one instrument alone, under each regime, two together, all together, and who vetoes."""

from __future__ import annotations

from negotiation.calls.agreement.requirements import InstrumentFrontier, Requirements
from negotiation.calls.agreement.text import (
    alone_words,
    binding_words,
    block_words,
    delivered_words,
    every_share_words,
    instrument_name,
    requirements_sentence,
)
from negotiation.report.document import Block, Cell, CellValue, Column, Note, Paragraph, Section, Table, literal
from negotiation.report.figures.lines import Line, line_chart
from negotiation.report.words import number, title

JUDGED = (
    "Prices of instruments, and caps taken from plausible ranges, are judgement; `negotiation deliver` changes both."
)


def deliver_sentence(found: Requirements) -> str:
    """Return the sentence for the first screen (inline text)."""
    return literal(requirements_sentence(found))


def deliver_section(found: Requirements) -> Section:
    """Return the section on what the call must deliver."""
    blocks: list[Block] = [
        Paragraph(deliver_sentence(found)),
        _alone(found),
        _regimes(found),
        *frontier_blocks(found),
        Paragraph(literal(_together(found))),
        _vetoes(found),
        Note(JUDGED, "limit"),
    ]
    intro = (
        "The least of each instrument with which the deal enforces itself, so that no one-shot deviation pays: first with "
        "a response to a low month that is chosen by lottery (war for ever, or a month of the first player's other "
        "actions), then under each named rule, which can need less."
    )
    return Section("deliver", "What the call must deliver", tuple(blocks), intro)


def _alone(found: Requirements) -> Table:
    columns = (
        Column("instrument alone"),
        Column("now", kind="number", digits=3),
        Column("least", kind="number", digits=3),
        Column("cap", kind="number", digits=3),
        Column("unit"),
        Column(
            "permanent reversion needs",
            kind="number",
            digits=3,
            title="closed form on the second player's side; for the first player's commitment on its own",
        ),
        Column("price", kind="number", digits=3),
        Column("why its cap is not enough"),
    )
    rows: tuple[tuple[CellValue, ...], ...] = tuple(
        (
            literal(item.instrument.label),
            item.instrument.present,
            Cell(item.amount, bold=item.amount is not None),
            Cell(item.instrument.cap, judgement=True),
            literal(item.instrument.unit),
            item.closed_form,
            Cell(item.instrument.price, judgement=True),
            literal(alone_words(item, found.scenario)),
        )
        for item in found.alone
    )
    return Table(columns, rows, "One instrument alone, with a response by lottery", key="deliver-alone")


def _regimes(found: Requirements) -> Table:
    keys = [key for key, _ in found.needs[0].amounts] if found.needs else []
    columns = (
        Column("regime"),
        Column("holds now", kind="mark"),
        *(Column(literal(instrument_name(found.scenario, key)), kind="number", digits=3) for key in keys),
    )
    rows: tuple[tuple[CellValue, ...], ...] = tuple(
        (literal(need.label), need.holds_now, *(amount for _, amount in need.amounts)) for need in found.needs
    )
    note = "With whole months and the conditions of each regime; n/a where the cap is not enough."
    return Table(
        columns,
        rows,
        "The least of each under each simple regime, threshold trigger",
        key="deliver-regimes",
        notes=(note,),
    )


def frontier_blocks(found: Requirements) -> list[Block]:
    """Return a chart for each pair of instruments of which one can stand in for the other."""
    helpful = [pair for pair in found.pairs if sum(y is not None for _, y in pair.points[:-1]) > 1]
    return [_chart(found, pair) for pair in helpful]


def _chart(found: Requirements, pair: InstrumentFrontier) -> Block:
    second = found.problem.instrument(pair.second)
    first = found.problem.instrument(pair.first)
    x, y = (literal(instrument_name(found.scenario, key)) for key in (pair.first, pair.second))
    return line_chart(
        f"frontier-{pair.first}-{pair.second}".replace("_", "-"),
        [amount for amount, _ in pair.points],
        [Line(f"least {y}", tuple(y for _, y in pair.points))],
        x_title=f"{x} ({first.unit})",
        y_title=f"{y} ({second.unit})",
        caption=f"How far {x} stands in for {y}.",
    )


def _together(found: Requirements) -> str:
    unit = found.scenario.unit
    if found.together is None:
        why = block_words(found.scenario, found.block)
        return f"All together: nothing within the caps is enough for a response by lottery; {why}."
    package = found.together
    return (
        f"All together with a response by lottery, cheapest at the stated prices: {delivered_words(found.problem, package)}, "
        f"at {number(package.cost, 4)} {unit} burnt and paid. What binds: "
        f"{binding_words(found.scenario, package.binding)}. {every_share_words(found)}"
    )


def _vetoes(found: Requirements) -> Table:
    columns = (
        Column("side"),
        Column("worst package it accepts"),
        Column("it gets", kind="number", digits=3),
        Column("war gives it", kind="number", digits=3),
        Column("what binds"),
    )
    rows: tuple[tuple[CellValue, ...], ...] = tuple(
        (
            literal(title(veto.player)),
            literal(delivered_words(found.problem, veto.package)),
            veto.value,
            veto.punishment,
            literal(binding_words(found.scenario, veto.package.binding)),
        )
        for veto in found.vetoes
    )
    return Table(columns, rows, "Who vetoes: per month, relative to the deal kept smoothly", key="deliver-vetoes")
