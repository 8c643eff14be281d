"""The selected regime of each outcome: drawn, in words, and what it costs whom."""

import math

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.notices import share_words
from negotiation.calls.outcomes.comparison import ComparedOutcome
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.calls.outcomes.trigger_clause import trigger_clause
from negotiation.games.pact import Pact
from negotiation.report.document import (
    Block,
    Cell,
    Clause,
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
from negotiation.report.tables import marks, numbers, table
from negotiation.report.words import call_label, count_text, label, number, percent, players, title
from negotiation.solve.regimes.analysis import BEST_SET, OWN, Regime
from negotiation.solve.regimes.enforcement_cost import binding_level
from negotiation.trade.parameters.labels import signals_text


def regimes_section(analysis: Analysis) -> Section:
    """Return each outcome's selected regime with its clause, its wedge, and the user's own regimes checked."""
    blocks = [block for row in analysis.comparison.calls for block in _outcome_blocks(row)]
    return Section(
        "regimes",
        "The regime of each outcome",
        (*blocks, *_every_share_blocks(analysis), _wedge_table(analysis), *_user_blocks(analysis)),
        "What happens after a low month, as a picture and as a clause that could be written down.",
    )


def _outcome_blocks(row: ComparedOutcome) -> list[Block]:
    outcome, regime = row.outcome, row.outcome.selected
    key, name = f"regime-{slug(outcome.call.name)}", call_label(outcome)
    clause = Clause(f"{name}: {literal(regime.label)}", _terms(outcome, regime), literal(row.clause))
    blocks: list[Block] = [
        Heading(f"After {name}", key),
        Grid((automaton_picture(f"{key}-automaton", regime, outcome.game), clause)),
    ]
    if regime.share is not None and regime.share.pays and regime.holds and regime.key != "stage_nash":
        why = literal(share_words(regime.share, outcome.game.pact.stage.unit))
        text = (
            "Against the listed actions these terms suffice; against every share that could be withheld between "
            f"them, {_terms_needed(regime)}: {why}."
        )
        blocks.append(Note(text, "warning"))
    best = next((r for r in outcome.regimes if r.key == regime.key and r.trigger_rule == BEST_SET), None)
    if best is not None and best.trigger != regime.trigger and best.holds:
        clause = Clause("", (), literal(trigger_clause(outcome, best)))
        blocks.append(Details("The same with the best set of signals", (clause,)))
    return blocks


def _terms_needed(regime: Regime) -> str:
    """Return the least length or payment that holds against every share."""
    if regime.finely_needed is None:
        return "nothing of this kind holds"
    if regime.key == "compensation":
        return f"it needs b = {number(regime.finely_needed, 2)}"
    return (
        f"it needs {'a punishment for ever' if math.isinf(regime.finely_needed) else f'T = {regime.finely_needed:.0f}'}"
    )


def _terms(outcome: Outcome, regime: Regime) -> tuple[tuple[str, str], ...]:
    if regime.key == "stage_nash":
        return ()
    terms = [
        ("variable", "shipments as a share of normal" if outcome.game.has_economics else "public signal"),
        ("threshold", literal(signals_text(regime.trigger))),
        ("window", "one month"),
        ("response", literal(regime.terms)),
    ]
    terms = [(name, text) for name, text in terms if text]  # where every move is seen no signal is a threshold
    lottery = regime.randomised
    if lottery is not None:
        words = f"{count_text(round(lottery.longer), 'month')} with probability {number(lottery.probability, 2)}, one less otherwise"
        terms.append(("exactly binding", f"{words}: joint value {number(sum(lottery.values))}"))
    return tuple(terms)


def _binding_share(pact: Pact, regime: Regime) -> str:
    """Return the binding share in words: of shipments to the US, and to all others where those are withheld too."""
    if pact.fine is None:
        return ""
    _, level, beside = binding_level(pact, pact.mask(regime.trigger))
    return percent(level, 1) + (f", others {percent(beside)}" if beside else "")


def _every_share_blocks(analysis: Analysis) -> list[Block]:
    """Return what is proven of every share after each outcome; nothing where only the listed actions count."""
    if not analysis.scenario.any_share:
        return []
    unit = analysis.scenario.unit
    columns = (
        *("outcome", "regime", *marks("proven"), "binding share"),
        *numbers(10, "no share gains more than", unit=unit),
        *numbers(0, "cells"),
    )
    rows = []
    for outcome in analysis.comparison.outcomes:
        proof, binding = outcome.proof, outcome.selected.binding
        if outcome.holds:
            terms = literal(f"{outcome.selected.label}, {outcome.terms}")
            share = "" if binding is None else percent(binding, 1)
            bound = None if proof is None else max(state.bound for state in proof.states)
            proven = None if proof is None else proof.holds is True
            rows.append((call_label(outcome), terms, proven, share, bound, None if proof is None else proof.cells))
    note = (
        "Shares from 0 to 1 are covered by cells; on each, bounds on payoffs and chances show that withholding gains no more "
        "than stated in any state. The binding share is the one that asks most of the clause. Where the others' figure is "
        "read there are no such bounds: shares are searched, not proven."
    )
    return [table("No share pays", "every-share-table", columns, rows, note)] if rows else []


def _wedge_table(analysis: Analysis) -> Table:
    scenario, unit = analysis.scenario, analysis.scenario.unit
    columns = (
        *("outcome", "regime", "trigger"),
        *numbers(3, "wedge", unit=unit, title="g / (l − 1), what the trigger costs the second player"),
        *(*numbers(3, "against every share", unit=unit), "binding share"),
        *numbers(3, f"{players(scenario)[0]} receives", unit=unit, signed=True),
        *numbers(3, "joint burn", unit=unit),
    )
    rows = []
    for row in analysis.comparison.calls:
        for regime in row.outcome.regimes:
            wedge = regime.wedge
            if wedge is not None:
                name = Cell(literal(regime.label), bold=regime.key == row.outcome.call.regime)
                names = (call_label(row.outcome), name, literal(signals_text(regime.trigger)))
                share = _binding_share(row.outcome.game.pact, regime)
                rows.append((*names, wedge.amount, wedge.fine_amount, share, wedge.received, wedge.joint))
    note = (
        "The enforcement wedge W = g/(l − 1) (Abreu, Milgrom, Pearce 1991): what a punishment that just deters costs per "
        "month at any discount factor. It bounds punishments that only destroy value after this trigger, not the best "
        "equilibrium. Bold: the selected regime."
    )
    return table("The enforcement wedge, and who receives it", "wedge-table", columns, rows, note)


def _user_blocks(analysis: Analysis) -> list[Block]:
    """Return the verdict on the automata that the scenario's author wrote, and every deviation from them."""
    unit = analysis.scenario.unit
    blocks: list[Block] = []
    rows = []
    for outcome in (row.outcome for row in analysis.comparison.calls):
        for regime in outcome.regimes:
            worst = regime.worst
            if regime.trigger_rule != OWN or worst is None:
                continue
            listed = regime.share is not None and not outcome.game.pact.every_share
            tried = " against the listed actions" if listed else ""
            verdict = f"is an equilibrium{tried}" if regime.holds else "is **not** an equilibrium"
            reason = worst.replace(player=title(worst.player), deviation=label(worst.deviation)).sentence(unit)
            text = f"After {call_label(outcome)}, `{literal(regime.key)}` {verdict}: {literal(reason)}"
            blocks.append(Paragraph(f"{text}{_share_clause(regime, unit)}."))
            for slack in regime.slacks:
                names = (regime.key, slack.state, slack.player, label(slack.deviation))
                rows.append((call_label(outcome), *map(literal, names), slack.slack))
    if not blocks:
        return []
    columns = ("outcome", "regime", "state", "player", "deviation", *numbers(4, "slack", unit=unit, signed=True))
    deviations = Details("Every deviation in every state", (table("One-shot deviations", "", columns, rows),))
    return [Heading("Your own regimes, checked"), *blocks, deviations]


def _share_clause(regime: Regime, unit: str) -> str:
    """Return what the best unlisted share does to a regime that holds against the listed actions."""
    if not regime.holds or regime.share is None:
        return ""
    if not regime.share.pays:
        return "; it holds against every share too"
    return f"; but not against every share: {literal(share_words(regime.share, unit))}"
