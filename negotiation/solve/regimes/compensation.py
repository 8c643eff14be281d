"""The compensation regime: after a low month player 1 pays b, worth eta b to player 0, or the pact ends in war.

Every condition is linear in b, so the payments that work form an interval (Goldluecke, Kranz 2012, one-sided; Limao,
Saggi 2008). With p = P(B | deal), a the audience cost and V(b) the value in good standing,

    obey        gain(a') <= (P(B | a') - p) (a + b)
    pay         (1 - delta) b <= delta (V_1(b) - war_1)
    enforce     V_0(b) >= (1 - delta) u_0(exit) + delta war_0,

and the joint value falls in b when eta < 1: the least payment that works is the best one. Payment is made at the end of
the low month. A call may restore the pact in a month of war with probability `restore`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from negotiation._values import Floats
from negotiation.games.pact import Pact
from negotiation.solve.regimes.trigger_strategies import stake_bounds


@dataclass(frozen=True)
class Payments:
    """Interval of payments that satisfy every condition: `least`, `largest` (D, K); `margin` < 0 when it is empty."""

    least: Floats
    largest: Floats
    margin: Floats


def payments(pact: Pact, masks: Floats, discounts: Floats, check_fine: bool = False, restore: float = 0.0) -> Payments:
    """Return the payments that enforce the deal for each discount factor (D,) and trigger set (K, Y)."""
    floor, ceiling = _obedience(pact, masks, check_fine)
    d = discounts[:, None]
    # each condition: constant + slope b >= 0
    conditions = [_pay(pact, masks, d, restore), *_enforce(pact, masks, d, restore)]
    least = np.broadcast_to(np.maximum(floor, 0.0), (len(discounts), len(masks))).copy()
    largest = np.broadcast_to(np.minimum(ceiling, pact.pledges.compensation_cap), least.shape).copy()
    impossible = np.zeros_like(least)
    for constant, slope in conditions:
        with np.errstate(divide="ignore", invalid="ignore"):
            root = -constant / slope
        least = np.maximum(least, np.where(slope > 1e-14, root, -np.inf))
        largest = np.minimum(largest, np.where(slope < -1e-14, root, np.inf))
        flat = np.abs(slope) <= 1e-14
        impossible = np.minimum(impossible, np.where(flat, np.minimum(constant, 0.0), 0.0))
    impossible = np.minimum(impossible, -(1 - d) * pact.stage.largest_gain(pact.punishment))
    margin = np.where(impossible < 0, impossible, largest - least)
    return Payments(least, largest, margin)


def _obedience(pact: Pact, masks: Floats, check_fine: bool) -> tuple[Floats, Floats]:
    """Return bounds (K,) on b from player 1's temptation, audience cost taken off."""
    row, column = pact.deal
    low = pact.monitoring.likelihood[row] @ masks.T
    others = [action for action in range(pact.stage.shape[1]) if action != column]
    gain = pact.stage.payoffs[1, row, others] - pact.stage.payoffs[1, row, column]
    more = (low[others] - low[column]).T
    if check_fine and pact.fine is not None:
        fine_gain = pact.fine.payoffs[row] - pact.stage.payoffs[1, row, column]
        gain = np.concatenate([gain, fine_gain])
        more = np.concatenate([more, (pact.fine.likelihood @ masks.T - low[column]).T], axis=1)
    floor, ceiling = stake_bounds(np.broadcast_to(gain, more.shape), more)
    cost = pact.pledges.column_audience_cost
    return floor - cost, ceiling - cost


def _punishment_values(pact: Pact, d: Floats, restore: float, player: int) -> tuple[Floats, Floats]:
    """Return (constant, slope) of the war value in the good-standing value."""
    outside = pact.stage.payoffs[(player, *pact.punishment)]
    scale = 1 - d * (1 - restore)
    return (1 - d) * outside / scale, d * restore / scale


def _value(pact: Pact, masks: Floats, player: int) -> tuple[Floats, Floats]:
    """Return (constant, slope in b) of the value in good standing, shapes (1, K)."""
    low = (pact.monitoring.likelihood[pact.deal] @ masks.T)[None, :]
    constant = pact.standing_payoffs(masks)[player][:, pact.deal[0], pact.deal[1]][None, :]
    return constant, low * (pact.pledges.compensation_efficiency if player == 0 else -1.0)


def _pay(pact: Pact, masks: Floats, d: Floats, restore: float) -> tuple[Floats, Floats]:
    constant, slope = _value(pact, masks, 1)
    outside, share = _punishment_values(pact, d, restore, 1)
    stake, stake_slope = constant * (1 - share) - outside, slope * (1 - share)
    return d * stake, d * stake_slope - (1 - d)


def _enforce(pact: Pact, masks: Floats, d: Floats, restore: float) -> list[tuple[Floats, Floats]]:
    constant, slope = _value(pact, masks, 0)
    outside, share = _punishment_values(pact, d, restore, 0)
    standing = pact.standing_payoffs(masks)[0]
    found = []
    for action in range(pact.stage.shape[0]):
        if action == pact.deal[0]:
            continue
        now = standing[:, action, pact.deal[1]][None, :]
        if 0 in pact.monitoring.observed:
            # the exit is seen: nobody pays into a pact that has ended
            found.append((constant * (1 - d * share) - (1 - d) * now - d * outside, slope * (1 - d * share)))
        else:
            # an unseen exit leaves the pact standing: only this period's payoff changes
            exit_low = (pact.monitoring.likelihood[action, pact.deal[1]] @ masks.T)[None, :]
            paid = pact.pledges.compensation_efficiency * exit_low
            found.append(((1 - d) * (constant - now), (1 - d) * (slope - paid)))
    return found
