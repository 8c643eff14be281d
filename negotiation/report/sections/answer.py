"""The first screen: three sentences, what would flip them, and the badges. Every word follows from the results."""

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.decomposition import alive_after
from negotiation.calls.outcomes.dilemma import dilemma_conditions
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.report.document import Badge, literal
from negotiation.report.words import (
    call_label,
    count_text,
    deal_name,
    enumeration,
    number,
    percent,
    punishment_name,
    significant,
)
from negotiation.trade.parameters.derived import LEVERAGE_PATH, PREFERRED_TARIFF, REVENUE_WEIGHT, tied_text
from negotiation.trade.scenario.scenario import Scenario

UNNOTICED = 5e-4  # of the unit of payoffs: a smaller joint loss would be shown as nothing


def answer(analysis: Analysis) -> tuple[str, ...]:
    """Return the answer in three sentences: under which regime it holds, what it costs, what is calibrated or judged."""
    return (_holds(analysis), _costs(analysis), _calibrated_text(analysis))


def _holds(analysis: Analysis) -> str:
    deal = deal_name(analysis.scenario).capitalize()
    rows = analysis.comparison.outcomes
    failures = enumeration(
        [f"**{literal(row.call.label)}** ({literal(row.enforcement.why_not())})" for row in rows if not row.holds]
    )
    regimes = dict.fromkeys(row.selected.label for row in rows if row.holds)
    if not regimes:
        return f"{deal} is not self-enforcing by the regime that each outcome would select: not after {failures}."
    groups = []
    for regime in regimes:
        names = [f"**{literal(row.call.label)}**" for row in rows if row.holds and row.selected.label == regime]
        groups.append(f"{enumeration(names)} ({literal(regime)})")
    tail = f", but not after {failures}" if failures else ""
    return f"{deal} is self-enforcing after {enumeration(groups)}{tail}."


def _costs(analysis: Analysis) -> str:
    rows, unit = analysis.comparison.outcomes, literal(analysis.scenario.unit)
    holding = [row for row in rows if row.holds]
    if not holding:
        return (
            f"Without enforcement both fall back to {punishment_name(analysis.base)}, which costs the two together "
            f"{number(rows[0].loss, 2)} {unit} relative to the deal kept smoothly."
        )
    best, worst = min(holding, key=lambda row: row.loss), max(holding, key=lambda row: row.loss)
    if worst.loss < UNNOTICED:
        return "On the path nothing is lost: with every move seen, the threat alone holds the deal."
    if best is worst:
        return f"Enforcing it costs the two together {number(best.loss, 3)} {unit} ({_punished_text(best)})."
    gain = "gain " if best.loss < 0 else ""  # an outcome may pay the two more than the deal kept smoothly
    return (
        f"Enforcement itself is costly, because genuine delays look like defiance: the two together lose "
        f"{number(worst.loss, 3)} {unit} after {literal(worst.call.label)} ({_punished_text(worst)}) and "
        f"{gain}{number(abs(best.loss), 3)} after {literal(best.call.label)} ({_punished_text(best)})."
    )


def _punished_text(row: Outcome) -> str:
    response = "with a payment" if row.terms.startswith("b") else "punished"
    return f"{literal(row.selected.label)}, {percent(row.punished_share)} of months {response}"


def _calibrated_text(analysis: Analysis) -> str:
    scenario = analysis.scenario
    judged = judged_numbers(analysis)
    broken = [literal(name) for name, room in dilemma_conditions(analysis.base.pact).items() if room < 0]
    if broken:
        return (
            f"At these numbers the game is **no dilemma**, for it is not so that {enumeration(broken)}; "
            f"{judged} are judgement."
        )
    if scenario.kind != "economy":
        return f"The payoffs are given directly, not derived: {judged} are marked as judgement."
    window = next((w for w in analysis.windows if w.path == PREFERRED_TARIFF), None)
    inner = [] if window is None else [number(value, 3) for value, _ in window.boundaries]
    edges = f" (it exists for t* between {' and '.join(inner)})" if len(inner) == 2 else ""
    tariff, weight, leverage = (
        number(scenario.value(path), 2) for path in (PREFERRED_TARIFF, REVENUE_WEIGHT, LEVERAGE_PATH)
    )
    alone = percent(scenario.value("tariffs.us.inverse_supply_elasticity"))
    counts = f"a dollar of tariff revenue counts {number(1 + scenario.value(REVENUE_WEIGHT), 2)} dollars"
    rests = f"the tariff the US would choose is given, t* = {tariff}, inside its window{edges}, so that {counts} (λ = {weight}; at one dollar it would choose {alone})"
    if REVENUE_WEIGHT in scenario.parameters:
        rests = f"the weight on revenue is given, λ = {weight}: {counts}, so that the US would choose t* = {tariff}, inside its window{edges} (at one dollar {alone})"
    tied = f" ({tied_text(LEVERAGE_PATH)})" if LEVERAGE_PATH in scenario.tied_paths else ""
    return (
        f"That there is a dilemma is calibrated, not found: {rests}; {judged} are judgement, the leverage "
        f"Λ = {leverage}{tied} first among them."
    )


