"""Certificates about one bound and about one profile, derived from a certificate of inner and outer sets.

"No equilibrium has direction.v above a level": the certified outer set read in one more direction. "Profile a cannot be
played in the first period": multipliers that show its enforcement infeasible against the certified outer set (Farkas).
"It can": a continuation in the certified inner set that enforces it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from negotiation._values import Floats
from negotiation.games import DynamicGame
from negotiation.solve.certificates.encoding import UNIT, half_plane_bound
from negotiation.solve.certificates.gap import final_levels
from negotiation.solve.certificates.inner_proof import lotteries, lotteries_data
from negotiation.solve.certificates.outer_proof import multiplier_data, undetectable_gains
from negotiation.solve.public.incentive_constraints import incentive_constraints
from negotiation.solve.public.operator import Application, Directions, Operator, Polygons

# How far conditions are tightened for a continuation that enforces; the checker then needs no rounding to go its way.
ENFORCEMENT_MARGIN = 1e-10


def proven_support(certificate: Mapping[str, Any], direction: Sequence[Fraction], state: int) -> Fraction | None:
    """Return the least bound on direction.v (units of the game) that the outer chain proves; None without one."""
    outer = certificate["outer"]
    if outer is None:
        return None
    offset, scale = ([Fraction(x) for x in certificate["normalised"][key]] for key in ("offset", "scale"))
    d = [direction[i] * scale[i] for i in range(2)]
    levels = final_levels(outer)
    rows = [(outer["directions"][j], levels[j]) for j in outer["sides"]]
    # d stands for d * 2^50 over 2^50, so that the bound comes out over 1
    best = half_plane_bound(d, [(row[1], row[2], level) for row, level in rows if row[0] == state])
    return None if best is None else best + sum((x * y for x, y in zip(direction, offset, strict=True)), Fraction(0))


def is_empty(certificate: Mapping[str, Any], state: int) -> bool:
    """Whether the chain shows that a state has no equilibrium."""
    outer = certificate["outer"]
    numbers = [j for j, row in enumerate(outer["directions"]) if row[0] == state]
    return any(link["reached"][j] is None for link in outer["links"] for j in numbers)


def unenforceability_multipliers(
    game: DynamicGame, certificate: Mapping[str, Any], state: int, profile: int
) -> list[list[int]] | None:
    """Return multipliers that show a profile unenforceable against the certified outer set; None if there are none."""
    inc, outer = incentive_constraints(game), certificate["outer"]
    p = int(inc.first[state]) + profile
    if inc.unenforceable[p]:
        return undetectable_gains(game, inc).get(p)
    lines, levels = half_planes(outer, range(len(outer["directions"])), inc.n_states)
    op = Operator(inc)
    binding = apply_one_profile(op, lines, lines.polygons(levels), p).binding
    return None if op.not_ruled_out[p] else multiplier_data(op, p, op.farkas[p], binding)


def half_planes(outer: Mapping[str, Any], numbers: Iterable[int], states: int) -> tuple[Directions, Floats]:
    """Return directions of an outer chain, sorted by state and angle, and the levels it proves, in doubles."""
    rows, ends = outer["directions"], final_levels(outer)
    order = sorted(set(numbers), key=lambda j: (rows[j][0], math.atan2(rows[j][2], rows[j][1])))
    state = np.array([rows[j][0] for j in order])
    lines = Directions(
        np.array([rows[j][1:] for j in order]) / UNIT, state, np.searchsorted(state, np.arange(states + 1))
    )
    return lines, np.array([ends[j] for j in order]) / UNIT


def enforcing_continuation(
    game: DynamicGame, certificate: Mapping[str, Any], state: int, profile: int
) -> dict[str, Any] | None:
    """Return a continuation in the certified inner set that enforces a profile, or None."""
    inner = certificate["inner"]
    actions = [int(a) for a in list(game.stages[state].profiles())[profile]]
    for entry in inner[state]["generated"]:
        if entry["profile"] == actions:
            return dict(entry)
    inc = incentive_constraints(game)
    p = int(inc.first[state]) + profile
    angle = np.arange(8) * np.pi / 4
    lines = Directions.build([np.stack([np.cos(angle), np.sin(angle)], axis=1)] * inc.n_states)
    op = Operator(inc)
    sweep = apply_one_profile(op, lines, inner_polygons(inner), p, ENFORCEMENT_MARGIN)
    j = int(lines.start[state])
    if sweep.best_profile[j] != p:
        return None
    after = lotteries(inc, sweep, j, np.asarray(game.next_state[state]), [row["worst"] for row in inner])
    return {"profile": actions, "continuation": lotteries_data(after)}


def inner_polygons(inner: Sequence[Mapping[str, Any]]) -> Polygons:
    """Return certified inner sets as polygons in normalised payoffs, vertices in the order of the certificate."""
    corners = [np.array([[float(Fraction(x)) for x in vertex] for vertex in row["vertices"]]) for row in inner]
    return Polygons.of(corners)


def apply_one_profile(op: Operator, lines: Directions, polygons: Polygons, p: int, margin: float = 0.0) -> Application:
    """Apply the operator with one profile only; `op.not_ruled_out[p]` says whether it is left."""
    alive = np.arange(len(op.not_ruled_out)) == p
    application = op.apply(lines, polygons, op.warm_start(len(lines.lam)), alive, margin)
    op.not_ruled_out[p] = alive[p]
    return application
