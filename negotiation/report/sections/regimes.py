"""The selected regime of each outcome: drawn, in words, and what it costs whom."""

from __future__ import annotations

import math

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.notices import share_words
from negotiation.calls.outcomes.comparison import ComparedOutcome
from negotiation.calls.outcomes.trigger_clause import trigger_clause
from negotiation.games.pact import Pact
from negotiation.report.document import (
    Block,
    Cell,
    CellValue,
    Clause,
    Column,
    Details,
    Grid,
    Heading,
    Note,
    Paragraph,
    Section,
    Table,
    literal,
    slug,
)
from negotiation.report.figures.automaton import automaton_picture
from negotiation.report.words import count_text, label, number, percent, player, title
from negotiation.solve.automata.one_shot_deviations import Slack
from negotiation.solve.regimes.analysis import BEST_SET, OWN, Regime
from negotiation.solve.regimes.enforcement_cost import binding_level
from negotiation.trade.parameters.labels import signals_text


def regimes_section(analysis: Analysis) -> Section:
    """Return each outcome's selected regime with its clause, its wedge, and the user's own regimes checked."""
    blocks: list[Block] = []
    for row in analysis.comparison.calls:
        blocks += _outcome_blocks(row)
    blocks.append(_wedge_table(analysis))
    own = [regime for regime in analysis.comparison.calls[0].outcome.regimes if regime.trigger_rule == OWN]
    if own:
        blocks += [Heading("Your own regimes, checked"), *_own_blocks(analysis)]
    return Section(
        "regimes",
        "The regime of each outcome",
        tuple(blocks),
        "What happens after a low month, as a picture and as a clause that could be written down.",
    )


def _outcome_blocks(row: ComparedOutcome) -> list[Block]:
    outcome, regime = row.outcome, row.outcome.selected
    key = f"regime-{slug(outcome.call.name)}"
    text = Clause(f"{literal(outcome.call.label)}: {literal(regime.label)}", _terms(row, regime), literal(row.clause))
    best = [r for r in outcome.regimes if r.key == regime.key and r.trigger_rule == BEST_SET]
    blocks: list[Block] = [
        Heading(f"After {literal(outcome.call.label)}", key),
        Grid((automaton_picture(f"{key}-automaton", regime, outcome.game), text)),
    ]
    if regime.share is not None and regime.share.pays and regime.holds and regime.key != "stage_nash":
        needed = regime.finely_needed
        found = "nothing of this kind holds" if needed is None else f"it needs {_needed(regime, needed)}"
        blocks.append(
            Note(
                "Against the listed actions these terms suffice; against every share that could be withheld between "
                f"them, {found}: {literal(share_words(regime.share, outcome.game.pact.stage.unit))}.",
                "warning",
            )
        )
    if best and best[0].trigger != regime.trigger and best[0].holds:
        blocks.append(
            Details(
                "The same with the best set of signals", (Clause("", (), literal(trigger_clause(outcome, best[0]))),)
            )
        )
    return blocks


def _worst(slack: Slack, unit: str) -> str:
    named = slack.replace(player=title(slack.player), deviation=label(slack.deviation))
    return named.sentence(unit)


def _share_clause(regime: Regime, unit: str) -> str:
    """Return what the best unlisted share does to a regime that holds against the listed actions."""
    if not regime.holds or regime.share is None:
        return ""
    if not regime.share.pays:
        return "; it holds against every share too"
    return f"; but not against every share: {literal(share_words(regime.share, unit))}"


def _needed(regime: Regime, needed: float) -> str:
    if regime.key == "compensation":
        return f"b = {number(needed, 2)}"
    return "a punishment for ever" if math.isinf(needed) else f"T = {needed:.0f}"


