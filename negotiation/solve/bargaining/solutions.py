"""Bargaining over a convex set of payoffs with a threat point: four solutions, exact for the numbers given.

Nash (1950): largest product of gains. Kalai, Smorodinsky (1975): gains in proportion to the largest gain each player
could hope for. Egalitarian (Kalai 1977): equal gains. Utilitarian: largest sum, and among those the gains closest to
equal. All are chosen among the efficient points that give both at least their threat. Where equal or proportional gains
would throw something away, the better placed player keeps it (lexicographic extension, Imai 1983). The set may be
that of a stage game (all promises binding) or any solver's set of equilibrium payoffs (no promise binding).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from negotiation._values import Floats, Value
from negotiation.errors import InputError
from negotiation.games.payoff_set import PayoffSet
from negotiation.solve.bargaining.individually_rational import Exact2, acceptable, between, negotiable, refused
from negotiation.solve.geometry.pareto_frontier import Position, position


class ExactBargain(NamedTuple):
    """The fields of `Bargain` as ratios."""

    threat: Exact2
    ideal: Exact2
    frontier: tuple[Exact2, ...]
    nash: Exact2
    kalai_smorodinsky: Exact2
    egalitarian: Exact2
    utilitarian: Exact2


@dataclass(frozen=True, eq=False)
class Bargain(Value):
    """Bargaining solutions, each a payoff vector (2,) in the game's unit.

    threat: payoffs without agreement. ideal: the most each player can get while the other still gets the threat.
    frontier: (K, 2) efficient points that both prefer to the threat, player 0's best first. where: whether the threat
    itself lies inside, on the boundary of, or outside the set.
    """

    threat: Floats
    ideal: Floats
    frontier: Floats
    nash: Floats
    kalai_smorodinsky: Floats
    egalitarian: Floats
    utilitarian: Floats
    where: Position = Position.INSIDE

    @property
    def gains_possible(self) -> bool:
        """Whether some agreement gives both players more than the threat."""
        return bool((self.ideal > self.threat).all())

    @property
    def settled(self) -> bool:
        """Whether only one efficient agreement is left, so that all solutions agree."""
        return len(self.frontier) == 1

    def words(self) -> str:
        """Say in plain sentences what there is to bargain over."""
        threat, first = _point_words(self.threat), _point_words(self.frontier[0])
        outside = f" The threat {threat} lies outside the set." if self.where is Position.OUTSIDE else ""
        if not self.gains_possible:
            return f"There is nothing to gain for both over the threat {threat}.{outside}"
        if self.settled:
            return f"Only one efficient agreement, {first}, is left: every solution picks it.{outside}"
        last = _point_words(self.frontier[-1])
        return f"There are efficient agreements from {first} to {last} over the threat {threat}.{outside}"


def bargain(region: PayoffSet, threat: Sequence[float]) -> Bargain:
    """Return the bargaining solutions on a polygon, a segment or a point.

    The threat need not be feasible itself, but some feasible point must give both players at least as much. Raises
    `InputError` otherwise, and for an empty set.

        >>> from negotiation.solve.geometry.convex_hull import convex_set
        >>> pentagon = convex_set([[0, 0], [5, 0], [4, 3], [2, 4], [0, 4]])
        >>> found = bargain(pentagon, (0, 0))
        >>> found.nash.tolist(), found.egalitarian.round(4).tolist()
        ([4.0, 3.0], [3.3333, 3.3333])
    """
    exact = _solutions(*negotiable(region, threat))
    doubles = {name: np.array(value, dtype=np.float64) for name, value in exact._asdict().items()}
    doubles["threat"] = np.array(threat, dtype=np.float64)
    return Bargain(**doubles, where=position(region, [float(number) for number in threat]))


def bargain_exactly(points: Sequence[Sequence[Any]], threat: Sequence[Any]) -> ExactBargain:
    """Return the solutions on the hull of points, in ratios; numbers may be whole, fractions, or text such as "1/3".

    Raises `InputError` like `bargain`, without any allowance for rounding.

        >>> found = bargain_exactly([(0, 0), (5, 0), (4, 3), (2, 4), (0, 4)], (0, 0))
        >>> [str(number) for number in found.kalai_smorodinsky]
        ['50/13', '40/13']
    """
    if not points:
        raise InputError.single("bargaining", "payoff set", "needs a set of two players' payoffs that is not empty")
    exact, fallback = [_pair(point) for point in points], _pair(threat)
    chain = acceptable(exact, fallback)
    if not chain:
        raise refused(exact, fallback)
    return _solutions(fallback, chain)


def worst_payoffs(region: PayoffSet) -> tuple[float, ...]:
    """Return the least payoff of each player in a set: the threat of the worst equilibrium for each, (n,).

    No single equilibrium need give both. Raises `InputError` for the empty set.
    """
    if region.is_empty:
        raise InputError.single("bargaining", "payoff set", "the set is empty: there is no worst equilibrium")
    return tuple(float(least) for least in region.vertices.min(axis=0))


def _solutions(fallback: Exact2, chain: list[Exact2]) -> ExactBargain:
    ideal = (chain[0][0], chain[-1][1])
    one = Fraction(1)
    hopes = (ideal[0] - fallback[0], ideal[1] - fallback[1])
    weights = (1 / hopes[0], 1 / hopes[1]) if min(hopes) > 0 else (one, one)
    return ExactBargain(
        threat=fallback,
        ideal=ideal,
        frontier=tuple(chain),
        nash=_largest_product(chain, fallback),
        kalai_smorodinsky=_balanced(chain, fallback, weights),
        egalitarian=_balanced(chain, fallback, (one, one)),
        utilitarian=_largest_sum(chain, fallback),
    )


def _pair(numbers: Sequence[Any]) -> Exact2:
    try:
        first, second = (Fraction(number) for number in numbers)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        raise InputError.single(
            "bargaining", "points", f"{tuple(numbers)} is not a pair of payoffs", 'write numbers or text such as "1/3"'
        ) from None
    return first, second


def _point_words(point: Floats) -> str:
    return f"({float(point[0]):.4g}, {float(point[1]):.4g})"


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
