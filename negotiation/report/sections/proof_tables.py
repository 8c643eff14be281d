"""The tables behind the folds of the section on what is proven."""

from __future__ import annotations

import math
from collections.abc import Sequence

from negotiation.calls.outcomes.outcome import Outcome
from negotiation.calls.proofs.proven import ProvenOutcome
from negotiation.report.document import Block, Cell, Paragraph, Table, literal
from negotiation.report.tables import marks, numbers, table
from negotiation.report.words import call_label, deal_name, enumeration, percent, players
from negotiation.solve.public.enforceability import Answer
from negotiation.solve.regimes.analysis import BEST_SET
from negotiation.trade.scenario.scenario import Scenario

Pairs = Sequence[tuple[Outcome, ProvenOutcome]]
MARKS = {Answer.PROVEN_YES: True, Answer.PROVEN_NO: False, Answer.UNDECIDED: None}


def attained_table(scenario: Scenario, pairs: Pairs) -> Table:
    """Return what every simple regime attains after every outcome."""
    columns = (
        *("outcome", "regime", "trigger", *numbers(3, "joint value", unit=scenario.unit, signed=True)),
        *("share of the gain over war", *numbers(3, "at most forgone", unit=scenario.unit)),
    )
    rows = []
    for outcome, proven in pairs:
        for value in proven.institution.rows:
            if value.holds and value.key != "stage_nash":
                name = Cell(literal(value.label), bold=value.key == outcome.call.regime)
                ends = dict.fromkeys(percent(end) for end in (value.low, value.high) if math.isfinite(end))
                forgone = None if value.money else value.missing[1]
                trigger = literal(value.trigger_rule)
                rows.append((call_label(outcome), name, trigger, value.joint, " to ".join(ends), forgone))
    note = (
        "Bold: the selected regime. Regimes that rest on payments can exceed the sets, in which no money changes hands."
    )
    return table("How much of the frontier simple regimes attain", "attained-table", columns, rows, note)


def patience_blocks(scenario: Scenario, pairs: Pairs) -> tuple[Block, ...]:
    """Return from which patience on the deal can be played, by the selected regime and by any equilibrium."""
    columns = (
        *("outcome", *numbers(3, "δ"), *marks("deal in the first month")),
        *numbers(3, "proven no up to δ", "proven yes from δ", group="by some equilibrium"),
        *numbers(3, "least δ of the selected regime"),
    )
    rows = []
    for outcome, proven in pairs:
        stretches = () if proven.patience is None else proven.patience.stretches
        no = max((stretch.high for stretch in stretches if stretch.answer is Answer.PROVEN_NO), default=None)
        yes = min((stretch.low for stretch in stretches if stretch.answer is Answer.PROVEN_YES), default=None)
        first = Cell(MARKS[proven.first_month], title=proven.first_month.value)
        least = outcome.selected.least_discount
        rows.append((call_label(outcome), outcome.game.pact.discount, first, no, yes, least))
    caption = f"From which patience on {deal_name(scenario)} can be played"
    return table(caption, "patience-proof", columns, rows), Paragraph(_patience_text(pairs))


def _patience_text(pairs: Pairs) -> str:
    if any(proven.patience is None for _, proven in pairs):
        return "The thresholds take a minute: `negotiation run --certify` adds them, with both ends checked exactly."
    unproven = [
        call_label(outcome) for outcome, proven in pairs if proven.patience and proven.patience.monotone is None
    ]
    text = "Both ends are proven; between them the sets do not decide. “No” speaks of pure strategies."
    if unproven:
        text += f" After {enumeration(unproven)} pledges make the game one with two states, in which more patience need not "
        text += "help: there a grid was judged, and a change between its points could hide."
    return text


def transfer_table(scenario: Scenario, pairs: Pairs) -> Table:
    """Return compensation against the best with voluntary transfers."""
    joint = ("compensation", "best with transfers")
    columns = (
        *("outcome", *numbers(3, *joint, unit=scenario.unit, signed=True, group="joint payoff")),
        *(*numbers(3, "compensation", "deal with transfers", group="least δ"), "share attained"),
    )
    rows = []
    for outcome, proven in pairs:
        best = proven.transfers
        share = "" if best.share is None else percent(best.share)
        payoffs, leasts = (best.compensation_joint, best.best_joint), (best.compensation_least, best.deal_least)
        rows.append((call_label(outcome), *payoffs, *leasts, share))
    note = (
        "Compensation against every equilibrium with voluntary payments in either direction, none of which is lost on the way "
        "(Goldlücke, Kranz 2012; thresholds are exact step functions of δ)."
    )
    return table("Compensation judged against transfers", "transfers-table", columns, rows, note)


def renegotiation_proof_table(pairs: Pairs) -> Table:
    """Return which regimes are weakly renegotiation-proof."""
    verdicts = marks("holds", "on the path", "after deviations too")
    rows = []
    for outcome, proven in pairs:
        for proof in proven.negotiable:
            if proof.trigger_rule != BEST_SET:
                name = Cell(literal(proof.label), bold=proof.regime == outcome.call.regime)
                cells = (proof.holds, proof.on_path, proof.fully, literal(proof.broken))
                rows.append((call_label(outcome), name, *cells))
    note = (
        "Weakly renegotiation-proof: no continuation of the regime is strictly better for both than another (Farrell, Maskin "
        "1989). Bold: the selected regime."
    )
    columns = ("outcome", "regime", *verdicts, "what both would rather have")
    return table("Weakly renegotiation-proof regimes", "negotiable-table", columns, rows, note)


def bargaining_table(scenario: Scenario, pairs: Pairs) -> Table:
    """Return the bargaining points on the frontier of the inner sets."""
    payoffs = numbers(3, *players(scenario), unit=scenario.unit, signed=True)
    rows = [
        (call_label(outcome), literal(point.solution), literal(point.threat), *point.payoffs)
        for outcome, proven in pairs
        for point in proven.bargaining
    ]
    caption = "Bargaining points on the frontier of the inner set"
    return table(caption, "equilibrium-bargaining", ("outcome", "solution", "threat point", *payoffs), rows)
