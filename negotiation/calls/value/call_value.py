"""What a call is worth: to each side and to those who watch, now rather than in a month, and rather than never.

Values are taken at the scenario's common discount, with war after the truce has ended: with beta the monthly factor and
s the stated survival, a path's value at delta = beta s weighs w = (1 - beta) / (1 - delta), war the rest. A call now
draws an outcome; waiting plays a month without a call, and then draws it in good standing or, after a low month, with
the response due (a call does not wipe the slate). So a month's delay costs

    V(call) - {(1 - beta) u_0 + beta [s ((1 - p_0) V(call) + p_0 V(call | low)) + (1 - s) war]}.

Players' values are political ones with pledges, those of third parties economic. Amounts are present values.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from negotiation._results import Result
from negotiation._values import Floats
from negotiation.calls.outcomes.decomposition import monthly_discount
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.errors import InputError, nearest
from negotiation.solve.automata.one_shot_deviations import automaton_values, state_chain
from negotiation.trade.scenario.scenario import Scenario

SUM_TOLERANCE = 1e-6  # by which stated probabilities may miss 1: people write six decimals
INDIFFERENT = 0.005  # a gain below it is printed as 0.00


@dataclass(frozen=True, eq=False, kw_only=True)
class CallValue(Result):
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
    due = np.array([value[:, _response(outcome)] for outcome, value in zip(called, values, strict=True)])
    expected, expected_due = weights @ good, weights @ due
    wait = _waiting(reference, beta, delta, expected, expected_due)
    scale = 1 / (1 - beta)
    unit = scenario.unit.split("/")[0].strip()
    return CallValue(
        scenario=scenario,
        parties=_parties(reference),
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


def _parties(outcome: Outcome) -> tuple[str, ...]:
    return outcome.game.parties if outcome.game.has_economics else outcome.game.pact.stage.players


def _states(outcome: Outcome, beta: float, delta: float) -> Floats:
    """Return values (parties, W) in every state of what is played, war after the truce included."""
    pact, path = outcome.game.pact, outcome.path
    rows = [automaton_values(pact.stage, pact.monitoring, delta, path).T]
    outside = [np.array(pact.stage.payoff(pact.punishment))]
    others = outcome.game.real[2:]
    if len(others):
        chain = state_chain(pact.monitoring, path)
        flow = others[:, path.actions[:, 0], path.actions[:, 1]]
        solved = np.linalg.solve(np.eye(len(chain)) - delta * chain, (1 - delta) * flow.T).T
        rows.append(np.asarray(solved, dtype=np.float64))
        outside.append(others[:, pact.punishment[0], pact.punishment[1]])
    weight = (1 - beta) / (1 - delta)
    values: Floats = weight * np.concatenate(rows) + (1 - weight) * np.concatenate(outside)[:, None]
    return values


def _response(outcome: Outcome) -> int:
    """Return the state in which play goes on when a low month has just been: the response, where there is one."""
    triggered = outcome.selected.holds and outcome.path.n_states > 2
    return 1 if triggered else 0


def _waiting(reference: Outcome, beta: float, delta: float, good: Floats, due: Floats) -> Floats:
    """Return the value (parties,) of a month without a call and a call after it."""
    pact, path = reference.game.pact, reference.path
    row, column = (int(action) for action in path.actions[0])
    others = reference.game.real[2:]
    flow = np.append(pact.stage.payoffs[:, row, column] + path.adjustments[0][:, row, column], others[:, row, column])
    outside = np.append(
        pact.stage.payoffs[:, pact.punishment[0], pact.punishment[1]], others[:, pact.punishment[0], pact.punishment[1]]
    )
    low = reference.selected.low_if_deal if reference.selected.holds else 0.0
    survives = delta / beta
    ahead = survives * ((1 - low) * good + low * due) + (1 - survives) * outside
    value: Floats = (1 - beta) * flow + beta * ahead
    return value
