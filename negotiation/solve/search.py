"""The search for an outer and an inner set that agree: which directions to hold, and when to stop.

Round by round: lower the proven outer levels to their fixed point (`outer`); see how far its corners stick out of what
the operator gives back (`corners`); predict the inner set, and build it when the prediction is good enough (`inner`);
otherwise add directions at the corners that matter. The room e that corners need moves the inner set by (I - M)^-1 e,
so directions go where this product is large, not where a corner merely looks sharp. Normalised payoffs throughout.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from negotiation._kernels import polygon
from negotiation._values import Bools, Floats
from negotiation.solve.corners import doubled, mended, needles, outside, rooms, touch
from negotiation.solve.hull import convex_hull
from negotiation.solve.incentives import Incentives
from negotiation.solve.inner import ROOM, THIN, Inner, from_vertices, self_generating, widths
from negotiation.solve.operator import Directions, Operator, Polygons, Sweep
from negotiation.solve.options import Options
from negotiation.solve.outer import Outer, descend, matrix

UNIFORM = 8
COARSE = 1e-2
FINE = 1e-3
SHARE = 0.1
LEADING = 0.1
GUESS = 1.15
ROUNDS = 16
EARLY = 10.0
SHORT_SIDE = 1e-9
LIFT = 1e-12


class Prediction(NamedTuple):
    """What the corners of the outer set say about the inner one.

    room (N,) that the sides must give; spread (N, N) = (I - M)^-1; gap: predicted distance; both, sweep: what was seen.
    """

    room: Floats
    spread: Floats
    gap: float
    both: Directions
    sweep: Sweep
    thin: Bools


@dataclass
class Found:
    """Outcome of a search: the outer set, the best inner set with its gap, and why it stopped."""

    outer: Outer
    inner: Inner | None = None
    gap: float = np.inf
    out_of: str = ""
    history: list[float] = field(default_factory=list)


def essential(inc: Incentives) -> Floats:
    """Return the axes and the outward normals of the sides of the feasible set, (D, 2)."""
    corners = convex_hull(inc.g)
    axes = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])
    if len(corners) < 2:
        return axes
    side = np.roll(corners, -1, axis=0) - corners
    normal = np.stack([side[:, 1], -side[:, 0]], axis=1)
    return np.concatenate([axes, normal / np.linalg.norm(normal, axis=1)[:, None]])


def first_outer(op: Operator, fixed: Floats) -> Outer:
    """Return the feasible set of payoffs as the first outer set of every state."""
    inc = op.inc
    angle = np.arange(UNIFORM) * (2 * np.pi / UNIFORM)
    lam = np.concatenate([fixed, np.stack([np.cos(angle), np.sin(angle)], axis=1)])
    directions = Directions.build([lam] * inc.n_states)
    level = (inc.g @ directions.lam.T).max(axis=0) + LIFT
    win, eta = op.memory(len(level))
    empty = np.zeros(inc.n_states, dtype=np.bool_)
    return Outer(directions, level, win, eta, op.alive, empty, np.zeros(len(level)))


def with_directions(op: Operator, outer: Outer, polygons: Polygons, by_state: list[Floats]) -> Outer:
    """Return the same outer set held in other directions."""
    directions = Directions.build(by_state)
    win, eta = op.memory(len(directions.lam))
    level = directions.supports(polygons) + LIFT
    return Outer(directions, level, win, eta, op.alive, outer.empty, np.zeros(len(level)))


def distance(outer: Polygons, inner: Polygons) -> float:
    """Return the Hausdorff distance of the inner polygons from the outer ones that contain them."""
    most = 0.0
    for s, count in enumerate(outer.counts):
        here, there = np.ascontiguousarray(outer.verts[s].T), np.ascontiguousarray(inner.verts[s].T)
        most = max(most, float(polygon.excess(here, count, there, inner.counts[s])))
    return most


def predict(op: Operator, outer: Outer, polygons: Polygons, margin: float, thrifty: bool) -> Prediction | None:
    """Look at the corners of the outer set; None when the tightened operator gives nothing back.

    thrifty: let the cheaper side of each corner give way alone, which usually, but not always, suffices.
    """
    directions = outer.directions
    thin = widths(polygons) < THIN
    both = doubled(directions)
    sweep = touch(op, both, polygons, margin)
    if np.isneginf(sweep.level).any():
        return None
    plain = op.apply(directions, polygons, outer.win, outer.eta, op.alive.copy())
    moved = matrix(op, outer, plain, plain.win, directions.used(polygons))
    try:
        spread = np.maximum(np.linalg.inv(np.eye(len(moved)) - moved), 0.0)
    except np.linalg.LinAlgError:
        return None
    cost = spread.max(axis=0) if thrifty else None
    room = rooms(directions, polygons, outside(both, sweep.point, polygons), thin, cost)
    inside = directions.polygons(outer.level - spread @ room * (1 + SHARE))
    return Prediction(room, spread, distance(polygons, inside), both, sweep, thin)


def pruned(outer: Outer, polygons: Polygons, by_state: list[Floats], fixed: Floats) -> list[Floats]:
    """Leave out old directions that carry no side of their polygon (they come first in `by_state`)."""
    kept = []
    for s, count in enumerate(polygons.counts):
        own = outer.directions.lam[outer.directions.start[s] : outer.directions.start[s + 1]]
        side = np.roll(polygons.verts[s, :count], -1, axis=0) - polygons.verts[s, :count]
        keep = np.zeros(len(own), dtype=np.bool_)
        keep[polygons.edges[s, :count][np.abs(side).max(axis=1) > SHORT_SIDE]] = True
        kept.append(np.concatenate([fixed, own[keep], by_state[s][len(own) :]]))
    return kept


def search(inc: Incentives, options: Options) -> Found:
    """Run the search until the gap is closed, the game is proven empty, or a limit of `options` is reached."""
    op, fixed = Operator(inc), essential(inc)
    began = time.perf_counter()
    found, thrifty = Found(first_outer(op, fixed)), True
    for turn in range(ROUNDS):
        outer = found.outer
        tolerance = options.gap * (FINE if turn else COARSE)
        settled = descend(op, outer, tolerance, options.iterations - op.applied)
        found.history.append(outer.residual)
        if outer.empty.any() or not settled:
            found.out_of = "" if settled else "iterations"
            return found
        if options.seconds is not None and time.perf_counter() - began > options.seconds:
            found.out_of = "seconds"
            return found
        polygons = outer.directions.polygons(outer.level)
        seen = predict(op, outer, polygons, options.margin, thrifty)
        if seen is None:
            return found
        if seen.gap <= EARLY * options.gap:
            family = from_vertices(op, outer, polygons, seen.thin, options.margin)
            if family is not None and distance(polygons, family.polygons) < found.gap:
                found.inner, found.gap = family, distance(polygons, family.polygons)
            if found.gap <= options.gap:
                return found
        full = len(outer.level) >= options.directions * inc.n_states
        if seen.gap <= options.gap or full or turn == ROUNDS - 1:
            room = np.where(seen.thin[outer.directions.at], 0.0, ROOM * options.margin) + GUESS * seen.room
            inner = self_generating(op, outer.directions, outer.level, room, seen.thin, options.margin)
            if inner is not None and distance(polygons, inner.polygons) < found.gap:
                found.inner, found.gap = inner, distance(polygons, inner.polygons)
            if found.gap <= options.gap or full:
                return found
            thrifty = False
        reach = (seen.spread * seen.room[None, :]).max(axis=0)
        scale = max(float((seen.spread @ seen.room).max()), 1e-300) / max(seen.gap, 1e-300)
        bad = reach > min(1.0, scale) * max(SHARE * options.gap, LEADING * seen.gap)
        by_state = mended(outer.directions, seen.both, seen.sweep.point, bad)
        by_state = pruned(outer, polygons, by_state, fixed)
        for s, extra in enumerate(needles(op, polygons, widths(polygons))):
            by_state[s] = np.concatenate([extra, by_state[s]])
        found.outer = with_directions(op, outer, polygons, by_state)
    return found
