"""Where a polygon of tangents sticks out of the set it bounds, and the directions that refine it.

Symbols: in directions lam_j, sorted by angle within each state, the set C = B(W) has tangents lam_j.v = level_j that
touch it in the points G_j. The corner of two neighbouring tangents lies beyond the chord of their points by some
excess, which a new tangent parallel to the chord cuts (sandwich algorithm; Rote 1992).
"""

import numpy as np

from negotiation._kernels import corners
from negotiation._values import Bools, Floats, Ints
from negotiation.solve.geometry.convex_hull import edge_normals
from negotiation.solve.public.operator import SAME_DIRECTION, Directions, Operator, Polygons

SHORT_CHORD = 1e-11  # chords of contact points below this share of the payoff range have no normal but noise
WIDE_GAP = -0.9  # cosine of neighbouring directions whose bisector would be noise: a quarter turn is taken instead
PARALLEL = 1e-9  # sine of neighbouring directions at a corner counts as at least this, so that shares stay finite
LEAST_SHARE = 0.1  # of a corner's normal that a side must have to give way alone; doubled, both sides do so more often
AT_REST = 1e-15  # movement of the ends of a segment that counts as none


def next_direction(directions: Directions) -> Ints:
    """Return for each direction the next one counter-clockwise in its state."""
    after = np.arange(1, len(directions.lam) + 1)
    after[directions.start[1:] - 1] = directions.start[:-1]
    return after


def cross(one: Floats, two: Floats) -> Floats:
    """Return the cross products of vectors (N, 2)."""
    return np.asarray(one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0])


def with_bisectors(directions: Directions) -> Directions:
    """Return the directions together with those halfway to the next (a quarter turn on where the gap is wide)."""
    lam, after = directions.lam, directions.lam[next_direction(directions)]
    middle = lam + after
    wide = (cross(lam, after) <= 0) | ((lam * after).sum(axis=1) < WIDE_GAP)
    middle[wide] = np.stack([-lam[wide, 1], lam[wide, 0]], axis=1)
    middle /= np.linalg.norm(middle, axis=1)[:, None]
    return Directions.build([np.concatenate([lam[these], middle[these]]) for these in directions.slices])


def vertex_excess(directions: Directions, point: Floats, polygons: Polygons) -> tuple[Floats, Floats]:
    """Return (S, V) and (S, V, 2): how far each vertex of `polygons` lies outside the hull of the points (N, 2) of its
    state, and in which direction.
    """
    outside: tuple[Floats, Floats] = corners.outside(point, directions.start, polygons.verts, polygons.counts)
    return outside


def required_slack(
    directions: Directions, polygons: Polygons, outside: tuple[Floats, Floats], skip: Bools, cost: Floats | None = None
) -> Floats:
    """Return for each direction how far it must give way so that no corner sticks out (0 in skipped states).

    A corner between sides i and j that sticks out by e along n = a lam_i + b lam_j is drawn in by side i alone (e / a),
    by side j alone (e / b), or by both (e each), whatever is cheapest; cost (N,): how far a unit there moves the sets;
    without it both sides give way. outside: see `vertex_excess`.
    """
    slack = np.zeros(len(directions.lam))
    for s, count in enumerate(polygons.counts):
        excess, normal = outside[0][s, :count], outside[1][s, :count]
        if skip[s] or not excess.any():
            continue
        j = directions.start[s] + polygons.edges[s, :count]
        i = np.roll(j, 1)
        of_i = of_j = excess
        if cost is not None:
            one, two = directions.lam[i], directions.lam[j]
            area = np.maximum(cross(one, two), PARALLEL)
            a = np.maximum(cross(normal, two) / area, LEAST_SHARE)
            b = np.maximum(cross(one, normal) / area, LEAST_SHARE)
            choice = np.argmin([np.maximum(cost[i], cost[j]), cost[i] / a, cost[j] / b], axis=0)
            of_i = np.choose(choice, [excess, excess / a, 0.0 * excess])
            of_j = np.choose(choice, [excess, 0.0 * excess, excess / b])
        np.maximum.at(slack, i, of_i)
        np.maximum.at(slack, j, of_j)
    return slack


def refined_directions(directions: Directions, bisected: Directions, point: Floats, bad: Bools) -> list[Floats]:
    """Return for each state the old directions and, around each `bad` one, the bisectors and the normals of chords.

    bisected, point: the directions with their bisectors, and their contact points. bad (N,): directions with a corner
    to refine.
    """
    after = next_direction(bisected)
    chord = point[after] - point
    length = np.hypot(chord[:, 0], chord[:, 1])
    fresh = length > SHORT_CHORD
    normal = np.stack([chord[:, 1], -chord[:, 0]], axis=1) / np.where(fresh, length, 1.0)[:, None]
    for lam in (bisected.lam, bisected.lam[after]):
        fresh &= np.abs(normal - lam).max(axis=1) > SAME_DIRECTION
    refined = []
    for old, wide in zip(directions.slices, bisected.slices, strict=True):
        ends = directions.lam[old][bad[old]]
        gaps = np.abs(bisected.lam[wide][:, None] - ends[None]).max(axis=2)
        at_end = gaps.min(axis=1, initial=9.0) < SAME_DIRECTION
        halves = np.roll(at_end, 1) | np.roll(at_end, -1)
        sides = at_end | halves | np.roll(at_end, -2)
        refined.append(
            np.concatenate([directions.lam[old], bisected.lam[wide][halves], normal[wide][sides & fresh[wide]]])
        )
    return refined


def degenerate_directions(op: Operator, polygons: Polygons, width: Floats) -> list[Floats]:
    """Return for each state two opposite normals of the segment that a narrow polygon seems to shrink to, if any.

    The two ends of the segment are generated again and again from each other alone. A guess, not a proof: directions
    may be added at will. Without it, chords turn towards the segment only by a constant factor a round.
    """
    nothing, ends = np.empty((0, 2)), []
    for corners_of_state in polygons.corners():
        gaps = np.linalg.norm(corners_of_state[:, None] - corners_of_state[None], axis=2)
        ends.append(corners_of_state[list(np.unravel_index(gaps.argmax(), gaps.shape))])
    lengths = [float(np.linalg.norm(pair[1] - pair[0])) for pair in ends]
    narrow = [s for s, length in enumerate(lengths) if 0 < width[s] < op.search.narrow * length]
    if not narrow:
        return [nothing] * len(ends)
    verts, counts = polygons.verts.copy(), polygons.counts.copy()
    along = [np.array([1.0, 0.0]) for _ in ends]
    for s in narrow:
        along[s] = (ends[s][1] - ends[s][0]) / lengths[s]
    directions = Directions.build([np.stack([t, -t]) for t in along])
    for _ in range(op.search.spins):
        for s in narrow:
            verts[s, :2], counts[s] = ends[s], 2
        application = op.apply_afresh(directions, Polygons(verts, counts, polygons.edges), 0.0)
        if np.isneginf(application.level).any():
            break
        moved = 0.0
        for s in narrow:
            point = application.point[directions.slices[s]]
            point = point[np.argsort(point @ along[s])]
            moved = max(moved, float(np.abs(point - ends[s]).max()))
            ends[s] = point
        if moved < AT_REST:
            break
    return [edge_normals(pair, SHORT_CHORD) if s in narrow else nothing for s, pair in enumerate(ends)]
