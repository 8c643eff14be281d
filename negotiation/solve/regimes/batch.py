"""Enforcement regimes of many pacts at once, compiled: the fast twin of `regimes.analyse_regimes` for studies.

Every regime under the default trigger, judged against the listed actions, with its length or payment chosen anew for
each pact. `regime_search` and `regimes` stay the plain path, against which this one is tested.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from negotiation._kernels import regimes as kernels
from negotiation._values import Bools, Floats, Value
from negotiation.games.pact import PactBatch
from negotiation.solve.regimes.search import LENGTHS, TOLERANCE

KEYS = ("stage_nash", "mutual_reversion", "proportional_snapback", "heavy_snapback", "compensation")


@dataclass(frozen=True, eq=False)
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
    count = len(batch.discount)
    margin, length, payment, punished = (np.empty((count, kernels.COUNT)) for _ in range(4))
    values = np.empty((count, kernels.COUNT, 2))
    seen = np.array([player in batch.observed for player in (0, 1)])
    deal, outside = np.array(batch.deal, dtype=np.int64), np.array(batch.punishment, dtype=np.int64)
    numbers = (batch.payoffs, batch.low, batch.discount, batch.pledges)
    kernels.regimes(*numbers, deal, outside, seen, LENGTHS, margin, length, payment, values, punished)
    return RegimeBatch(margin, length, payment, values, punished, batch.low[:, batch.deal[0], batch.deal[1]])
