"""Alternating offers over a convex set of payoffs: who speaks first, and how waiting costs (Rubinstein 1982).

The players propose in turn; a refusal costs one round, after which player i's gains over the threat count d_i as much.
In the only subgame-perfect equilibrium the offers x (by player 0) and y (by player 1) are accepted at once and leave
the other indifferent: y_0 = d_0 x_0 and x_1 = d_1 y_1 in gains. As the rounds get short, both tend to the Nash bargain
(Binmore 1987). With free disposal the frontier is a falling, concave, piecewise linear function, so x is found exactly.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar

import numpy as np

from negotiation._values import Floats, Value
from negotiation.errors import InputError
from negotiation.games.payoff_set import PayoffSet
from negotiation.solve.negotiable import Exact2, between, negotiable


@dataclass(frozen=True, eq=False)
class AlternatingOffers(Value):
    """Accepted offers as payoff vectors (2,): `first_offers` if player 0 speaks first, `second_offers` if player 1."""

    first_offers: Floats
    second_offers: Floats

    _floats: ClassVar[tuple[str, ...]] = ("first_offers", "second_offers")


def alternating_offers(region: PayoffSet, threat: Sequence[float], discounts: tuple[float, float]) -> AlternatingOffers:
    """Return the equilibrium offers; `discounts` are per round, strictly between 0 and 1, else `InputError`.

    >>> from negotiation.solve.hull import convex_set
    >>> pie = convex_set([[0, 0], [1, 0], [0, 1]])
    >>> alternating_offers(pie, (0, 0), (0.9, 0.9)).first_offers.round(6).tolist()
    [0.526316, 0.473684]
    """
    for player, discount in enumerate(discounts):
        if not 0 < discount < 1:
            raise InputError.single(
                "bargaining", f"discounts[{player}]", f"must lie strictly between 0 and 1, got {discount:g}"
            )
    origin, chain = negotiable(region, threat)
    gains = [(u - origin[0], v - origin[1]) for u, v in reversed(chain)]  # player 0's gain rises from here on
    patience = (Fraction(discounts[0]), Fraction(discounts[1]))
    own = _first_gain(gains, patience)
    offers = [_point(gains, own), _point(gains, patience[0] * own)]
    payoffs = [np.array([float(u + origin[0]), float(v + origin[1])]) for u, v in offers]
    return AlternatingOffers(*payoffs)


def _point(gains: list[Exact2], own: Fraction) -> Exact2:
    """Return the efficient gains that give player 0 `own`, or more where that costs player 1 nothing."""
    if own <= gains[0][0]:
        return gains[0]
    at = min(bisect_right([u for u, _ in gains], own), len(gains) - 1)
    (start, end) = gains[at - 1], gains[at]
    return between(start, end, (own - start[0]) / (end[0] - start[0]))


def _first_gain(gains: list[Exact2], patience: Exact2) -> Fraction:
    """Return player 0's gain when it proposes: the root of a piecewise linear function, or the largest gain."""

    def surplus(own: Fraction) -> Fraction:
        """What player 1 gets at `own` beyond its value of waiting."""
        return _point(gains, own)[1] - patience[1] * _point(gains, patience[0] * own)[1]

    most = gains[-1][0]
    if surplus(most) >= 0:
        return most
    corners = {Fraction(0), *(u for u, _ in gains), *(u / patience[0] for u, _ in gains)}
    return _root(sorted(corner for corner in corners if 0 <= corner <= most), surplus)


def _root(corners: list[Fraction], function: Callable[[Fraction], Fraction]) -> Fraction:
    """Return the last zero of a function that is linear between corners, at least 0 at first and negative at last."""
    values = [function(corner) for corner in corners]
    steps = list(zip(pairwise(corners), pairwise(values), strict=True))
    (start, end), (before, after) = next(step for step in reversed(steps) if step[1][0] >= 0 > step[1][1])
    return start + (end - start) * before / (before - after)
