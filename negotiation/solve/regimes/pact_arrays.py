"""Pacts as arrays: what the closed forms of regimes read, for many pacts, trigger sets and lengths at once.

Arrays broadcast over pacts P, trigger sets K and lengths N; the axis of pacts has length 1 in what is alike for all.
One pact at many discount factors and many pacts under one trigger are the same computation.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from negotiation._values import Floats, Ints
from negotiation.games.pact import PLEDGES, Pact, PactBatch
from negotiation.games.stage import Profile

SURELY = 1e-15  # change of a chance of being caught that counts as none
WORTHWHILE = 1e-9  # gain that no stake deters, beyond rounding


class PactArrays(NamedTuple):
    """Pacts with two players.

    payoffs: (2, A, B, P, 1, 1) of the stage games. low: (A, B, P, K, 1), chance of a bad signal by profile. discount:
    (P, 1, 1). pledges: (5, P, 1, 1) in the order of `PLEDGES`. observed: players whose action is seen. fine: payoffs
    (A, G) of player 1 at unlisted levels and the chance of a bad signal (G, K), None where they do not count.
    """

    deal: Profile
    punishment: Profile
    observed: tuple[int, ...]
    payoffs: Floats
    low: Floats
    discount: Floats
    pledges: Floats
    fine: tuple[Floats, Floats] | None = None

    def standing(self, player: int, profile: Profile) -> Floats:
        """Return a player's payoff in good standing, pledges included; a seen exit ends the side payment."""
        side, exit_cost, audience_cost, _, _ = self.pledges
        exits = profile[0] != self.deal[0]
        side = side * float(not (exits and 0 in self.observed))
        change = side - audience_cost * self.low[profile] if player else -(side + exit_cost * exits)
        return np.asarray(self.payoffs[(player, *profile)] + change)

    def deviations(self, player: int, profile: Profile) -> list[Profile]:
        """Return the profiles that differ from one by another action of `player`."""
        others = (action for action in range(self.low.shape[player]) if action != profile[player])
        return [(profile[0], action) if player else (action, profile[1]) for action in others]

    def largest_gain(self, profile: Profile) -> Floats:
        """Return the most a player gains by leaving a profile once, (P, 1, 1)."""
        gains = [
            self.payoffs[(player, *deviation)] - self.payoffs[(player, *profile)]
            for player in (0, 1)
            for deviation in self.deviations(player, profile)
        ]
        return np.asarray(np.max(gains, axis=0, initial=-np.inf))

    def unlisted(self, profile: Profile) -> tuple[Floats, Floats]:
        """Return what player 1 gains by each unlisted level, and how much more often it is caught: (G, P, K, 1)."""
        payoffs, low = self.fine if self.fine is not None else (np.empty((len(self.low), 0)), np.empty((0, 1)))
        gain = payoffs[profile[0]][:, None, None, None] - self.payoffs[(1, *profile)]
        return gain, low[:, None, :, None] - self.low[profile]

    def take(self, rows: Ints) -> PactArrays:
        """Return some of the pacts."""
        return self._replace(
            payoffs=self.payoffs[:, :, :, rows],
            low=self.low[:, :, rows],
            discount=self.discount[rows],
            pledges=self.pledges[:, rows],
        )


def pact_arrays(pact: Pact, masks: Floats, discounts: Floats, check_fine: bool = False) -> PactArrays:
    """Return one pact at discount factors (P,) under trigger sets (K, Y), with its unlisted levels if asked."""
    return PactArrays(
        deal=pact.deal,
        punishment=pact.punishment,
        observed=pact.monitoring.observed,
        payoffs=pact.stage.payoffs[..., None, None, None],
        low=np.einsum("aby,ky->abk", pact.monitoring.likelihood, masks)[:, :, None, :, None],
        discount=discounts[:, None, None],
        pledges=np.array([getattr(pact.pledges, name) for name in PLEDGES])[:, None, None, None],
        fine=(pact.fine.payoffs, pact.fine.likelihood @ masks.T) if check_fine and pact.fine is not None else None,
    )


def batch_arrays(batch: PactBatch, rows: slice) -> PactArrays:
    """Return some pacts of a batch, each under its own trigger."""
    return PactArrays(
        deal=batch.deal,
        punishment=batch.punishment,
        observed=batch.observed,
        payoffs=np.moveaxis(batch.payoffs[rows], 0, -1)[..., None, None],
        low=np.moveaxis(batch.low[rows], 0, -1)[..., None, None],
        discount=batch.discount[rows][:, None, None],
        pledges=batch.pledges[rows].T[:, :, None, None],
    )


def stake_bounds(net: Floats, more: Floats) -> tuple[Floats, Floats]:
    """Return the least and largest s with net <= more s for every level (G, ...), by the other axes.

    A level that gains although it is caught no more often makes the least stake infinite.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = net / more
    hopeless = np.where((net > WORTHWHILE) & (more > -SURELY), np.inf, -np.inf)
    floor = np.where(more > SURELY, ratio, hopeless).max(axis=0, initial=-np.inf)
    ceiling = np.where(more < -SURELY, ratio, np.inf).min(axis=0, initial=np.inf)
    return floor, ceiling
