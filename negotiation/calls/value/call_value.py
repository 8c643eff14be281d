"""What a call is worth: to each side and to those who watch, now rather than in a month, and rather than never.

With beta the monthly factor, s the stated survival of the truce and the punishment after it, a month's delay costs

    V(call) - {(1 - beta) u_0 + beta [s ((1 - p_0) V(call) + p_0 V(call | low)) + (1 - s) punishment]}:

a call does not wipe the slate. Players' values are political ones with pledges, those of third parties economic.
"""

from collections.abc import Sequence

import numpy as np

from negotiation._results import Result
from negotiation._values import Floats
from negotiation.calls.outcomes.decomposition import month_values, monthly_discount, party_values
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.errors import InputError
from negotiation.trade.scenario.call_outcome import STAGE_NASH
from negotiation.trade.scenario.scenario import Scenario

INDIFFERENT = 0.005  # a gain below it is printed as 0.00


class CallValue(Result, kw_only=True):
    """The worth of a call, by party (the two players, then third parties).

    chances: of each outcome once there is a call. by_outcome (outcomes, parties): present value of each outcome over no
    call at all. ever (parties,): their expectation. now (parties,): present value of calling now over calling in a
    month. unit: of the amounts.
    """

    scenario: Scenario
    parties: tuple[str, ...]
    chances: tuple[tuple[str, float], ...]
    by_outcome: Floats
    ever: Floats
    now: Floats
    unit: str

    def wants(self, party: int) -> str:
        """Return what a party wants in words: the call now, later, or never; one that is not on it only gains or loses.

        A gain that the tables show as zero is none.
        """
        ever = 0.0 if abs(self.ever[party]) < INDIFFERENT else self.ever[party]
        if ever == 0:
            return "is indifferent to the call"
        if party > 1:
            return "would gain from the call" if ever > 0 else "would lose by the call"
        if ever < 0:
            return "refuses the call" if self.now[party] < 0 else "would rather there were no call, but not a later one"
        return "wants the call now" if self.now[party] >= 0 else "wants the call, but later"

    @property
    def breakdown_chance(self) -> float:
        """The chance, once there is a call, of the outcomes after which the punishment is selected."""
        return sum(chance for name, chance in self.chances if self._breaks(name))

    def break_even(self, party: int) -> tuple[float, bool] | None:
        """Return the chance of a breakdown at which a call is worth nothing, and whether a smaller one makes it pay.

        The other odds keep their proportions. None where there is no such chance, or only one kind of outcome.
        """
        breaks = np.array([self._breaks(name) for name, _ in self.chances])
        weights, worth = np.array([chance for _, chance in self.chances]), self.by_outcome[:, party]
        if breaks.all() or not breaks.any():
            return None
        broken, other = (float(np.average(worth[part], weights=weights[part])) for part in (breaks, ~breaks))
        if min(broken, other) >= 0 or max(broken, other) <= 0:
            return None
        return other / (other - broken), other > broken

    def _breaks(self, name: str) -> bool:
        return self.scenario.call(name).regime == STAGE_NASH

    def price(self, party: int) -> float:
        """Return the most that a party would pay at once for a call now over none; negative: what it must be paid."""
        return float(self.ever[party])


def call_value(scenario: Scenario, outcomes: Sequence[Outcome]) -> CallValue:
    """Return the worth of a call; the first outcome of the scenario is "no call", against which it is measured.

    The probability of the first outcome is set aside and the rest scaled up. Raises `InputError` when nothing but "no
    call" has a chance.
    """
    reference, *rest = outcomes
    called = [outcome for outcome in rest if outcome.call.probability > 0]
    total = sum(outcome.call.probability for outcome in called)
    if not called:
        raise InputError.single("probabilities", "", f"nothing but '{reference.call.name}' has a chance")
    chances = {outcome.call.name: outcome.call.probability / total for outcome in called}
    beta, delta = monthly_discount(scenario), scenario.common_discount
    never = party_values(reference, scenario)[:, 0]
    weights = np.array([*chances.values()])
    values = [party_values(outcome, scenario) for outcome in called]
    good = np.array([value[:, 0] for value in values])
    # after a low month play goes on in the response, where there is one
    response = [int(outcome.selected.holds and outcome.path.n_states > 2) for outcome in called]
    due = np.array([value[:, state] for value, state in zip(values, response, strict=True)])
    expected, expected_due = weights @ good, weights @ due
    wait = _waiting(reference, beta, delta, expected, expected_due)
    scale = 1 / (1 - beta)
    unit = scenario.unit.split("/")[0].strip()
    return CallValue(
        scenario=scenario,
        parties=reference.game.parties if reference.game.has_economics else reference.game.pact.stage.players,
        chances=tuple(chances.items()),
        by_outcome=scale * (good - never),
        ever=scale * (expected - never),
        now=scale * (expected - wait),
        unit=unit,
    )


def _waiting(reference: Outcome, beta: float, delta: float, good: Floats, due: Floats) -> Floats:
    """Return the value (parties,) of a month without a call and a call after it."""
    path = reference.path
    profile = path.actions[0]
    low = reference.selected.low_if_deal if reference.selected.holds else 0.0
    survives = delta / beta
    after_truce = (1 - survives) * month_values(reference, reference.game.pact.punishment)
    ahead = survives * ((1 - low) * good + low * due) + after_truce
    return np.asarray((1 - beta) * month_values(reference, profile, path.adjustments[0][:, *profile]) + beta * ahead)
