"""Inner sets from within: points that generate each other, one for each direction.

Symbols: lam_j, D directions; q (D, 2), the point that is generated in direction lam_j from the hulls of the points of
each state. With the structure of an application fixed, q = G(q) is a smooth system that Newton's method solves at once.
Each point is drawn inwards by a little (`damping`), which absorbs rounding and small changes of the structure. A family
is returned only if an application to it shows that it generates itself.
"""

import itertools
from typing import NamedTuple

import numpy as np

from negotiation._kernels import corners
from negotiation._kernels.generated_points import generated_points
from negotiation._values import Bools, Floats, Ints
from negotiation.solve.public.directions import vertex_excess
from negotiation.solve.public.operator import Application, Directions, Operator, Polygons
from negotiation.solve.public.outer_approximation import solve_levels

# lengths in shares of the payoff range
CONVERGED = 1e-13  # residual of q = G(q) at which Newton's method has arrived; rounding allows little less
CENTRAL = 1e-9  # points nearer to the centre are drawn inwards in proportion, since they have no direction
SAME_VERTEX = 1e-10  # vertices nearer to the chord of their neighbours are none
THIN_TOLERANCE = 1e-9  # how far outside vertices of a set without interior may lie: they are generated up to rounding
FAR_OFF = 2.0  # a coordinate beyond it says that Newton's method diverges, since payoffs lie in [0, 1]


class SelfGeneratingFamily(NamedTuple):
    """A self-generating family of polygons and the application that shows it.

    directions, application: generated points application.point with their best profiles and bases (basis vertices
    number the vertices of `polygons`). thin (S,): states without interior, whose vertices are generated up to rounding.
    """

    polygons: Polygons
    directions: Directions
    application: Application
    thin: Bools


def hulls(point: Floats, start: Ints, tolerance: float = SAME_VERTEX) -> tuple[Polygons, Ints]:
    """Return the hull of each state's points (D, 2), and the number of the point at each vertex, (S, V)."""
    shape = len(start) - 1, int(np.diff(start).max()) + 1
    verts, counts = np.zeros((*shape, 2)), np.zeros(shape[0], dtype=np.int64)
    owner = np.zeros(shape, dtype=np.int64)
    corners.hulls(point, start, verts, counts, owner)
    corners.drop_redundant(verts, counts, owner, tolerance)
    return Polygons(verts, counts, np.full(shape, -1, dtype=np.int64)), owner


def without_redundant_vertices(polygons: Polygons, tolerance: float) -> Polygons:
    """Return the polygons without vertices that are hardly vertices (edges are not kept)."""
    verts, counts, edges = polygons.verts.copy(), polygons.counts.copy(), np.full_like(polygons.edges, -1)
    corners.drop_redundant(verts, counts, edges.copy(), tolerance)
    return Polygons(verts, counts, edges)


def joint_application(
    one: tuple[Directions, Application], two: tuple[Directions, Application]
) -> tuple[Directions, Application]:
    """Return two applications to the same polygons as one."""
    state = np.concatenate([one[0].state, two[0].state])
    order = np.argsort(state, kind="stable")
    lam = np.concatenate([one[0].lam, two[0].lam])[order]
    pairs = zip(Application._fields[:-1], one[1][:-1], two[1][:-1], strict=True)  # the last field is by profile
    joint = {name: np.concatenate([first, second])[order] for name, first, second in pairs}
    return Directions(lam, one[0].start + two[0].start), one[1]._replace(**joint)


def check_self_generation(
    op: Operator,
    directions: Directions,
    polygons: Polygons,
    thin: Bools,
    margin: float,
    *,
    application: Application | None = None,
) -> tuple[SelfGeneratingFamily | None, Directions, Application]:
    """Return a family of polygons if it is shown to generate itself, and the application to it that was looked at.

    application: that in `directions`, if it is there already. Where a vertex lies outside the hull of the points
    generated so far, the direction in which it does is tried too.
    """
    if application is None:
        application = op.apply_afresh(directions, polygons, margin)
    tolerance = np.where(thin, THIN_TOLERANCE, 0.0)
    for turn in range(op.search.rounds_outside):
        if np.isneginf(application.level).any():
            break
        excess, normal = vertex_excess(directions, application.point, polygons)
        failing = excess > tolerance[:, None]
        if not failing.any():
            return SelfGeneratingFamily(polygons, directions, application, thin), directions, application
        if turn == op.search.rounds_outside - 1:
            break
        lines = Directions(normal[failing], np.cumsum([0, *failing.sum(axis=1)]))
        more = op.apply_afresh(lines, polygons, margin)
        reach = (lines.lam * polygons.verts[failing]).sum(axis=1)
        if (reach - more.level > tolerance[lines.state]).any():
            break
        directions, application = joint_application((directions, application), (lines, more))
    return None, directions, application


