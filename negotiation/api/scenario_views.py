"""What a scenario, its calls and what is asked of them say of themselves."""

from collections.abc import Iterable, Iterator

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.api.rendering import Row, View, rows_of
from negotiation.api.scenarios import Regimes
from negotiation.calls.agreement.requirements import Requirements
from negotiation.calls.agreement.text import requirements_sentence
from negotiation.calls.outcomes.comparison import Comparison
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.calls.outcomes.simulated_paths import FAN_QUANTILES, Fan
from negotiation.calls.signalling.call_game import CallGame
from negotiation.calls.value.call_value import CallValue
from negotiation.errors import count_text
from negotiation.report.render.inline import plain as without_markup
from negotiation.report.sections.worth import worth_sentence
from negotiation.report.words import significant
from negotiation.solve.regimes.analysis import BEST_SET, Regime
from negotiation.trade.parameters.labels import enumeration, title
from negotiation.trade.scenario.call_outcome import STAGE_NASH
from negotiation.trade.scenario.scenario import Scenario

HEADLINE = ("label", "holds", "regime", "terms", "discount", "least_discount", "values", "holds_against_every_share")
TERMS = ("regime", "signals", "terms", "holds", "least_discount", "values", "punished_share")


def _scenario(scenario: Scenario) -> str:
    changed = f", {count_text(len(scenario.changes), 'change')} made" if scenario.changes else ""
    calls = enumeration([call.name for call in scenario.calls]) if scenario.calls else "none"
    return f"{scenario.name}: {scenario.title} (as of {scenario.as_of}){changed}\ncall outcomes: {calls}"


def _parameters(scenario: Scenario) -> Iterator[Row]:
    same = {name: name for name in ("value", "low", "high", "unit", "source", "meaning")}
    for path, row in zip(scenario.listed, rows_of(scenario.listed.values(), **same), strict=True):
        yield {"path": path, **row, "source": scenario.origin_of(path)}


def _verdicts(comparison: Comparison) -> list[Row]:
    return [{"outcome": row.call.name, "label": row.call.label, **row.verdict()} for row in comparison.outcomes]


def _analysis_rows(analysis: Analysis) -> list[Row]:
    verdicts = analysis.verdicts()
    return [{**row, **verdicts[row["outcome"]]} for row in _verdicts(analysis.comparison)]


def _verdict(comparison: Comparison) -> str:
    groups = [[row.call.label for row in comparison.outcomes if row.holds is holds] for holds in (True, False)]
    words = ("the deal enforces itself after {}", "it does not after {}")
    if not groups[0]:
        words = ("", "the deal does not enforce itself after {}")
    parts = [text.format(enumeration(group)) for text, group in zip(words, groups, strict=True) if group]
    tried = "every share" if comparison.scenario.any_share else "the listed actions"
    return f"{comparison.scenario.title}: {'; '.join(parts)} (by the rule selected then, against {tried})."


def _of_outcome(outcome: Outcome) -> str:
    how = f"holds by {outcome.selected.label}, {outcome.terms}"
    if not outcome.holds:
        how = f"does not hold: {outcome.enforcement.why_not()}"
    return f"After {outcome.call.label} the deal {how}."


def _regime_rows(regimes: Iterable[Regime]) -> Iterator[Row]:
    for regime in regimes:
        no_deal = regime.key == STAGE_NASH  # it is stable, and no deal
        yield {
            "key": regime.key,
            "regime": regime.label,
            "signals": regime.trigger_rule,
            "trigger": regime.trigger,
            "terms": regime.terms,
            "length": regime.length,
            "payment": regime.payment,
            "holds": not no_deal and regime.holds,
            "least_discount": None if no_deal else regime.least_discount,
            "margin": regime.margin,
            "values": regime.values,
            "punished_share": regime.punished_share,
            "holds_against_every_share": None if regime.share is None else not no_deal and regime.holds_finely,
        }


def _regimes(answer: Regimes) -> str:
    rules = [rule for rule in answer.regimes if rule.key != STAGE_NASH and rule.trigger_rule != BEST_SET]
    names = [rule.label for rule in rules if rule.holds]
    verb = "hold" if len(names) > 1 else "holds"
    who = f"{enumeration(names)} {verb}" if names else "no rule holds"
    return f"{answer.scenario.name}, after {answer.label}: {who} the deal under the scenario's trigger."


def _fan(fan: Fan) -> str:
    median, low, high = (significant(float(fan.bands[quantile, -1])) for quantile in (2, 0, 4))
    return f"{fan.name}, {fan.unit}: a median of {median} at the end, 9 of 10 paths from {low} to {high}."


def _bands(fan: Fan) -> Iterator[Row]:
    names = ("month", *(f"quantile_{share:g}" for share in FAN_QUANTILES), "mean")
    for month, (*band, mean) in enumerate(zip(*fan.bands.tolist(), fan.mean.tolist(), strict=True), 1):
        yield dict(zip(names, (month, *band, mean), strict=True))


def _instruments(needed: Requirements) -> Iterator[Row]:
    return rows_of(
        needed.alone,
        instrument="instrument.key",
        now="instrument.present",
        least="amount",
        cap="instrument.cap",
        unit="instrument.unit",
        price="instrument.price",
        permanent_reversion="closed_form",
        meaning="instrument.label",
    )


def _call_game(game: CallGame) -> str:
    trust = "beliefs matter" if game.trust_is_needed else "the strategic type complies after every message"
    number = count_text(len(game.readings), "component")
    given = f"P(strategic) {game.assumptions.prior:.2f} ({game.assumptions.prior_source})"
    return f"{number} of equilibria of the call game at {given}; {trust}."


def _readings(game: CallGame) -> Iterator[Row]:
    gets = {"strategic_gets": "strategic", "cooperator_gets": "cooperator", "receiver_gets": "receiver"}
    return rows_of(game.readings, equilibrium="sentence", receiver_keeps="keeping", **gets, continuation_exact="valid")


def _parties(value: CallValue) -> Iterator[Row]:
    names = ("party", "over_no_call", "over_a_call_in_a_month", "unit", "wants")
    for number, party in enumerate(value.parties):
        worth = (float(value.ever[number]), float(value.now[number]))
        yield dict(zip(names, (title(party), *worth, value.unit, value.wants(number)), strict=True))


VIEWS = {
    "Fan": View(_fan, _bands),
    "Scenario": View(_scenario, _parameters, ("path", "value", "low", "high", "unit", "source")),
    "Comparison": View(_verdict, _verdicts, HEADLINE),
    "Analysis": View(lambda answer: _verdict(answer.comparison), _analysis_rows, HEADLINE),
    "Outcome": View(_of_outcome, lambda answer: _regime_rows(answer.regimes), TERMS),
    "Regimes": View(_regimes, lambda answer: _regime_rows(answer.regimes), TERMS),
    "Requirements": View(requirements_sentence, _instruments, ("instrument", "now", "least", "cap", "unit", "meaning")),
    "CallGame": View(_call_game, _readings),
    "CallValue": View(lambda answer: without_markup(worth_sentence(answer)), _parties),
}
