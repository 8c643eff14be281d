"""Inner sets near a known answer: which profile generates each vertex, frozen and solved for with room to spare.

Given polygons that are right up to rounding, every vertex has directions in which it alone is best; what the tightened
operator generates there says which vertices follow which signal. With this structure q = G(q) is a smooth system
(`settling`), and its solution, drawn inwards by a share of the margin, lies within what it generates.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from negotiation.games import DynamicGame
from negotiation.games.payoff_set import PayoffSet
from negotiation.solve.certificates.inner_proof import inner_proof
from negotiation.solve.geometry.convex_hull import convex_hull
from negotiation.solve.public.directions import apply_afresh, with_bisectors
from negotiation.solve.public.incentive_constraints import Incentives
from negotiation.solve.public.inner_approximation import (
    ROOM,
    THIN,
    search_inner_family,
    widths,
    without_redundant_vertices,
)
from negotiation.solve.public.operator import Directions, Operator, Polygons
from negotiation.solve.public.outer_approximation import OuterApproximation
from negotiation.solve.public.refinement import GUESS, predict
from negotiation.solve.public.self_generation import (
    SAME_VERTEX,
    ActiveStructure,
    SelfGeneratingFamily,
    check_self_generation,
    newton_fixed_point,
)

MARGINS = (1e-12, 1e-11, 1e-10, 1e-9, 1e-8)
UNTEMPTED = -1e3
DAMPING = 0.1

Witness = list[dict[str, Any]]


def without_idle_constraints(inc: Incentives, game: DynamicGame) -> Incentives:
    """Return the programmes without conditions that hold by themselves.

    A deviation that gains nothing, seen by all, answered with the worst of the sets that also follow the profile, needs
    no incentive: in a repeated game every continuation is at least the worst one. Tightened like the others it would
    forbid the worst continuation, which the true conditions do not.
    """
    if game.n_states > 1:
        return inc
    player = inc.who[inc.member_row[:, 0], inc.member_row[:, 1]]
    seen = np.isin(player, game.monitoring[0].observed)
    idle = seen & (inc.gain <= 0) if len(inc.gain) else np.zeros(0, dtype=np.bool_)
    return replace(inc, gain=np.where(idle, UNTEMPTED, inc.gain))


def normalised_polygons(inc: Incentives, sets: tuple[PayoffSet, ...]) -> Polygons | None:
    """Return payoff sets in normalised payoffs, without vertices that are hardly vertices; None when one is empty."""
    if any(entry.is_empty for entry in sets):
        return None
    hulls = [convex_hull((entry.vertices - inc.offset) / inc.scale) for entry in sets]
    verts = np.zeros((len(hulls), max(map(len, hulls)), 2))
    for s, corners in enumerate(hulls):
        verts[s, : len(corners)] = corners
    counts = np.array([len(corners) for corners in hulls])
    return without_redundant_vertices(
        Polygons(verts, counts, np.full(verts.shape[:2], -1, dtype=np.int64)), SAME_VERTEX
    )


def vertex_directions(polygons: Polygons) -> tuple[Directions, Polygons]:
    """Return a direction for each vertex, in which it is best by far, and the polygons with vertices in that order."""
    lam, verts = [], polygons.verts.copy()
    for s, count in enumerate(polygons.counts):
        own = polygons.verts[s, :count]
        if count == 1:
            best = np.array([[1.0, 0.0]])
        else:
            side = np.roll(own, -1, axis=0) - own
            normal = np.stack([side[:, 1], -side[:, 0]], axis=1) / np.linalg.norm(side, axis=1)[:, None]
            best = normal + np.roll(normal, 1, axis=0) if count > 2 else -side
            best /= np.linalg.norm(best, axis=1)[:, None]
        order = np.argsort(np.arctan2(best[:, 1], best[:, 0]), kind="stable")
        lam.append(best[order])
        verts[s, :count] = own[order]
    start = np.concatenate([[0], np.cumsum(polygons.counts)])
    at = np.repeat(np.arange(len(polygons.counts)), polygons.counts)
    return Directions(np.concatenate(lam), at, start), Polygons(verts, polygons.counts, polygons.edges)


def self_generating_near(op: Operator, polygons: Polygons, margin: float) -> SelfGeneratingFamily | None:
    """Return the family with the structure of the polygons that generates itself when tightened by `margin`."""
    lines, polygons = vertex_directions(polygons)
    sweep = apply_afresh(op, lines, polygons, margin)
    if np.isneginf(sweep.level).any():
        return None
    made = ActiveStructure(
        np.arange(len(lines.lam)), lines.start, sweep.best_profile, sweep.basis_block, sweep.basis_vertex
    )
    q = newton_fixed_point(op, made, sweep.point, margin, DAMPING * margin)
    if q is None:
        return None
    verts = np.zeros_like(polygons.verts)
    for s, count in enumerate(polygons.counts):
        verts[s, :count] = q[lines.start[s] : lines.start[s + 1]]
    found = Polygons(verts, polygons.counts, polygons.edges)
    again = apply_afresh(op, lines, found, margin)
    return None if np.isneginf(again.level).any() else SelfGeneratingFamily(found, lines, again, widths(found) < THIN)


def inner_proofs_near(
    game: DynamicGame, inc: Incentives, outer: OuterApproximation, known: Polygons, margin: float
) -> Iterator[Witness]:  # fmt: skip
    """Yield inner witnesses that exact arithmetic bears out, the closest first.

    outer: proven levels in the directions of the certificate. known: polygons that are an inner set up to rounding.
    """
    op = Operator(without_idle_constraints(inc, game))
    thin = widths(known) < THIN
    for small in (margin, *MARGINS):
        for family in (
            self_generating_near(op, known, small),
            check_self_generation(op, with_bisectors(outer.directions), known, thin, small).family,
        ):
            if family is not None and (witness := inner_proof(game, inc, family)) is not None:
                yield witness
    polygons = outer.directions.polygons(outer.level)
    for small in MARGINS[::2]:
        seen = predict(op, outer, polygons, small, one_sided=False)
        if seen is not None:
            room = np.where(seen.thin[outer.directions.state], 0.0, ROOM * small) + GUESS * seen.side_slack
            family = search_inner_family(op, outer, room, seen.thin, small, np.inf).family
            if family is not None and (witness := inner_proof(game, inc, family)) is not None:
                yield witness
