"""The pledges of a scenario: what each side stakes on the pact, read from the `pledges.*` parameters."""

from __future__ import annotations

from negotiation.games.pact import Pledges
from negotiation.trade.scenario import Scenario


def pledges(scenario: Scenario) -> Pledges:
    """Return the pledges; a scenario of own payoffs may leave any of them out, and then nothing is pledged."""

    def value(name: str) -> float:
        path = f"pledges.{name}"
        return scenario.value(path) if path in scenario.parameters else 0.0

    return Pledges(
        side_payment=value("side_payment"),
        row_audience_cost=value("us_audience_cost"),
        column_audience_cost=value("china_audience_cost"),
        compensation_efficiency=value("compensation_efficiency"),
        compensation_cap=value("compensation_cap"),
    )
