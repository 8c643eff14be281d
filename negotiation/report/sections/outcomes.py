"""Outcomes by regimes: does the deal hold, at what cost, where the gain comes from, and under one common yardstick."""

import math
from collections.abc import Sequence

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.comparison import CHANCES, Comparison
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.report.document import Block, Cell, CellValue, Details, Paragraph, Section, Table, literal
from negotiation.report.figures.decomposition import decomposition_bars
from negotiation.report.figures.patience import patience_chart
from negotiation.report.tables import Head, marks, numbers, table
from negotiation.report.words import call_label, enumeration, label, number, percent, players, title
from negotiation.solve.regimes.analysis import BEST_SET, Regime
from negotiation.trade.parameters.labels import signals_text
from negotiation.trade.scenario.scenario import Scenario

EVERY_SHARE = marks("against every share", title="whether it holds against every share that could be withheld")


def outcomes_section(analysis: Analysis) -> Section:
    """Return the comparison of outcomes and regimes."""
    comparison = analysis.comparison
    delays: tuple[Block, ...] = ()
    if all(row.delays is not None for row in comparison.calls):
        text = (
            "**Genuine delays hurt too.** The figures above count only what is withheld on purpose. Counting what "
            "arrives, fewer delays are worth something in themselves, beside what they do for enforcement."
        )
        delays = (Paragraph(text), _delays_table(comparison))
    return Section(
        "outcomes",
        "Outcomes and regimes",
        (
            outcome_table(comparison),
            patience_chart(comparison),
            Details("Every outcome under every regime", (regime_table([row.outcome for row in comparison.calls]),)),
            Paragraph(
                "**Where the gain comes from.** The gain over the first outcome splits into what is assumed about primitives "
                "(delays, pledges, patience), what is assumed about selection (which regime the two agree on), and what the "
                "computation adds (the length or payment chosen anew)."
            ),
            decomposition_bars(comparison),
            Details("The split for each side", (_decomposition_table(comparison),)),
            _common_table(comparison),
            _renegotiation_table(comparison, selected_only=True),
            Details("Renegotiation under every regime", (_renegotiation_table(comparison, selected_only=False),)),
            *delays,
        ),
        "Values are normalised per month, relative to the deal kept smoothly; δ is the monthly discount factor.",
    )


def _values(scenario: Scenario, *more: str, group: str = "") -> tuple[Head, ...]:
    """Return a column of signed money for each side, and for `more`."""
    return numbers(3, *players(scenario), *more, unit=scenario.unit, signed=True, group=group)


def _share(regime: Regime) -> str:
    """Return the unlisted share that pays most, where, and by how much; empty when none pays."""
    share = regime.share
    if share is None or not share.pays:
        return ""
    return literal(f"{share.amount} in {share.state}: +{number(share.gain, 3)}")


def outcome_table(comparison: Comparison) -> Table:
    """Return the main table: one row a call outcome, its selected regime under the threshold trigger."""
    columns = (
        *("outcome", *marks("holds"), *EVERY_SHARE, "share that pays", "regime", *numbers(3, "δ")),
        *numbers(3, "least δ", title="of the regime, its length or payment chosen anew at every δ"),
        *numbers(3, "as written", title="least δ of the regime on the terms named in this row"),
        "other rules that hold",
        *numbers(3, "P(low | deal)"),
        *_values(comparison.scenario, "joint", group="value per month"),
        *("months punished", *numbers(1, "first, expected month")),
    )
    notes = ["“least δ” takes the best length or payment at every δ, “as written” the terms of the row."]
    for row in comparison.calls:
        enforcement = row.outcome.enforcement
        if enforcement.asked is None and enforcement.least is not None:
            notes.append(
                f"After {call_label(row.outcome)} stage Nash is selected; the least δ is that of the least "
                f"demanding rule, {literal(enforcement.least.name)}."
            )
    rows = [_outcome_row(row.outcome) for row in comparison.calls]
    return table("Call outcomes", "outcome-table", columns, rows, *notes)


def _outcome_row(outcome: Outcome) -> tuple[CellValue, ...]:
    pact, regime, enforcement = outcome.game.pact, outcome.selected, outcome.enforcement
    never = math.isinf(regime.months_to_first) or regime.key == "stage_nash"
    return (
        Cell(call_label(outcome), bold=True),
        outcome.holds,
        outcome.holds_against_every_share,
        _share(regime) if outcome.holds else "",
        literal(f"{regime.label}, {outcome.terms}"),
        enforcement.discount,
        None if enforcement.measured is None else enforcement.measured.least,
        outcome.written_discount,
        literal(enumeration([rule.name for rule in enforcement.others]) or "none"),
        float(pact.monitoring.likelihood[pact.deal] @ pact.mask(pact.trigger)),
        *outcome.values,
        sum(outcome.values),
        percent(outcome.punished_share),
        None if never else regime.months_to_first,
    )


