"""The value of an institution: how much of what the game allows does each simple regime attain?

The joint value of stage Nash counts as 0, the largest joint value of any pure public equilibrium as 1. That largest
value lies between the inner and the outer set, so each regime's share is an interval. What is missing to 1 is what
players lose because they hold on to a simple regime: the value of an institution that could co-ordinate them on
finely history-dependent play.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from negotiation._values import Value
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.games.solution import Solution
from negotiation.solve.public.solver import solve_public
from negotiation.solve.regimes.analysis import Regime
from negotiation.trade.game.repeated_game import pact_game

STAGE_NASH = "stage_nash"


@dataclass(frozen=True, eq=False, kw_only=True)
class RegimeValue(Value):
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

    def words(self) -> str:
        """Return the row as a sentence."""
        if not self.holds:
            return f"{self.label} does not hold."
        if math.isnan(self.low):
            return f"{self.label} is worth {self.joint:.4g}; the game allows nothing beyond stage Nash."
        share = f"{self.low:.1%}" if f"{self.low:.1%}" == f"{self.high:.1%}" else f"{self.low:.1%} to {self.high:.1%}"
        return f"{self.label} attains {share} of what the game allows over stage Nash."


@dataclass(frozen=True, eq=False, kw_only=True)
class InstitutionValue(Value):
    """The value of an institution after one call outcome.

    nash: joint value of war, the stage equilibrium. frontier: (inner, outer) bounds on the largest joint value of any
    pure public equilibrium; inner is NaN where none was found. best: the key of the simple regime without payments
    that has the largest joint value, "" if none holds (payments are no part of the game behind the frontier).
    value: (least, most) that an institution could add to it per month. rows: one a
    regime. solution: the sets behind the frontier.
    """

    outcome: str
    unit: str
    nash: float
    frontier: tuple[float, float]
    best: str
    value: tuple[float, float]
    rows: tuple[RegimeValue, ...]
    solution: Solution

    def row(self, key: str) -> RegimeValue:
        """Return the first row of a regime."""
        return next(row for row in self.rows if row.key == key)

    def words(self) -> str:
        """Return the answer in plain sentences."""
        low, high = self.frontier
        best = next((row for row in self.rows if row.key == self.best and row.holds), None)
        head = f"After {self.outcome}, the largest joint value lies between {low:.4g} and {high:.4g} {self.unit}"
        if best is None:
            return f"{head}; no simple rule without payments holds, stage Nash is worth {self.nash:.4g}."
        add = f"an institution could add {self.value[0]:.3g} to {self.value[1]:.3g} {self.unit}"
        return f"{head}; {best.words()[0].lower()}{best.words()[1:-1]}, and {add}."


def institution_value(outcome: Outcome, solution: Solution | None = None) -> InstitutionValue:
    """Return how much of the frontier each simple regime attains after one call outcome.

    solution: that of the outcome's game (`repeated_game.game_of`: pledges count, money does not), solved here if left
    out.
    """
    pact = outcome.game.pact
    if solution is None:
        solution = solve_public(pact_game(pact))
    direction = np.ones(2)
    nash = sum(pact.stage.payoff(pact.war))
    inner, outer = solution.inner[0].support(direction), solution.outer[0].support(direction)
    frontier = (inner if math.isfinite(inner) else math.nan, outer)
    rows = tuple(_row(regime, nash, frontier) for regime in outcome.regimes)
    holding = [row for row in rows if row.holds and not row.money and row.key != STAGE_NASH]
    best = max(holding, key=lambda row: row.joint) if holding else None
    floor = nash if best is None else best.joint
    return InstitutionValue(
        outcome=outcome.call.name,
        unit=pact.stage.unit,
        nash=nash,
        frontier=frontier,
        best="" if best is None else best.key,
        value=(frontier[0] - floor, frontier[1] - floor),
        rows=rows,
        solution=solution,
    )


def _row(regime: Regime, nash: float, frontier: tuple[float, float]) -> RegimeValue:
    joint = sum(regime.values) if regime.holds else math.nan
    gain = joint - nash
    low, high = (_share(gain, most - nash) for most in (frontier[1], frontier[0]))
    missing = (frontier[0] - joint, frontier[1] - joint)
    rule, money = regime.trigger_rule, regime.payment > 0
    return RegimeValue(
        key=regime.key,
        label=regime.label,
        trigger_rule=rule,
        terms=regime.terms,
        holds=regime.holds,
        money=money,
        joint=joint,
        low=low,
        high=high,
        missing=missing,
    )


def _share(gain: float, most: float) -> float:
    """Return gain / most, NaN where there is nothing to gain."""
    return gain / most if most > 1e-9 else math.nan
