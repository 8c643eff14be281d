"""Judging several periods together: less frequent reporting burns less but needs a larger stake.

Punish only when all n periods of a block are low (Abreu, Milgrom, Pearce 1991; no discounting inside the block): the
expected loss per period falls to W / n, while the stake that deters a single deviation grows to g / ((q - p) p^(n-1)).
"""

from __future__ import annotations

from dataclasses import dataclass

from negotiation._values import Value


@dataclass(frozen=True, eq=False)
class ReviewBlock(Value):
    """A review of `periods` together: `burn` per period and the `stake` it needs, in the game's unit."""

    periods: int
    burn: float
    stake: float


def review_block(gain: float, low_if_deal: float, low_if_deviation: float, periods: int) -> ReviewBlock:
    """Return burn and stake of a review block; requires 0 < p < q.

    >>> round(review_block(1.0, 0.1, 0.4, 1).burn, 4)
    0.3333
    """
    more = low_if_deviation - low_if_deal
    burn = low_if_deal * gain / more / periods
    return ReviewBlock(periods, burn, gain / (more * low_if_deal ** (periods - 1)))
