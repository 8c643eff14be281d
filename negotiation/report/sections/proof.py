"""What is proven: the payoffs of all equilibria after each outcome, and how much of them simple regimes attain."""

from __future__ import annotations

import math

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.calls.proofs.proven import ProvenOutcome
from negotiation.report.document import Cell, Column, Details, Note, Paragraph, Section, Table, literal
from negotiation.report.figures.equilibria import equilibrium_payoffs
from negotiation.report.sections.proof_tables import (
    Pairs,
    attained_table,
    bargaining_table,
    patience_blocks,
    renegotiation_proof_table,
    transfer_table,
)
from negotiation.report.tables import marks, numbers, table
from negotiation.report.words import call_label, enumeration, number, percent, punishment_name
from negotiation.solve.regimes.analysis import BEST_SET


def proof_section(analysis: Analysis) -> Section | None:
    """Return the section on equilibrium payoff sets; None where they were not computed."""
    if not analysis.proven:
        return None
    scenario = analysis.scenario
    outcomes = [row.outcome for row in analysis.comparison.calls]
    pairs = list(zip(outcomes, analysis.proven, strict=True))
    return Section(
        "proof",
        "What any arrangement could attain",
        (
            Paragraph(_lead(*pairs[0], literal(scenario.unit))),
            equilibrium_payoffs(analysis.comparison, analysis.proven),
            _frontier_table(analysis, pairs),
            Details("What each simple regime attains", (attained_table(scenario, pairs),)),
            Details("When the deal can be played at all", patience_blocks(scenario, pairs)),
            Details("Against the best with transfers", (transfer_table(scenario, pairs),)),
            Details("Would both rather call again than punish?", (renegotiation_proof_table(pairs),)),
            Details("Bargaining over equilibria", (bargaining_table(scenario, pairs),)),
            Note(_checked(pairs), "good" if all(proven.checked for _, proven in pairs) else "info"),
        ),
        "Simple regimes are clauses that people can write. Here is what all equilibria in pure public strategies, however "
        "intricate, can give: an inner set, every point of which is an equilibrium, and an outer set, beyond which there is none.",
    )


def _lead(outcome: Outcome, proven: ProvenOutcome, unit: str) -> str:
    low, high = map(number, proven.best_joint)
    text = f"After {call_label(outcome)} the best equilibrium gives the two together between {low} and {high} {unit}"
    if not outcome.holds:
        return f"{text}; the selected regime does not hold."
    holding = [regime for regime in outcome.regimes if regime.holds and regime.trigger_rule != BEST_SET]
    best, selected = max(holding, key=lambda regime: regime.joint), outcome.selected
    text += f"; {literal(selected.label)}, which is selected, gives {number(selected.joint)}. "
    text += "The difference is the value of an institution that could co-ordinate on finely history-dependent play"
    if best.joint <= selected.joint:
        return f"{text}."
    return f"{text}; of the simple clauses {literal(best.label)} comes closest, with {number(best.joint)}."


def _frontier_table(analysis: Analysis, pairs: Pairs) -> Table:
    unit, joint = analysis.scenario.unit, "largest joint payoff"
    columns = (
        "outcome",
        *numbers(3, "some equilibrium", "none above", unit=unit, signed=True, group=joint),
        *numbers(3, "selected regime", unit=unit, signed=True, group="attained"),
        Column("share of the gain over war", group="attained"),
        Column("gap between the bounds", title="largest distance as a share of each side's payoff range"),
        *marks("regime checked exactly", "sets checked exactly"),
    )
    rows = []
    for outcome, proven in pairs:
        (low, high), gap = proven.best_joint, proven.solution.gap
        rows.append(
            (
                Cell(call_label(outcome), bold=True),
                low if math.isfinite(low) else None,
                high,
                outcome.selected.joint if outcome.selected.holds else None,
                _share(outcome, proven),
                f"{gap:.1e}" if math.isfinite(gap) else "none",
                Cell(proven.regime.holds, title=proven.regime.failure or proven.regime.proven),
                Cell(True if proven.checked else None, title=proven.solution.status.value),
            )
        )
    note = (
        f"Share: 0 is {punishment_name(analysis.scenario)} for ever, 1 the best equilibrium. Money that changes hands is not part of "
        "the sets, so a regime with payments can exceed 1. A regime that is checked exactly satisfies every one-shot "
        "deviation to a listed action in rational arithmetic; where it does not hold, a cross."
    )
    caption = "What the best equilibrium and the selected regime attain"
    return table(caption, "frontier-table", columns, rows, note)


def _share(outcome: Outcome, proven: ProvenOutcome) -> str:
    stage = outcome.game.pact.stage
    war = sum(stage.payoff(outcome.game.pact.punishment))
    gain = (outcome.selected.joint if outcome.selected.holds else war) - war
    ends = [gain / (best - war) for best in reversed(proven.best_joint) if math.isfinite(best) and best - war > 1e-9]
    return " to ".join(dict.fromkeys(map(percent, ends))) or "nothing to gain"


def _checked(pairs: Pairs) -> str:
    exact = [call_label(outcome) for outcome, proven in pairs if proven.checked]
    regimes = sum(proven.regime.holds for _, proven in pairs)
    text = (
        f"Checked exactly: {regimes} of {len(pairs)} selected regimes, by a checker that shares no code with the solver"
    )
    if len(exact) == len(pairs):
        return f"{text}, and the inner and outer set after every outcome. `negotiation verify` checks them again."
    if exact:
        return f"{text}, and the sets after {enumeration(exact)}."
    return (
        f"{text}. The sets rest on the solver's own bounds in doubles with a safety margin; `negotiation run --certify` has "
        "them checked exactly as well."
    )
