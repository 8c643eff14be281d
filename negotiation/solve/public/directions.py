"""Where a polygon of tangents sticks out of the set it bounds, and the directions that mend it.

Symbols: in directions lam_j, sorted by angle within each state, the set C = B(W) has tangents lam_j.v = level_j that
touch it in the points G_j. C lies between the polygon of the tangents and the polygon of the points; the corner of two
neighbouring tangents lies beyond the chord of their points by some excess. A new tangent parallel to a chord is exact
when the chord is a side of C, and cuts the excess to a fraction where C is curved (sandwich algorithm; Rote 1992).
"""

from __future__ import annotations

import numpy as np

from negotiation._kernels import corners as kernels
from negotiation._values import Bools, Floats, Ints
from negotiation.solve.public.operator import Application, Directions, Operator, Polygons

SAME = 1e-6
SHORT = 1e-11
WIDE = -0.9
LEAST = 0.1
NARROW = 0.05
SPINS = 400
STILL = 1e-15


def next_direction(directions: Directions) -> Ints:
    """Return for each direction the next one counter-clockwise in its state."""
    after = np.arange(1, len(directions.lam) + 1)
    after[directions.start[1:] - 1] = directions.start[:-1]
    return after


def bisectors(directions: Directions) -> Floats:
    """Return (N, 2): for each direction the one halfway to the next (a quarter turn on where the gap is wide)."""
    lam, after = directions.lam, directions.lam[next_direction(directions)]
    middle = lam + after
    cross = lam[:, 0] * after[:, 1] - lam[:, 1] * after[:, 0]
    wide = (cross <= 0) | ((lam * after).sum(axis=1) < WIDE)
    middle[wide] = np.stack([-lam[wide, 1], lam[wide, 0]], axis=1)
    return np.asarray(middle / np.linalg.norm(middle, axis=1)[:, None])


def with_bisectors(directions: Directions) -> Directions:
    """Return the directions together with their bisectors."""
    halves, states = bisectors(directions), len(directions.start) - 1
    own = [directions.state == s for s in range(states)]
    return Directions.build([np.concatenate([directions.lam[o], halves[o]]) for o in own])


def apply_afresh(op: Operator, directions: Directions, polygons: Polygons, margin: float) -> Application:
    """Apply the operator to `polygons` in fresh directions, with incentive rows tightened by `margin`."""
    win, eta = op.warm_start(len(directions.lam))
    return op.apply(directions, polygons, win, eta, op.not_ruled_out.copy(), margin)


def chord_normals(directions: Directions, point: Floats) -> tuple[Floats, Bools]:
    """Return the outward normals of the chords from each contact point to the next, and which chords have length."""
    chord = point[next_direction(directions)] - point
    length = np.hypot(chord[:, 0], chord[:, 1])
    proper = length > SHORT
    safe = np.where(proper, length, 1.0)
    return np.stack([chord[:, 1] / safe, -chord[:, 0] / safe], axis=1), proper


def vertex_excess(directions: Directions, point: Floats, polygons: Polygons) -> tuple[Floats, Floats]:
    """Return (S, V) and (S, V, 2): how far each vertex of `polygons` lies outside the hull of the points (N, 2) of its
    state, and in which direction.
    """
    excess, normal = kernels.outside(point, directions.start, polygons.verts, polygons.counts)
    return excess, normal


def required_slack(
    directions: Directions, polygons: Polygons, outside: tuple[Floats, Floats], skip: Bools, cost: Floats | None = None
) -> Floats:
    """Return for each direction how far it must give way so that no corner sticks out (0 in skipped states).

    A corner between sides i and j that sticks out by e along n = a lam_i + b lam_j is drawn in by side i alone (e / a),
    by side j alone (e / b), or by both (e each), whatever is cheapest; cost (N,): how far a unit there moves the sets;
    without it both sides give way.
    """
    found = np.zeros(len(directions.lam))
    for s, count in enumerate(polygons.counts):
        excess, normal = outside[0][s, :count], outside[1][s, :count]
        if skip[s] or not excess.any():
            continue
        j = directions.start[s] + polygons.edges[s, :count]
        i = np.roll(j, 1)
        if cost is None:
            np.maximum.at(found, i, excess)
            np.maximum.at(found, j, excess)
            continue
        one, two = directions.lam[i], directions.lam[j]
        cross = np.maximum(one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0], 1e-9)
        a = np.maximum((normal[:, 0] * two[:, 1] - normal[:, 1] * two[:, 0]) / cross, LEAST)
        b = np.maximum((one[:, 0] * normal[:, 1] - one[:, 1] * normal[:, 0]) / cross, LEAST)
        choice = np.argmin([np.maximum(cost[i], cost[j]), cost[i] / a, cost[j] / b], axis=0)
        np.maximum.at(found, i, np.choose(choice, [excess, excess / a, 0.0 * excess]))
        np.maximum.at(found, j, np.choose(choice, [excess, 0.0 * excess, excess / b]))
    return found


