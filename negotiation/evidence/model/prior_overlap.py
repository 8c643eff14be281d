"""What the data inform: prior and posterior of every parameter, and how much of them overlaps.

The overlap of two densities is the area under the lower one: 1 where nothing was learned. Both are taken from
histograms over quantile bins of the prior, each of which holds the same prior mass.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from negotiation._values import Floats, Value
from negotiation.evidence.model.posterior import Posterior
from negotiation.evidence.model.priors import Prior

BINS = 20  # of equal prior mass; with many more, bins without draws look like learning
QUANTILE_SHARES = (0.05, 0.5, 0.95)
UNINFORMED_OVERLAP = 0.80  # above which the data say next to nothing


@dataclass(frozen=True, eq=False)
class PriorOverlap(Value):
    """One parameter: before and after are its 5, 50 and 95 % quantiles; overlap of prior and posterior in [0, 1]."""

    parameter: Prior
    before: Floats
    after: Floats
    overlap: float

    @property
    def informed(self) -> bool:
        """Whether the data inform it at all: more than 80 % overlap is "not informed by data"."""
        return self.overlap <= UNINFORMED_OVERLAP


def prior_overlaps(post: Posterior) -> tuple[PriorOverlap, ...]:
    """Return prior against posterior for every parameter."""
    rows = []
    for column, prior in enumerate(post.table):
        mass = np.bincount(
            np.minimum((ndtr(post.z[:, column]) * BINS).astype(np.int64), BINS - 1), post.weights, minlength=BINS
        )
        before = np.array([prior.quantile(share) for share in QUANTILE_SHARES])
        after = weighted_quantiles(post.theta[:, column], post.weights, np.array(QUANTILE_SHARES))
        rows.append(PriorOverlap(prior, before, after, float(np.minimum(mass, 1 / BINS).sum())))
    return tuple(rows)


def weighted_quantiles(values: Floats, weights: Floats, shares: Floats) -> Floats:
    """Return quantiles of weighted draws."""
    order = np.argsort(values, kind="stable")
    mass = np.cumsum(weights[order]) - 0.5 * weights[order]
    quantiles: Floats = np.interp(shares, mass / weights.sum(), values[order])
    return quantiles
