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

import itertools
from typing import NamedTuple

import numpy as np

from negotiation._kernels import corners as kernels
from negotiation._values import Bools, Floats
from negotiation.solve.corners import doubled, outside, rooms, touch
from negotiation.solve.hull import convex_hull
from negotiation.solve.operator import Directions, Operator, Polygons, Sweep
from negotiation.solve.outer import Outer, descend
from negotiation.solve.settling import settled

THIN = 1e-7
ROOM = 0.5
LEFT = 0.1
SAME_VERTEX = 1e-10
ON_THIN = 1e-9
BUDGET = 60
TRIES = 6
GROW = 1.5
REPAIRS = 4
SLIGHT = 1e-6
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


def thinned(polygons: Polygons, tolerance: float) -> Polygons:
    """Return the polygons without vertices that are hardly vertices (edges are not kept)."""
    verts, counts = polygons.verts.copy(), polygons.counts.copy()
    kernels.thinned(verts, counts, tolerance)
    return Polygons(verts, counts, np.full(polygons.edges.shape, -1, dtype=np.int64))


def self_generating(
    op: Operator, directions: Directions, level: Floats, room: Floats, thin: Bools, margin: float
) -> Inner | None:
    """Return a self-generating family near {lam.v <= level}, the outer fixed point; None if none is found.

    room (N,): a first guess of what each side must give way.
    """
    win, eta = op.memory(len(level))
    empty = np.zeros(op.inc.n_states, dtype=np.bool_)
    smaller = Outer(directions, level, win, eta, op.alive.copy(), empty, room, margin)
    for turn in range(TRIES):
        if not descend(op, smaller, 0.0, BUDGET, LEFT * margin) or smaller.empty.any():
            return None
        polygons = directions.polygons(smaller.level)
        found, contact = repaired(op, directions, thinned(polygons, SAME_VERTEX), thin, margin)
        if found is not None or contact is None:
            return found
        need = rooms(directions, polygons, outside(contact[0], contact[1].point, polygons), thin)
        smaller.room = smaller.room + np.where(need > 0, GROW * need + FLOOR * 2.0**turn * smaller.room.max(), 0.0)
    return None


def repaired(
    op: Operator, directions: Directions, candidate: Polygons, thin: Bools, margin: float
) -> tuple[Inner | None, tuple[Directions, Sweep] | None]:
    """Check a candidate; leave out failing vertices that hardly matter, and check again.

    Returns the family if it generates itself, and the first application to the candidate (None if that gave nothing).
    """
    both, first = doubled(directions), None
    for _ in range(REPAIRS):
        sweep = touch(op, both, candidate, margin)
        if np.isneginf(sweep.level).any():
            break
        first = first or (both, sweep)
        excess, _ = outside(both, sweep.point, candidate)
        failing = excess > np.where(thin, ON_THIN, 0.0)[:, None]
        if not failing.any():
            return Inner(candidate, both, sweep, thin), first
        smaller = without(candidate, failing)
        if smaller is None:
            break
        candidate = smaller
    return None, first


def without(polygons: Polygons, failing: Bools) -> Polygons | None:
    """Leave out the failing vertices if each lies within SLIGHT of the line through its neighbours; None otherwise."""
    verts, counts = np.zeros_like(polygons.verts), polygons.counts.copy()
    for s, count in enumerate(polygons.counts):
        own = polygons.verts[s, :count]
        chord = np.roll(own, -1, axis=0) - np.roll(own, 1, axis=0)
        away = own - np.roll(own, 1, axis=0)
        length = np.maximum(np.hypot(chord[:, 0], chord[:, 1]), 1e-300)
        height = np.minimum(np.abs(chord[:, 0] * away[:, 1] - chord[:, 1] * away[:, 0]) / length, np.hypot(*away.T))
        bad = failing[s, :count]
        if height[bad].max(initial=0.0) > SLIGHT or bad.all():
            return None
        counts[s] = count - bad.sum()
        verts[s, : counts[s]] = own[~bad]
    return Polygons(verts, counts, polygons.edges)


def from_vertices(op: Operator, outer: Outer, polygons: Polygons, thin: Bools, margin: float) -> Inner | None:
    """Return a self-generating family from the frozen structure of an application (see `settling`), or None."""
    both, plain = doubled(outer.directions), thinned(polygons, SLIGHT)
    found = settled(op, both, plain, touch(op, both, plain, margin), margin)
    if found is None:
        return None
    q, start = found
    hulls = [convex_hull(q[low:high]) for low, high in itertools.pairwise(start)]
    counts = np.array([len(corners) for corners in hulls])
    verts = np.zeros((len(hulls), counts.max(), 2))
    for s, corners in enumerate(hulls):
        verts[s, : counts[s]] = corners
    candidate = Polygons(verts, counts, np.full(verts.shape[:2], -1, dtype=np.int64))
    family, _ = repaired(op, outer.directions, thinned(candidate, SAME_VERTEX), thin, margin)
    return family
