"""Inner sets from within: points that generate each other, one for each direction.

Symbols: lam_j, D directions; q (D, 2), the point that is generated in direction lam_j from the hulls of the points of
each state. The bases of an application tell from which vertices each point is made; with this structure frozen,
q = G(q) is a smooth system of equations that Newton's method solves at once, and applying the operator to the hulls of
its solution tells whether the structure stays. When it does, the hulls generate themselves. Each point is drawn inwards
by a little (`PULLS`), so that rounding, and later small changes of the structure, are absorbed: then every vertex lies
strictly inside what is generated. A family is returned only if an application to it shows that it generates itself.
"""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np

from negotiation._kernels import corners as kernels
from negotiation._kernels import frozen, systems
from negotiation._values import Bools, Floats, Ints
from negotiation.solve.public.directions import vertex_excess
from negotiation.solve.public.operator import Application, Directions, Operator, Polygons

DAMPING = (1e-10, 1e-10, 1e-10, 1e-6, 1e-6, 1e-5, 1e-5, 3e-5)
SMOOTH = 1e-13
STEPS = 8
TOLERATED = 1e-2
APART = 1e-9
SAME_VERTEX = 1e-10
ON_THIN = 1e-9
CLOSER = 4


class SelfGeneratingFamily(NamedTuple):
    """A self-generating family of polygons and the application that shows it.

    directions, sweep: generated points sweep.point with their profiles sweep.win and bases (marks number the vertices
    of `polygons`). thin (S,): states without interior, whose vertices are generated up to rounding only.
    """

    polygons: Polygons
    directions: Directions
    application: Application
    thin: Bools


class SelfGenerationCheck(NamedTuple):
    """An application to a family of polygons, and the family if it is shown to generate itself."""

    family: SelfGeneratingFamily | None
    directions: Directions
    application: Application


def hulls(point: Floats, start: Ints, tolerance: float = SAME_VERTEX) -> tuple[Polygons, Ints]:
    """Return the hull of each state's points (D, 2), and the number of the point at each vertex, (S, V)."""
    states, room = len(start) - 1, int(np.diff(start).max()) + 1
    verts, counts = np.zeros((states, room, 2)), np.zeros(states, dtype=np.int64)
    owner = np.zeros((states, room), dtype=np.int64)
    kernels.hulls(point, start, tolerance, verts, counts, owner)
    return Polygons(verts, counts, np.full((states, room), -1, dtype=np.int64)), owner


def joint_application(
    one: tuple[Directions, Application], two: tuple[Directions, Application]
) -> tuple[Directions, Application]:
    """Return two applications to the same polygons as one."""
    at = np.concatenate([one[0].state, two[0].state])
    order = np.argsort(at, kind="stable")
    lam = np.concatenate([one[0].lam, two[0].lam])[order]
    start = np.searchsorted(at[order], np.arange(len(one[0].start)))
    first, second = one[1], two[1]
    both = {
        name: np.concatenate([getattr(first, name), getattr(second, name)])[order]
        for name in ("level", "point", "basis_block", "basis_vertex", "basis_weight", "best_profile", "multipliers")
    }
    return Directions(lam, at[order], start), first._replace(solved=first.solved + second.solved, **both)


def apply_where_outside(
    op: Operator, polygons: Polygons, out: Bools, normal: Floats, margin: float
) -> tuple[Directions, Application]:
    """Apply the operator in the directions `normal` in which the vertices `out` (S, V) stick out."""
    at = np.ascontiguousarray(np.nonzero(out)[0])
    lam = np.ascontiguousarray(normal[out])
    lines = Directions(lam, at, np.searchsorted(at, np.arange(len(out) + 1)))
    win, eta = op.warm_start(len(at))
    return lines, op.apply(lines, polygons, win, eta, op.not_ruled_out.copy(), margin)


def check_self_generation(
    op: Operator,
    directions: Directions,
    polygons: Polygons,
    thin: Bools,
    margin: float,
    sweep: Application | None = None,
) -> SelfGenerationCheck:
    """Apply the operator to a family and see whether it generates itself.

    sweep: the application in `directions`, if it is known. Where a vertex lies outside the hull of the points generated
    so far, the direction in which it does is tried too.
    """
    if sweep is None:
        win, eta = op.warm_start(len(directions.lam))
        sweep = op.apply(directions, polygons, win, eta, op.not_ruled_out.copy(), margin)
    seen = directions, sweep
    if np.isneginf(sweep.level).any():
        return SelfGenerationCheck(None, *seen)
    for turn in range(CLOSER):
        excess, normal = vertex_excess(seen[0], seen[1].point, polygons)
        failing = excess > np.where(thin, ON_THIN, 0.0)[:, None]
        if not failing.any():
            return SelfGenerationCheck(SelfGeneratingFamily(polygons, *seen, thin), *seen)
        if turn == CLOSER - 1:
            break
        more = apply_where_outside(op, polygons, failing, normal, margin)
        reach = (more[0].lam * polygons.verts[failing]).sum(axis=1)
        if (reach - more[1].level > np.where(thin, ON_THIN, 0.0)[more[0].state]).any():
            break
        seen = joint_application(seen, more)
    return SelfGenerationCheck(None, *seen)


