"""What the call must deliver: one instrument alone, under each regime, two together, all together, and who vetoes."""

from __future__ import annotations

from negotiation.calls.deliver import Delivery, Frontier
from negotiation.calls.deliver_design import ROWS
from negotiation.calls.deliver_words import alone_words, block_words, delivered_words, named, sentence
from negotiation.report.document import Block, Cell, CellValue, Column, Note, Paragraph, Section, Table, literal
from negotiation.report.figures.lines import Line, line_chart
from negotiation.report.words import number, title

JUDGED = (
    "Prices of instruments, and caps taken from plausible ranges, are judgement; `negotiation deliver` changes both."
)


def deliver_sentence(found: Delivery) -> str:
    """Return the sentence for the first screen (inline text)."""
    return literal(sentence(found))


def deliver_section(found: Delivery) -> Section:
    """Return the section on what the call must deliver."""
    blocks: list[Block] = [
        Paragraph(deliver_sentence(found)),
        _alone(found),
        _regimes(found),
        *frontier_blocks(found),
        Paragraph(literal(named(found.scenario, _together(found)))),
        _vetoes(found),
        Note(JUDGED, "limit"),
    ]
    intro = (
        "The least of each instrument that makes the deal enforce itself, responses to a low month chosen by lottery "
        "(war for ever, or a month of a tariff), so that no one-shot deviation pays."
    )
    return Section("deliver", "What the call must deliver", tuple(blocks), intro)


def _alone(found: Delivery) -> Table:
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
            title="closed form on China's side; for the US commitment on the US side",
        ),
        Column("price", kind="number", digits=3),
        Column("why its cap is not enough"),
    )
    rows: tuple[tuple[CellValue, ...], ...] = tuple(
        (
            literal(named(found.scenario, item.instrument.label)),
            item.instrument.present,
            Cell(item.amount, bold=item.amount is not None),
            Cell(item.instrument.cap, judgement=True),
            literal(item.instrument.unit),
            item.closed_form,
            Cell(item.instrument.price, judgement=True),
            literal(named(found.scenario, alone_words(item, found.scenario.unit))),
        )
        for item in found.alone
    )
    return Table(columns, rows, "One instrument alone", key="deliver-alone")


def _regimes(found: Delivery) -> Table:
    keys = [key for key, _ in found.needs[0].amounts] if found.needs else []
    columns = (
        Column("regime"),
        Column("holds now", kind="mark"),
        *(Column(key.replace("_", " "), kind="number", digits=3) for key in keys),
    )
    rows: tuple[tuple[CellValue, ...], ...] = tuple(
        (literal(need.label), need.holds_now, *(amount for _, amount in need.amounts)) for need in found.needs
    )
    note = "With whole months and the conditions of each regime; n/a where the cap is not enough."
    return Table(columns, rows, "The least of each under each simple regime", key="deliver-regimes", notes=(note,))


def frontier_blocks(found: Delivery) -> list[Block]:
    """Return a chart for each pair of instruments of which one can stand in for the other."""
    helpful = [pair for pair in found.pairs if sum(y is not None for _, y in pair.points[:-1]) > 1]
    return [_chart(found, pair) for pair in helpful]


def _chart(found: Delivery, pair: Frontier) -> Block:
    second = found.bench.instrument(pair.second)
    first = found.bench.instrument(pair.first)
    return line_chart(
        f"frontier-{pair.first}-{pair.second}".replace("_", "-"),
        [x for x, _ in pair.points],
        [Line(f"least {pair.second.replace('_', ' ')}", tuple(y for _, y in pair.points))],
        x_title=f"{pair.first.replace('_', ' ')} ({first.unit})",
        y_title=f"{pair.second.replace('_', ' ')} ({second.unit})",
        caption=f"How far {pair.first.replace('_', ' ')} stands in for {pair.second.replace('_', ' ')}.",
    )


def _together(found: Delivery) -> str:
    unit = found.scenario.unit
    if found.together is None:
        return f"All together: nothing within the caps is enough; {block_words(found.block, unit)}."
    package = found.together
    binding = "; ".join(ROWS.get(name, name.replace("_", " ")) for name in package.binding)
    return (
        f"All together, cheapest at the stated prices: {delivered_words(found.bench, package)}, at {number(package.cost, 4)} {unit} "
        f"burnt and paid. What binds: {binding}."
    )


def _vetoes(found: Delivery) -> Table:
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
            literal(named(found.scenario, delivered_words(found.bench, veto.package))),
            veto.value,
            veto.war,
            literal(
                named(
                    found.scenario, "; ".join(ROWS.get(name, name.replace("_", " ")) for name in veto.package.binding)
                )
            ),
        )
        for veto in found.vetoes
    )
    return Table(columns, rows, "Who vetoes: per month, relative to the deal kept smoothly", key="deliver-vetoes")
