"""What simple regimes attain of what the game allows, without money (docs/thresholds.md) and with (docs/transfers.md).

The value of an institution: stage Nash counts as 0, the largest joint value of any pure public equilibrium, which is
enclosed between the inner and the outer set, as 1. The compensation regime is judged against the best that voluntary
transfers can do; pledged audience costs and side payments are left out of that: the first burn value, the second is a
transfer.
"""

import math
from dataclasses import field

import numpy as np

from negotiation._values import Value
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.games.solution import Solution
from negotiation.solve.transfers.solver import transfer_steps
from negotiation.trade.game.repeated_game import repeated_game

NO_SURPLUS = 1e-9  # joint gain per month below which there is nothing to attain a share of


class RegimeValue(Value, kw_only=True):
    """One regime's joint value and the interval of the share of the frontier that it attains.

    joint: sum of both values, NaN where the regime does not hold. money: whether it rests on payments. low, high: share
    of the way from stage Nash to the largest joint value; above 1 where money changes hands, which the frontier leaves
    out. missing: (least, most) joint value forgone, in the scenario's unit per month.
    """

    key: str
    label: str
    trigger_rule: str
    terms: str
    holds: bool
    money: bool
    joint: float
    low: float
    high: float
    missing: tuple[float, float]


def institution_value(outcome: Outcome, solution: Solution) -> tuple[RegimeValue, ...]:
    """Return how much of the frontier each simple regime attains after one call outcome, one entry a regime.

    solution: that of the outcome's game (`repeated_game.pact_game`: pledges count, money does not).
    """
    pact, both = outcome.game.pact, np.ones(2)
    nash = sum(pact.stage.payoff(pact.punishment))
    inner, outer = solution.inner[0].support(both), solution.outer[0].support(both)
    frontier = (inner if math.isfinite(inner) else math.nan, outer)
    values = []
    for regime in outcome.regimes:
        joint = regime.joint if regime.holds else math.nan
        high, low = ((joint - nash) / (most - nash) if most - nash > NO_SURPLUS else math.nan for most in frontier)
        values.append(
            RegimeValue(
                key=regime.key,
                label=regime.label,
                trigger_rule=regime.trigger_rule,
                terms=regime.terms,
                holds=regime.holds,
                money=regime.payment > 0,
                joint=joint,
                low=low,
                high=high,
                missing=(frontier[0] - joint, frontier[1] - joint),
            )
        )
    return tuple(values)


class TransferBenchmark(Value, kw_only=True):
    """One call outcome: compensation against transfers; payoffs per period in the scenario's unit.

    compensation_joint: joint value of the compensation regime, None where it does not hold at this discount factor;
    compensation_least: its least discount factor, None when there is none. best_joint: largest joint payoff of any
    equilibrium with transfers at this discount factor; worst: (2,) what each player can be held to there; liquidity:
    what can be staked on tomorrow. deal_least: least discount factor at which some equilibrium with transfers starts
    with the deal; deal_always: at which one always plays it; None if there is none. punishment_joint: the punishment's.
    """

    outcome: str
    label: str
    discount: float
    punishment_joint: float = field(metadata={"key": "war_joint"})
    compensation_joint: float | None
    compensation_least: float | None
    best_joint: float
    worst: tuple[float, ...]
    liquidity: float
    deal_least: float | None
    deal_always: float | None

    @property
    def share(self) -> float | None:
        """Share of the gain over the punishment that compensation attains; None where nothing can be gained."""
        possible = self.best_joint - self.punishment_joint
        if possible <= 0:
            return None
        attained = self.punishment_joint if self.compensation_joint is None else self.compensation_joint
        return (attained - self.punishment_joint) / possible


def transfer_benchmark(outcome: Outcome) -> TransferBenchmark:
    """Return the benchmark of one call outcome, compensation under the threshold trigger."""
    pact, regime = outcome.game.pact, outcome.regime("compensation")
    steps = transfer_steps(repeated_game(pact))
    solution, need = steps.step_at(), steps.need(pact.deal)
    assert solution is not None  # the punishment is a stage equilibrium, so there is always one
    return TransferBenchmark(
        outcome=outcome.call.name,
        label=outcome.call.label,
        discount=pact.discount,
        punishment_joint=float(sum(pact.stage.payoff(pact.punishment))),
        compensation_joint=regime.joint if regime.holds else None,
        compensation_least=regime.least_discount,
        best_joint=float(solution.joint),
        worst=tuple(float(number) for number in solution.punishments),
        liquidity=float(solution.liquidity),
        deal_least=None if need.once is None else float(need.once),
        deal_always=None if need.always is None else float(need.always),
    )
