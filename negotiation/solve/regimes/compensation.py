"""The compensation regime: after a low month player 1 pays b, worth eta b to player 0, or the pact ends.

Every condition is linear in b, so the payments that work form an interval (Goldluecke, Kranz 2012, one-sided; Limao,
Saggi 2008). With p = P(B | deal), a the audience cost and V(b) the value in good standing,

    obey        gain(a') <= (P(B | a') - p) (a + b)
    pay         (1 - delta) b <= delta (V_1(b) - war_1)
    enforce     V_0(b) >= (1 - delta) u_0(exit) + delta war_0,

and the joint value falls in b when eta < 1: the least payment that works is the best one. Payment is made at the end of
the low month. A call may restore the pact in a month of the punishment with probability `restore`. Arrays as in
`pact_arrays`.
"""

from collections.abc import Iterator

import numpy as np

from negotiation._values import Floats
from negotiation.games.stakes import stake_bounds
from negotiation.solve.regimes.lasting_delays import lasting_conditions, lasting_floor
from negotiation.solve.regimes.pact_arrays import PactArrays
from negotiation.solve.regimes.trigger_strategies import RegimeValues

FLAT_SLOPE = 1e-14  # slope in the payment that counts as none; doubled, more conditions are beyond the payment's reach


def compensation_values(pacts: PactArrays, restore: float = 0.0) -> RegimeValues:
    """Return the least payment that works, kept within the cap, with its values and the width of what works."""
    _, _, audience_cost, efficiency, cap = pacts.pledges
    d, low = pacts.discount, pacts.low[pacts.deal]
    floor, ceiling = lasting_floor(pacts) if pacts.delays else _floor(pacts)
    shape = np.broadcast_shapes(d.shape, low.shape)
    least = np.broadcast_to(np.maximum(floor - audience_cost, 0.0), shape)
    largest = np.broadcast_to(np.minimum(ceiling - audience_cost, cap), shape)
    impossible = np.minimum(0.0, -(1 - d) * pacts.largest_gain(pacts.punishment))
    for constant, slope in lasting_conditions(pacts, restore) if pacts.delays else _conditions(pacts, restore):
        with np.errstate(divide="ignore", invalid="ignore"):
            root = -constant / slope
        least = np.maximum(least, np.where(slope > FLAT_SLOPE, root, -np.inf))
        largest = np.minimum(largest, np.where(slope < -FLAT_SLOPE, root, np.inf))
        impossible = np.minimum(impossible, np.where(np.abs(slope) <= FLAT_SLOPE, constant, 0.0))
    payment = np.clip(least, 0.0, cap)
    good = [pacts.standing(0, pacts.deal) + efficiency * payment * low, pacts.standing(1, pacts.deal) - payment * low]
    margin = np.where(impossible < 0, impossible, largest - least)
    return RegimeValues(np.stack(np.broadcast_arrays(*good)), margin, payment)


def _floor(pacts: PactArrays) -> tuple[Floats, Floats]:
    """Return the least and the largest cost of a bad signal that keeps player 1 from withholding."""
    others = pacts.deviations(1, pacts.deal)
    gain = np.array([pacts.payoffs[(1, *to)] - pacts.payoffs[(1, *pacts.deal)] for to in others])
    more = np.array([pacts.low[to] - pacts.low[pacts.deal] for to in others])
    floor, ceiling = stake_bounds(gain, more)
    if pacts.stakes is not None:
        least_unlisted, largest_unlisted = pacts.stakes(pacts.deal)
        floor, ceiling = np.maximum(floor, least_unlisted), np.minimum(ceiling, largest_unlisted)
    return floor, ceiling


def _conditions(pacts: PactArrays, restore: float) -> Iterator[tuple[Floats, Floats]]:
    """Yield (constant, slope) of each condition constant + slope b >= 0: to pay, and not to exit."""
    d, deal, low, efficiency = pacts.discount, pacts.deal, pacts.low[pacts.deal], pacts.pledges[3]
    # the punishment is worth outside + share V, since a call may restore the pact
    scale = 1 - d * (1 - restore)
    outside = [(1 - d) * pacts.payoffs[(player, *pacts.punishment)] / scale for player in (0, 1)]
    share = d * restore / scale
    value, slope = pacts.standing(1, deal), -low
    yield d * (value * (1 - share) - outside[1]), d * (slope * (1 - share)) - (1 - d)
    value, slope = pacts.standing(0, deal), low * efficiency
    for deviation in pacts.deviations(0, deal):
        now = pacts.standing(0, deviation)
        if 0 in pacts.observed:
            # the exit is seen: nobody pays into a pact that has ended
            yield value * (1 - d * share) - (1 - d) * now - d * outside[0], slope * (1 - d * share)
        else:
            # an unseen exit leaves the pact standing: only this period's payoff changes
            yield (1 - d) * (value - now), (1 - d) * (slope - efficiency * pacts.low[deviation])
