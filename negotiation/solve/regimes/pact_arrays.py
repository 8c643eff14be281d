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
from negotiation.games.pact import PLEDGES, DelayColumns, LastingDelays, Pact, PactBatch, ShareCase
from negotiation.games.stage import Profile
from negotiation.games.stakes import StakeTable, every_share_bounds, stake_bounds

MOST_TOGETHER = 64  # pacts of which all parts of a table are sought at once; twice as many gain nothing

Bounds = Callable[[Profile], tuple[Floats, Floats]]


class DelayArrays(NamedTuple):
    """Delays that last: chain (2, 2, P, 1, 1) of months, low (2, A, B, P, K, 1) by kind of month.

    start: (2, P, 1, 1), the long-run shares of both kinds. beliefs: (2, P, 1, 1), the ends of what player 1 may believe
    of the coming month. stakes: at a profile, the least and the largest stake (P, K, N) that deter every share, where
    months with a delay count by a part (P, K, N) of it; None where only the listed shares count.
    """

    chain: Floats
    low: Floats
    start: Floats
    beliefs: Floats
    stakes: Callable[[Profile], StakeTable] | None

    def believed(self, player: int) -> Floats:
        """Return the least and the largest chance (2, P, 1, 1) of a delay that a player may see in a coming month."""
        return self.beliefs if player else self.chain[:, 1]

    def take(self, rows: Ints) -> DelayArrays:
        """Return the delays of some of the pacts."""
        table = self.stakes
        return DelayArrays(
            self.chain[:, :, rows],
            self.low[:, :, :, rows],
            self.start[:, rows],
            self.beliefs[:, rows],
            table and (lambda profile: table(profile).take(rows)),
        )


class PactArrays(NamedTuple):
    """Pacts with two players.

    payoffs: (2, A, B, P, 1, 1) of the stage games. low: (A, B, P, K, 1), chance of a bad signal by profile. discount:
    (P, 1, 1). pledges: (5, P, 1, 1) in the order of `PLEDGES`. observed: players whose action is seen. stakes: the
    least and the largest stake (P, K, 1) that deter the unlisted levels at a profile, None where they do not count.
    delays: where a delay makes another one more likely; `low` is the mean over both kinds of month then.
    """

    deal: Profile
    punishment: Profile
    observed: tuple[int, ...]
    payoffs: Floats
    low: Floats
    discount: Floats
    pledges: Floats
    stakes: Bounds | None = None
    delays: DelayArrays | None = None

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
            delays=self.delays and self.delays.take(rows),
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
        delays=None if pact.delays is None else _delay_arrays(pact, pact.delays, masks, unlisted=stakes is not None),
    )


def _delay_arrays(pact: Pact, delays: LastingDelays, masks: Floats, unlisted: bool) -> DelayArrays:
    low = [np.einsum("aby,ky->abk", month.monitoring.likelihood, masks) for month in delays.months]

    @functools.cache
    def table(profile: Profile) -> StakeTable:
        def asked(late: Floats) -> tuple[Floats, Floats]:
            # of two equally likely kinds of month, each counts for twice its part
            weights = np.concatenate([2 * np.multiply.outer(part, masks) for part in (1 - late, late)], axis=-1)
            bounds = _case_bounds(pact.believing(0.5), weights.reshape(-1, 2 * masks.shape[1]), profile)
            least, largest = (each.reshape(len(late), len(masks)) for each in bounds)
            return least, largest

        return StakeTable.of(asked)

    return DelayArrays(
        delays.chain[:, :, None, None, None],
        np.array(low)[:, :, :, None, :, None],
        delays.long_run[:, None, None, None],
        delays.beliefs[:, None, None, None],
        table if unlisted else None,
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
    if pact.delays is not None:
        twice = np.concatenate([mask, mask])[None, :]
        asked = [_continuum(pact.believing(late), twice, pact.deal) for late in pact.delays.beliefs]
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


def batch_arrays(batch: PactBatch, punishment: Profile, rows: Ints, bounds: BatchBounds) -> PactArrays:
    """Return some pacts of a batch with the same punishment, each under its own trigger; `bounds` are of all pacts."""
    chosen = bounds.alike and (bounds.alike[0][rows, None, None], bounds.alike[1][rows, None, None])
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
        delays=batch.delays and _batch_delays(batch.delays, rows, bounds.by_kind),
    )


def _batch_delays(delays: DelayColumns, rows: Ints, table: StakeTable | None) -> DelayArrays:
    late = delays.late[rows]
    return DelayArrays(
        np.moveaxis(delays.chain[rows], 0, -1)[..., None, None],
        np.moveaxis(delays.low[:, rows], 1, -1)[..., None, None],
        np.stack([1 - late, late])[..., None, None],
        delays.beliefs[rows].T[..., None, None],
        table and (lambda _: table.take(rows)),
    )


def _mixed_bounds(batch: PactBatch, shares: tuple[ShareCase, ...], late: Floats) -> tuple[Floats, Floats]:
    """Return both stakes (len(late), N) that deter every share, where months with a delay count by a part `late`."""
    assert batch.jump is not None
    jump, counts = batch.jump, shares[0].counts

    def bounds(part: Floats, jump: Floats) -> tuple[Floats, Floats]:
        def mixed(x: Floats, e: Floats) -> tuple[Floats, Floats]:
            (gain, calm), (_, delayed) = (kind.shares(x, e) for kind in shares)
            return gain, (1 - part) * calm + part * delayed

        least, largest, _ = every_share_bounds(mixed, jump, batch.elsewhere)
        return least, largest

    if len(jump) <= MOST_TOGETHER:
        least, largest = bounds(late[:, None, None], np.broadcast_to(jump, (len(late), *jump.shape)))
    else:
        least, largest = (np.array(part) for part in zip(*(bounds(part, jump) for part in late), strict=True))
    return np.where(counts, least, -np.inf), np.where(counts, largest, np.inf)


class BatchBounds(NamedTuple):
    """The least and the largest stake (N,) that deter every share of each pact, and by kind of month where delays last.

    None where only the listed actions count, and one of both at least.
    """

    alike: tuple[Floats, Floats] | None
    by_kind: StakeTable | None


def batch_bounds(batch: PactBatch) -> BatchBounds:
    """Return what deters every share of each pact."""
    if batch.delays is not None and batch.delays.shares:
        shares = batch.delays.shares
        return BatchBounds(None, StakeTable.of(lambda late: _mixed_bounds(batch, shares, late)))
    return BatchBounds(_stakes_alike(batch) if batch.cases else None, None)


def _stakes_alike(batch: PactBatch) -> tuple[Floats, Floats]:
    assert batch.jump is not None
    least, largest = np.full(len(batch.discount), -np.inf), np.full(len(batch.discount), np.inf)
    for shares, counts in batch.cases:
        low, high, _ = every_share_bounds(shares, batch.jump, batch.elsewhere)
        least = np.where(counts, np.maximum(least, low), least)
        largest = np.where(counts, np.minimum(largest, high), largest)
    return least, largest