def regime_table(outcomes: Sequence[Outcome]) -> Table:
    """Return every outcome under every regime, for the threshold trigger and the best set of signals."""
    scenario = outcomes[0].game.scenario
    columns = (
        *("outcome", "regime", "trigger", "terms", *marks("holds"), *EVERY_SHARE, "share that pays"),
        *(*numbers(3, "least δ"), *_values(scenario, "joint"), "punished", "tightest constraint"),
        *numbers(4, "slack", unit=scenario.unit, signed=True),
    )
    rows = [_regime_row(outcome, regime) for outcome in outcomes for regime in outcome.regimes]
    listed = (
        "“holds” asks about the listed actions; “against every share” about every share that could be withheld, in every "
        "state, war included. The share that pays most is named with its gain in the month of the deviation.",
        "A best set is chosen among all sets of signals; while the deal stands or a snapback runs it must deter every "
        "share on a grid, and so must its least δ. Whether a share pays in war is not asked of it there.",
    )
    every = ("“holds”, the terms and every least δ ask about every share that could be withheld, in every state.",)
    notes = (
        *(every if scenario.any_share else listed),
        "Stage Nash is war in every month: it keeps no deal, so nothing is asked of it.",
    )
    return table("Every outcome under every regime", "regime-table", columns, rows, *notes)


def _regime_row(outcome: Outcome, regime: Regime) -> tuple[CellValue, ...]:
    worst, static = regime.worst, regime.key == "stage_nash"
    return (
        call_label(outcome),
        literal(regime.label),
        literal(signals_text(regime.trigger) if regime.trigger_rule == BEST_SET else regime.trigger_rule),
        literal(regime.terms),
        None if static else regime.holds,
        None if regime.share is None or static else regime.holds_finely,
        _share(regime),
        None if static else regime.least_discount,
        *regime.values,
        regime.joint,
        percent(regime.punished_share),
        "" if worst is None else literal(f"{title(worst.player)} in {worst.state}: {label(worst.deviation)}"),
        None if worst is None else worst.slack,
    )


def _decomposition_table(comparison: Comparison) -> Table:
    parts = ("selection", "primitives", "computed", "total")
    columns = ("outcome", *(column for part in parts for column in _values(comparison.scenario, group=part)))
    rows = [
        (call_label(row.outcome), *(value for part in parts for value in getattr(row.decomposition, part)))
        for row in comparison.calls
    ]
    return table("Gain over the first outcome, by source", "decomposition-table", columns, rows)


def _common_table(comparison: Comparison) -> Table:
    names = players(comparison.scenario)
    truce = numbers(2, *names, unit="over war, total", signed=True, group="worth of the truce")
    columns = ("outcome", *_values(comparison.scenario, group="value for good"), *truce)
    rows = [(call_label(row.outcome), *row.common, *row.truce) for row in comparison.calls]
    note = (
        f"All outcomes at one discount factor, {number(comparison.scenario.common_discount, 3)}, whatever the call does to patience; once the truce ends, "
        "the war profile is played. An outcome whose selected regime does not hold is worth war."
    )
    return table("All outcomes on one yardstick", "common-table", columns, rows, note)


def _renegotiation_table(comparison: Comparison, selected_only: bool) -> Table:
    columns = ("outcome", "regime", *numbers(3, *(f"ρ = {chance:g}" for chance in CHANCES), group="least δ"))
    rows = []
    for row in comparison.calls:
        for pact in row.renegotiation:
            selected = pact.regime == row.outcome.call.regime
            if selected or not selected_only:
                name = Cell(literal(pact.label), bold=selected)
                rows.append((call_label(row.outcome), name, *pact.least_discounts))
    note = (
        "Least δ when a call in a month of punishment or war restores the pact with probability ρ (Klimenko, Ramey, "
        "Watson 2008): easy fresh starts weaken the threat. n/a: no patience is enough. Bold: the selected regime."
    )
    key = "renegotiation" if selected_only else "renegotiation-all"
    return table("A call during a punishment is renegotiation", key, columns, rows, note)


def _delays_table(comparison: Comparison) -> Table:
    damage, gain = "damage of genuine delays", "gain over the first outcome"
    unit, counting = comparison.scenario.unit, "counting delays"
    columns = (
        "outcome",
        *numbers(3, "political", "economic", unit=unit, group=damage),
        *numbers(3, "direct", "by enforcement", unit=unit, signed=True, group=gain),
        *(*marks("holds", group=counting), *numbers(3, "least δ", group=counting)),
    )
    rows = []
    for row in comparison.calls:
        delays = row.delays
        if delays is not None:
            pact = delays.regime.key != "stage_nash"
            verdict = (delays.regime.holds and pact, delays.regime.least_discount if pact else None)
            gains = (delays.direct_gain, delays.enforcement_gain)
            rows.append((call_label(row.outcome), delays.political, delays.economic, *gains, *verdict))
    return table("What fewer genuine delays are worth", "delay-table", columns, rows)
