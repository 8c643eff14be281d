"""Enforcement regimes of many pacts at once, for studies: the closed forms of `search` on columns of pacts.

Every regime under the default trigger, judged against the listed actions, with its length or payment chosen anew for
each pact.
"""

from collections.abc import Iterator

import numpy as np

from negotiation._values import Bools, Floats, Ints, Value
from negotiation.games.pact import PactBatch
from negotiation.solve.regimes.kinds import RegimeKind
from negotiation.solve.regimes.pact_arrays import PactArrays, batch_arrays
from negotiation.solve.regimes.search import LENGTHS, TOLERANCE, best_places, regime_values

KEYS = ("stage_nash", "mutual_reversion", "proportional_snapback", "heavy_snapback", "compensation")
CHUNK = 512  # pacts computed together; doubled, their arrays leave the fast memory of a core


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
            held: Bools = self.margin >= -TOLERANCE
        return held


def regime_batch(batch: PactBatch) -> RegimeBatch:
    """Return the best length or payment, margin and values of every regime for each pact of a batch."""
    starts = range(0, max(len(batch.discount), 1), CHUNK)
    chunks = [_regimes(batch_arrays(batch, slice(start, start + CHUNK))) for start in starts]
    return RegimeBatch(*(np.concatenate(arrays) for arrays in zip(*chunks, strict=True)))


def _regimes(pacts: PactArrays) -> tuple[Floats, ...]:
    """Return the fields of a `RegimeBatch`."""
    margin, length, payment, punished = np.full((4, len(pacts.discount), len(KEYS)), np.nan)
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
        punished[rows, column] = {"war": 1.0, "payment": low[rows]}.get(kind.form, np.nan)
        if kind.form == "trigger":
            again = part.low[kind.punishment][:, 0, 0] if kind.restart else np.zeros(len(rows))
            punished[rows, column] = _punished_share(low[rows], again, length[rows, column])
    return margin, length, payment, values, punished, low


def _kinds(pacts: PactArrays) -> Iterator[tuple[int, RegimeKind, Ints]]:
    """Yield the regimes as columns of the batch, with the pacts in which they exist (see `kinds.regime_kinds`)."""
    (kept, column), (war, _) = pacts.deal, pacts.punishment
    every = np.arange(len(pacts.discount))
    yield 0, RegimeKind(KEYS[0], "", "war"), every
    yield 1, RegimeKind(KEYS[1], "", "trigger", False, pacts.punishment), every
    harshest = pacts.payoffs[1, :, column, :, 0, 0].argmin(axis=0)
    if war != kept:
        yield 2, RegimeKind(KEYS[2], "", "trigger", True, (war, column)), every
    for action in set(harshest.tolist()) - {kept, war}:
        yield 3, RegimeKind(KEYS[3], "", "trigger", True, (action, column)), np.flatnonzero(harshest == action)
    yield 4, RegimeKind(KEYS[4], "", "payment"), every


def _punished_share(p: Floats, again: Floats, length: Floats) -> Floats:
    """Return the long-run share of periods in the response; a bad signal in it starts it again with chance `again`."""
    with np.errstate(all="ignore"):
        stay = np.where(again == 0, length, np.expm1(-length * np.log1p(-again)) / again)
        share = np.where(np.isinf(stay), 1.0, p * stay / (1 + p * stay))
    return np.where(p == 0, 0.0, share)
