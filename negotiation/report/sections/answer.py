"""The first screen: three sentences, what would flip them, and the badges. Every word follows from the results."""

from __future__ import annotations

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.break_even import BreakEven
from negotiation.calls.outcomes.dilemma_window import dilemma_conditions
from negotiation.calls.outcomes.headline import HeadlineRow
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.report.document import Badge, literal
from negotiation.report.words import count_text, deal_name, enumeration, number, percent, punishment_name, significant
from negotiation.trade.economics.economic_blocks import read_blocks


def question(analysis: Analysis) -> str:
    """Return the question of the report (plain text)."""
    deal = "/".join(analysis.scenario.deal).replace("_", "-")
    return f"Will the deal ({deal}) enforce itself, and after which call outcome?"


def answer(analysis: Analysis) -> tuple[str, ...]:
    """Return the answer in three sentences: under which regime it holds, what it costs, what is calibrated or judged."""
    return (_holds(analysis), _costs(analysis), _calibrated(analysis))


def _holds(analysis: Analysis) -> str:
    deal = deal_name(analysis.scenario).capitalize()
    good = [row for row in analysis.headline.rows if row.holds]
    bad = [row for row in analysis.headline.rows if not row.holds]
    failures = enumeration([f"**{literal(row.label)}** ({literal(row.enforcement.why_not())})" for row in bad])
    if not good:
        return f"{deal} is not self-enforcing by the regime that each outcome would select: not after {failures}."
    regimes = dict.fromkeys(row.regime for row in good)
    groups = []
    for regime in regimes:
        names = enumeration([f"**{literal(row.label)}**" for row in good if row.regime == regime])
        groups.append(f"{names} ({literal(regime)})")
    tail = f", but not after {failures}" if bad else ""
    return f"{deal} is self-enforcing after {enumeration(groups)}{tail}."


def _costs(analysis: Analysis) -> str:
    rows, unit = analysis.headline.rows, literal(analysis.scenario.unit)
    holding = [row for row in rows if row.holds]
    if not holding:
        worst = rows[0]
        return (
            f"Without enforcement both fall back to {punishment_name(analysis.scenario)}, which costs the two together "
            f"{number(worst.loss, 2)} {unit} relative to the deal kept smoothly."
        )
    best, worst = max(holding, key=lambda row: -row.loss), max(holding, key=lambda row: row.loss)
    if worst.loss < 5e-4:
        return "On the path nothing is lost: with every move seen, the threat alone holds the deal."
    if best is worst:
        return f"Enforcing it costs the two together {number(best.loss, 3)} {unit} ({_punished(best)})."
    return (
        f"Enforcement itself is costly, because genuine delays look like defiance: the two together lose "
        f"{number(worst.loss, 3)} {unit} after {literal(worst.label)} ({_punished(worst)}) and "
        f"{number(best.loss, 3)} after {literal(best.label)} ({_punished(best)})."
    )


def _punished(row: HeadlineRow) -> str:
    return f"{literal(row.regime)}, {percent(row.punished_share)} of months {'with a payment' if row.terms.startswith('b') else 'punished'}"


def _calibrated(analysis: Analysis) -> str:
    scenario = analysis.scenario
    judged, total = judged_numbers(analysis)
    broken = [name for name, room in dilemma_conditions(analysis.base.pact).items() if room < 0]
    if broken:
        return (
            f"At these numbers the game is **no dilemma**, for it is not so that {enumeration([literal(name) for name in broken])}; "
            f"{judged} of {total} numbers are judgement."
        )
    if scenario.kind != "economy":
        return f"The payoffs are given directly, not derived: {judged} of {total} numbers are marked as judgement."
    window = next((w for w in analysis.windows if w.path == "politics.us.preferred_tariff"), None)
    inner = [] if window is None else [number(value, 3) for value, _ in window.boundaries]
    edges = f" (it exists for t* between {' and '.join(inner)})" if len(inner) == 2 else ""
    weight = float(read_blocks(scenario).revenue_weight)
    return (
        f"That there is a dilemma is calibrated, not found: the tariff the US would choose, "
        f"t* = {number(scenario.value('politics.us.preferred_tariff'), 2)}, is set inside its window{edges}, which values a "
        f"dollar of tariff revenue at {number(weight, 2)} dollars; {judged} of {total} numbers are judgement, the leverage "
        f"Λ = {number(scenario.value('minerals.leverage'), 2)} first among them."
    )


def judged_numbers(analysis: Analysis) -> tuple[int, int]:
    """Return how many parameters are judgement, and how many there are."""
    parameters = analysis.scenario.parameters.values()
    return sum(parameter.is_judgement for parameter in parameters), len(parameters)


def flip(analysis: Analysis) -> str:
    """Return what would flip the answer, in one line: the break-even closest in terms of the plausible range."""
    reference = analysis.comparison.calls[0].outcome
    here = [item for item in analysis.break_evens if item.outcome == reference.call.name and item.nearest is not None]
    if not here:
        return f"No number that was tried changes whether {_claim(reference)} after {literal(reference.call.label)}."
    ranked = sorted(here, key=lambda item: _distance(analysis, item))[:3]
    changes = []
    for item in ranked:
        near = item.nearest or 0.0
        way = "above" if near > item.value else "below"
        changes.append(f"`{item.path}` {way} {significant(near)} (now {significant(item.value)})")
    turns = "it stops to be so that" if here[0].holds_now else "it would come to be so that"
    return f"After {literal(reference.call.label)}, {turns} {_claim(reference)} with {enumeration(changes, 'or')}."


def _claim(outcome: Outcome) -> str:
    """Return the claim whose break-evens are sought: that of the selected rule, or of any after stage Nash."""
    asked = outcome.enforcement.asked
    return "some rule with the threshold trigger holds" if asked is None else f"{literal(asked.name)} holds"


def _distance(analysis: Analysis, item: BreakEven) -> float:
    parameter = analysis.scenario.parameter(item.path)
    low = parameter.low if parameter.low is not None else item.value
    high = parameter.high if parameter.high is not None else item.value
    width = (high - low) or abs(item.value) or 1.0
    return abs((item.nearest or 0.0) - item.value) / width


def badges(analysis: Analysis, digest: str, checked: str) -> tuple[Badge, ...]:
    """Return the badges under the answer: digest, share of judgement, what was checked, changes."""
    judged, total = judged_numbers(analysis)
    holding = sum(row.holds for row in analysis.headline.rows)
    changes = len(analysis.scenario.changes)
    found = [
        Badge(
            "holds after",
            f"{holding} of {count_text(len(analysis.headline.rows), 'outcome')}",
            "good" if holding else "bad",
            "by the rule selected after each",
        ),
        Badge("judgement", f"{judged} of {total} numbers", "warning", "numbers without a published source"),
        Badge("checked", checked, "info", "how incentives were checked"),
        Badge("scenario", f"{analysis.scenario.name} {digest}", "", "digest of scenario, changes, seed and version"),
    ]
    if changes:
        found.insert(0, Badge("changes", str(changes), "warning", "parameters changed from the scenario file"))
    return tuple(found)
