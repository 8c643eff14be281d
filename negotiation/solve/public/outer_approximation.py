"""Outer bounds that are proven at every moment: plain steps of the operator, and homotopy steps along a ray.

Symbols: W(c) = {v : lam_j.v <= c_j}, T(c) the levels of B(W(c)). A step replaces proven levels c by min(c, T(c)).
A homotopy step replaces c by c - s u in one go, u >= 0 the Newton direction, so that s = 1 ends at the fixed point of
the active structure; docs/solver-public.md ("Slides") has the proof. Reference: Judd, Yeltekin, Conklin 2003.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from negotiation._kernels import systems, tangents
from negotiation._values import Bools, Floats, Ints
from negotiation.solve.public.operator import SUPPORT_ROUNDING, Application, Directions, Operator, Polygons

# lengths in shares of the payoff range
HOMOTOPY_LIFT = 1e-11  # a homotopy starts so far outside, so that its first inequality is strict; doubled, it ends so
LEVEL_ROUNDING = 1e-13  # what rounding may take from a level; doubled, plain steps stop that further out
SMALLEST_PIVOT = 1e-300  # of a system that counts as regular: only true zeros are singular
UNFIT = -1e-9  # a Newton direction with a component below this points outwards and is not followed
NEARLY_PARALLEL = 1e-12  # sine of an angle that counts as none; a wider one hides more contradictions
CLEAR_CONTRADICTION = 1e-9  # beyond rounding, for multipliers that add up to one; doubled, fewer states are found empty


class Trial(NamedTuple):
    """An application at level - position * direction, and the profiles that it did not rule out."""

    position: float
    application: Application
    not_ruled_out: Bools


class ProofStep(NamedTuple):
    """One step of the chain that proves an outer set: plain (direction is None) or a homotopy, `level` to `reached`.

    A homotopy goes through level - t direction for t up to `length`. The multipliers of the trials prove it; farkas
    (P, K) holds the multipliers that prove a profile unenforceable.
    """

    level: Floats
    direction: Floats | None
    length: float
    reached: Floats
    trials: list[Trial]
    farkas: Floats


@dataclass(kw_only=True)
class OuterApproximation:
    """Directions with proven levels (N,); `empty` (S,) marks states proven to have no equilibrium.

    side_slack (N,) and tightening make the operator smaller: T(level) - side_slack with rows tightened. With both at 0
    the levels bound the equilibrium payoffs; otherwise they bound the largest fixed point of the smaller operator,
    which is where `inner_approximation` looks for its sets. not_ruled_out (P,): profiles not proven unenforceable.
    warm_start: see `Operator.warm_start`. proof: records the chain if a list.
    """

    directions: Directions
    level: Floats
    warm_start: tuple[Ints, Floats]
    not_ruled_out: Bools
    empty: Bools
    side_slack: Floats
    tightening: float = 0.0
    residual: float = np.inf
    proof: list[ProofStep] | None = None

    @classmethod
    def of(
        cls, op: Operator, directions: Directions, level: Floats, like: OuterApproximation | None = None, **changes: Any
    ) -> OuterApproximation:
        """Return an approximation with these levels, no warm start, and the empty states and tightening of `like`."""
        fields = {
            "warm_start": op.warm_start(len(level)),
            "not_ruled_out": op.not_ruled_out,
            "empty": np.zeros(op.inc.n_states, dtype=np.bool_) if like is None else like.empty,
            "side_slack": np.zeros(len(level)),
            "tightening": 0.0 if like is None else like.tightening,
        }
        return cls(directions=directions, level=level, **{**fields, **changes})

    def polygons(self) -> Polygons:
        """Return the polygons of the levels."""
        return self.directions.polygons(self.level)


def level_matrix(op: Operator, outer: OuterApproximation, application: Application, use: Bools) -> Floats:
    """Return M (N, N) of the bounds const + M level of the best profiles, with the application's multipliers."""
    lines, inc = outer.directions, op.inc
    gain, off = op.binding_members(application.binding, outer.tightening)
    matrix: Floats = tangents.linearise(
        (lines.lam, lines.start, lines.state, inc.first), use, application.best_profile, application.multipliers,
        programmes=inc.programmes, gain=gain, off=off,
    )  # fmt: skip
    return matrix


