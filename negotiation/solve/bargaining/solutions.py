"""Bargaining over a convex set of payoffs with a threat point: four solutions, exact for the numbers given.

Nash (1950): largest product of gains. Kalai, Smorodinsky (1975): gains in proportion to the largest gain each player
could hope for. Egalitarian (Kalai 1977): equal gains. Utilitarian: largest sum, and among those the gains closest to
equal. All are chosen among the efficient points that give both at least their threat. Where equal or proportional gains
would throw something away, the better placed player keeps it (lexicographic extension, Imai 1983). The set may be
that of a stage game (all promises binding) or any solver's set of equilibrium payoffs (no promise binding).

Along the efficient frontier player 0's payoff falls and player 1's rises, both strictly, so the part that gives each
player at least the threat is one piece of it: a chain of segments or a single point. Fractions of doubles throughout.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np

from negotiation._values import Floats, Value
from negotiation.errors import InputError
from negotiation.games.payoff_set import PayoffSet
from negotiation.solve.geometry.pareto_frontier import pareto_vertices

Exact2 = tuple[Fraction, Fraction]

FRONTIER_ROUNDING = 1e-12  # of the largest payoff: a threat beyond the frontier by less is taken to lie on it
ONE = Fraction(1)


class Bargain(Value):
    """Bargaining solutions, each a payoff vector (2,) in the game's unit.

    ideal: the most each player can get while the other still gets the threat. frontier: (K, 2) efficient points that
    both prefer to the threat, player 0's best first.
    """

    ideal: Floats
    frontier: Floats
    nash: Floats
    kalai_smorodinsky: Floats
    egalitarian: Floats
    utilitarian: Floats


def bargain(region: PayoffSet, threat: Sequence[float]) -> Bargain:
    """Return the bargaining solutions on a polygon, a segment or a point.

    The threat need not be feasible itself, but some feasible point must give both players at least as much. Raises
    `InputError` otherwise, and for an empty set.

        >>> from negotiation.solve.geometry.convex_hull import convex_set
        >>> pentagon = convex_set([[0, 0], [5, 0], [4, 3], [2, 4], [0, 4]])
        >>> solved = bargain(pentagon, (0, 0))
        >>> solved.nash.tolist(), solved.egalitarian.round(4).tolist()
        ([4.0, 3.0], [3.3333, 3.3333])
    """
    exact, chain = _individually_rational(region, threat)
    ideal = (chain[0][0], chain[-1][1])
    hopes = (ideal[0] - exact[0], ideal[1] - exact[1])
    top = max(u + v for u, v in chain)
    solutions = {
        "ideal": ideal,
        "frontier": chain,
        "nash": _largest_product(chain, exact),
        "kalai_smorodinsky": _balanced(chain, exact, (1 / hopes[0], 1 / hopes[1]) if min(hopes) > 0 else (ONE, ONE)),
        "egalitarian": _balanced(chain, exact, (ONE, ONE)),
        "utilitarian": _balanced([point for point in chain if sum(point) == top], exact, (ONE, ONE)),
    }
    return Bargain(**{name: np.array(value, dtype=np.float64) for name, value in solutions.items()})


def _individually_rational(region: PayoffSet, threat: Sequence[float]) -> tuple[Exact2, list[Exact2]]:
    """Return the threat and the chain of efficient points that are at least as good for both, player 0's best first.

    A threat beyond the frontier by a rounding is moved onto it.
    """
    if len(threat) != 2 or not np.isfinite(np.asarray(threat, dtype=np.float64)).all():
        raise InputError.single("bargaining", "threat", f"needs two finite payoffs, got {tuple(threat)}")
    if region.is_empty or region.vertices.shape[1] != 2:
        raise InputError.single("bargaining", "payoff set", "needs a set of two players' payoffs that is not empty")
    frontier = [(Fraction(u), Fraction(v)) for u, v in pareto_vertices(region).tolist()]
    rounding = Fraction(FRONTIER_ROUNDING * float(max(np.abs(region.vertices).max(), abs(threat[0]), abs(threat[1]))))
    for slack in (Fraction(0), rounding):
        exact = (Fraction(float(threat[0])) - slack, Fraction(float(threat[1])) - slack)
        chain = _at_least(_at_least(frontier, exact, 0)[::-1], exact, 1)[::-1]
        if chain:
            return exact, chain
    best = ", ".join(f"({float(u):g}, {float(v):g})" for u, v in dict.fromkeys((frontier[0], frontier[-1])))
    raise InputError.single(
        "bargaining",
        "threat",
        f"no feasible payoff gives both players at least ({threat[0]:g}, {threat[1]:g})",
        f"the players' best feasible points are {best}",
    )


def _at_least(chain: list[Exact2], threat: Exact2, player: int) -> list[Exact2]:
    """Return the part of a chain, along which the payoff of `player` falls, with at least the threat's payoff."""
    level = threat[player]
    part = [point for point in chain if point[player] >= level]
    for before, after in pairwise(chain):
        if before[player] > level > after[player]:
            part.append(_between(before, after, (before[player] - level) / (before[player] - after[player])))
    return part


def _between(start: Exact2, end: Exact2, share: Fraction) -> Exact2:
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def _largest_product(chain: list[Exact2], threat: Exact2) -> Exact2:
    """Return the point with the largest product of gains: on each segment a parabola, so in closed form."""

    def product(point: Exact2) -> Fraction:
        return (point[0] - threat[0]) * (point[1] - threat[1])

    candidates = [chain[0]]
    for start, end in pairwise(chain):
        fall, rise = end[0] - start[0], end[1] - start[1]
        peak = -((start[0] - threat[0]) * rise + (start[1] - threat[1]) * fall) / (2 * fall * rise)
        candidates.append(_between(start, end, min(max(peak, Fraction(0)), ONE)))
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
            return _between(start, end, lead(start) / (lead(start) - lead(end)))
    return chain[-1]
