"""What a low month means: likelihoods, ratios, wrong accusations."""

import itertools

import numpy as np

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.false_accusations import DEVIATION_PRIORS, MONTHS_IN_YEAR, likelihood_ratios
from negotiation.report.document import Column, Paragraph, Section, Table, literal
from negotiation.report.figures.signals import MANY, RARE, capped, signal_picture
from negotiation.report.tables import numbers, table
from negotiation.report.words import call_label, enumeration, label, number, percent, players, significant
from negotiation.trade.game.build import TradeGame
from negotiation.trade.parameters.labels import OTHERS, signals_text

# the grades of Kass and Raftery (1995): likelihood ratios from which evidence is called so
GRADES = ((20.0, "strong evidence"), (3.0, "positive evidence"), (1.0, "weak evidence"), (0.0, "no evidence of it"))


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
            _likelihood_table(game),
            _accusations(analysis),
        ),
        "Tariffs are seen exactly; the other side's conduct only through a public signal."
        if game.has_economics
        else "What everyone sees after each period.",
    )


def _reading(game: TradeGame) -> str:
    """Say which signal speaks most for a deviation, and whether the ratio is monotone over the ordered bins."""
    pact, actions = game.pact, game.pact.stage.actions[1]
    first, values = next(iter(likelihood_ratios(pact).items()))
    eligible = [name in pact.eligible for name in pact.monitoring.signals]
    ratios = [value or 0.0 for value in itertools.compress(values, eligible)]
    chances = pact.monitoring.likelihood[pact.deal[0], actions.index(first)][eligible]
    peak = int(np.argmax(np.where(chances < RARE, -1.0, ratios)))
    deal = literal(label(actions[pact.deal[1]]))
    times = significant(ratios[peak]) if ratios[peak] < MANY else f"more than {MANY}"
    often = f"it is {times} times as likely then as under {deal}"
    if np.isinf(ratios[peak]):
        often = f"it never occurs under {deal}"
    text = f"The signal “{literal(pact.eligible[peak])}” speaks most for {literal(label(first))}: {often}."
    falling = all(a >= b for a, b in itertools.pairwise(ratios))
    if game.figures is not None and not game.figures.both and not falling:
        evidence = next(words for least, words in GRADES if ratios[0] >= least)
        text += (
            f" The ratio is **not monotone**: the lowest bin gives only {significant(ratios[0])}, because stand-stills "
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
    row, licence = game.pact.deal
    column, names = game.pact.stage.payoffs[1, row], [literal(label(name)) for name in game.pact.stage.actions[1]]
    for index in np.flatnonzero(game.elsewhere):
        alike = [i for i, share in enumerate(game.elsewhere) if not share and i != licence]
        near = min(alike, key=lambda i: abs(game.withheld[i] - game.withheld[index]), default=licence)
        extra, gain = (
            number(float(difference), 2)
            for difference in (column[near] - column[index], column[index] - column[licence])
        )
        pays = column[index] > column[licence]
        text += (
            f"{names[index].capitalize()} looks like a delay. It costs {extra} a month more than "
            f"{names[near]} and still gains {gain} over the deal: "
        )
        text += (
            "it pays wherever months that are low for everyone are excused. "
            if pays
            else "the way round does not pay. "
        )
    counts = any(name.endswith(OTHERS[1]) for name in game.pact.trigger)
    text += (
        "The threshold trigger counts months that are low for everyone too; `monitoring.common_trigger` = 0 excuses "
        "them. The best set of signals is chosen among the pairs."
        if counts
        else "The threshold trigger excuses months that are low for everyone (`monitoring.common_trigger`)."
    )
    return (Paragraph(text),)


def _likelihood_table(game: TradeGame) -> Table:
    """Return P(signal | action) of the second player, with likelihood ratios to the deal's action."""
    pact = game.pact
    chances = zip(pact.stage.actions[1], pact.monitoring.likelihood[pact.deal[0]].tolist(), strict=True)
    rows = [(literal(label(name)), *row) for name, row in chances]
    for name, values in likelihood_ratios(pact).items():
        ratios = (None if value is None else capped(value) for value in values)
        rows.append((f"ratio {literal(label(name))} / deal", *ratios))
    columns = ("action", *numbers(3, *map(literal, pact.monitoring.signals)))
    return table("Likelihood of each signal", "likelihoods", columns, rows, sortable=False)


def _accusations(analysis: Analysis) -> Table:
    group = f"P({players(analysis.scenario)[1]} withheld, given a low month)"
    columns = (
        *("outcome", "trigger", *numbers(3, "low if deal", "low if not")),
        *(Column(f"prior {prior:g}", group=group) for prior in DEVIATION_PRIORS),
        f"false alarm within {MONTHS_IN_YEAR} months",
    )
    calls = analysis.comparison.calls
    pairs = [(row, accusation) for row in calls for accusation in row.accusations]
    rows = []
    for row, accusation in pairs:
        names = (call_label(row.outcome), literal(signals_text(accusation.trigger)))
        shares = map(percent, (*accusation.posteriors, accusation.false_within_year))
        rows.append((*names, accusation.low_if_deal, accusation.low_if_deviation, *shares))
    deviations = sorted({literal(label(accusation.deviation)) for _, accusation in pairs})
    note = (
        f"“Not” means {enumeration(deviations, 'or')}, the most tempting deviation. The prior "
        "is the probability that it is being played: a reduced form, not an equilibrium belief about a type."
    )
    alarm = number(calls[0].accusations[0].false_within_year, 2)
    caption = f"Wrong accusations: with the first trigger an innocent year sees a false alarm with probability {alarm}"
    return table(caption, "accusations", columns, rows, note)
