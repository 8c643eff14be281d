"""Half-planes that exclude one another: a state whose proven levels leave no payoff has no equilibrium.

Clipping never empties a polygon (`_kernels.halfplanes`), since rounding must not; where levels truly contradict one
another it leaves a point that satisfies not all of them. Three half-planes then prove it (Helly 1923): -lam_j lies
between lam_a and lam_b, and the levels add up to less than nothing.
"""

from __future__ import annotations

import numpy as np

from negotiation._values import Bools, Floats
from negotiation.solve.public.operator import Directions, Polygons

NEARLY_PARALLEL = 1e-12  # sine of an angle that counts as none; a wider one hides more contradictions
CLEAR_CONTRADICTION = 1e-9  # beyond rounding, for multipliers that add up to one; doubled, fewer states are found empty


def helly_certificates(lines: Directions, polygons: Polygons, level: Floats, least: float = 0.0) -> list[list[int]]:
    """Return three directions for each state whose half-planes have no point in common.

    polygons: those of the levels (N,). least: how clearly they must contradict one another, for multipliers that add
    up to one.
    """
    certificates = []
    for these, verts, count in zip(lines.slices, polygons.verts, polygons.counts, strict=True):
        over = lines.lam[these] @ verts[:count].T - level[these, None]
        if over.max(axis=0).min() > max(NEARLY_PARALLEL, least):
            three, by = contradiction(lines.lam[these], level[these])
            if by > least:
                certificates.append([these.start + k for k in three])
    return certificates


def empty_states(lines: Directions, polygons: Polygons, level: Floats) -> Bools:
    """Return which states are left without a payoff, beyond what rounding could explain, (S,)."""
    lost = np.zeros(len(polygons.counts), dtype=np.bool_)
    if (polygons.counts == 1).any():  # a polygon that was cut away ends as a point
        lost[[lines.state[three[0]] for three in helly_certificates(lines, polygons, level, CLEAR_CONTRADICTION)]] = (
            True
        )
    return lost


def contradiction(lam: Floats, level: Floats) -> tuple[list[int], float]:
    """Return the three half-planes that contradict one another most clearly, and by how much; none if none do."""
    cross = lam[:, None, 0] * lam[None, :, 1] - lam[:, None, 1] * lam[None, :, 0]
    safe = np.where(cross > NEARLY_PARALLEL, cross, np.inf)
    most, best = 0.0, []
    for j in range(len(lam)):
        # -lam_j = one lam_a + two lam_b, by Cramer's rule
        one, two = -cross[j][None, :] / safe, cross[j][:, None] / safe
        fits = (safe < np.inf) & (one >= 0) & (two >= 0)
        total = np.where(fits, one * level[:, None] + two * level[None, :] + level[j], np.inf)
        overlap = total / np.where(fits, 1 + one + two, 1.0)
        a, b = np.unravel_index(overlap.argmin(), overlap.shape)
        if -overlap[a, b] > most:
            most, best = float(-overlap[a, b]), [j, int(a), int(b)]
    return best, most
