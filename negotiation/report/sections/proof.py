"""What is proven: the payoffs of all equilibria after each outcome, and how much of them simple regimes attain."""

import math
from collections.abc import Sequence

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.calls.proofs.proven import ProvenOutcome
from negotiation.report.document import Block, Cell, Column, Details, Note, Paragraph, Section, Table, literal
from negotiation.report.figures.equilibria import equilibrium_payoffs
from negotiation.report.tables import marks, numbers, table
from negotiation.report.words import call_label, deal_name, enumeration, number, percent, players, punishment_name
from negotiation.solve.public.enforceability import Answer
from negotiation.solve.regimes.analysis import BEST_SET
from negotiation.trade.scenario.scenario import Scenario

Pairs = Sequence[tuple[Outcome, ProvenOutcome]]
MARKS = {Answer.PROVEN_YES: True, Answer.PROVEN_NO: False, Answer.UNDECIDED: None}


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
            Details("What each simple regime attains", (_attained_table(scenario, pairs),)),
            Details("When the deal can be played at all", _patience_blocks(scenario, pairs)),
            Details("Against the best with transfers", (_transfer_table(scenario, pairs),)),
            Details("Would both rather call again than punish?", (_renegotiation_proof_table(pairs),)),
            Details("Bargaining over equilibria", (_bargaining_table(scenario, pairs),)),
            Note(_checked_text(pairs), "good" if all(proven.checked for _, proven in pairs) else "info"),
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
    scenario, joint = analysis.scenario, "largest joint payoff"
    unit = scenario.unit
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
        f"Share: 0 is {punishment_name(analysis.base)} for ever, 1 the best equilibrium. Money that changes hands is not part of "
        "the sets, so a regime with payments can exceed 1. A regime that is checked exactly satisfies every one-shot "
        "deviation to a listed action in rational arithmetic; where it does not hold, a cross."
    )
    if scenario.any_share:
        shares = enumeration([percent(share, 1) for share in analysis.base.withheld])
        note += f" The sets are those of the game in which China chooses among the shares {shares}, not any share."
    caption = "What the best equilibrium and the selected regime attain"
    return table(caption, "frontier-table", columns, rows, note)


def _share(outcome: Outcome, proven: ProvenOutcome) -> str:
    stage = outcome.game.pact.stage
    nash = sum(stage.payoff(outcome.game.pact.punishment))
    gain = (outcome.selected.joint if outcome.selected.holds else nash) - nash
    ends = [gain / (best - nash) for best in reversed(proven.best_joint) if math.isfinite(best) and best - nash > 1e-9]
    return " to ".join(dict.fromkeys(map(percent, ends))) or "nothing to gain"


def _checked_text(pairs: Pairs) -> str:
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


def _attained_table(scenario: Scenario, pairs: Pairs) -> Table:
    """Return what every simple regime attains after every outcome."""
    columns = (
        *("outcome", "regime", "trigger", *numbers(3, "joint value", unit=scenario.unit, signed=True)),
        *("share of the gain over war", *numbers(3, "at most forgone", unit=scenario.unit)),
    )
    rows = []
    for outcome, proven in pairs:
        for value in proven.institution:
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


def _patience_blocks(scenario: Scenario, pairs: Pairs) -> tuple[Block, ...]:
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


def _transfer_table(scenario: Scenario, pairs: Pairs) -> Table:
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


def _renegotiation_proof_table(pairs: Pairs) -> Table:
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


def _bargaining_table(scenario: Scenario, pairs: Pairs) -> Table:
    """Return the bargaining points on the frontier of the inner sets."""
    payoffs = numbers(3, *players(scenario), unit=scenario.unit, signed=True)
    rows = [
        (call_label(outcome), literal(point.solution), literal(point.threat), *point.payoffs)
        for outcome, proven in pairs
        for point in proven.bargaining
    ]
    caption = "Bargaining points on the frontier of the inner set"
    return table(caption, "equilibrium-bargaining", ("outcome", "solution", "threat point", *payoffs), rows)
