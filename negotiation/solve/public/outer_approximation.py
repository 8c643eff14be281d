"""Outer bounds that are proven at every moment: plain steps of the operator, and slides along a ray.

Symbols: W(c) = {v : lam_j.v <= c_j}, T(c) the levels of B(W(c)). A step replaces proven levels c by min(c, T(c)).
A slide replaces c by c - s u, u >= 0, in one go: if T(c - t u) < c - t u for all t in [0, s], then no equilibrium
payoff set V = B(V) inside W(c) can touch any W(c - t u) from within, so V lies in W(c - s u). Fixed multipliers make
each profile's bound affine in t (`_kernels.tangents`), so a few sweeps decide about whole intervals of t; and u is
chosen as the Newton direction, so that a slide of s = 1 ends at the fixed point of the frozen structure. At a discount
factor of .999 this replaces thousands of steps. Reference: Judd, Yeltekin, Conklin 2003 (outer approximation).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from negotiation._kernels import systems, tangents
from negotiation._values import Bools, Floats, Ints
from negotiation.solve.public.emptiness import empty_states
from negotiation.solve.public.operator import ROUNDED, Application, Directions, Operator

LIFT = 1e-11
SETTLED = 2e-11
ROUNDING = 1e-13
PROBES = 2


class Trial(NamedTuple):
    """A sweep at level - at * down, and the profiles it left alive."""

    position: float
    application: Application
    not_ruled_out: Bools


class ProofStep(NamedTuple):
    """One link of the chain that proves an outer set: a step (down is None) or a slide, from `level` to `reached`.

    A slide goes through level - t down for t up to `length`. The multipliers of the probes prove it; farkas (P, K)
    holds the multipliers that prove a profile unenforceable.
    """

    level: Floats
    direction: Floats | None
    length: float
    reached: Floats
    trials: list[Trial]
    farkas: Floats


@dataclass
class OuterApproximation:
    """Directions with proven levels (N,); `empty` (S,) marks states proven to have no equilibrium.

    room (N,) and slack make the operator smaller: T(level) - room with rows tightened by `slack`. With both at 0 the
    levels bound the equilibrium payoffs; otherwise they bound the largest fixed point of the smaller operator, which is
    where `inner` looks for its sets. alive (P,): profiles not proven unenforceable. chain: records the proof if a list.
    """

    directions: Directions
    level: Floats
    best_profile: Ints
    multipliers: Floats
    not_ruled_out: Bools
    empty: Bools
    side_slack: Floats
    tightening: float = 0.0
    residual: float = np.inf
    proof: list[ProofStep] | None = None


def level_matrix(op: Operator, outer: OuterApproximation, sweep: Application, win: Ints, use: Bools) -> Floats:
    """Return M (N, N) of the bounds const + M level of the profiles `win`, with the multipliers of the sweep."""
    inc, lines = op.inc, outer.directions
    gain, off = op.binding_members(sweep.binding, outer.tightening)
    _, found = tangents.linearise(
        lines.lam, lines.start, use, win, sweep.multipliers, inc.first, lines.state, inc.g, inc.weight, inc.ny, inc.nk,
        inc.pi, inc.succ, inc.delta, inc.who, gain, off,
    )  # fmt: skip
    return np.asarray(found)


def profile_bounds(
    op: Operator, outer: OuterApproximation, sweep: Application, alive: Bools, level: Floats, growth: Floats, use: Bools
) -> tuple[Floats, Floats]:
    """Return (value, slope), each (N, A): every profile's bound at level + t growth is value + t slope."""
    inc, lines = op.inc, outer.directions
    gain, off = op.binding_members(sweep.binding, outer.tightening)
    value, slope = tangents.along(
        lines.lam, lines.start, use, alive, level, growth, sweep.multipliers, inc.first, lines.state, inc.g, inc.weight,
        inc.ny, inc.nk, inc.pi, inc.succ, inc.delta, inc.who, gain, off,
    )  # fmt: skip
    return value, slope


def newton_direction(op: Operator, outer: OuterApproximation, sweep: Application) -> tuple[Floats, Floats] | None:
    """Return (u, g): the Newton direction (I - M) u = level - T(level) and the growth (I - M) g = 1; None if unfit."""
    lines = outer.directions
    moved = level_matrix(op, outer, sweep, sweep.best_profile, lines.active(lines.polygons(outer.level)))
    drop = np.maximum(outer.level - sweep.level + outer.side_slack, 0.0)
    both = np.stack([drop, np.ones(len(drop))], axis=1)
    if not systems.solve(np.eye(len(drop)) - moved, both) or not np.isfinite(both).all() or both.min() < -1e-9:
        return None
    return np.maximum(both[:, 0], 0.0), both[:, 1]


