"""The compensation regime judged against the best that voluntary transfers can do.

Compensation is one scheme: after a low month player 1 pays a fixed sum, of which a share arrives. The benchmark: every
pure public perfect equilibrium with voluntary payments in either direction, none of which is lost on the way, in the
same stage game with the same signals (Goldluecke, Kranz 2012). Audience costs and side payments pledged in the call are
left out of the benchmark: the first burn value, the second is a transfer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from negotiation._values import Value
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.solve.regimes.analysis import THRESHOLD
from negotiation.solve.transfers.solver import transfer_steps
from negotiation.trade.game.repeated_game import repeated_game


@dataclass(frozen=True, eq=False, kw_only=True)
class TransferBenchmark(Value):
    """One call outcome: compensation against transfers; payoffs per period in the scenario's unit.

    compensation_joint: joint value of the compensation regime, None where it does not hold at this discount factor;
    compensation_least: its least discount factor, None when there is none. best_joint: largest joint payoff of any
    equilibrium with transfers at this discount factor; worst: (2,) what each player can be held to there; liquidity:
    what can be staked on tomorrow. deal_least: least discount factor at which some equilibrium with transfers starts
    with the deal; deal_always: at which one plays it for ever; None when there is none. punishment_joint: that of war.
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
        """Share of the possible gain over war that compensation attains; None where nothing can be gained."""
        possible = self.best_joint - self.punishment_joint
        if possible <= 0:
            return None
        attained = self.punishment_joint if self.compensation_joint is None else self.compensation_joint
        return (attained - self.punishment_joint) / possible


def transfer_benchmark(outcome: Outcome, rule: str = THRESHOLD) -> TransferBenchmark:
    """Return the benchmark of one call outcome.

    rule: which trigger the compensation regime uses, "threshold" or "best set". Raises `InputError` when the outcome
    was analysed without it.
    """
    pact, regime = outcome.game.pact, outcome.regime("compensation", rule)
    steps = transfer_steps(repeated_game(pact))
    solution, need = steps.at(), steps.need(pact.deal)
    assert solution is not None  # war is a stage equilibrium, so there is always one
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
        deal_least=_double(need.once),
        deal_always=_double(need.always),
    )


def _double(number: Fraction | None) -> float | None:
    return None if number is None else float(number)
