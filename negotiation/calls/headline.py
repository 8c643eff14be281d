"""The headline numbers of a comparison, small enough to stand beside another scenario's or the ones before a change."""

from __future__ import annotations

from dataclasses import dataclass

from negotiation._values import Value
from negotiation.calls.comparison import Comparison
from negotiation.calls.outcome import Outcome


@dataclass(frozen=True, eq=False)
class HeadlineRow(Value):
    """One outcome in a line: does the deal hold, under which regime, from which discount factor, at what value.

    holds is about the selected regime; where stage Nash is selected, `possible` names regimes that would hold. values:
    of the players, normalised per month.
    """

    outcome: str
    label: str
    regime: str
    terms: str
    holds: bool
    possible: tuple[str, ...]
    discount: float
    least_discount: float | None
    values: tuple[float, ...]
    punished_share: float

    @property
    def joint(self) -> float:
        """Sum of the players' values."""
        return sum(self.values)


@dataclass(frozen=True, eq=False)
class Headline(Value):
    """The headline of one scenario: a row for each call outcome, and the first stage equilibrium's payoffs at war."""

    scenario: str
    title: str
    as_of: str
    unit: str
    rows: tuple[HeadlineRow, ...]


def headline(comparison: Comparison) -> Headline:
    """Return the headline of a comparison."""
    scenario = comparison.scenario
    rows = tuple(_row(row.outcome) for row in comparison.rows)
    return Headline(scenario.name, scenario.title, scenario.as_of, scenario.unit, rows)


def _row(outcome: Outcome) -> HeadlineRow:
    selected = outcome.selected
    claimed = [regime for regime in outcome.claimed if regime.least_discount is not None]
    return HeadlineRow(
        outcome.call.name,
        outcome.call.label,
        selected.label,
        selected.terms,
        outcome.holds,
        tuple(regime.label for regime in outcome.claimed if regime.holds),
        outcome.game.pact.discount,
        min((regime.least_discount for regime in claimed if regime.least_discount is not None), default=None),
        selected.values,
        selected.punished_share,
    )
