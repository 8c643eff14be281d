"""The largest share from above: planes over the outer sets that one application of the operator cannot lift.

Symbols: W_s outer sets; plane j lies over the set of state at_j; F_c(v) = min_j c_j - lam_j.v, at most 1, over the
planes of v's state; T(c)_j = the largest lam_j.v + m that any profile generates with continuations (w, F_c(w)), w in W.
T(c) <= c + e proves the share F_c(v) + e / (1 - delta), wherever c comes from (docs/thresholds.md). Planes are refined
at corners of F_c above what is generated that the play which F_c suggests visits (sandwich algorithm; Rote 1992).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from negotiation._kernels import halfplanes
from negotiation._values import Bools, Floats, Ints
from negotiation.solve.geometry.convex_hull import facet_normals
from negotiation.solve.occupation.programme import (
    BestPoints,
    Nodes,
    Planes,
    WarmStart,
    apply_operator,
    profile_programmes,
    tilts_over,
)
from negotiation.solve.public.incentive_constraints import Incentives
from negotiation.solve.public.operator import Polygons
from negotiation.solve.strategies.construction import nearest_in_hulls
from negotiation.solve.strategies.generated_points import highest_lotteries

# What rounding may take from a level (normalised) in one application; the bound grows by this over 1 - delta.
OPERATOR_ROUNDING = 1e-11
CONTACT = 1e-9  # how far above the surface a plane may lie and still count as touching it
# Rounds that add planes, and steps towards the fixed point in each: fewer leave the bound higher, and as true.
REFINEMENTS, NEWTON_STEPS, PROVEN_STEPS = 12, 60, 12
MOST_NEW_PLANES = 24  # a round; more cost time in every later step
# First planes over a set: their slopes in each of `TILTS` directions, and that of the ones along its sides. Shares lie
# between 0 and 1 and payoffs within a set of size 1, so a slope of 50 is a wall; above 1000 rounding tells on a level.
SLOPES, TILTS = (0.5, 2.0, 8.0), 8
SIDE_SLOPE, LARGEST_SLOPE = 50.0, 1e3
# Levels are near enough when they move by less than this share of what the tolerance allows; with ten times as much the
# bound may miss the tolerance.
NEAR_SHARE = 0.1
# Losses, as shares of the tolerance and of the largest loss, below which a corner is not worth a plane.
WORTHWHILE_LOSS, WORTHWHILE_BESIDE_LARGEST = 0.2, 0.02
SAME_TILT = 1e-6  # relative: tilts closer than this are one
# Corners of the surface
SQUARE = 1e3  # half the side of the square that is clipped: any number far above the size of a normalised set will do
PARALLEL_PLANES = 1e-10  # planes whose tilts differ by less are parallel: their crossing would be rounding
CORNER_DIGITS = 14  # decimals to which two corners are compared: those that differ by less are one


class OccupationProblem(NamedTuple):
    """Outer sets, the profiles (P,) not proven unenforceable on them, and rewards (P,) from 0 to 1."""

    inc: Incentives
    outer: Polygons
    enforceable: Bools
    reward: Floats


def upper_bound(problem: OccupationProblem, state: int, tolerance: float, enough: float = 0.0) -> tuple[float, Planes]:
    """Return a proven upper bound on the discounted share of months in which a profile with reward 1 is played, and
    the planes that came closest.

    state: where play starts. tolerance: how close the bound is driven to what the outer sets allow. enough: a bound
    below this is low enough.
    """
    planes = refined = first_planes(problem.outer)
    best = 1.0
    for stage in range(REFINEMENTS):
        level, bound = near_fixed_point(problem, refined, tolerance, newton=stage == 0)
        refined = refined._replace(level=level)
        if bound[state] <= best:
            best, planes = float(bound[state]), refined
        more = None if best < enough else _refine_planes(problem, refined, state, tolerance)
        if more is None:
            break
        refined = more
    return best, planes


def first_planes(outer: Polygons) -> Planes:
    """Return the flat plane and a few tilted ones over each set."""
    angle = np.arange(TILTS) * (2 * np.pi / TILTS)
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lam = np.concatenate([np.zeros((1, 2)), *(slope * ring for slope in SLOPES)])
    lams, levels, states = [], [], []
    for s, count in enumerate(outer.counts):
        tilts = np.concatenate([lam, SIDE_SLOPE * facet_normals(outer.verts[s, :count])])
        lams.append(tilts)
        levels.append(1.0 + (outer.verts[s, :count] @ tilts.T).max(axis=0))
        states.append(np.full(len(tilts), s))
    return Planes(np.concatenate(lams), np.concatenate(levels), np.concatenate(states))


def near_fixed_point(
    problem: OccupationProblem, planes: Planes, tolerance: float, *, newton: bool
) -> tuple[Floats, Floats]:
    """Return (level, bound): levels near the fixed point of T in fixed directions, and the bound (S,) they prove.

    newton: first bring the levels near with Newton steps. Without, a surface that nothing lifts comes down step by
    step, and every step is proven.
    """
    delta, level = problem.inc.discount, planes.level
    best, best_level, last = np.full(problem.inc.n_states, np.inf), level, np.inf
    warm: WarmStart = {}
    size = 1.0 + np.hypot(planes.lam[:, 0], planes.lam[:, 1])
    for _ in range(NEWTON_STEPS if newton else PROVEN_STEPS):
        now = planes._replace(level=level)
        envelope, generated = _apply_to_envelope(problem, now, warm)
        gain = generated.bound + OPERATOR_ROUNDING - level
        shift = max(float(gain.max()), 0.0) / (1 - delta)
        corners = envelope.corners
        tops = np.array([corners.height[corners.state == s].max() for s in range(problem.inc.n_states)])
        if (tops + shift).max() < best.max():
            best, best_level = tops + shift, level + shift
        moved = float((np.abs(gain) / size).max())
        if moved <= NEAR_SHARE * tolerance * (1 - delta):
            break
        step = _newton(problem, now, envelope, generated) if newton and moved < 0.9 * last else None
        last, level = moved, level + gain if step is None else step
    return best_level, best


def _apply_to_envelope(
    problem: OccupationProblem, planes: Planes, warm: WarmStart
) -> tuple[ConcaveEnvelope, BestPoints]:
    envelope = concave_envelope(problem.outer, planes)
    corners = envelope.corners
    programmes = profile_programmes(problem.inc, corners, problem.outer.worst, problem.enforceable, 0.0)
    return envelope, apply_operator(problem.inc, corners, programmes, problem.reward, planes, warm=warm)


def _newton(
    problem: OccupationProblem, planes: Planes, envelope: ConcaveEnvelope, generated: BestPoints
) -> Floats | None:
    """Return the levels at which the play generated would reproduce itself, corners where they are; None if unfit."""
    inc, profile = problem.inc, generated.profile
    if (profile < 0).any():
        return None
    now, onward = inc.weight
    corners, lowest = envelope.corners, envelope.lowest
    mean = onward * np.einsum("jy,jyk->jk", inc.pi[profile], generated.after)
    capped = lowest < 0
    under = np.where(capped, 1.0, -(planes.lam[lowest] * corners.place).sum(axis=1))
    constant = now * ((planes.lam * inc.g[profile]).sum(axis=1) + problem.reward[profile])
    constant += (mean * (planes.lam @ corners.place.T)).sum(axis=1) + mean @ under
    chain = np.zeros((len(constant), len(constant)))
    np.add.at(chain.T, lowest[~capped], mean.T[~capped])
    step: Floats = np.linalg.solve(np.eye(len(constant)) - chain, constant)
    return step if np.isfinite(step).all() else None


def _refine_planes(problem: OccupationProblem, planes: Planes, state: int, tolerance: float) -> Planes | None:
    """Return the planes that matter with new ones added; None when no corner visited lies high enough to matter."""
    envelope, generated = _apply_to_envelope(problem, planes, {})
    if (generated.profile < 0).any():
        return None
    corners, points = envelope.corners, Nodes(generated.point, planes.state, generated.height)
    target = nearest_in_hulls(points.place, points.state, corners.place, corners.state)
    distance = np.abs(points.place[None] - target[:, None]).sum(axis=2)
    distance[points.state[None, :] != corners.state[:, None]] = np.inf
    current = np.zeros(distance.shape)
    current[np.arange(len(target)), distance.argmin(axis=1)] = 1.0
    lotteries = highest_lotteries(points.place, points.state, points.height, target, corners.state, current=current)
    excess = corners.height - lotteries @ points.height
    # play: plane -> corner -> the points that the corner is drawn from -> their planes
    mean = problem.inc.discount * np.einsum("jy,jyk->jk", problem.inc.pi[generated.profile], generated.after)
    start = np.flatnonzero(corners.state == state)
    first = np.zeros(len(target))
    first[start[corners.height[start].argmax()]] = 1.0
    visits = np.linalg.solve((np.eye(len(target)) - lotteries @ mean).T, first)
    loss = visits * np.maximum(excess, 0.0)
    if loss.sum() <= WORTHWHILE_LOSS * tolerance:
        return None
    matter = np.argsort(-loss)[:MOST_NEW_PLANES]
    matter = matter[loss[matter] > WORTHWHILE_BESIDE_LARGEST * loss.max()]
    lam, state_of_tilt = tilts_over(points, Nodes(target[matter], corners.state[matter], corners.height[matter]))
    mild = np.abs(lam).max(axis=1, initial=0.0) <= LARGEST_SLOPE
    touching = planes.level <= planes.worths(corners).max(axis=1) + CONTACT
    return _with_planes(Planes(*(array[touching] for array in planes)), lam[mild], state_of_tilt[mild], corners)


def _with_planes(planes: Planes, lam: Floats, state: Ints, corners: Nodes) -> Planes | None:
    """Return the planes and new ones at the height of the surface; None when nothing is new."""
    lams, levels, states = list(planes.lam), list(planes.level), list(planes.state)
    for tilt, s in zip(lam, state, strict=True):
        limit = SAME_TILT * (1 + np.abs(tilt).max())
        if not any(t == s and np.abs(tilt - other).max() <= limit for other, t in zip(lams, states, strict=True)):
            above = corners.take(corners.state == s)
            lams.append(tilt)
            states.append(s)
            levels.append(float((above.place @ tilt + above.height).max()))
    if len(lams) == len(planes.lam):
        return None
    return Planes(np.array(lams), np.array(levels), np.array(states, dtype=np.int64))


class ConcaveEnvelope(NamedTuple):
    """Corners of the graph of F_c: nodes, and the plane (K,) that is lowest there, -1 where the cap of 1 is."""

    corners: Nodes
    lowest: Ints


def concave_envelope(outer: Polygons, planes: Planes) -> ConcaveEnvelope:
    """Return the corners of the graph of F_c over the outer sets."""
    places, states = [], []
    for s, count in enumerate(outer.counts):
        over = np.flatnonzero(planes.state == s)
        verts = outer.verts[s, :count]
        # the cap of 1 is one more plane
        lam = np.concatenate([planes.lam[over], np.zeros((1, 2))])
        cells = [verts, *_cells(verts, lam, np.append(planes.level[over], 1.0))]
        corners = np.unique(np.round(np.concatenate(cells), CORNER_DIGITS), axis=0)
        places.append(corners)
        states.append(np.full(len(corners), s))
    place: Floats = np.concatenate(places)
    state = np.concatenate(states)
    height = planes.level[None, :] - place @ planes.lam.T
    height[state[:, None] != planes.state[None, :]] = np.inf
    lowest = height.argmin(axis=1)
    least = height[np.arange(len(place)), lowest]
    return ConcaveEnvelope(Nodes(place, state, np.minimum(least, 1.0)), np.where(least < 1.0, lowest, -1))


def _cells(verts: Floats, lam: Floats, level: Floats) -> Iterator[Floats]:
    """Yield the vertices of the cell of each plane j in a polygon: level_j - lam_j.v <= level_i - lam_i.v for all i."""
    sides = facet_normals(verts)
    heights = (verts @ sides.T).max(axis=0)
    for j in range(len(lam)):
        tilt, slack = lam - lam[j], level - level[j]
        size = np.hypot(tilt[:, 0], tilt[:, 1])
        proper = size > PARALLEL_PLANES
        if (slack[~proper] < 0).any():
            continue
        normal = np.concatenate([sides, tilt[proper] / size[proper, None]])
        limit = np.concatenate([heights, slack[proper] / size[proper]])
        corners, edges = np.empty((len(normal) + 8, 2)), np.empty(len(normal) + 8, dtype=np.int64)
        yield corners[: halfplanes.clip(normal, limit, SQUARE, corners, edges)]