def proven_length(op: Operator, outer: OuterApproximation, level: Floats, down: Floats, sweeps: list[Trial]) -> float:
    """Return the largest s <= 1 for which the sweeps prove T(level - t down) < level - t down for all t <= s.

    For each direction and profile, every sweep proves an interval [0, end] or [begin, infinity) of t; a profile that
    a sweep at t found unenforceable stays so for all larger t, since the sets shrink.
    """
    lines = outer.directions
    use = lines.active(lines.polygons(level))
    end, begin = np.full((len(level), op.most_profiles), -np.inf), np.full((len(level), op.most_profiles), np.inf)
    for at, sweep, alive in sweeps:
        value, slope = profile_bounds(op, outer, sweep, alive, level, -down, use)
        tangents.spans(value, slope, level, outer.side_slack, down, at, end, begin)
    covered = np.where(begin <= np.maximum(end, 0.0), np.inf, end)
    return float(min(covered.min(), 1.0))


def lower_levels(
    op: Operator, outer: OuterApproximation, distance: float, budget: int, settled: float = SETTLED
) -> bool:
    """Lower the levels until the fixed point is within `distance` or no step moves by `settled`; False if cut short."""
    for _ in range(budget):
        lines = outer.directions
        polygons = lines.polygons(outer.level)
        lost = empty_states(lines, polygons, outer.level)
        if lost.any():
            outer.empty[lost] = True
            return True
        if (
            not outer.side_slack.any()
        ):  # otherwise T(level) - room may exceed the support of a side that carries no edge
            outer.level = np.minimum(outer.level, lines.supports(polygons))
        sweep = op.apply(lines, polygons, outer.best_profile, outer.multipliers, outer.not_ruled_out, outer.tightening)
        gone = np.isneginf(sweep.level)
        stepped = np.minimum(outer.level, sweep.level - outer.side_slack + ROUNDING)
        if outer.proof is not None:
            here = Trial(0.0, with_own_multipliers(sweep, outer), outer.not_ruled_out.copy())
            outer.proof.append(ProofStep(outer.level, None, 0.0, stepped, [here], op.farkas.copy()))
        if gone.any():
            outer.empty[lines.state[gone]] = True
            return True
        outer.residual = float((outer.level - stepped).max())
        if outer.residual <= settled:
            outer.level = stepped
            return True
        found = newton_direction(op, outer, sweep)
        if found is None:
            outer.level = stepped
            continue
        down, growth = found
        if down.max() <= distance:
            outer.level = stepped
            return True
        length, target = homotopy_step(op, outer, sweep, down, growth)
        outer.level = np.minimum(stepped, target) if length > 0 else stepped
    return False


def homotopy_step(
    op: Operator, outer: OuterApproximation, sweep: Application, down: Floats, growth: Floats
) -> tuple[float, Floats]:
    """Return (s, levels): how far the levels can slide along the Newton direction with proof, and where they end."""
    level = outer.level + LIFT * growth
    down = down + 0.5 * LIFT * growth
    probes = [Trial(0.0, with_own_multipliers(sweep, outer), outer.not_ruled_out.copy())]
    length = proven_length(op, outer, level, down, probes)
    for _ in range(PROBES):
        if length >= 1.0:
            break
        at = 1.0 if len(probes) == 1 else max(length, 0.0)
        win, eta, alive = outer.best_profile.copy(), outer.multipliers.copy(), outer.not_ruled_out.copy()
        polygons = outer.directions.polygons(level - at * down)
        probes.append(Trial(at, op.apply(outer.directions, polygons, win, eta, alive, outer.tightening), alive))
        length = proven_length(op, outer, level, down, probes)
    target = level - max(length, 0.0) * down + ROUNDED
    if outer.proof is not None and length > 0:
        outer.proof.append(ProofStep(level, down, length, target, probes, op.farkas.copy()))
    return length, target


def with_own_multipliers(sweep: Application, outer: OuterApproximation) -> Application:
    """Return the sweep with multipliers that later sweeps do not overwrite, when a proof is being recorded."""
    return sweep._replace(multipliers=sweep.multipliers.copy()) if outer.proof is not None else sweep
