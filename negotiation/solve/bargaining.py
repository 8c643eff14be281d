"""Bargaining over a convex set of payoffs with a threat point: four solutions, exact for the doubles given.

Nash (1950): largest product of gains. Kalai, Smorodinsky (1975): gains in proportion to the largest gain each player
could hope for. Egalitarian (Kalai 1977): equal gains. Utilitarian: largest sum, and among those the gains closest to
equal. All are chosen among the efficient points that give both at least their threat. Where equal or proportional gains
would throw something away, the better placed player keeps it (lexicographic extension, Imai 1983).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar

import numpy as np

from negotiation._values import Floats, Value
from negotiation.games.payoff_set import PayoffSet
from negotiation.solve.negotiable import Exact2, between, negotiable


@dataclass(frozen=True, eq=False)
class Bargain(Value):
    """Bargaining solutions, each a payoff vector (2,) in the game's unit.

    threat: payoffs without agreement. ideal: the most each player can get while the other still gets the threat.
    frontier: (K, 2) efficient points that both prefer to the threat, player 0's best first.
    """

    threat: Floats
    ideal: Floats
    frontier: Floats
    nash: Floats
    kalai_smorodinsky: Floats
    egalitarian: Floats
    utilitarian: Floats

    _floats: ClassVar[tuple[str, ...]] = (
        "threat",
        "ideal",
        "frontier",
        "nash",
        "kalai_smorodinsky",
        "egalitarian",
        "utilitarian",
    )

    @property
    def gains_possible(self) -> bool:
        """Whether some agreement gives both players more than the threat."""
        return bool((self.ideal > self.threat).all())


def bargain(region: PayoffSet, threat: Sequence[float]) -> Bargain:
    """Return the bargaining solutions on a polygon, a segment or a point.

    The threat need not be feasible itself, but some feasible point must give both players at least as much. Raises
    `InputError` otherwise.

        >>> from negotiation.solve.frontier import convex_set
        >>> pentagon = convex_set([[0, 0], [5, 0], [4, 3], [2, 4], [0, 4]])
        >>> found = bargain(pentagon, (0, 0))
        >>> found.nash.tolist(), found.egalitarian.round(4).tolist()
        ([4.0, 3.0], [3.3333, 3.3333])
    """
    fallback, chain = negotiable(region, threat)
    ideal = (chain[0][0], chain[-1][1])
    one = Fraction(1)
    hopes = (ideal[0] - fallback[0], ideal[1] - fallback[1])
    weights = (1 / hopes[0], 1 / hopes[1]) if min(hopes) > 0 else (one, one)
    return Bargain(
        threat=_doubles(threat),
        ideal=_doubles(ideal),
        frontier=np.array([_doubles(point) for point in chain]),
        nash=_doubles(_largest_product(chain, fallback)),
        kalai_smorodinsky=_doubles(_balanced(chain, fallback, weights)),
        egalitarian=_doubles(_balanced(chain, fallback, (one, one))),
        utilitarian=_doubles(_largest_sum(chain, fallback)),
    )


def _largest_product(chain: list[Exact2], threat: Exact2) -> Exact2:
    """Return the point with the largest product of gains: on each segment a parabola, so in closed form."""

    def product(point: Exact2) -> Fraction:
        return (point[0] - threat[0]) * (point[1] - threat[1])

    candidates = [chain[0]]
    for start, end in pairwise(chain):
        fall, rise = end[0] - start[0], end[1] - start[1]
        peak = -((start[0] - threat[0]) * rise + (start[1] - threat[1]) * fall) / (2 * fall * rise)
        candidates.append(between(start, end, min(max(peak, Fraction(0)), Fraction(1))))
    return max(candidates, key=product)


def _balanced(chain: list[Exact2], threat: Exact2, weights: Exact2) -> Exact2:
    """Return the point at which weighted gains are equal, or the end of the chain that comes closest."""

    def lead(point: Exact2) -> Fraction:
        """How far player 0 is ahead; falls along the chain."""
        return (point[0] - threat[0]) * weights[0] - (point[1] - threat[1]) * weights[1]

    if lead(chain[0]) <= 0:
        return chain[0]
    for start, end in pairwise(chain):
        if lead(end) <= 0:
            return between(start, end, lead(start) / (lead(start) - lead(end)))
    return chain[-1]


def _largest_sum(chain: list[Exact2], threat: Exact2) -> Exact2:
    """Return the point with the largest sum, on a tie the one with the gains closest to equal."""
    top = max(u + v for u, v in chain)
    tied = [point for point in chain if sum(point) == top]
    return _balanced(tied, threat, (Fraction(1), Fraction(1)))


def _doubles(point: Sequence[float | Fraction]) -> Floats:
    return np.array([float(number) for number in point])