def life_sentence(analysis: Analysis) -> tuple[str, ...]:
    """Return how long the truce lives, and what the deal is worth for good, the punishment after it; nothing elsewhere."""
    row = next((row for row in analysis.comparison.calls if row.outcome.holds), None)
    if row is None or analysis.scenario.kind != "economy":
        return ()
    pact, unit = row.outcome.game.pact, literal(analysis.scenario.unit)
    at_once = sum(pact.stage.payoff(pact.punishment))
    return (
        f"**For how long.** A loss or gain a month is one while the truce lives: {life_text(row.outcome.game.scenario)}. "
        f"For good{_commonlife_text(row.outcome.game.scenario)}, the punishment after it, the two have {number(sum(row.common), 2)} {unit} after {call_label(row.outcome)}, "
        f"against {number(at_once, 2)} with the punishment at once. What is self-enforcing is so only while the chance that "
        "the truce ends, and what follows it, are the same under deal and punishment.",
    )


def _commonlife_text(scenario: Scenario) -> str:
    """Return the life at which all outcomes are valued for good, where it is not that of the scenario."""
    life, common = scenario.value("patience.expected_life_months"), 1 / (1 - scenario.value("patience.common_survival"))
    return "" if abs(life - common) < 0.05 else f" (at the life common to all outcomes, {number(common, 1)} months)"


def life_text(scenario: Scenario) -> str:
    """Return how long the truce of a scenario of kind "economy" lives, in words."""
    life = scenario.value("patience.expected_life_months")
    return f"{number(life, 1)} months on average, more than a year with chance {percent(alive_after(scenario, 12))}"


def judged_numbers(analysis: Analysis) -> str:
    """Return how many of the parameters are judgement, in words."""
    parameters = analysis.scenario.parameters.values()
    return f"{sum(parameter.is_judgement for parameter in parameters)} of {len(parameters)} numbers"


def hindsight(analysis: Analysis) -> tuple[str, ...]:
    """Return the headline without hindsight, to stand beside the default's; nothing for other scenarios."""
    if not analysis.companion:
        return ()
    verdicts = []
    for row in analysis.companion:
        why = literal(row.selected.label if row.holds else row.enforcement.why_not())
        verdicts.append(f"{'holds' if row.holds else 'does not hold'} after {literal(row.call.label)} ({why})")
    scenario = analysis.companion[0].game.scenario
    leaning = len(scenario.hindsight_on(scenario.as_of))
    apart = f", but for {count_text(leaning, 'number')} that later figures have shaped," if leaning else ""
    grounds = f"{'' if leaning else 'only '}what was known by {literal(scenario.as_of)}**{apart}"
    return (f"**With {grounds} (scenario `{scenario.name}`), the deal {'; '.join(verdicts)}.",)


def overtaken(scenario: Scenario) -> tuple[str, ...]:
    """Return the sentence that events have overtaken the scenario, where they have."""
    return (f"**Overtaken:** {literal(' '.join(scenario.overtaken.split()))}",) if scenario.overtaken else ()


def flip(analysis: Analysis) -> str:
    """Return what would flip the answer, in one line: the break-even closest in terms of the plausible range."""
    reference = analysis.comparison.calls[0].outcome
    asked = reference.enforcement.asked
    # after stage Nash the break-evens of any rule are sought
    claim = "some rule with the threshold trigger holds" if asked is None else f"{literal(asked.name)} holds"
    here = [flip for flip in analysis.break_evens if flip.outcome == reference.call.name and flip.nearest is not None]
    here = sorted(here, key=lambda flip: (not flip.plausible, flip.distance))
    if not here:
        return f"No number that was tried changes whether {claim} after {literal(reference.call.label)}."
    changes = []
    for flip in here[:3]:
        nearest = flip.nearest or 0.0
        way = "above" if nearest > flip.value else "below"
        far = "" if flip.plausible else ", outside its plausible range"
        changes.append(f"`{flip.path}` {way} {significant(nearest)} (now {significant(flip.value)}{far})")
    turns = "it stops to be so that" if here[0].holds_now else "it would come to be so that"
    return f"After {literal(reference.call.label)}, {turns} {claim} with {enumeration(changes, 'or')}."


def badges(analysis: Analysis, digest: str) -> tuple[Badge, ...]:
    """Return the badges under the answer: changes, verdicts, share of judgement, what was checked, digest."""
    rows, changes, proven = analysis.comparison.outcomes, len(analysis.scenario.changes), analysis.proven
    holding = sum(row.holds for row in rows)
    verdict = f"{holding} of {count_text(len(rows), 'outcome')}"
    regimes, sets = sum(one.regime.holds for one in proven), sum(one.checked for one in proven)
    checked = f"exactly: {count_text(regimes, 'regime')}" if proven else "one-shot deviations, in doubles"
    checked += f", {count_text(sets, 'pair')} of payoff sets" if sets else ""
    changed = Badge("changes", str(changes), "warning", "parameters changed from the scenario file")
    return (
        *((changed,) if changes else ()),
        Badge("holds after", verdict, "good" if holding else "bad", "by the rule selected after each"),
        Badge("judgement", judged_numbers(analysis), "warning", "numbers without a published source"),
        Badge("checked", checked, "info", "how incentives were checked"),
        Badge("scenario", f"{analysis.scenario.name} {digest}", "", "digest of scenario, changes, seed and version"),
    )
