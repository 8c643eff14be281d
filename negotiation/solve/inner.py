"""Inner sets: polygons that generate themselves, found in the space of levels.

Symbols: T(level) as in `outer`; e_j >= 0, the room asked for in direction j. The levels h with T(h) = h + e give a
polygon W(h) whose image B(W(h)) reaches beyond each of its sides by e_j. If e exceeds what the corners of W(h)
stick out between two contact points, W(h) lies in B(W(h)), and then every point of W(h) is an equilibrium payoff
(Abreu, Pearce, Stacchetti 1990, self-generation). h is found from the outer fixed point by the slides of `outer`, and
nothing of the search is trusted: only the last application counts, in which every vertex must lie within the hull of
generated points.

Incentive rows are tightened by `margin` throughout, so that rounding cannot spoil them. A state whose set has no
interior (a segment, a point) gets no room: its vertices must be generated exactly.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from negotiation._values import Bools, Floats
from negotiation.solve.corners import doubled, outside, rooms, touch
from negotiation.solve.operator import Directions, Operator, Polygons, Sweep
from negotiation.solve.outer import Outer, descend

THIN = 1e-7
ROOM = 0.5
SAME_VERTEX = 1e-10
ON_THIN = 1e-9
BUDGET = 60
TRIES = 6
GROW = 1.5
FLOOR = 0.01


class Inner(NamedTuple):
    """A self-generating family of polygons and the application that shows it.

    directions, sweep: generated points sweep.point with their profiles sweep.win and bases (marks number the vertices
    of `polygons`). thin (S,): states without interior, whose vertices are generated up to rounding only.
    """

    polygons: Polygons
    directions: Directions
    sweep: Sweep
    thin: Bools


def widths(polygons: Polygons) -> Floats:
    """Return the least width of each polygon over the normals of its sides (0 for points and segments)."""
    found = np.zeros(len(polygons.counts))
    for s, count in enumerate(polygons.counts):
        verts = polygons.verts[s, :count]
        side = np.roll(verts, -1, axis=0) - verts
        length = np.linalg.norm(side, axis=1)
        if count > 2 and (length > 1e-9).sum() > 2:
            normal = np.stack([side[:, 1], -side[:, 0]], axis=1)[length > 1e-9] / length[length > 1e-9, None]
            reach = verts @ normal.T
            found[s] = (reach.max(axis=0) - reach.min(axis=0)).min()
    return found


def tidy(polygons: Polygons) -> Polygons:
    """Return the polygons without vertices that are nearly the same as the one before (edges are not kept)."""
    verts, counts = np.zeros_like(polygons.verts), np.zeros_like(polygons.counts)
    for s, count in enumerate(polygons.counts):
        own = polygons.verts[s, :count]
        apart = np.abs(own - np.roll(own, 1, axis=0)).max(axis=1) > SAME_VERTEX
        if not apart.any():
            apart[0] = True
        kept = own[apart]
        if len(kept) > 1 and len(kept) == 2 and np.abs(kept[0] - kept[1]).max() <= SAME_VERTEX:
            kept = kept[:1]
        counts[s] = len(kept)
        verts[s, : len(kept)] = kept
    return Polygons(verts, counts, np.full(polygons.edges.shape, -1, dtype=np.int64))


def self_generating(
    op: Operator, directions: Directions, level: Floats, room: Floats, thin: Bools, margin: float
) -> tuple[Inner | None, Floats]:
    """Return a self-generating family near {lam.v <= level}, the outer fixed point, and the room that it took.

    The family is None if none is found.

    room (N,): a first guess of what each side must give way.
    """
    win, eta = op.memory(len(level))
    empty = np.zeros(op.inc.n_states, dtype=np.bool_)
    smaller = Outer(directions, level, win, eta, op.alive.copy(), empty, room, margin)
    for turn in range(TRIES):
        if not descend(op, smaller, 0.0, BUDGET) or smaller.empty.any():
            return None, smaller.room
        polygons = directions.polygons(smaller.level)
        candidate = tidy(polygons)
        both = doubled(directions)
        sweep = touch(op, both, candidate, margin)
        if np.isneginf(sweep.level).any():
            return None, smaller.room
        excess, _ = outside(both, sweep.point, candidate)
        if all(out.max() <= (ON_THIN if flat else 0.0) for out, flat in zip(excess, thin, strict=True)):
            return Inner(candidate, both, sweep, thin), smaller.room
        need = rooms(directions, polygons, outside(both, sweep.point, polygons), thin)
        smaller.room = smaller.room + np.where(need > 0, GROW * need + FLOOR * 2.0**turn * smaller.room.max(), 0.0)
    return None, smaller.room
