"""What a low month means: likelihoods, ratios, wrong accusations."""

from __future__ import annotations

import itertools

import numpy as np

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.false_accusations import MONTHS_IN_YEAR, PRIORS, likelihood_ratios
from negotiation.report.document import CellValue, Column, Paragraph, Section, Table, literal
from negotiation.report.figures.signals import MANY, RARE, capped, signal_picture
from negotiation.report.words import enumeration, label, number, percent, player, significant
from negotiation.trade.game.build import TradeGame
from negotiation.trade.parameters.labels import OTHERS, signals_text

GRADES = ((20.0, "strong"), (3.0, "positive"), (1.0, "weak"))


def signals_section(analysis: Analysis) -> Section:
    """Return the signals of the base game and what they prove."""
    game = analysis.base
    return Section(
        "monitoring",
        "Signals: what a low month means",
        (
            signal_picture(game),
            Paragraph(_reading(game)),
            *_both_figures(game),
            likelihood_table(game),
            _accusations(analysis),
        ),
        "Tariffs are seen exactly; the other side's conduct only through a public signal."
        if game.has_economics
        else "What everyone sees after each period.",
    )


def _reading(game: TradeGame) -> str:
    """Say which signal speaks most for a deviation, and whether the ratio is monotone over the ordered bins."""
    pact, found = game.pact, likelihood_ratios(game.pact)
    first = next(iter(found))
    values = [value for name, value in zip(pact.monitoring.signals, found[first], strict=True) if name in pact.eligible]
    finite = [value if value is not None else 0.0 for value in values]
    chances = pact.monitoring.likelihood[pact.deal[0], pact.stage.actions[1].index(first)]
    rare = chances[[name in pact.eligible for name in pact.monitoring.signals]] < RARE
    peak = int(np.argmax(np.where(rare, -1.0, finite)))
    deal = literal(label(pact.stage.actions[1][pact.deal[1]]))
    times = significant(finite[peak]) if finite[peak] < MANY else f"more than {MANY}"
    often = (
        f"it never occurs under {deal}"
        if np.isinf(finite[peak])
        else f"it is {times} times as likely then as under {deal}"
    )
    text = f"The signal “{literal(pact.eligible[peak])}” speaks most for {literal(label(first))}: {often}."
    falling = all(a >= b for a, b in itertools.pairwise(finite))
    ordered = game.figures is not None and not game.figures.both
    if ordered and not falling:
        # the grades of Kass and Raftery 1995 for a likelihood ratio
        evidence = next((f"{word} evidence" for least, word in GRADES if finite[0] >= least), "no evidence of it")
        text += (
            f" The ratio is **not monotone**: the lowest bin gives only {significant(finite[0])}, because stand-stills "
            f"happen without any intent. A steady shortfall is the mark of intent; a collapse is {evidence}."
        )
    return text


def _both_figures(game: TradeGame) -> tuple[Paragraph, ...]:
    """Say what the others' figure adds, what going round it costs, and whether the threshold trigger excuses."""
    if game.figures is None or not game.figures.both:
        return ()
    line = percent(float(game.figures.others_trigger))
    text = (
        f"**Both figures are read.** A genuine delay holds up everyone, so a month that is low to the US while the others "
        f"stay at {line} of normal or above speaks of intent. "
    )
    column = game.pact.stage.payoffs[1, game.pact.deal[0]]
    for index, name in enumerate(game.pact.stage.actions[1]):
        if game.elsewhere[index]:
            alike = [i for i, share in enumerate(game.elsewhere) if not share and i != game.pact.deal[1]]
            near = min(alike, key=lambda i: abs(game.withheld[i] - game.withheld[index]), default=game.pact.deal[1])
            extra, gain = column[near] - column[index], column[index] - column[game.pact.deal[1]]
            text += (
                f"{literal(label(name)).capitalize()} looks like a delay. It costs {number(float(extra), 2)} a month more than "
                f"{literal(label(game.pact.stage.actions[1][near]))} and still gains {number(float(gain), 2)} over the deal: "
            )
            pays = "it pays wherever months that are low for everyone are excused. "
            text += pays if gain > 0 else "the way round does not pay. "
    excused = not any(name.endswith(OTHERS[1]) for name in game.pact.trigger)
    text += (
        "The threshold trigger excuses months that are low for everyone (`monitoring.common_trigger`)."
        if excused
        else "The threshold trigger counts months that are low for everyone too; `monitoring.common_trigger` = 0 excuses "
        "them. The best set of signals is chosen among the pairs."
    )
    return (Paragraph(text),)


def likelihood_table(game: TradeGame) -> Table:
    """Return P(signal | action) of the second player, with likelihood ratios to the deal's action."""
    pact = game.pact
    rows: list[tuple[CellValue, ...]] = []
    for index, name in enumerate(pact.stage.actions[1]):
        rows.append((literal(label(name)), *(float(p) for p in pact.monitoring.likelihood[pact.deal[0], index])))
    for name, values in likelihood_ratios(pact).items():
        shown = (None if value is None else capped(value) for value in values)
        rows.append((f"ratio {literal(label(name))} / deal", *shown))
    columns = (Column("action"), *(Column(literal(name), kind="number", digits=3) for name in pact.monitoring.signals))
    return Table(columns, tuple(rows), "Likelihood of each signal", key="likelihoods", sortable=False)


def _accusations(analysis: Analysis) -> Table:
    second = player(analysis.scenario, 1)
    columns = (
        Column("outcome"),
        Column("trigger"),
        Column("low if deal", kind="number", digits=3),
        Column("low if not", kind="number", digits=3),
        *(
            Column(f"prior {prior:g}", kind="text", group=f"P({second} withheld, given a low month)")
            for prior in PRIORS
        ),
        Column(f"false alarm within {MONTHS_IN_YEAR} months", kind="text"),
    )
    rows: list[tuple[CellValue, ...]] = [
        (
            literal(row.outcome.call.label),
            literal(signals_text(item.trigger)),
            item.low_if_deal,
            item.low_if_deviation,
            *(percent(value) for value in item.posteriors),
            percent(item.false_within_year),
        )
        for row in analysis.comparison.calls
        for item in row.accusations
    ]
    deviations = sorted({item.deviation for row in analysis.comparison.calls for item in row.accusations})
    note = (
        f"“Not” means {enumeration([literal(label(name)) for name in deviations], 'or')}, the most tempting deviation. The prior "
        "is the probability that it is being played: a reduced form, not an equilibrium belief about a type."
    )
    first = analysis.comparison.calls[0].accusations[0]
    caption = (
        f"Wrong accusations: with the first trigger an innocent year sees a false alarm with probability "
        f"{number(first.false_within_year, 2)}"
    )
    return Table(columns, tuple(rows), caption, key="accusations", notes=(note,))