def newton_family(
    op: Operator, directions: Directions, point: Floats, thin: Bools, *, margin: float, coarse: float
) -> SelfGeneratingFamily | None:
    """Return a self-generating family near the hulls of `point` (D, 2), one point a direction; None if there is none.

    Points within `coarse` of the chord of their neighbours are left out: few vertices converge more easily.
    """
    polygons, owner = hulls(point, directions.start, coarse)
    for damping in op.search.damping:
        application = op.apply_afresh(directions, polygons, margin)
        if np.isneginf(application.level).any():
            return None
        family, *_ = check_self_generation(op, directions, polygons, thin, margin, application=application)
        if family is not None:
            return family
        fresh, fresh_owner = hulls(application.point, directions.start, coarse)
        structure = active_structure(op, directions, owner, application, (fresh, fresh_owner))
        fixed = newton_fixed_point(op, structure, application.point[structure.pick], margin, max(damping, 0.1 * margin))
        if fixed is None:
            polygons, owner = fresh, fresh_owner
        else:
            polygons, local = hulls(fixed, structure.start)
            owner = structure.pick[local]
    return None


class ActiveStructure(NamedTuple):
    """Who generates what: pick (U,) the direction of each vertex, start (S + 1,), best profiles and bases."""

    pick: Ints
    start: Ints
    best_profile: Ints
    basis_block: Ints
    basis_vertex: Ints


def active_structure(
    op: Operator, directions: Directions, owner: Ints, application: Application, fresh: tuple[Polygons, Ints]
) -> ActiveStructure:
    """Return how an application generates the vertices of `fresh`; basis vertices number those of the successor state.

    owner (S, V): the direction that each vertex of the polygons in the application stands for; fresh: new polygons with
    their owners.
    """
    inc, (polygons, fresh_owner) = op.inc, fresh
    start = np.concatenate([[0], np.cumsum(polygons.counts)])
    pick = np.concatenate([fresh_owner[s, :count] for s, count in enumerate(polygons.counts)])
    number = np.zeros(owner.shape, dtype=np.int64)
    for s, count in enumerate(polygons.counts):
        number[s] = (directions.lam[owner[s]] @ polygons.verts[s, :count].T).argmax(axis=1)
    best, block = application.best_profile[pick], application.basis_block[pick]
    into = inc.succ[best[:, None], np.minimum(block, inc.succ.shape[1] - 1)]
    vertex = number[into, application.basis_vertex[pick]]
    vertex[block >= inc.ny[best][:, None]] = 0
    return ActiveStructure(pick, start, best, block, vertex)


def newton_fixed_point(
    op: Operator, structure: ActiveStructure, q: Floats, margin: float, damping: float
) -> Floats | None:
    """Return q (U, 2) with q = G(q), drawn inwards by `damping`; None when it does not exist."""
    inc, start = op.inc, structure.start
    states = [slice(low, high) for low, high in itertools.pairwise(start)]
    for _ in range(op.search.newton_steps):
        padded = Polygons.of([q[these] for these in states])
        low = np.array([q[these].argmin(axis=0) for these in states])
        b, binding = inc.right_sides(padded.worst, margin)
        _, off = op.binding_members(binding)
        point, jacobian, least, regular = generated_points(
            padded.verts, start, structure[2:], inc.programmes, b, off=off, lowest=low
        )  # fmt: skip
        if not regular:
            return None
        centre = np.concatenate([np.tile(q[these].mean(axis=0), (these.stop - these.start, 1)) for these in states])
        size = np.maximum(np.linalg.norm(q - centre, axis=1), CENTRAL)[:, None]
        miss = q - point + damping * (q - centre) / size
        if np.abs(miss).max() < CONVERGED:
            return q if least >= -op.search.tolerated else None
        step = solve_levels(jacobian, miss.reshape(-1, 1))
        if step is None:
            return None
        q = q - step.reshape(-1, 2)
        if not np.abs(q).max() < FAR_OFF:
            return None
    return None
