"""The headline numbers of a comparison, small enough to stand beside another scenario's or the ones before a change."""

from collections.abc import Iterable
from typing import Any

from negotiation._values import Value, plain
from negotiation.calls.enforcement import Enforcement
from negotiation.calls.outcomes.outcome import Outcome, analyse_outcomes
from negotiation.solve.regimes.withheld_shares import ShareDeviation
from negotiation.trade.scenario.scenario import Scenario


class HeadlineRow(Value, kw_only=True):
    """One outcome in a line: does the deal hold, under which regime, from which discount factor, at what value.

    holds is about the selected regime and the listed actions, holds_against_every_share about all shares that could be
    withheld too, of which `share` gains most (both None where there are no others); `enforcement` says what the regime
    needs and which other rules would hold.
    least_discount: of the selected regime with the best terms at each discount factor, after stage Nash that of the
    least demanding rule; written_discount: of the selected regime's terms as they stand, None where it does not hold.
    values: of the players, normalised per month.
    """

    outcome: str
    label: str
    regime: str
    terms: str
    holds: bool
    enforcement: Enforcement
    discount: float
    least_discount: float | None
    written_discount: float | None
    values: tuple[float, ...]
    punished_share: float
    deal_joint: float
    holds_against_every_share: bool | None
    share: ShareDeviation | None

    def plain(self) -> dict[str, Any]:
        """Return the row as plain data, as `negotiation run --json` prints it."""
        enforcement = self.enforcement
        return {
            "holds": self.holds,
            "regime": self.regime,
            "terms": self.terms,
            "discount": self.discount,
            "asked": None if enforcement.asked is None else enforcement.asked.name,
            "least_discount": self.least_discount,
            "least_discount_of": None if enforcement.measured is None else enforcement.measured.name,
            "least_discount_as_written": self.written_discount,
            "other_rules_that_hold": [rule.plain() for rule in enforcement.others],
            "least_demanding": None if enforcement.least is None else enforcement.least.plain(),
            "values": list(self.values),
            "punished_share": self.punished_share,
            "holds_against_every_share": self.holds_against_every_share,
            "share": plain(self.share),
        }

    @property
    def joint(self) -> float:
        """Sum of the players' values."""
        return sum(self.values)

    @property
    def loss(self) -> float:
        """What the two together lose against the deal kept smoothly."""
        return self.deal_joint - self.joint


class Headline(Value):
    """The headline of one scenario: a row for each call outcome."""

    scenario: str
    title: str
    as_of: str
    unit: str
    rows: tuple[HeadlineRow, ...]


def headline(scenario: Scenario, outcomes: Iterable[Outcome]) -> Headline:
    """Return the headline of a scenario from its analysed outcomes."""
    rows = tuple(_row(outcome) for outcome in outcomes)
    return Headline(scenario.name, scenario.title, scenario.as_of, scenario.unit, rows)


def headline_of(scenario: Scenario, names: Iterable[str] = ()) -> Headline:
    """Return the headline of a scenario, its outcomes (all, or those named) analysed for the purpose."""
    return headline(scenario, analyse_outcomes(scenario, names, best_sets=False))


def _row(outcome: Outcome) -> HeadlineRow:
    selected, enforcement = outcome.selected, outcome.enforcement
    return HeadlineRow(
        outcome=outcome.call.name,
        label=outcome.call.label,
        regime=selected.label,
        terms=outcome.terms,
        holds=outcome.holds,
        enforcement=enforcement,
        discount=enforcement.discount,
        least_discount=None if enforcement.measured is None else enforcement.measured.least,
        written_discount=outcome.written_discount,
        values=outcome.values,
        punished_share=outcome.punished_share,
        deal_joint=sum(outcome.game.pact.stage.payoff(outcome.game.pact.deal)),
        holds_against_every_share=outcome.holds_against_every_share,
        share=selected.share,
    )
