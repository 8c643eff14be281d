"""The largest share from above: planes over the outer sets that one application of the operator cannot lift.

Symbols: W_s outer sets; plane j lies over the set of state at_j; F_c(v) = min_j c_j - lam_j.v, at most 1, over the
planes of v's state; T(c)_j = the largest lam_j.v + m that any profile generates with continuations (w, F_c(w)), w in W.
If T(c)_j <= c_j + e for all j, then an equilibrium with payoff v plays the profile in a share of at most
F_c(v) + e / (1 - delta) of the months: the operator is monotone and maps F + t to its image plus delta t, so the
largest excess t of true shares over F_c obeys t <= delta t + e (the contraction of Blackwell 1965; proof in
docs/thresholds.md). It does not matter where c comes from, nor how few planes there are. Programmes are bounded
through their duals.

Planes are refined where it matters: at corners of F_c that lie above what is generated and that the play which F_c
suggests visits (sandwich algorithm; Rote 1992).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from negotiation._values import Bools, Floats, Ints
from negotiation.solve.occupation.concave_envelope import ConcaveEnvelope, concave_envelope, polygon_sides
from negotiation.solve.occupation.programme import (
    BestPoints,
    Nodes,
    Planes,
    ProfileProgramme,
    WarmStart,
    apply_operator,
    profile_programmes,
    tilts_over,
)
from negotiation.solve.public.incentive_constraints import Incentives
from negotiation.solve.public.operator import Polygons
from negotiation.solve.strategies.construction import nearest_in_hull
from negotiation.solve.strategies.generated_points import highest_lotteries_by_state

OPERATOR_ROUNDING = 1e-11
CONTACT = 1e-9
REFINEMENTS = 12
NEWTON_STEPS = 60
PROVEN_STEPS = 12
SIDE_SLOPE = 50.0
LARGEST_SLOPE = 1e3
MOST_NEW_PLANES = 24
SLOPES = (0.5, 2.0, 8.0)
TILTS = 8


class UpperBound(NamedTuple):
    """A proven upper bound on the share from each state, bound (S,), and the planes that came closest."""

    bound: Floats
    planes: Planes


def upper_bound(
    inc: Incentives, outer: Polygons, alive: Bools, reward: Floats, state: int, tolerance: float, enough: float = 0.0
) -> UpperBound:
    """Return a proven upper bound on the discounted share of months in which a profile with reward 1 is played.

    alive (P,): profiles not proven unenforceable on the outer sets. state: where play starts. tolerance: how close the
    bound is driven to what the outer sets allow. enough: a bound below this is low enough.
    """
    cut = first_planes(outer)
    best = UpperBound(np.ones(inc.n_states), cut)
    for stage in range(REFINEMENTS):
        level, bound = near_fixed_point(inc, outer, alive, reward, cut, tolerance, stage == 0)
        cut = cut._replace(level=level)
        if bound[state] <= best.bound[state]:
            best = UpperBound(bound, cut)
        if best.bound[state] < enough:
            break
        fresh = _refine_planes(inc, outer, alive, reward, cut, state, tolerance)
        if fresh is None:
            break
        cut = fresh
    return best


def first_planes(outer: Polygons) -> Planes:
    """Return the flat plane and a few tilted ones over each set."""
    angle = np.arange(TILTS) * (2 * np.pi / TILTS)
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lam = np.concatenate([np.zeros((1, 2)), *(slope * ring for slope in SLOPES)])
    every, tops, at = [], [], []
    for s, count in enumerate(outer.counts):
        own = np.concatenate([lam, SIDE_SLOPE * polygon_sides(outer.verts[s, :count])[0]])
        every.append(own)
        tops.append(1.0 + (outer.verts[s, :count] @ own.T).max(axis=0))
        at.append(np.full(len(own), s))
    return Planes(np.concatenate(every), np.concatenate(tops), np.concatenate(at))


def near_fixed_point(
    inc: Incentives, outer: Polygons, alive: Bools, reward: Floats, cut: Planes, tolerance: float, jump: bool
) -> tuple[Floats, Floats]:
    """Return (level, bound): levels near the fixed point of T in fixed directions, and the bound (S,) they prove.

    jump: first bring the levels near with Newton steps. Without, a surface that nothing lifts comes down step by step,
    and every step is proven.
    """
    delta, level = inc.discount, cut.level
    best, kept, last = np.full(inc.n_states, np.inf), level, np.inf
    memory: WarmStart = {}
    size = 1.0 + np.hypot(cut.lam[:, 0], cut.lam[:, 1])
    for _ in range(NEWTON_STEPS if jump else PROVEN_STEPS):
        here, corners, found = _apply_to_envelope(inc, outer, alive, reward, cut._replace(level=level), memory)
        gain = found.bound + OPERATOR_ROUNDING - level
        shift = max(float(gain.max()), 0.0) / (1 - delta)
        tops = np.array([corners.height[corners.state == s].max() for s in range(inc.n_states)])
        if (tops + shift).max() < best.max():
            best, kept = tops + shift, level + shift
        moved = float((np.abs(gain) / size).max())
        if moved <= 0.1 * tolerance * (1 - delta):
            break
        step = _newton(inc, reward, cut._replace(level=level), here, found) if jump and moved < 0.9 * last else None
        last, level = moved, level + gain if step is None else step
    return kept, best


def _apply_to_envelope(
    inc: Incentives, outer: Polygons, alive: Bools, reward: Floats, cut: Planes, memory: WarmStart
) -> tuple[ConcaveEnvelope, Nodes, BestPoints]:
    here = concave_envelope(outer, cut)
    found: list[ProfileProgramme] = profile_programmes(inc, here.corners, outer.worst, alive, 0.0)
    return here, here.corners, apply_operator(inc, here.corners, found, reward, cut.lam, cut.at, memory)


def _newton(inc: Incentives, reward: Floats, cut: Planes, here: ConcaveEnvelope, found: BestPoints) -> Floats | None:
    """Return the levels at which the play found would reproduce itself, with corners where they are; None if unfit."""
    if (found.win < 0).any():
        return None
    now, onward = inc.weight
    corners, lowest = here.corners, here.lowest
    mean = onward * np.einsum("jy,jyk->jk", inc.pi[found.win], found.after)
    capped = lowest < 0
    under = np.where(capped, 1.0, -(cut.lam[lowest] * corners.place).sum(axis=1))
    const = now * ((cut.lam * inc.g[found.win]).sum(axis=1) + reward[found.win])
    const += (mean * (cut.lam @ corners.place.T)).sum(axis=1) + mean @ under
    moved = np.zeros((len(const), len(const)))
    np.add.at(moved.T, lowest[~capped], mean.T[~capped])
    step: Floats = np.linalg.solve(np.eye(len(const)) - moved, const)
    return step if np.isfinite(step).all() else None


def _refine_planes(
    inc: Incentives, outer: Polygons, alive: Bools, reward: Floats, cut: Planes, state: int, tolerance: float
) -> Planes | None:
    """Return the planes that matter with new ones added; None when no corner visited lies high enough to matter."""
    _, corners, found = _apply_to_envelope(inc, outer, alive, reward, cut, {})
    if (found.win < 0).any():
        return None
    place, height, at = found.point, found.height, cut.at
    target = np.array([nearest_in_hull(place[at == s], v) for s, v in zip(corners.state, corners.place, strict=True)])
    close = np.abs(place[None] - target[:, None]).sum(axis=2)
    close[at[None, :] != corners.state[:, None]] = np.inf
    known = np.zeros(close.shape)
    known[np.arange(len(target)), close.argmin(axis=1)] = 1.0
    hold = highest_lotteries_by_state(place, at, height, target, corners.state, known)
    excess = corners.height - hold @ height
    # play: plane -> corner -> the points that hold the corner -> their planes
    mean = inc.discount * np.einsum("jy,jyk->jk", inc.pi[found.win], found.after)
    start = np.flatnonzero(corners.state == state)
    first = np.zeros(len(target))
    first[start[corners.height[start].argmax()]] = 1.0
    visits = np.linalg.solve((np.eye(len(target)) - hold @ mean).T, first)
    loss = visits * np.maximum(excess, 0.0)
    if loss.sum() <= 0.2 * tolerance:
        return None
    matter = np.argsort(-loss)[:MOST_NEW_PLANES]
    matter = matter[loss[matter] > 0.02 * loss.max()]
    lam, where = tilts_over(place, height, at, target[matter], corners.state[matter])
    mild = np.abs(lam).max(axis=1, initial=0.0) <= LARGEST_SLOPE
    lam, where = lam[mild], where[mild]
    used = cut.level <= _supports(corners, cut) + CONTACT
    return _union_of_planes(cut, used, lam, where, corners)


def _supports(corners: Nodes, cut: Planes) -> Floats:
    """Return the largest lam.v + m over the corners for each plane."""
    worth = cut.lam @ corners.place.T + corners.height
    worth[cut.at[:, None] != corners.state[None, :]] = -np.inf
    found: Floats = worth.max(axis=1)
    return found


def _union_of_planes(cut: Planes, used: Bools, lam: Floats, at: Ints, corners: Nodes) -> Planes | None:
    """Return the used planes and new ones at the height of the surface; None when nothing is new."""
    lams, level, states = list(cut.lam[used]), list(cut.level[used]), list(cut.at[used])
    before = len(lams)
    for tilt, s in zip(lam, at, strict=True):
        near = [np.abs(tilt - other).max() <= 1e-6 * (1 + np.abs(tilt).max()) for other in lams]
        if any(same and states[i] == s for i, same in enumerate(near)):
            continue
        own = corners.state == s
        lams.append(tilt)
        states.append(s)
        level.append(float((corners.place[own] @ tilt + corners.height[own]).max()))
    if len(lams) == before:
        return None
    return Planes(np.array(lams), np.array(level), np.array(states, dtype=np.int64))
