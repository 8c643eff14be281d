"""What the main report says about the call itself, computed once: the game on it, its demands, its worth; and what the
record says of it: the game's prior from shipments, and how leaders' contacts ended.
"""

import functools
from collections.abc import Sequence

from negotiation._values import Value
from negotiation.calls.agreement.requirements import Requirements, requirements
from negotiation.calls.closed_forms import PledgeThresholds, pledge_thresholds
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.calls.signalling.call_game import CallAssumptions, CallGame, call_game
from negotiation.calls.signalling.outcome_probabilities import ProbabilityRange
from negotiation.calls.value.call_value import CallValue, call_value
from negotiation.errors import InputError
from negotiation.evidence.answers.assessment import Assessment, assess
from negotiation.evidence.answers.base_rates import base_rates, without_each
from negotiation.evidence.data.events import load_events
from negotiation.evidence.data.months import month_name
from negotiation.trade.game.build import build_pact
from negotiation.trade.parameters.labels import label
from negotiation.trade.parameters.parameter import last_day
from negotiation.trade.scenario.call_outcome import NO_CALL
from negotiation.trade.scenario.scenario import Scenario

# sources of the revenue of the minerals whose shipments are on record; the second: in files that version 0.1.0 wrote
MAGNETS = ("magnet-unit-values", "judgement-magnet-prices")


class CallAnswers(Value):
    """The call game as things stand and, where another outcome makes the strategic type break the deal, in that one.

    thresholds: of pledges and trust. fragile: (label of the outcome, its call game), None where none needs trust.
    delivery: None where the design does not apply (the first player's exits are not seen, or delays last). worth: None
    where no other outcome has a chance.
    """

    thresholds: PledgeThresholds
    game: CallGame
    fragile: tuple[str, CallGame] | None
    delivery: Requirements | None
    worth: CallValue | None


def call_answers(
    scenario: Scenario, outcomes: Sequence[Outcome], demands: bool = True, assumptions: CallAssumptions | None = None
) -> CallAnswers:
    """Return what can be said about a call on which one of `outcomes` results; the first of them is "no call".

    demands: also what the call must deliver, frontiers of pairs left out. assumptions: of the call game (None: the
    prior that the shipments suggest).
    """
    pact = build_pact(scenario, fine=False)
    game = call_game(pact, assumptions or call_assumptions(scenario))
    free = game.assumptions.replace(pledges=())
    after = ((outcome.call.label, call_game(outcome.game.pact, free)) for outcome in outcomes)
    demands = demands and 0 in pact.monitoring.observed and not scenario.delays_last
    whole = len(outcomes) == len(scenario.calls) and any(outcome.call.probability > 0 for outcome in outcomes[1:])
    return CallAnswers(
        pledge_thresholds(pact),
        game,
        None if game.trust_is_needed else next((each for each in after if each[1].trust_is_needed), None),
        requirements(scenario, pairs=False) if demands else None,
        call_value(scenario, outcomes) if whole else None,
    )


def assessment_of(scenario: Scenario) -> Assessment | None:
    """Return what the shipments say as of the scenario's date; None for other minerals and before there are any."""
    if scenario.kind != "economy" or scenario.parameter("minerals.forgone_revenue").source not in MAGNETS:
        return None
    return _assess(scenario.as_of)


@functools.lru_cache(maxsize=2)
def _assess(as_of: str) -> Assessment | None:
    try:
        return assess(last_day(as_of), look_ahead=False)
    except InputError:
        return None


def call_assumptions(scenario: Scenario) -> CallAssumptions:
    """Return the call game's assumptions with the prior that the shipments suggest, under the neutral prior.

    P(strategic) is the probability that the last month on record was withheld on purpose: targeted, or common and
    deliberate. A reduced form: what was probably played, not a belief about types in equilibrium.
    """
    assessment = assessment_of(scenario)
    if assessment is None:
        return CallAssumptions()
    chances = [
        cause.probability("targeted", assessment.last)[0]
        + cause.probability("common", assessment.last)[0] * split.after
        for cause, split in zip(assessment.causes, assessment.splits, strict=True)
    ]
    month = month_name(assessment.last)
    low, high = 100 * min(chances), 100 * max(chances)
    source = (
        f"P(targeted conduct in {month}) read off shipments, {low:.0f} % to {high:.0f} % depending on the prior; "
        "that it is P(strategic type) too is an assumption"
    )
    return CallAssumptions(prior=min(chances[assessment.middle], 1.0), prior_source=source)


def historical_chances(scenario: Scenario) -> dict[str, ProbabilityRange]:
    """Return the base rate of each call outcome known on the scenario's date; empty where none of them is its own, and
    for a scenario with payoffs of its own.

    Intervals are those of the share among contacts, scaled like the probability by the chance of a contact at all.
    """
    names = {call.name for call in scenario.calls} if scenario.kind == "economy" else set()
    rates = base_rates(load_events(), last_day(scenario.as_of))
    quiet = next(rate.probability for rate in rates.rates if rate.outcome == NO_CALL)
    chances = {}
    for rate in rates.rates:
        if rate.outcome in names:
            share = 1.0 if rate.outcome == NO_CALL else 1 - quiet
            low, high = min(share * rate.low, rate.probability), max(share * rate.high, rate.probability)
            chances[rate.outcome] = ProbabilityRange(rate.probability, low, min(high, 1.0), f"{rate.count} of {rate.n}")
    return chances


def breakdown_records(scenario: Scenario) -> tuple[tuple[str, float], ...]:
    """Return P(breakdown given a call) by the contacts known on the scenario's date, and without each one of them.

    The name of each record goes first; the contact that moves it most leads. Empty for payoffs of a scenario's own.
    """
    if scenario.kind != "economy":
        return ()
    events, day = load_events(), last_day(scenario.as_of)
    recorded = base_rates(events, day).given_call("breakdown")
    without = [
        (f"without {contact.event.day} ({label(contact.outcome)})", rates.given_call("breakdown"))
        for contact, rates in without_each(events, day)
    ]
    without.sort(key=lambda row: -abs(row[1] - recorded))
    return (("all contacts on record", recorded), *without)