def solve_levels(matrix: Floats, right: Floats) -> Floats | None:
    """Return x (N, R) with (I - matrix) x = right (N, R), None when the system is singular."""
    size = len(matrix)
    system = np.concatenate([np.eye(size) - matrix, right], axis=1)
    return system[:, size:] if systems.solve(system, size, right.shape[1], SMALLEST_PIVOT) else None


def newton_direction(op: Operator, outer: OuterApproximation, application: Application) -> tuple[Floats, Floats] | None:
    """Return (u, g): the Newton direction (I - M) u = level - T(level) and the growth (I - M) g = 1; None if unfit."""
    matrix = level_matrix(op, outer, application, outer.directions.active(outer.polygons()))
    drop = np.maximum(outer.level - application.level + outer.side_slack, 0.0)
    both = solve_levels(matrix, np.stack([drop, np.ones(len(drop))], axis=1))
    if both is None or not np.isfinite(both).all() or both.min() < UNFIT:
        return None
    return np.maximum(both[:, 0], 0.0), both[:, 1]


def proven_length(
    op: Operator, outer: OuterApproximation, level: Floats, direction: Floats, trials: list[Trial]
) -> float:
    """Return the largest s <= 1 for which the trials prove T(level - t direction) < level - t direction for t <= s.

    For each direction and profile, every trial proves an interval [0, end] or [begin, infinity) of t; a profile that
    a trial at t proved unenforceable stays so for all larger t, since the sets shrink.
    """
    lines, inc = outer.directions, op.inc
    use = lines.active(lines.polygons(level))
    end, begin = np.full((len(level), op.most_profiles), -np.inf), np.full((len(level), op.most_profiles), np.inf)
    for trial in trials:
        gain, off = op.binding_members(trial.application.binding, outer.tightening)
        # the bounds at level - t direction are value + t slope, each (N, A)
        value, slope = tangents.along(
            (lines.lam, lines.start, lines.state, inc.first), use, trial.not_ruled_out, level, -direction,
            eta=trial.application.multipliers, programmes=inc.programmes, gain=gain, off=off,
        )  # fmt: skip
        tangents.spans(value, slope, level, outer.side_slack, direction, t=trial.position, end=end, begin=begin)
    covered = np.where(begin <= np.maximum(end, 0.0), np.inf, end)
    return float(min(covered.min(), 1.0))


def lower_levels(
    op: Operator, outer: OuterApproximation, distance: float, budget: int, at_rest: float | None = None
) -> bool:
    """Lower the levels until the fixed point is within `distance` or no step moves by `at_rest`; False if cut short.

    budget: most steps. at_rest: that of the search settings by default.
    """
    at_rest = op.search.at_rest if at_rest is None else at_rest
    for _ in range(budget):
        lines, polygons = outer.directions, outer.polygons()
        lost = empty_states(lines, polygons, outer.level)
        if lost.any():
            outer.empty[lost] = True
            return True
        if not outer.side_slack.any():  # otherwise T(level) - slack may exceed the support of a side without an edge
            outer.level = np.minimum(outer.level, lines.supports(polygons))
        application = op.apply(lines, polygons, outer.warm_start, outer.not_ruled_out, outer.tightening)
        stepped = np.minimum(outer.level, application.level - outer.side_slack + LEVEL_ROUNDING)
        if outer.proof is not None:  # later applications overwrite the multipliers of a warm start
            application = application._replace(multipliers=application.multipliers.copy())
        here = Trial(0.0, application, outer.not_ruled_out.copy())
        if outer.proof is not None:
            outer.proof.append(ProofStep(outer.level, None, 0.0, stepped, trials=[here], farkas=op.farkas.copy()))
        if np.isneginf(application.level).any():
            outer.empty[lines.state[np.isneginf(application.level)]] = True
            return True
        outer.residual = float((outer.level - stepped).max())
        newton = None if outer.residual <= at_rest else newton_direction(op, outer, application)
        if outer.residual <= at_rest or (newton is not None and newton[0].max() <= distance):
            outer.level = stepped
            return True
        target = None if newton is None else homotopy_step(op, outer, here, *newton)
        outer.level = stepped if target is None else np.minimum(stepped, target)
    return False


