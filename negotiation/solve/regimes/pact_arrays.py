"""Pacts as arrays: what the closed forms of regimes read, for many pacts, trigger sets and lengths at once.

Arrays broadcast over pacts P, trigger sets K and lengths N; the axis of pacts has length 1 in what is alike for all.
One pact at many discount factors and many pacts under one trigger are the same computation.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from negotiation._values import Floats, Ints
from negotiation.games.pact import PLEDGES, Pact, PactBatch
from negotiation.games.stage import Profile
from negotiation.games.stakes import every_share_bounds, stake_bounds

Bounds = Callable[[Profile], tuple[Floats, Floats]]


class PactArrays(NamedTuple):
    """Pacts with two players.

    payoffs: (2, A, B, P, 1, 1) of the stage games. low: (A, B, P, K, 1), chance of a bad signal by profile. discount:
    (P, 1, 1). pledges: (5, P, 1, 1) in the order of `PLEDGES`. observed: players whose action is seen. stakes: the
    least and the largest stake (P, K, 1) that deter the unlisted levels at a profile, None where they do not count.
    """

    deal: Profile
    punishment: Profile
    observed: tuple[int, ...]
    payoffs: Floats
    low: Floats
    discount: Floats
    pledges: Floats
    stakes: Bounds | None = None

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

    def at_discounts(self, discounts: Floats) -> PactArrays:
        """Return one pact at discount factors (P,)."""
        return self._replace(discount=discounts[:, None, None])

    def take(self, rows: Ints) -> PactArrays:
        """Return some of the pacts."""
        return self._replace(
            stakes=self.stakes and functools.partial(_rows_of, self.stakes, rows),
            payoffs=self.payoffs[:, :, :, rows],
            low=self.low[:, :, rows],
            discount=self.discount[rows],
            pledges=self.pledges[:, rows],
        )


def pact_arrays(pact: Pact, masks: Floats, check_fine: bool = False) -> PactArrays:
    """Return one pact under trigger sets (K, Y), with its unlisted levels if asked or if every share counts."""
    stakes = None
    if pact.fine is not None and (check_fine or pact.every_share):
        stakes = functools.cache(functools.partial(_unlisted_bounds, pact, masks))
    return PactArrays(
        deal=pact.deal,
        punishment=pact.punishment,
        observed=pact.monitoring.observed,
        payoffs=pact.stage.payoffs[..., None, None, None],
        low=np.einsum("aby,ky->abk", pact.monitoring.likelihood, masks)[:, :, None, :, None],
        discount=np.full((1, 1, 1), pact.discount),
        pledges=np.array([getattr(pact.pledges, name) for name in PLEDGES])[:, None, None, None],
        stakes=stakes,
    )


def _rows_of(stakes: Bounds, rows: Ints, profile: Profile) -> tuple[Floats, Floats]:
    least, largest = stakes(profile)
    return least[rows], largest[rows]


def _unlisted_bounds(pact: Pact, masks: Floats, profile: Profile) -> tuple[Floats, Floats]:
    """Return the stakes that deter every share, or every level of the grid where only the listed actions count."""
    bounds = [_case_bounds(case, masks, profile) for case in pact.cases]
    least, largest = np.max([each[0] for each in bounds], axis=0), np.min([each[1] for each in bounds], axis=0)
    return least[None, :, None], largest[None, :, None]


def _case_bounds(pact: Pact, masks: Floats, profile: Profile) -> tuple[Floats, Floats]:
    """Return both stakes (K,) for one case of what player 1 may know."""
    fine, (row, column) = pact.fine, profile
    assert fine is not None
    if pact.every_share and fine.model:
        return _continuum(pact, masks, profile)[:2]
    payoff, caught = pact.stage.payoffs[1, row, column], masks @ pact.monitoring.likelihood[row, column]
    return stake_bounds(fine.payoffs[row][:, None] - payoff, fine.likelihood @ masks.T - caught)


def binding_share(pact: Pact, mask: Floats) -> float | None:
    """Return the share that asks most of a bad signal while the deal stands; None unless every share may be chosen."""
    if not pact.every_share or pact.fine is None or pact.fine.model is None:
        return None
    asked = [_continuum(case, mask[None, :], pact.deal) for case in pact.cases]
    least, _, share = max(asked, key=lambda each: float(each[0][0]))
    return float(share[0, 0]) if least[0] > 0 else None


def _continuum(pact: Pact, masks: Floats, profile: Profile) -> tuple[Floats, Floats, Floats]:
    """Return what `every_share_bounds` does at a profile, for each trigger set (K, Y)."""
    fine, (row, column) = pact.fine, profile
    assert fine is not None
    assert fine.model is not None
    model, payoff = fine.model, pact.stage.payoffs[1, row, column]
    caught = masks @ pact.monitoring.likelihood[row, column]

    def shares(x: Floats, e: Floats) -> tuple[Floats, Floats]:
        payoffs, likelihood = model(x.ravel(), e.ravel())
        low = np.einsum("kgy,ky->kg", likelihood.reshape(*x.shape, -1), masks)
        return payoffs[row].reshape(x.shape) - payoff, low - caught[:, None]

    jump = np.full((len(masks), 1), max(fine.jumps, default=1.0))
    return every_share_bounds(shares, jump, bool(np.any(fine.beside)))


def batch_arrays(batch: PactBatch, punishment: Profile, rows: Ints, bounds: tuple[Floats, Floats] | None) -> PactArrays:
    """Return some pacts of a batch with the same punishment, each under its own trigger; `bounds` are of all pacts."""
    chosen = None if bounds is None else (bounds[0][rows, None, None], bounds[1][rows, None, None])
    return PactArrays(
        deal=batch.deal,
        punishment=punishment,
        observed=batch.observed,
        payoffs=np.moveaxis(batch.payoffs[rows], 0, -1)[..., None, None],
        low=np.moveaxis(batch.low[rows], 0, -1)[..., None, None],
        discount=batch.discount[rows][:, None, None],
        pledges=batch.pledges[rows].T[:, :, None, None],
        # payoffs add up over the two players' actions: what a share gains is alike for every action of player 0
        stakes=chosen and (lambda _: chosen),
    )


def batch_bounds(batch: PactBatch) -> tuple[Floats, Floats] | None:
    """Return the stakes (N,) that deter every share of each pact; None where only the listed actions count."""
    if not batch.cases:
        return None
    assert batch.jump is not None
    least, largest = np.full(len(batch.discount), -np.inf), np.full(len(batch.discount), np.inf)
    for shares, counts in batch.cases:
        low, high, _ = every_share_bounds(shares, batch.jump, batch.elsewhere)
        least = np.where(counts, np.maximum(least, low), least)
        largest = np.where(counts, np.minimum(largest, high), largest)
    return least, largest
