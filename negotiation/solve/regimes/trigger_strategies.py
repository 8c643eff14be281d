"""Values and slacks of trigger regimes for many pacts, trigger sets and lengths at once, in closed form.

Good standing plays the deal; a signal in the trigger set B starts T periods of the response profile; in a `restart`
regime a signal in B during the response starts the T periods again, otherwise signals are ignored there; a seen
departure by an observed player leads to the punishment for ever. A call may restore the pact at the end of a period of
response or punishment with probability `restore` (Klimenko, Ramey, Watson 2008). With p, p' = P(B) in good standing and
in the response, r = delta (1 - restore)(1 - p'), S = (1 - r^T) / (1 - r), the value with k periods left is

    V_k = (1 - r^k) / (1 - r) [(1 - delta) u^P + delta restore V_0 + delta (1 - restore) p' V_T] + r^k V_0,

so that T and infinity cost the same (Green, Porter 1984; Abreu, Milgrom, Pearce 1991). Arrays as in `pact_arrays`;
slacks are in the game's unit, normalised by (1 - delta).
"""

from typing import NamedTuple

import numpy as np

from negotiation._values import Floats
from negotiation.games.stage import Profile
from negotiation.solve.regimes.kinds import RegimeKind
from negotiation.solve.regimes.pact_arrays import PactArrays


class RegimeValues(NamedTuple):
    """Values (2, P, K, N) of good standing, the smallest slack `margin` (P, K, N), and the payment (P, K, 1) if any."""

    values: Floats
    margin: Floats
    payment: Floats | None = None


class _Phase(NamedTuple):
    """A phase of a regime for one player: profile, values in it and after it, chance of a return to good standing.

    punished: whether a bad signal starts the response.
    """

    profile: Profile
    here: Floats
    after: Floats
    restored: float
    punished: bool


def trigger_values(pacts: PactArrays, kind: RegimeKind, lengths: Floats, restore: float = 0.0) -> RegimeValues:
    """Return values and the smallest slack over all deviations for lengths (N,) in periods, infinity allowed."""
    d, p = pacts.discount, pacts.low[pacts.deal]
    again = pacts.low[kind.punishment] if kind.restart else np.zeros_like(p)
    r = d * (1 - restore) * (1 - again)
    power = r**lengths
    span = (1 - power) / (1 - r)
    scale = 1 - d * (1 - restore) * again * span
    margin = np.broadcast_to(-(1 - d) * pacts.largest_gain(pacts.punishment), power.shape)
    values = []
    for player in (0, 1):
        flow = (1 - d) * pacts.payoffs[(player, *kind.punishment)]
        # V_T = base + slope V_0, put into V_0 = (1 - d) u + d [(1 - p) V_0 + p V_T]
        base, slope = span * flow / scale, (span * d * restore + power) / scale
        good = ((1 - d) * pacts.standing(player, pacts.deal) + d * p * base) / (1 - d * (1 - p) - d * p * slope)
        worst = base + slope * good
        outside = (1 - d) * pacts.payoffs[(player, *pacts.punishment)]
        reversion = (outside + d * restore * good) / (1 - d * (1 - restore))
        flow = flow + d * restore * good + d * (1 - restore) * again * worst
        phases = [_Phase(pacts.deal, good, good, 0.0, True)]
        for powers in _ends(lengths, r, power):
            here, after = ((1 - left) / (1 - r) * flow + left * good for left in powers)
            phases.append(_Phase(kind.punishment, here, after, restore, kind.restart))
        for number, phase in enumerate(phases):
            for deviation in pacts.deviations(player, phase.profile):
                future = phase.after
                if phase.punished:
                    future = future + pacts.low[deviation] * (worst - future)
                if phase.restored:
                    future = phase.restored * good + (1 - phase.restored) * future
                if player in pacts.observed:
                    future = reversion
                now = pacts.payoffs[(player, *deviation)] if number else pacts.standing(player, deviation)
                margin = np.minimum(margin, phase.here - (1 - d) * now - d * future)
        values.append(good)
    if pacts.stakes is not None:
        margin = np.minimum(margin, _fine_margin(pacts, phases if kind.restart else phases[:1], worst))
    return RegimeValues(np.stack(values), margin)


def _ends(lengths: Floats, r: Floats, power: Floats) -> list[tuple[Floats, Floats]]:
    """Return (r^k, r^(k-1)) for the last (k = 1) and the first (k = T) period of a response.

    Slacks are affine in r^k, so those in between lie between these two. A response for ever has no last period.
    """
    forever = np.isinf(lengths)
    with np.errstate(divide="ignore", invalid="ignore"):
        before = np.where(r > 0, power / r, 0.0)
    last = np.where(forever, power, r), np.where(forever, power, 1.0)
    return [last, (power, np.where(lengths == 1, 1.0, before))]


def _fine_margin(pacts: PactArrays, phases: list[_Phase], worst: Floats) -> Floats:
    """Return the margin against unlisted levels of player 1: how far the stake lies inside what deters them all.

    In good standing, the first phase, the stake is V_0 - V_T, in a response with k left V_(k-1) - V_T; the sign is that
    of the smallest slack over the levels.
    """
    margin, odds = np.full(worst.shape, np.inf), (1 - pacts.discount) / pacts.discount
    for number, phase in enumerate(phases):
        assert pacts.stakes is not None
        floor, ceiling = pacts.stakes(phase.profile)
        # in good standing a bad signal costs the audience cost as well
        cost = 0.0 if number else odds * pacts.pledges[2]
        stake = (1 - phase.restored) * (phase.after - worst) + cost
        margin = np.minimum(margin, np.minimum(stake - odds * floor, odds * ceiling - stake))
    return margin
