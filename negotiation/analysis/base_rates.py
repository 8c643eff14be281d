"""Historical base rates of how leaders' contacts ended, as the call sections want them."""

from __future__ import annotations

from negotiation.calls.signalling.outcome_probabilities import ProbabilityRange
from negotiation.evidence.answers.base_rates import NO_CALL, base_rates
from negotiation.evidence.data.events import load_events
from negotiation.trade.parameters.parameter import last_day
from negotiation.trade.scenario.scenario import Scenario


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
