"""Enforcement regimes of many pacts at once, for studies: the closed forms of `search` on columns of pacts.

Every regime under the default trigger, judged against the listed actions, with its length or payment chosen anew for
each pact.
"""

from collections.abc import Iterator

import numpy as np

from negotiation._values import Bools, Floats, Ints, Value
from negotiation.games.pact import PactBatch
from negotiation.solve.regimes.kinds import RegimeKind, snapback_actions
from negotiation.solve.regimes.lasting_delays import lasting_punished_share
from negotiation.solve.regimes.pact_arrays import PactArrays, batch_arrays, batch_bounds
from negotiation.solve.regimes.search import LENGTHS, TOLERANCE, best_places, regime_values

REGIME_KEYS = ("stage_nash", "mutual_reversion", "proportional_snapback", "heavy_snapback", "compensation")
CHUNK_OF_PACTS = 512  # pacts computed together; doubled, their arrays leave the fast memory of a core


class RegimeBatch(Value):
    """Every regime of N pacts, regimes in the order of `KEYS`.

    margin: (N, 5), at least 0 where no deviation pays, NaN where the regime does not exist. length: T (infinity: for
    ever; 0 without), payment: b. values: (N, 5, 2) from the start, normalised, in the game's unit. punished: (N, 5),
    long-run share of periods in punishment (with a payment under compensation). low: (N,), P(low month | deal).
    """

    margin: Floats
    length: Floats
    payment: Floats
    values: Floats
    punished: Floats
    low: Floats

    @property
    def holds(self) -> Bools:
        """Whether each regime holds, (N, 5)."""
        with np.errstate(invalid="ignore"):
            holds: Bools = self.margin >= -TOLERANCE
        return holds


def regime_batch(batch: PactBatch) -> RegimeBatch:
    """Return the best length or payment, margin and values of every regime for each pact of a batch."""
    count, bounds = len(batch.discount), batch_bounds(batch)
    shape = count, len(REGIME_KEYS)
    fields = [*np.full((4, *shape), np.nan), np.full((*shape, 2), np.nan), np.full(count, np.nan)]
    for profile in np.unique(batch.punishment, axis=0):
        alike = np.flatnonzero((batch.punishment == profile).all(axis=1))
        for start in range(0, len(alike), CHUNK_OF_PACTS):
            rows = alike[start : start + CHUNK_OF_PACTS]
            pacts = batch_arrays(batch, tuple(profile.tolist()), rows, bounds)
            for every, part in zip(fields, _regimes(pacts), strict=True):
                every[rows] = part
    margin, length, payment, punished, values, low = fields
    return RegimeBatch(margin, length, payment, values, punished, low=low)


def _regimes(pacts: PactArrays) -> tuple[Floats, ...]:
    """Return the fields of a `RegimeBatch`."""
    margin, length, payment, punished = np.full((4, len(pacts.discount), len(REGIME_KEYS)), np.nan)
    values = np.full((*margin.shape, 2), np.nan)
    low = pacts.low[pacts.deal][:, 0, 0]
    for column, kind, rows in _kinds(pacts):
        part = pacts if len(rows) == len(low) else pacts.take(rows)
        regime = regime_values(part, kind)
        places = best_places(regime)[1]
        at_best = np.arange(len(rows)), 0, places
        margin[rows, column], values[rows, column] = regime.margin[at_best], regime.values[(slice(None), *at_best)].T
        length[rows, column] = LENGTHS[places] if kind.form == "trigger" else 0.0
        payment[rows, column] = 0.0 if regime.payment is None else regime.payment[:, 0, 0]
        punished[rows, column] = {"punishment": 1.0, "payment": low[rows]}.get(kind.form, np.nan)
        if kind.form == "trigger":
            again = part.low[kind.punishment][:, 0, 0] if kind.restart else np.zeros(len(rows))
            share = _punished_share(low[rows], again, length[rows, column])
            punished[rows, column] = lasting_punished_share(part, kind, LENGTHS)[at_best] if part.delays else share
    return margin, length, payment, punished, values, low


def _kinds(pacts: PactArrays) -> Iterator[tuple[int, RegimeKind, Ints]]:
    """Yield the regimes as columns of the batch, with the pacts in which they exist (see `kinds.regime_kinds`)."""
    (agreed, column), (punishing, _) = pacts.deal, pacts.punishment
    every = np.arange(len(pacts.discount))
    yield 0, RegimeKind(REGIME_KEYS[0], "", "punishment"), every
    yield 1, RegimeKind(REGIME_KEYS[1], "", "trigger", False, pacts.punishment), every
    mild, harsh = snapback_actions(pacts.payoffs[1, :, column, :, 0, 0], agreed, punishing)
    for place, actions, other in ((2, mild, agreed), (3, harsh, mild)):
        for action in set(actions[actions != other].tolist()):
            kind = RegimeKind(REGIME_KEYS[place], "", "trigger", True, (action, column))
            yield place, kind, np.flatnonzero((actions == action) & (actions != other))
    yield 4, RegimeKind(REGIME_KEYS[4], "", "payment"), every


def _punished_share(p: Floats, again: Floats, length: Floats) -> Floats:
    """Return the long-run share of periods in the response; a bad signal in it starts it again with chance `again`."""
    with np.errstate(all="ignore"):
        stay = np.where(again == 0, length, np.expm1(-length * np.log1p(-again)) / again)
        share = np.where(np.isinf(stay), 1.0, p * stay / (1 + p * stay))
    return np.where(p == 0, 0.0, share)