def refined_directions(directions: Directions, both: Directions, point: Floats, bad: Bools) -> list[Floats]:
    """Return for each state the old directions and, around each `bad` one, the bisectors and the normals of chords.

    both, point: the doubled directions and their contact points. bad (N,): directions with a corner to mend.
    """
    normal, proper = chord_normals(both, point)
    to = both.lam[next_direction(both)]
    fresh = proper & (np.abs(normal - both.lam).max(axis=1) > SAME) & (np.abs(normal - to).max(axis=1) > SAME)
    found = []
    for s in range(len(directions.start) - 1):
        lam = directions.lam[directions.start[s] : directions.start[s + 1]]
        ends = lam[bad[directions.start[s] : directions.start[s + 1]]]
        wide = slice(both.start[s], both.start[s + 1])
        at_end = np.abs(both.lam[wide][:, None] - ends[None]).max(axis=2).min(axis=1, initial=9.0) < SAME
        halves = np.roll(at_end, 1) | np.roll(at_end, -1)
        sides = at_end | np.roll(at_end, 1) | np.roll(at_end, -1) | np.roll(at_end, -2)
        found.append(np.concatenate([lam, both.lam[wide][halves], normal[wide][sides & fresh[wide]]]))
    return found


def degenerate_directions(op: Operator, polygons: Polygons, width: Floats) -> list[Floats]:
    """Return for each state two opposite normals of the segment that a narrow polygon seems to shrink to, if any.

    The two ends of the segment are generated again and again from each other alone. A guess, not a proof: directions
    may be added at will. Without it, chords turn towards the segment only by a constant factor a round.
    """
    ends, narrow = [], []
    for s, count in enumerate(polygons.counts):
        verts = polygons.verts[s, :count]
        gaps = np.linalg.norm(verts[:, None] - verts[None], axis=2)
        a, b = np.unravel_index(gaps.argmax(), gaps.shape)
        ends.append(np.stack([verts[a], verts[b]]))
        narrow.append(0 < width[s] < NARROW * gaps.max())
    if not any(narrow):
        return [np.empty((0, 2))] * len(ends)
    verts, counts = polygons.verts.copy(), polygons.counts.copy()
    along = [
        (pair[1] - pair[0]) / np.linalg.norm(pair[1] - pair[0]) if thin else np.array([1.0, 0.0])
        for pair, thin in zip(ends, narrow, strict=True)
    ]
    directions = Directions.build([np.stack([t, -t]) for t in along])
    for _ in range(SPINS):
        for s in np.flatnonzero(narrow).tolist():
            verts[s, :2], counts[s] = ends[s], 2
        sweep = apply_afresh(op, directions, Polygons(verts, counts, polygons.edges), 0.0)
        if np.isneginf(sweep.level).any():
            break
        moved = 0.0
        for s in np.flatnonzero(narrow).tolist():
            new = sweep.point[directions.start[s] : directions.start[s + 1]]
            new = new[np.argsort(new @ along[s])]
            moved = max(moved, float(np.abs(new - ends[s]).max()))
            ends[s] = new
        if moved < STILL:
            break
    found = []
    for pair, thin in zip(ends, narrow, strict=True):
        chord = pair[1] - pair[0]
        length = float(np.linalg.norm(chord))
        normal = np.array([chord[1], -chord[0]]) / max(length, SHORT)
        found.append(np.stack([normal, -normal]) if thin and length > SHORT else np.empty((0, 2)))
    return found
