"""The prior of the call game from the shipments on record: what the last known month says of the strategic type."""

from __future__ import annotations

import functools

from negotiation.calls.signalling.call_game import CallAssumptions
from negotiation.errors import InputError
from negotiation.evidence.answers.assessment import Assessment, assess
from negotiation.evidence.data.months import month_name
from negotiation.trade.parameters.parameter import last_day
from negotiation.trade.scenario.scenario import Scenario

MAGNETS = "judgement-magnet-prices"  # source of the revenue of the minerals whose shipments are on record


def assessment_of(scenario: Scenario) -> Assessment | None:
    """Return what the shipments say as of the scenario's date; None for other minerals and before there are any."""
    return _assess(scenario.as_of) if about_magnets(scenario) else None


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
    source = f"the shipments of {month}, {low:.0f} % to {high:.0f} % depending on the prior"
    return CallAssumptions(prior=min(chances[assessment.middle], 1.0), prior_source=source)


def about_magnets(scenario: Scenario) -> bool:
    """Whether the scenario's minerals are those whose shipments are on record: its revenue is that of magnets."""
    if scenario.kind != "economy":
        return False
    return scenario.parameter("minerals.forgone_revenue").source == MAGNETS
