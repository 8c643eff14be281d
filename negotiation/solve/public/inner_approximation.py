"""Inner sets: polygons that generate themselves, found in the space of levels.

Symbols: T(level) as in `outer_approximation`; e_j >= 0, the slack asked for in direction j. The levels h with
T(h) = h + e give a polygon W(h) whose image B(W(h)) reaches beyond each of its sides by e_j. If e exceeds what the
corners of W(h) stick out between two contact points, W(h) lies in B(W(h)), and then every point of W(h) is an
equilibrium payoff (Abreu, Pearce, Stacchetti 1990, self-generation). h is found from the outer fixed point by its
homotopy steps, and nothing of the search is trusted: only the last application counts, in which every vertex must lie
within the hull of generated points.
Rows are tightened by `margin` throughout. A state whose set has no interior gets no slack.
"""

import numpy as np

from negotiation._kernels import polygon
from negotiation._values import Bools, Floats
from negotiation.solve.geometry.convex_hull import edge_normals
from negotiation.solve.public.directions import required_slack, vertex_excess, with_bisectors
from negotiation.solve.public.operator import Directions, Operator, Polygons
from negotiation.solve.public.outer_approximation import OuterApproximation, lower_levels
from negotiation.solve.public.self_generation import (
    SAME_VERTEX,
    SelfGeneratingFamily,
    check_self_generation,
    without_redundant_vertices,
)

SHORTEST_SIDE = 1e-9  # sides below this share of the payoff range have no normal but noise


def widths(polygons: Polygons) -> Floats:
    """Return the least width of each polygon over the normals of its sides (0 for points and segments)."""
    least = np.zeros(len(polygons.counts))
    for s, count in enumerate(polygons.counts):
        verts = polygons.verts[s, :count]
        normal = edge_normals(verts, SHORTEST_SIDE)
        if count > 2 and len(normal) > 2:
            reach = verts @ normal.T
            least[s] = (reach.max(axis=0) - reach.min(axis=0)).min()
    return least


def hausdorff_distance(outer: Polygons, inner: Polygons) -> float:
    """Return the Hausdorff distance of the inner polygons from the outer ones that contain them."""
    most = 0.0
    for s, count in enumerate(outer.counts):
        here, there = np.ascontiguousarray(outer.verts[s].T), np.ascontiguousarray(inner.verts[s].T)
        most = max(most, float(polygon.excess(here, count, there, inner.counts[s])))
    return most


def search_inner_family(
    op: Operator, start: OuterApproximation, slack: Floats, thin: Bools, *, margin: float, most: float
) -> tuple[SelfGeneratingFamily | None, Floats | None]:
    """Look for a self-generating family near the polygons of `start`, the outer fixed point, and within `most` of them.

    slack (N,): a first guess of what each side must give way. Return the family, or None, and the last levels (N,)
    looked at, or None.
    """
    lines, search = start.directions, op.search
    outer, bisected = start.polygons(), with_bisectors(lines)
    smaller = OuterApproximation.of(
        op, lines, start.level, not_ruled_out=op.not_ruled_out.copy(), side_slack=slack, tightening=margin
    )
    worst = np.inf
    for _ in range(search.tries):
        whole = lower_levels(op, smaller, 0.0, search.inner_budget, search.inner_rest * margin)
        if not whole or smaller.empty.any():
            return None, None
        polygons = smaller.polygons()
        level = smaller.level if smaller.directions is lines else lines.supports(polygons)
        if hausdorff_distance(outer, polygons) > most:
            return None, level
        candidate = without_redundant_vertices(polygons, SAME_VERTEX)
        family, tried, application = check_self_generation(op, bisected, candidate, thin, margin)
        if family is not None or np.isneginf(application.level).any():
            return family, level
        outside = vertex_excess(tried, application.point, polygons)
        before, worst = worst, float(outside[0].max())
        if worst > search.cut_at * before and smaller.directions is lines:
            smaller = with_corners_cut(op, smaller, polygons, outside, margin)
            bisected = with_bisectors(smaller.directions)
            continue
        need = required_slack(smaller.directions, polygons, outside, thin)
        more = search.grow * need + search.floor * smaller.side_slack.max()
        smaller.side_slack = smaller.side_slack + np.where(need > 0, more, 0.0)
    return None, level


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
            np.concatenate([lam, normal[s, :count][excess[s, :count] > 0]])
            for s, (lam, count) in enumerate(zip(lines.by_state(), polygons.counts, strict=True))
        ]
    )
    same = (fresh.state[:, None] == lines.state) & (fresh.lam[:, None] == lines.lam).all(axis=2)
    is_old, old = same.any(axis=1), same.argmax(axis=1)
    return OuterApproximation.of(
        op,
        fresh,
        np.where(is_old, smaller.level[old], fresh.supports(polygons)),
        like=smaller,
        not_ruled_out=smaller.not_ruled_out,
        side_slack=np.where(is_old, smaller.side_slack[old], op.search.margin_slack * margin),
    )
