"""The efficient payoffs that both players prefer to their threat, exactly: the ground of every bargaining solution.

Along the efficient frontier player 0's payoff falls and player 1's rises, both strictly, so the part that gives each
player at least the threat is one piece of it: a chain of segments or a single point. Fractions of doubles throughout.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np

from negotiation.errors import InputError
from negotiation.games.payoff_set import PayoffSet

Exact2 = tuple[Fraction, Fraction]

ROUNDING = 1e-12  # of the largest payoff: a threat beyond the frontier by less is taken to lie on it


def negotiable(region: PayoffSet, threat: Sequence[float]) -> tuple[Exact2, list[Exact2]]:
    """Return the threat and the chain of efficient points that are at least as good for both, player 0's best first.

    The threat may lie outside the set as long as some feasible point is at least as good for both players. A threat
    beyond the frontier by a rounding is moved onto it. Raises `InputError` when no feasible point is good enough, and
    for an empty set or a threat that is not two finite numbers.
    """
    if len(threat) != 2 or not np.isfinite(np.asarray(threat, dtype=np.float64)).all():
        raise InputError.single("bargaining", "threat", f"needs two finite payoffs, got {tuple(threat)}")
    if region.is_empty or region.vertices.shape[1] != 2:
        raise InputError.single("bargaining", "payoff set", "needs a set of two players' payoffs that is not empty")
    points = [(Fraction(u), Fraction(v)) for u, v in region.vertices.tolist()]
    exact = (Fraction(float(threat[0])), Fraction(float(threat[1])))
    chain = acceptable(points, exact)
    if chain:
        return exact, chain
    slack = Fraction(ROUNDING * float(max(np.abs(region.vertices).max(), abs(threat[0]), abs(threat[1]))))
    lower = (exact[0] - slack, exact[1] - slack)
    chain = acceptable(points, lower)
    if not chain:
        raise refused(points, exact)
    return lower, chain


def acceptable(points: Sequence[Exact2], threat: Exact2) -> list[Exact2]:
    """Return the efficient points of the hull that give both at least the threat, player 0's best first; maybe none."""
    return _at_least(_at_least(efficient(points), threat, 0)[::-1], threat, 1)[::-1]


def efficient(points: Sequence[Exact2]) -> list[Exact2]:
    """Return the efficient vertices of the hull of points, from the best for player 0 to the best for player 1.

    >>> [(int(u), int(v)) for u, v in efficient([(0, 0), (5, 0), (4, 3), (3, 3), (2, 4), (0, 4)])]
    [(5, 0), (4, 3), (2, 4)]
    """
    chain: list[Exact2] = []
    for u, v in sorted(set(points), reverse=True):  # player 0's payoff falls: only what raises player 1's counts
        if chain and v <= chain[-1][1]:
            continue
        while len(chain) > 1:
            (a, b), (c, d) = chain[-2:]
            if (c - a) * (v - b) - (d - b) * (u - a) > 0:
                break
            chain.pop()
        chain.append((u, v))
    return chain


def refused(points: Sequence[Exact2], threat: Exact2) -> InputError:
    """Return the error for a threat that no feasible payoff matches."""
    chain = efficient(points)
    best = ", ".join(f"({float(u):g}, {float(v):g})" for u, v in dict.fromkeys((chain[0], chain[-1])))
    return InputError.single(
        "bargaining",
        "threat",
        f"no feasible payoff gives both players at least ({float(threat[0]):g}, {float(threat[1]):g})",
        f"the players' best feasible points are {best}",
    )


def _at_least(chain: list[Exact2], threat: Exact2, player: int) -> list[Exact2]:
    """Return the part of a chain, along which the payoff of `player` falls, with at least the threat's payoff."""
    level = threat[player]
    kept = [point for point in chain if point[player] >= level]
    for before, after in pairwise(chain):
        if before[player] > level > after[player]:
            share = (before[player] - level) / (before[player] - after[player])
            kept.append(between(before, after, share))
    return kept


def between(start: Exact2, end: Exact2, share: Fraction) -> Exact2:
    """Return the point `share` of the way from start to end."""
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])
