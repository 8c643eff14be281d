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
from negotiation.solve.regimes.analysis import Regime


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


@dataclass(frozen=True, eq=False)
class InstitutionValue(Value):
    """How much of the frontier each simple regime attains after one call outcome.

    nash: joint value of war, the stage equilibrium. frontier: (inner, outer) bounds on the largest joint value of any
    pure public equilibrium; inner is NaN where none was found. rows: one a regime.
    """

    nash: float
    frontier: tuple[float, float]
    rows: tuple[RegimeValue, ...]


def institution_value(outcome: Outcome, solution: Solution) -> InstitutionValue:
    """Return how much of the frontier each simple regime attains after one call outcome.

    solution: that of the outcome's game (`repeated_game.pact_game`: pledges count, money does not).
    """
    pact = outcome.game.pact
    direction = np.ones(2)
    nash = sum(pact.stage.payoff(pact.punishment))
    inner, outer = solution.inner[0].support(direction), solution.outer[0].support(direction)
    frontier = (inner if math.isfinite(inner) else math.nan, outer)
    return InstitutionValue(nash, frontier, tuple(_row(regime, nash, frontier) for regime in outcome.regimes))


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
