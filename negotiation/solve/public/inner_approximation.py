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

from negotiation._kernels import corners as kernels
from negotiation._kernels import polygon
from negotiation._values import Bools, Floats
from negotiation.solve.public.directions import required_slack, vertex_excess, with_bisectors
from negotiation.solve.public.operator import Directions, Operator, Polygons
from negotiation.solve.public.outer_approximation import OuterApproximation, lower_levels
from negotiation.solve.public.self_generation import SAME_VERTEX, SelfGeneratingFamily, check_self_generation

THIN = 1e-7
ROOM = 0.5
LEFT = 0.1
BUDGET = 60
TRIES = 12
GROW = 1.25
FLOOR = 0.02
GROWN = 3.0  # corners that stick out this many times as far as before are cut off, once


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


def without_redundant_vertices(polygons: Polygons, tolerance: float) -> Polygons:
    """Return the polygons without vertices that are hardly vertices (edges are not kept)."""
    verts, counts = polygons.verts.copy(), polygons.counts.copy()
    kernels.thinned(verts, counts, tolerance)
    return Polygons(verts, counts, np.full(polygons.edges.shape, -1, dtype=np.int64))


class Attempt(NamedTuple):
    """What a search for an inner family came to: the family, or None, and the last levels (N,) looked at, or None."""

    family: SelfGeneratingFamily | None
    level: Floats | None


def hausdorff_distance(outer: Polygons, inner: Polygons) -> float:
    """Return the Hausdorff distance of the inner polygons from the outer ones that contain them."""
    most = 0.0
    for s, count in enumerate(outer.counts):
        here, there = np.ascontiguousarray(outer.verts[s].T), np.ascontiguousarray(inner.verts[s].T)
        most = max(most, float(polygon.excess(here, count, there, inner.counts[s])))
    return most


def search_inner_family(
    op: Operator, start: OuterApproximation, room: Floats, thin: Bools, margin: float, most: float
) -> Attempt:
    """Look for a self-generating family near the polygons of `start`, the outer fixed point, and within `most` of them.

    room (N,): a first guess of what each side must give way.
    """
    lines = start.directions
    outer, both = lines.polygons(start.level), with_bisectors(lines)
    win, eta = op.warm_start(len(start.level))
    empty = np.zeros(op.inc.n_states, dtype=np.bool_)
    smaller = OuterApproximation(lines, start.level, win, eta, op.not_ruled_out.copy(), empty, room, margin)
    worst = np.inf
    for _ in range(TRIES):
        if not lower_levels(op, smaller, 0.0, BUDGET, LEFT * margin) or smaller.empty.any():
            return Attempt(None, None)
        polygons = smaller.directions.polygons(smaller.level)
        level = smaller.level if smaller.directions is lines else lines.supports(polygons)
        if hausdorff_distance(outer, polygons) > most:
            return Attempt(None, level)
        found = check_self_generation(op, both, without_redundant_vertices(polygons, SAME_VERTEX), thin, margin)
        if found.family is not None or np.isneginf(found.application.level).any():
            return Attempt(found.family, level)
        seen = vertex_excess(found.directions, found.application.point, polygons)
        before, worst = worst, float(seen[0].max())
        if worst > GROWN * before and smaller.directions is lines:
            smaller = with_corners_cut(op, smaller, polygons, seen, margin)
            both = with_bisectors(smaller.directions)
            continue
        need = required_slack(smaller.directions, polygons, seen, thin)
        smaller.side_slack = smaller.side_slack + np.where(
            need > 0, GROW * need + FLOOR * smaller.side_slack.max(), 0.0
        )
    return Attempt(None, level)


def with_corners_cut(
    op: Operator, smaller: OuterApproximation, polygons: Polygons, outside: tuple[Floats, Floats], margin: float
) -> OuterApproximation:
    """Return the same levels held in more directions: those in which corners stick out.

    Where a side holds a player's worst payoff, giving way makes threats weaker and its corners stick out further; a new
    side there takes the corner away and leaves the threat.
    """
    lines, (excess, normal) = smaller.directions, outside
    fresh = Directions.build(
        [
            np.concatenate([lines.lam[lines.state == s], normal[s, :count][excess[s, :count] > 0]])
            for s, count in enumerate(polygons.counts)
        ]
    )
    same = (fresh.state[:, None] == lines.state) & (fresh.lam[:, None] == lines.lam).all(axis=2)
    known, old = same.any(axis=1), same.argmax(axis=1)
    level = np.where(known, smaller.level[old], fresh.supports(polygons))
    room = np.where(known, smaller.side_slack[old], ROOM * margin)
    win, eta = op.warm_start(len(level))
    return OuterApproximation(fresh, level, win, eta, smaller.not_ruled_out, smaller.empty, room, smaller.tightening)
