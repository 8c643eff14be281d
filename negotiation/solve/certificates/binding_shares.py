"""The share that comes nearest to paying in each condition, found in doubles: what a proof looks at first."""

import numpy as np

from negotiation._values import Bools, Floats
from negotiation.games.pact import FineGrid
from negotiation.solve.certificates.share_conditions import Conditions

ABOVE = 1e-9  # how far above a jump its upper side is looked at
SAME = 1e-6  # payoffs and chances that differ by less are those of the share that is prescribed
ZOOMS, HALF_GRID = 6, 8  # each round narrows the neighbourhood of a peak by SIDE


def borders(fine: FineGrid) -> Floats:
    """Return where pieces begin: 0, and every level just above which something may jump."""
    return np.array(sorted({0.0, *(jump for jump in fine.jumps if 0 <= jump < 1)}))


def binding_shares(fine: FineGrid, conditions: Conditions) -> tuple[Floats, Bools]:
    """Return for each condition the best share that is not prescribed, and whether it is the prescribed one after all.

    Both (C,). Only peaks count, or every share near the prescribed one would do; where there is no other peak, the
    prescribed share is returned.
    """
    sides = borders(fine)
    fine = fine.joined(np.concatenate([sides, sides + ABOVE, [1.0]]), 0.0)
    order = np.unique(fine.levels, return_index=True)[1]
    level, chances = fine.levels[order], np.cumsum(fine.likelihood[order], axis=1)[:, :-1]
    direct = fine.payoffs[conditions.rows][:, order]
    gains = direct + conditions.weights @ chances.T
    piece = np.searchsorted(sides, level, side="left")
    apart = np.concatenate([[True], piece[1:] != piece[:-1], [True]])
    same, rise = _prescribed(direct, chances, conditions), np.diff(gains, axis=1)
    # the prescribed share overshadows its neighbours, unless there is a jump between them
    jump = (np.diff(level) <= 2 * ABOVE) & (same[:, 1:] != same[:, :-1])
    end = np.ones((len(gains), 1), dtype=np.bool_)
    peak = np.hstack([end, (rise >= 0) | jump]) & np.hstack([(rise <= 0) | jump, end])
    other = np.where(peak & ~same, gains, -np.inf)
    best = np.where(np.isfinite(other).any(axis=1), other.argmax(axis=1), gains.argmax(axis=1))
    if fine.model is None:
        return level[best], same[np.arange(len(best)), best]
    left = np.where(apart[best], level[best], level[np.maximum(best - 1, 0)])
    right = np.where(apart[best + 1], level[best], level[np.minimum(best + 1, len(level) - 1)])
    return _narrowed(fine, conditions, left, right)


def _narrowed(fine: FineGrid, conditions: Conditions, left: Floats, right: Floats) -> tuple[Floats, Bools]:
    """Return where F is largest between two shares for each condition, and whether that is the prescribed share."""
    assert fine.model is not None
    number = np.arange(len(left))
    for _ in range(ZOOMS):
        levels = left[:, None] + (right - left)[:, None] * np.linspace(0, 1, 2 * HALF_GRID + 1)
        payoffs, likelihood = fine.model(levels.ravel(), np.zeros(levels.size))
        direct = payoffs.reshape(-1, *levels.shape)[conditions.rows, number]
        chances = np.cumsum(likelihood, axis=-1)[:, :-1].reshape(*levels.shape, -1)
        best = (direct + np.einsum("csj,cj->cs", chances, conditions.weights)).argmax(axis=1)
        left, right = levels[number, np.maximum(best - 1, 0)], levels[number, np.minimum(best + 1, 2 * HALF_GRID)]
    there = number, best
    return levels[there], _prescribed(direct[there][:, None], chances[there][:, None], conditions)[:, 0]


def _prescribed(direct: Floats, chances: Floats, conditions: Conditions) -> Bools:
    """Return which shares (C, P) pay and signal what the prescribed one does; chances: (P, Y - 1) or (C, P, Y - 1)."""
    payoff, reached = conditions.prescribed[:, :1], conditions.prescribed[:, None, 1:]
    alike: Bools = (np.abs(direct - payoff) <= SAME) & (np.abs(chances - reached) <= SAME).all(axis=-1)
    return alike
