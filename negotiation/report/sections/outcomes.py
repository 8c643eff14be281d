"""Outcomes by regimes: does the deal hold, at what cost, where the gain comes from, and under one common yardstick."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.comparison import ComparedOutcome, Comparison
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.calls.outcomes.renegotiation import CHANCES
from negotiation.report.document import (
    Block,
    Cell,
    CellValue,
    Column,
    Details,
    Note,
    Paragraph,
    Section,
    Table,
    literal,
)
from negotiation.report.figures.decomposition import decomposition_bars
from negotiation.report.figures.patience import patience_chart
from negotiation.report.words import call_label, enumeration, label, number, percent, player, title
from negotiation.solve.regimes.analysis import BEST_SET, Regime
from negotiation.trade.parameters.labels import signals_text

EVERY_SHARE = (
    Column("against every share", kind="mark", title="whether it holds against every share that could be withheld"),
    Column("share that pays"),
)


def share_cell(regime: Regime) -> str:
    """Return the unlisted share that pays most, where, and by how much; empty when none pays."""
    share = regime.share
    if share is None or not share.pays:
        return ""
    return literal(f"{share.amount} in {share.state}: +{number(share.gain, 3)}")


def outcomes_section(analysis: Analysis) -> Section:
    """Return the comparison of outcomes and regimes."""
    comparison = analysis.comparison
    blocks: list[Block] = [
        outcome_table(comparison),
        patience_chart(comparison),
        Details("Every outcome under every regime", (regime_table(comparison),)),
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
    ]
    delays = _delays_table(comparison)
    if delays is not None:
        blocks += [
            Paragraph(
                "**Genuine delays hurt too.** The figures above count only what is withheld on purpose. Counting what "
                "arrives, fewer delays are worth something in themselves, beside what they do for enforcement."
            ),
            delays,
        ]
    return Section(
        "outcomes",
        "Outcomes and regimes",
        tuple(blocks),
        "Values are normalised per month, relative to the deal kept smoothly; δ is the monthly discount factor.",
    )


def outcome_table(comparison: Comparison) -> Table:
    """Return the main table: one row a call outcome, its selected regime under the threshold trigger."""
    scenario = comparison.scenario
    unit = literal(scenario.unit)
    columns = (
        Column("outcome"),
        Column("holds", kind="mark"),
        *EVERY_SHARE,
        Column("regime"),
        Column("δ", kind="number", digits=3),
        Column("least δ", kind="number", digits=3, title="of the regime, its length or payment chosen anew at every δ"),
        Column("as written", kind="number", digits=3, title="least δ of the regime on the terms named in this row"),
        Column("other rules that hold"),
        Column("P(low | deal)", kind="number", digits=3),
        *(Column(player(scenario, i), unit, "number", 3, True, group="value per month") for i in (0, 1)),
        Column("joint", unit, "number", 3, True, group="value per month"),
        Column("months punished", kind="text"),
        Column("first, expected month", kind="number", digits=1),
    )
    rows = tuple(_outcome_row(row) for row in comparison.calls)
    notes = (
        "“least δ” takes the best length or payment at every δ, “as written” the terms of the row.",
        *_nash_notes(comparison),
    )
    return Table(columns, rows, "Call outcomes", key="outcome-table", notes=notes)


def _nash_notes(comparison: Comparison) -> Iterator[str]:
    """Yield, where stage Nash is selected, whose least discount factor stands in the table."""
    for row in comparison.calls:
        found = row.outcome.enforcement
        if found.asked is None and found.least is not None:
            yield (
                f"After {literal(row.outcome.call.label)} stage Nash is selected; the least δ is that of the least "
                f"demanding rule, {literal(found.least.name)}."
            )


def _outcome_row(row: ComparedOutcome) -> tuple[CellValue, ...]:
    outcome, regime = row.outcome, row.outcome.selected
    low = float(
        outcome.game.pact.monitoring.likelihood[outcome.game.pact.deal]
        @ outcome.game.pact.mask(outcome.game.pact.trigger)
    )
    found = outcome.enforcement
    return (
        Cell(literal(outcome.call.label), bold=True),
        outcome.holds,
        outcome.holds_against_every_share,
        share_cell(regime) if outcome.holds else "",
        literal(f"{regime.label}, {outcome.terms}"),
        found.discount,
        None if found.measured is None else found.measured.least,
        outcome.written_discount,
        literal(enumeration([rule.name for rule in found.others]) or "none"),
        low,
        *outcome.values,
        sum(outcome.values),
        percent(outcome.punished_share),
        None if math.isinf(regime.months_to_first) or regime.key == "stage_nash" else regime.months_to_first,
    )


def least_table(outcomes: Sequence[Outcome]) -> Table:
    """Return the least discount factor of every regime after every outcome, and who binds at the one at hand."""
    rows: list[tuple[CellValue, ...]] = []
    for outcome in outcomes:
        for regime in outcome.regimes:
            if regime.key == "stage_nash":
                continue
            worst = regime.worst
            binds = "" if worst is None else literal(f"{title(worst.player)}: {label(worst.deviation)}")
            rule = signals_text(regime.trigger) if regime.trigger_rule == BEST_SET else regime.trigger_rule
            at_hand = outcome.game.pact.discount
            rows.append(
                (
                    call_label(outcome),
                    literal(regime.label),
                    literal(rule),
                    regime.least_discount,
                    at_hand,
                    regime.holds,
                    None if regime.share is None else regime.holds_finely,
                    binds,
                )
            )
    columns = (
        Column("outcome"),
        Column("regime"),
        Column("trigger"),
        Column("least δ", kind="number", digits=3),
        Column("δ at hand", kind="number", digits=3),
        Column("holds", kind="mark"),
        EVERY_SHARE[0],
        Column("who binds"),
    )
    return Table(columns, tuple(rows), "Least discount factor by outcome and regime", key="least-discounts")


def regime_table(comparison: Comparison) -> Table:
    """Return every outcome under every regime, for the threshold trigger and the best set of signals."""
    scenario, unit = comparison.scenario, literal(comparison.scenario.unit)
    columns = (
        Column("outcome"),
        Column("regime"),
        Column("trigger"),
        Column("terms"),
        Column("holds", kind="mark"),
        *EVERY_SHARE,
        Column("least δ", kind="number", digits=3),
        *(Column(player(scenario, i), unit, "number", 3, True) for i in (0, 1)),
        Column("joint", unit, "number", 3, True),
        Column("punished", kind="text"),
        Column("tightest constraint"),
        Column("slack", unit, "number", 4, True),
    )
    rows = [_regime_row(row, regime) for row in comparison.calls for regime in row.outcome.regimes]
    notes = (
        "“holds” asks about the listed actions; “against every share” about every share that could be withheld, in every "
        "state, war included. The share that pays most is named with its gain in the month of the deviation.",
        "A best set is chosen among all sets of signals; while the deal stands or a snapback runs it must deter every "
        "share on a grid, and so must its least δ. Whether a share pays in war is not asked of it there.",
        "Stage Nash is war in every month: it keeps no deal, so nothing is asked of it.",
    )
    return Table(columns, tuple(rows), "Every outcome under every regime", key="regime-table", notes=notes)


def _regime_row(row: ComparedOutcome, regime: Regime) -> tuple[CellValue, ...]:
    worst = regime.worst
    return (
        literal(row.outcome.call.label),
        literal(regime.label),
        literal(signals_text(regime.trigger)) if regime.trigger_rule == BEST_SET else literal(regime.trigger_rule),
        literal(regime.terms),
        regime.holds if regime.key != "stage_nash" else None,
        None if regime.share is None or regime.key == "stage_nash" else regime.holds_finely,
        share_cell(regime),
        regime.least_discount if regime.key != "stage_nash" else None,
        *regime.values,
        regime.joint,
        percent(regime.punished_share),
        "" if worst is None else literal(f"{title(worst.player)} in {worst.state}: {label(worst.deviation)}"),
        None if worst is None else worst.slack,
    )


def _decomposition_table(comparison: Comparison) -> Table:
    scenario, unit = comparison.scenario, literal(comparison.scenario.unit)
    names = [player(scenario, i) for i in (0, 1)]
    columns = [Column("outcome")]
    for part in ("selection", "primitives", "computed", "total"):
        columns += [Column(name, unit, "number", 3, True, group=part) for name in names]
    rows: list[tuple[CellValue, ...]] = [
        (
            literal(row.outcome.call.label),
            *row.decomposition.selection,
            *row.decomposition.primitives,
            *row.decomposition.computed,
            *row.decomposition.total,
        )
        for row in comparison.calls
    ]
    return Table(tuple(columns), tuple(rows), "Gain over the first outcome, by source", key="decomposition-table")


def _common_table(comparison: Comparison) -> Table:
    scenario, unit = comparison.scenario, literal(comparison.scenario.unit)
    columns = (
        Column("outcome"),
        *(Column(player(scenario, i), unit, "number", 3, True, group="value for good") for i in (0, 1)),
        *(
            Column(player(scenario, i), "over war, total", "number", 2, True, group="worth of the truce")
            for i in (0, 1)
        ),
    )
    delta = scenario.common_discount
    rows: list[tuple[CellValue, ...]] = [
        (literal(row.outcome.call.label), *row.common, *row.truce) for row in comparison.calls
    ]
    note = (
        f"All outcomes at one discount factor, {number(delta, 3)}, whatever the call does to patience; once the truce ends, "
        "the war profile is played. An outcome whose selected regime does not hold is worth war."
    )
    return Table(columns, tuple(rows), "All outcomes on one yardstick", key="common-table", notes=(note,))


def _renegotiation_table(comparison: Comparison, selected_only: bool) -> Table:
    columns = [Column("outcome"), Column("regime")]
    columns += [Column(f"ρ = {chance:g}", kind="number", digits=3, group="least δ") for chance in CHANCES]
    rows: list[tuple[CellValue, ...]] = []
    for row in comparison.calls:
        for item in row.renegotiation:
            picked = item.regime == row.outcome.call.regime
            if picked or not selected_only:
                rows.append(
                    (literal(row.outcome.call.label), Cell(literal(item.label), bold=picked), *item.least_discounts)
                )
    note = (
        "Least δ when a call in a month of punishment or war restores the pact with probability ρ (Klimenko, Ramey, "
        "Watson 2008): easy fresh starts weaken the threat. n/a: no patience is enough. Bold: the selected regime."
    )
    return Table(
        tuple(columns),
        tuple(rows),
        "A call during a punishment is renegotiation",
        key="renegotiation" if selected_only else "renegotiation-all",
        notes=(note,),
    )


def _delays_table(comparison: Comparison) -> Table | None:
    rows: list[tuple[CellValue, ...]] = []
    for row in comparison.calls:
        if row.delays is None:
            return None
        item = row.delays
        rows.append(
            (
                literal(row.outcome.call.label),
                item.political,
                item.economic,
                item.direct_gain,
                item.enforcement_gain,
                item.regime.holds and item.regime.key != "stage_nash",
                item.regime.least_discount if item.regime.key != "stage_nash" else None,
            )
        )
    unit = literal(comparison.scenario.unit)
    columns = (
        Column("outcome"),
        Column("political", unit, "number", 3, group="damage of genuine delays"),
        Column("economic", unit, "number", 3, group="damage of genuine delays"),
        Column("direct", unit, "number", 3, True, group="gain over the first outcome"),
        Column("by enforcement", unit, "number", 3, True, group="gain over the first outcome"),
        Column("holds", kind="mark", group="counting delays"),
        Column("least δ", kind="number", digits=3, group="counting delays"),
    )
    return Table(columns, tuple(rows), "What fewer genuine delays are worth", key="delay-table")


def hindsight_note(analysis: Analysis) -> Note | None:
    """Return the headline without hindsight, to stand beside the default's; None for other scenarios."""
    companion = analysis.companion
    if companion is None:
        return None
    words = []
    for row in companion.rows:
        label = literal(row.label)
        why = literal(row.regime if row.holds else row.enforcement.why_not())
        words.append(f"{'holds' if row.holds else 'does not hold'} after {label} ({why})")
    return Note(
        f"**With only what was known by {literal(companion.as_of)}** (scenario `{companion.scenario}`), the deal "
        f"{'; '.join(words)}.",
        "warning",
    )