def newton_family(
    op: Operator, directions: Directions, point: Floats, thin: Bools, margin: float, coarse: float
) -> SelfGeneratingFamily | None:
    """Return a self-generating family near the hulls of `point` (D, 2), one point a direction; None if none is found.

    Points within `coarse` of the chord of their neighbours are left out: few vertices settle more easily.
    """
    polygons, owner = hulls(point, directions.start, coarse)
    win, eta = op.warm_start(len(directions.lam))
    for pull in DAMPING:
        sweep = op.apply(directions, polygons, win, eta, op.not_ruled_out.copy(), margin)
        if np.isneginf(sweep.level).any():
            return None
        family = check_self_generation(op, directions, polygons, thin, margin, sweep).family
        if family is not None:
            return family
        fresh, kept = hulls(sweep.point, directions.start, coarse)
        structure = active_structure(op, directions, owner, sweep, fresh, kept)
        found = newton_fixed_point(op, structure, sweep.point[structure.pick], margin, max(pull, 0.1 * margin))
        if found is None:
            polygons, owner = fresh, kept
        else:
            polygons, local = hulls(found, structure.start)
            owner = structure.pick[local]
    return None


class ActiveStructure(NamedTuple):
    """Who generates what: pick (U,) the direction of each vertex, start (S + 1,), win, col and mark."""

    pick: Ints
    start: Ints
    best_profile: Ints
    basis_block: Ints
    basis_vertex: Ints


def active_structure(
    op: Operator, directions: Directions, owner: Ints, sweep: Application, fresh: Polygons, kept: Ints
) -> ActiveStructure:
    """Return how a sweep generates the vertices of `fresh`; marks number the new vertices of the successor state.

    owner, kept (S, V): the direction that each vertex of the polygons in the sweep, and of the new ones, stands for.
    """
    inc = op.inc
    start = np.concatenate([[0], np.cumsum(fresh.counts)])
    pick = np.concatenate([kept[s, :count] for s, count in enumerate(fresh.counts)])
    number = np.zeros(owner.shape, dtype=np.int64)
    for s, count in enumerate(fresh.counts):
        number[s] = (directions.lam[owner[s]] @ fresh.verts[s, :count].T).argmax(axis=1)
    win, col = sweep.best_profile[pick], sweep.basis_block[pick]
    into = inc.succ[win[:, None], np.minimum(col, inc.succ.shape[1] - 1)]
    mark = number[into, sweep.basis_vertex[pick]]
    mark[col >= inc.ny[win][:, None]] = 0
    return ActiveStructure(pick, start, win, col, mark)


def newton_fixed_point(op: Operator, made: ActiveStructure, q: Floats, margin: float, pull: float) -> Floats | None:
    """Return q (U, 2) with q = G(q), drawn inwards by `pull`; None when it does not exist."""
    inc, start = op.inc, made.start
    own = [slice(low, high) for low, high in itertools.pairwise(start)]
    padded = np.zeros((len(own), int(np.diff(start).max()), 2))
    for _ in range(STEPS):
        low = np.array([q[o].argmin(axis=0) for o in own])
        b, binding = inc.right_sides(np.array([q[o].min(axis=0) for o in own]), margin)
        _, off = op.binding_members(binding)
        for s, o in enumerate(own):
            padded[s, : o.stop - o.start] = q[o]
        point, _, jacobian, least, regular = frozen.frozen(
            padded, start, made.best_profile, made.basis_block, made.basis_vertex, inc.g, inc.weight, inc.ny, inc.nk,
            inc.pi, inc.succ, inc.delta, inc.who, b, off, low,
        )  # fmt: skip
        if not regular:
            return None
        centre = np.concatenate([np.tile(q[o].mean(axis=0), (o.stop - o.start, 1)) for o in own])
        size = np.maximum(np.linalg.norm(q - centre, axis=1), APART)[:, None]
        miss = q - point + pull * (q - centre) / size
        if np.abs(miss).max() < SMOOTH:
            return q if least >= -TOLERATED else None
        step = miss.reshape(-1, 1)
        if not systems.solve(np.eye(len(step)) - jacobian, step):
            return None
        q = q - step.reshape(-1, 2)
        if not np.abs(q).max() < 2.0:
            return None
    return None
