"""What a call is worth: to each side and to those who watch, now rather than in a month, and rather than never.

With beta the monthly factor, s the stated survival of the truce and war after it, a month's delay costs

    V(call) - {(1 - beta) u_0 + beta [s ((1 - p_0) V(call) + p_0 V(call | low)) + (1 - s) war]}:

a call does not wipe the slate. Players' values are political ones with pledges, those of third parties economic.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from negotiation._results import Result
from negotiation._values import Floats
from negotiation.calls.outcomes.decomposition import monthly_discount
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.errors import InputError, nearest
from negotiation.solve.automata.one_shot_deviations import state_chain
from negotiation.trade.scenario.scenario import Scenario

SUM_TOLERANCE = 1e-6  # by which stated probabilities may miss 1: people write six decimals
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

    def price(self, party: int) -> float:
        """Return the most that a party would pay at once for a call now over none; negative: what it must be paid."""
        return float(self.ever[party])


def call_value(
    scenario: Scenario, outcomes: Sequence[Outcome], probabilities: Mapping[str, float] | None = None
) -> CallValue:
    """Return the worth of a call; the first outcome of the scenario is "no call", against which it is measured.

    probabilities: by outcome name, those of the scenario if left out; that of the first outcome is set aside and the
    rest scaled up. Raises `InputError` for an unknown name, numbers that are no probabilities, and when nothing but "no
    call" has a chance.
    """
    given = probabilities or {call.name: call.probability for call in scenario.calls}
    reference = outcomes[0]
    chances = chances_of_outcomes(given, [outcome.call.name for outcome in outcomes], reference.call.name)
    beta, delta = monthly_discount(scenario), scenario.common_discount
    never = _states(reference, beta, delta)[:, 0]
    called = [outcome for outcome in outcomes if outcome.call.name in chances]
    weights = np.array([chances[outcome.call.name] for outcome in called])
    values = [_states(outcome, beta, delta) for outcome in called]
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


def chances_of_outcomes(given: Mapping[str, float], names: Sequence[str], reference: str) -> dict[str, float]:
    """Return the chances of the outcomes once there is a call, adding up to one."""
    for name, chance in given.items():
        if name not in names:
            raise InputError.single("probabilities", name, "there is no such call outcome", nearest(name, names))
        if not (math.isfinite(chance) and 0 <= chance <= 1):
            text = f"{chance:g} is no probability: it must lie between 0 and 1"
            raise InputError.single("probabilities", name, text)
    if abs(sum(given.values()) - 1) > SUM_TOLERANCE:
        total = sum(given.values())
        raise InputError.single("probabilities", "", f"they add up to {total:.6g}, they must add up to 1")
    called = {name: given[name] for name in names if name != reference and given.get(name, 0.0) > 0}
    total = sum(called.values())
    if total <= 0:
        raise InputError.single("probabilities", "", f"nothing but '{reference}' has a chance")
    return {name: chance / total for name, chance in called.items()}


def _flows(outcome: Outcome, profile: Sequence[int], adjustments: Floats | float = 0.0) -> Floats:
    """Return what a month of a profile gives each party, (parties,): the players with pledges, then third parties."""
    row, column = profile
    game = outcome.game
    return np.append(game.pact.stage.payoffs[:, row, column] + adjustments, game.real[2:, row, column])


def _states(outcome: Outcome, beta: float, delta: float) -> Floats:
    """Return values (parties, W) in every state of what is played, war after the truce included."""
    pact, path = outcome.game.pact, outcome.path
    flows = [
        _flows(outcome, profile, adjusted[:, *profile])
        for profile, adjusted in zip(path.actions, path.adjustments, strict=True)
    ]
    chain = state_chain(pact.monitoring, path)
    values = np.linalg.solve(np.eye(len(chain)) - delta * chain, (1 - delta) * np.array(flows)).T
    weight = (1 - beta) / (1 - delta)
    return np.asarray(weight * values + (1 - weight) * _flows(outcome, pact.punishment)[:, None])


def _waiting(reference: Outcome, beta: float, delta: float, good: Floats, due: Floats) -> Floats:
    """Return the value (parties,) of a month without a call and a call after it."""
    path = reference.path
    profile = path.actions[0]
    low = reference.selected.low_if_deal if reference.selected.holds else 0.0
    survives = delta / beta
    after_truce = (1 - survives) * _flows(reference, reference.game.pact.punishment)
    ahead = survives * ((1 - low) * good + low * due) + after_truce
    return np.asarray((1 - beta) * _flows(reference, profile, path.adjustments[0][:, *profile]) + beta * ahead)
