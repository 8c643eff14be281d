"""How likely is each outcome of a call? Three answers side by side: the call game's equilibria, base rates, one's own.

The deal kept after silence is "no call" in effect, after an assurance a clarification, after a pledge that does not tie
hands a partial concession, after one that does full restoration; hedging or snapping back is a breakdown.
"""

import math
from collections.abc import Mapping
from dataclasses import field
from itertools import product

from negotiation._values import Value
from negotiation.calls.signalling.call_game import ASSURANCE, KEEP, SILENCE, CallGame
from negotiation.errors import count_text
from negotiation.solve.signalling.equilibria import Behaviour, receiver_payoff, sender_payoffs
from negotiation.trade.scenario.call_outcome import NO_CALL
from negotiation.trade.scenario.scenario import Scenario

BREAKDOWN, CLARIFICATION = "breakdown", "clarification"
PARTIAL_CONCESSION, FULL_RESTORATION = "partial_concession", "full_restoration"
STANDS_FOR = (NO_CALL, BREAKDOWN, CLARIFICATION, PARTIAL_CONCESSION, FULL_RESTORATION)


class ProbabilityRange(Value):
    """A probability with its interval: `low` <= `value` <= `high`, and where it comes from."""

    value: float
    low: float
    high: float
    basis: str = ""


class OutcomeProbabilities(Value):
    """One outcome's probability by source; None where a source says nothing of it."""

    outcome: str
    label: str
    equilibrium: ProbabilityRange | None
    base_rate: ProbabilityRange | None
    judgement: float = field(metadata={"key": "own"})


def outcome_probabilities(
    scenario: Scenario, game: CallGame, base_rates: Mapping[str, ProbabilityRange] | None = None
) -> tuple[OutcomeProbabilities, ...]:
    """Return the probabilities of the scenario's call outcomes side by side; base_rates: of the record, by outcome."""
    in_equilibrium, rates = equilibrium_probabilities(game), base_rates or {}
    return tuple(
        OutcomeProbabilities(
            call.name, call.label, in_equilibrium.get(call.name), rates.get(call.name), call.probability
        )
        for call in scenario.calls
    )


def equilibrium_probabilities(game: CallGame) -> dict[str, ProbabilityRange]:
    """Return the probability of each outcome over all equilibria of the call game, by outcome name."""
    points = [point for reading in game.readings for point in reading.component.extremes]
    by_point = [outcome_of(game, *point) for point in points]
    joint = [_joint(game, *point) for point in points]
    best = by_point[max(range(len(points)), key=lambda index: (round(joint[index], 12), -index))]
    basis = f"{count_text(len(game.readings), 'component')} of equilibria"
    return {
        name: ProbabilityRange(best[name], min(p[name] for p in by_point), max(p[name] for p in by_point), basis)
        for name in STANDS_FOR
    }


def outcome_of(game: CallGame, sender: Behaviour, receiver: Behaviour) -> dict[str, float]:
    """Return the probability of each outcome in one equilibrium."""
    signalling, total = game.game, dict.fromkeys(STANDS_FOR, 0.0)
    n, m, k = signalling.shape
    for t, s, a in product(range(n), range(m), range(k)):
        chance = float(signalling.prior[t] * sender[t][s] * receiver[s][a])
        if chance:
            total[stands_for(game, s, signalling.responses[a])] += chance
    return {name: min(1.0, chance) for name, chance in total.items()}


def stands_for(game: CallGame, message: int, reply: str) -> str:
    """Return the call outcome that a message and a reply stand for."""
    if reply != KEEP:
        return BREAKDOWN
    sent = game.game.messages[message]
    if sent in (SILENCE, ASSURANCE):
        return NO_CALL if sent == SILENCE else CLARIFICATION
    return FULL_RESTORATION if game.after[message].complies else PARTIAL_CONCESSION


def _joint(game: CallGame, sender: Behaviour, receiver: Behaviour) -> float:
    by_type = sender_payoffs(game.game, sender, receiver)
    china = sum(float(chance * payoff) for chance, payoff in zip(game.game.prior, by_type, strict=True))
    total = china + float(receiver_payoff(game.game, sender, receiver))
    return total if math.isfinite(total) else -math.inf