def _terms(row: ComparedOutcome, regime: Regime) -> tuple[tuple[str, str], ...]:
    if regime.key == "stage_nash":
        return ()
    terms = [("variable", "shipments as a share of normal" if row.outcome.game.has_economics else "public signal")]
    terms += [
        ("threshold", literal(signals_text(regime.trigger))),
        ("window", "one month"),
        ("response", literal(regime.terms)),
    ]
    if regime.randomised is not None:
        chance = regime.randomised.probability
        terms.append(
            (
                "exactly binding",
                f"{count_text(round(regime.randomised.longer), 'month')} with probability {number(chance, 2)}, one less otherwise: joint "
                f"value {number(sum(regime.randomised.values))}",
            )
        )
    return tuple(terms)


def _share(pact: Pact, regime: Regime) -> str:
    """Return the binding share in words: of shipments to the US, and to all others where those are withheld too."""
    if pact.fine is None:
        return ""
    place, _ = binding_level(pact, pact.fine, pact.mask(regime.trigger))
    level, beside = float(pact.fine.levels[place]), float(pact.fine.beside[place])
    return percent(level, 1) + (f", others {percent(beside)}" if beside else "")


def _wedge_table(analysis: Analysis) -> Table:
    scenario, unit = analysis.scenario, literal(analysis.scenario.unit)
    columns = (
        Column("outcome"),
        Column("regime"),
        Column("trigger"),
        Column("wedge", unit, "number", 3, title="g / (l − 1), what the trigger costs the second player"),
        Column("against every share", unit, "number", 3),
        Column("binding share", kind="text"),
        Column(f"{player(scenario, 0)} receives", unit, "number", 3, True),
        Column("joint burn", unit, "number", 3),
    )
    rows: list[tuple[CellValue, ...]] = []
    for row in analysis.comparison.calls:
        for regime in row.outcome.regimes:
            if regime.wedge is None:
                continue
            item = regime.wedge
            picked = regime.key == row.outcome.call.regime
            rows.append(
                (
                    literal(row.outcome.call.label),
                    Cell(literal(regime.label), bold=picked),
                    literal(signals_text(regime.trigger)),
                    item.amount,
                    item.fine_amount,
                    _share(row.outcome.game.pact, regime),
                    item.received,
                    item.joint,
                )
            )
    note = (
        "The enforcement wedge W = g/(l − 1) (Abreu, Milgrom, Pearce 1991): what a punishment that just deters costs per "
        "month at any discount factor. It bounds punishments that only destroy value after this trigger, not the best "
        "equilibrium. Bold: the selected regime."
    )
    return Table(columns, tuple(rows), "The enforcement wedge, and who receives it", key="wedge-table", notes=(note,))


def _own_blocks(analysis: Analysis) -> list[Block]:
    blocks: list[Block] = []
    unit = analysis.scenario.unit
    for row in analysis.comparison.calls:
        for regime in row.outcome.regimes:
            if regime.trigger_rule != OWN or regime.worst is None:
                continue
            listed = " against the listed actions" if regime.share is not None else ""
            verdict = f"is an equilibrium{listed}" if regime.holds else "is **not** an equilibrium"
            blocks.append(
                Paragraph(
                    f"After {literal(row.outcome.call.label)}, `{literal(regime.key)}` {verdict}: "
                    f"{literal(_worst(regime.worst, unit))}{_share_clause(regime, unit)}."
                )
            )
    rows = [
        (
            literal(row.outcome.call.label),
            literal(regime.key),
            literal(slack.state),
            literal(slack.player),
            literal(label(slack.deviation)),
            slack.slack,
        )
        for row in analysis.comparison.calls
        for regime in row.outcome.regimes
        if regime.trigger_rule == OWN
        for slack in regime.slacks
    ]
    columns = (
        Column("outcome"),
        Column("regime"),
        Column("state"),
        Column("player"),
        Column("deviation"),
        Column("slack", literal(unit), "number", 4, True),
    )
    blocks.append(Details("Every deviation in every state", (Table(columns, tuple(rows), "One-shot deviations"),)))
    return blocks
