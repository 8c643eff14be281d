"""The pledges of a scenario: what each side stakes on the pact, read from the `pledges.*` parameters."""

from __future__ import annotations

from collections.abc import Callable

from negotiation._values import Reals
from negotiation.games.pact import Pledges
from negotiation.trade.scenario.scenario import Scenario

# what the pact calls a pledge: what a scenario file calls it
LEAVES = {
    "side_payment": "side_payment",
    "row_audience_cost": "us_audience_cost",
    "column_audience_cost": "china_audience_cost",
    "compensation_efficiency": "compensation_efficiency",
    "compensation_cap": "compensation_cap",
}


def pledges(scenario: Scenario) -> Pledges:
    """Return the pledges; a scenario of own payoffs may leave any of them out, and then nothing is pledged."""
    return Pledges(**{name: float(pledge_value(scenario, scenario.value, name)) for name in LEAVES})


def pledge_value(scenario: Scenario, value: Callable[[str], Reals], name: str) -> Reals:
    """Return one pledge by its name in the pact, through `value`, which reads a path."""
    path = f"pledges.{LEAVES[name]}"
    return value(path) if path in scenario.parameters else 0.0