def homotopy_step(
    op: Operator, outer: OuterApproximation, here: Trial, direction: Floats, growth: Floats
) -> Floats | None:
    """Return the levels that can be reached along the Newton direction with proof, None when there is no way."""
    level = outer.level + HOMOTOPY_LIFT * growth
    direction = direction + 0.5 * HOMOTOPY_LIFT * growth
    trials = [here]
    length = proven_length(op, outer, level, direction, trials)
    for _ in range(op.search.trials):
        if length >= 1.0:
            break
        position = 1.0 if len(trials) == 1 else max(length, 0.0)
        start, alive = (outer.warm_start[0].copy(), outer.warm_start[1].copy()), outer.not_ruled_out.copy()
        polygons = outer.directions.polygons(level - position * direction)
        trials.append(Trial(position, op.apply(outer.directions, polygons, start, alive, outer.tightening), alive))
        length = proven_length(op, outer, level, direction, trials)
    if not length > 0:
        return None
    target = level - length * direction + SUPPORT_ROUNDING
    if outer.proof is not None:
        outer.proof.append(ProofStep(level, direction, length, target, trials=trials, farkas=op.farkas.copy()))
    return target


def helly_certificates(lines: Directions, polygons: Polygons, level: Floats, least: float = 0.0) -> list[list[int]]:
    """Return three directions for each state whose half-planes have no point in common (Helly 1923).

    Clipping never empties a polygon (`_kernels.halfplanes`), since rounding must not; where levels truly contradict one
    another it leaves a point that satisfies not all of them. Then -lam_j lies between lam_a and lam_b for three of them
    and the levels add up to less than nothing. polygons: those of the levels (N,). least: how clearly they must
    contradict one another, for multipliers that add up to one.
    """
    certificates = []
    for these, verts in zip(lines.slices, polygons.corners(), strict=True):
        over = lines.lam[these] @ verts.T - level[these, None]
        if over.max(axis=0).min() > max(NEARLY_PARALLEL, least):
            three, by = contradiction(lines.lam[these], level[these])
            if by > least:
                certificates.append([these.start + k for k in three])
    return certificates


def empty_states(lines: Directions, polygons: Polygons, level: Floats) -> Bools:
    """Return which states are left without a payoff, beyond what rounding could explain, (S,)."""
    lost = np.zeros(len(polygons.counts), dtype=np.bool_)
    if (polygons.counts == 1).any():  # a polygon that was cut away ends as a point
        certificates = helly_certificates(lines, polygons, level, CLEAR_CONTRADICTION)
        lost[[lines.state[three[0]] for three in certificates]] = True
    return lost


def contradiction(lam: Floats, level: Floats) -> tuple[list[int], float]:
    """Return the three half-planes that contradict one another most clearly, and by how much; none if none do."""
    cross = lam[:, None, 0] * lam[None, :, 1] - lam[:, None, 1] * lam[None, :, 0]
    safe = np.where(cross > NEARLY_PARALLEL, cross, np.inf)
    most, best = 0.0, []
    for j in range(len(lam)):
        # -lam_j = one lam_a + two lam_b, by Cramer's rule
        one, two = -cross[j][None, :] / safe, cross[j][:, None] / safe
        fits = (safe < np.inf) & (one >= 0) & (two >= 0)
        total = np.where(fits, one * level[:, None] + two * level[None, :] + level[j], np.inf)
        overlap = total / np.where(fits, 1 + one + two, 1.0)
        a, b = np.unravel_index(overlap.argmin(), overlap.shape)
        if -overlap[a, b] > most:
            most, best = float(-overlap[a, b]), [j, int(a), int(b)]
    return best, most
