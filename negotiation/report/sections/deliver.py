"""What the call must deliver: one instrument alone, under each regime, two together, all together, and who vetoes."""

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
from negotiation.report.document import Cell, Figure, Note, Paragraph, Section, Table, literal
from negotiation.report.figures.lines import Line, line_chart
from negotiation.report.tables import marks, numbers, table
from negotiation.report.words import number, title

JUDGED = (
    "Prices of instruments, and caps taken from plausible ranges, are judgement; `negotiation deliver` changes both, with "
    "`--price` and `--cap`."
)


def deliver_sentence(requirements: Requirements) -> str:
    """Return the sentence for the first screen (inline text)."""
    return literal(requirements_sentence(requirements))


def deliver_section(requirements: Requirements) -> Section:
    """Return the section on what the call must deliver."""
    # a chart where one instrument can stand in for the other
    helpful = [pair for pair in requirements.pairs if sum(y is not None for _, y in pair.points[:-1]) > 1]
    return Section(
        "deliver",
        "What the call must deliver",
        (
            Paragraph(deliver_sentence(requirements)),
            _alone(requirements),
            _regimes(requirements),
            *(_frontier(requirements, pair) for pair in helpful),
            Paragraph(literal(_together(requirements))),
            _vetoes(requirements),
            Note(JUDGED, "limit"),
        ),
        "The least of each instrument with which the deal enforces itself, so that no one-shot deviation pays: first with "
        "a response to a low month that is chosen by lottery (war for ever, or a month of the first player's other "
        "actions), then under each named rule, which can need less.",
    )


def _alone(requirements: Requirements) -> Table:
    title = "closed form on the second player's side; for the first player's commitment on its own"
    columns = (
        "instrument alone",
        *numbers(3, "now", "least", "cap"),
        "unit",
        *numbers(3, "permanent reversion needs", title=title),
        *numbers(3, "price"),
        "why its cap is not enough",
    )
    rows = [
        (
            f"{literal(need.instrument.label)} (`{need.instrument.key}`)",
            need.instrument.present,
            Cell(need.amount, bold=need.amount is not None),
            Cell(need.instrument.cap, judgement=True),
            literal(need.instrument.unit),
            need.closed_form,
            Cell(need.instrument.price, judgement=True),
            literal(alone_words(need, requirements.scenario)),
        )
        for need in requirements.alone
    ]
    return table("One instrument alone, with a response by lottery", "deliver-alone", columns, rows)


def _regimes(requirements: Requirements) -> Table:
    keys = requirements.needs[0].amounts if requirements.needs else ()
    names = [literal(instrument_name(requirements.scenario, key)) for key in keys]
    rows = [(literal(need.label), need.holds_now, *need.amounts.values()) for need in requirements.needs]
    caption = "The least of each under each simple regime, threshold trigger"
    note = "With whole months and the conditions of each regime; n/a where the cap is not enough."
    return table(caption, "deliver-regimes", ("regime", *marks("holds now"), *numbers(3, *names)), rows, note)


def _frontier(requirements: Requirements, pair: InstrumentFrontier) -> Figure:
    keys = (pair.first, pair.second)
    x, y = (literal(instrument_name(requirements.scenario, key)) for key in keys)
    first, second = (requirements.problem.instruments[key].unit for key in keys)
    return line_chart(
        f"frontier-{pair.first}-{pair.second}".replace("_", "-"),
        [amount for amount, _ in pair.points],
        [Line(f"least {y}", tuple(y for _, y in pair.points))],
        x_title=f"{x} ({first})",
        y_title=f"{y} ({second})",
        caption=f"How far {x} stands in for {y}.",
    )


def _together(requirements: Requirements) -> str:
    scenario, package = requirements.scenario, requirements.together
    if package is None:
        why = block_words(scenario, requirements.block)
        return f"All together: nothing within the caps is enough for a response by lottery; {why}."
    return (
        f"All together with a response by lottery, cheapest at the stated prices: {delivered_words(requirements.problem, package)}, "
        f"at {number(package.cost, 4)} {scenario.unit} burnt and paid. What binds: "
        f"{binding_words(scenario, package.binding)}. {every_share_words(requirements)}"
    )


def _vetoes(requirements: Requirements) -> Table:
    rows = [
        (
            literal(title(veto.player)),
            literal(delivered_words(requirements.problem, veto.package)),
            veto.value,
            veto.punishment,
            literal(binding_words(requirements.scenario, veto.package.binding)),
        )
        for veto in requirements.vetoes
    ]
    columns = ("side", "worst package it accepts", *numbers(3, "it gets", "war gives it"), "what binds")
    return table("Who vetoes: per month, relative to the deal kept smoothly", "deliver-vetoes", columns, rows)
