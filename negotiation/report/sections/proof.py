"""What is proven: the payoffs of all equilibria after each outcome, and how much of them simple regimes attain."""

from __future__ import annotations

import math

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.comparison import ComparedOutcome
from negotiation.calls.proofs.proven import ProvenOutcome
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
from negotiation.report.figures.equilibria import equilibrium_payoffs
from negotiation.report.sections.proof_tables import (
    Pairs,
    attained_table,
    bargaining_table,
    negotiable_table,
    patience_notes,
    patience_table,
    transfer_table,
)
from negotiation.report.words import enumeration, number, percent, punishment_name
from negotiation.solve.regimes.analysis import BEST_SET


def proof_section(analysis: Analysis) -> Section | None:
    """Return the section on equilibrium payoff sets; None where they were not computed."""
    if not analysis.proven:
        return None
    pairs = tuple(zip(analysis.comparison.calls, analysis.proven, strict=True))
    blocks: list[Block] = [
        Paragraph(_lead(analysis, pairs)),
        equilibrium_payoffs(analysis.comparison, analysis.proven),
        _frontier_table(analysis, pairs),
        Details("What each simple regime attains", (attained_table(analysis, pairs),)),
        Details("When the deal can be played at all", (patience_table(analysis, pairs), *patience_notes(pairs))),
        Details("Against the best with transfers", (transfer_table(analysis, pairs),)),
        Details("Would both rather call again than punish?", (negotiable_table(pairs),)),
        Details("Bargaining over equilibria", (bargaining_table(analysis, pairs),)),
        Note(_checked(pairs), "good" if all(one.checked for _, one in pairs) else "info"),
    ]
    return Section(
        "proof",
        "What any arrangement could attain",
        tuple(blocks),
        "Simple regimes are clauses that people can write. Here is what all equilibria in pure public strategies, however "
        "intricate, can give: an inner set, every point of which is an equilibrium, and an outer set, beyond which there is none.",
    )


def _lead(analysis: Analysis, pairs: Pairs) -> str:
    unit = literal(analysis.scenario.unit)
    row, one = pairs[0]
    low, high = one.best_joint
    label, outcome = literal(row.outcome.call.label), row.outcome
    text = f"After {label} the best equilibrium gives the two together between {number(low)} and {number(high)} {unit}"
    if not outcome.holds:
        return f"{text}; the selected regime does not hold."
    others = [regime for regime in outcome.regimes if regime.holds and regime.trigger_rule != BEST_SET]
    best = max(others, key=lambda regime: regime.joint)
    text += f"; {literal(outcome.selected.label)}, which is selected, gives {number(outcome.selected.joint)}. "
    text += "The difference is the value of an institution that could co-ordinate on finely history-dependent play"
    if best is outcome.selected or best.joint <= outcome.selected.joint:
        return f"{text}."
    return f"{text}; of the simple clauses {literal(best.label)} comes closest, with {number(best.joint)}."


def _frontier_table(analysis: Analysis, pairs: Pairs) -> Table:
    unit = literal(analysis.scenario.unit)
    columns = (
        Column("outcome"),
        Column("some equilibrium", unit, "number", 3, True, group="largest joint payoff"),
        Column("none above", unit, "number", 3, True, group="largest joint payoff"),
        Column("selected regime", unit, "number", 3, True, group="attained"),
        Column("share of the gain over war", kind="text", group="attained"),
        Column("gap between the bounds", kind="text", title="largest distance as a share of each side's payoff range"),
        Column("regime checked exactly", kind="mark"),
        Column("sets checked exactly", kind="mark"),
    )
    rows: list[tuple[CellValue, ...]] = []
    for row, one in pairs:
        low, high = one.best_joint
        regime = row.outcome.selected
        rows.append(
            (
                Cell(literal(row.outcome.call.label), bold=True),
                low if math.isfinite(low) else None,
                high,
                regime.joint if regime.holds else None,
                _share(row, one),
                f"{one.solution.gap:.1e}" if math.isfinite(one.solution.gap) else "none",
                Cell(one.regime.holds, title=one.regime.failure or one.regime.proven),
                Cell(True if one.checked else None, title=one.solution.status.value),
            )
        )
    notes = (
        f"Share: 0 is {punishment_name(analysis.scenario)} for ever, 1 the best equilibrium. Money that changes hands is not part of "
        "the sets, so a regime with payments can exceed 1. A regime that is checked exactly satisfies every one-shot "
        "deviation to a listed action in rational arithmetic; where it does not hold, a cross.",
    )
    return Table(
        columns,
        tuple(rows),
        "What the best equilibrium and the selected regime attain",
        key="frontier-table",
        notes=notes,
    )


def _share(row: ComparedOutcome, one: ProvenOutcome) -> str:
    outcome, pact = row.outcome, row.outcome.game.pact
    outside = sum(pact.stage.payoff(pact.punishment))
    gain = (outcome.selected.joint if outcome.selected.holds else outside) - outside
    ends = [
        gain / (best - outside) for best in reversed(one.best_joint) if math.isfinite(best) and best - outside > 1e-9
    ]
    words = list(dict.fromkeys(percent(end) for end in ends))
    return " to ".join(words) if words else "nothing to gain"


def _checked(pairs: Pairs) -> str:
    exact = [literal(row.outcome.call.label) for row, one in pairs if one.checked]
    regimes = sum(one.regime.holds for _, one in pairs)
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
