"""Inner sets near a known answer: which profile generates each vertex, frozen and solved for with room to spare.

Given polygons that are right up to rounding, every vertex has directions in which it alone is best; what the tightened
operator generates there says which vertices follow which signal. With this structure q = G(q) is a smooth system
(`self_generation`), and its solution, drawn inwards by a share of the margin, lies within what it generates.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from negotiation.games import DynamicGame
from negotiation.solve.certificates.encoding import exact_units, ratio_text
from negotiation.solve.certificates.inner_proof import InnerProof, generated_data
from negotiation.solve.geometry.convex_hull import edge_normals
from negotiation.solve.options import PERFECT
from negotiation.solve.perfect.batch import solve_in_kernel
from negotiation.solve.perfect.exact_solution import exact_set_of
from negotiation.solve.perfect.fixed_point_test import cross, generator
from negotiation.solve.public.directions import with_bisectors
from negotiation.solve.public.incentive_constraints import Incentives
from negotiation.solve.public.inner_approximation import search_inner_family, widths
from negotiation.solve.public.operator import Directions, Operator, Polygons
from negotiation.solve.public.outer_approximation import OuterApproximation
from negotiation.solve.public.refinement import predict
from negotiation.solve.public.self_generation import (
    ActiveStructure,
    SelfGeneratingFamily,
    check_self_generation,
    newton_fixed_point,
)
from negotiation.solve.stage.unplayable import moderate
from negotiation.verify.game import Lottery
from negotiation.verify.inner import Point

# How far conditions are tightened, one attempt each: the least that exact arithmetic bears out is the closest set.
MARGINS = (1e-12, 1e-11, 1e-10, 1e-9, 1e-8)
# Gain (normalised) given to conditions that hold by themselves: far below any true one, so that they never bind.
UNTEMPTED = -1e3
# Share of the margin by which vertices are drawn inwards: 0 leaves no room for rounding, 1 none for the conditions.
DAMPING = 0.1


def without_idle_constraints(inc: Incentives, game: DynamicGame) -> Incentives:
    """Return the programmes without conditions that hold by themselves.

    A deviation that gains nothing, seen by all, answered with the worst of the sets that also follow the profile, needs
    no incentive: in a repeated game every continuation is at least the worst one. Tightened like the others it would
    forbid the worst continuation, which the true conditions do not.
    """
    if game.n_states > 1:
        return inc
    idle = np.isin(inc.player, game.monitoring[0].observed) & (inc.gain <= 0)
    return replace(inc, gain=np.where(idle, UNTEMPTED, inc.gain))


def vertex_directions(polygons: Polygons) -> tuple[Directions, Polygons]:
    """Return a direction for each vertex, in which it is best by far, and the polygons with vertices in that order."""
    lam, verts = [], polygons.verts.copy()
    for s, count in enumerate(polygons.counts):
        corners = polygons.verts[s, :count]
        if count == 1:
            best = np.array([[1.0, 0.0]])
        else:
            normal = edge_normals(corners)
            best = normal + np.roll(normal, 1, axis=0) if count > 2 else corners - corners[::-1]
            best /= np.linalg.norm(best, axis=1)[:, None]
        order = np.argsort(np.arctan2(best[:, 1], best[:, 0]), kind="stable")
        lam.append(best[order])
        verts[s, :count] = corners[order]
    lines = Directions(np.concatenate(lam), np.cumsum([0, *polygons.counts]))
    return lines, Polygons(verts, polygons.counts, polygons.edges)


def self_generating_near(op: Operator, polygons: Polygons, margin: float) -> SelfGeneratingFamily | None:
    """Return the family with the structure of the polygons that generates itself when tightened by `margin`."""
    lines, polygons = vertex_directions(polygons)
    sweep = op.apply_afresh(lines, polygons, margin)
    if np.isneginf(sweep.level).any():
        return None
    structure = ActiveStructure(
        np.arange(len(lines.lam)), lines.start, sweep.best_profile, sweep.basis_block, sweep.basis_vertex
    )
    q = newton_fixed_point(op, structure, sweep.point, margin, DAMPING * margin)
    if q is None:
        return None
    solved = Polygons.of([q[these] for these in lines.slices])
    again = op.apply_afresh(lines, solved, margin)
    if np.isneginf(again.level).any():
        return None
    return SelfGeneratingFamily(solved, lines, again, widths(solved) < op.search.thin)


def families_near(
    game: DynamicGame, inc: Incentives, outer: OuterApproximation, polygons: Polygons, margin: float
) -> Iterator[SelfGeneratingFamily | None]:
    """Yield families that generate themselves up to rounding, made from the polygons and then from the outer set.

    outer: proven levels in the directions of the certificate. polygons: an inner set up to rounding, normalised.
    """
    op = Operator(without_idle_constraints(inc, game))
    thin = widths(polygons) < op.search.thin
    for small in (margin, *MARGINS):
        yield self_generating_near(op, polygons, small)
        yield check_self_generation(op, with_bisectors(outer.directions), polygons, thin, small)[0]
    bound = outer.directions.polygons(outer.level)
    for small in MARGINS[::2]:
        prediction = predict(op, outer, bound, small, one_sided=False)
        if prediction is not None:
            room = np.where(prediction.thin[outer.directions.state], 0.0, op.search.margin_slack * small)
            room = room + op.search.guess * prediction.side_slack
            yield search_inner_family(op, outer, room, prediction.thin, margin=small, most=np.inf)[0]


def exact_inner_proof(game: DynamicGame, inc: Incentives) -> InnerProof | None:
    """Return the inner proof of a repeated game with perfect monitoring, None where the set is not known exactly.

    Conditions that hold with equality only leave no room for rounding, so the vertices and what generates them are
    those of `solve.perfect`: v = (1 - delta) g(a) + delta w with w in the set (Abreu, Sannikov 2014).
    """
    moderate_game = moderate(game)
    result = solve_in_kernel([moderate_game], PERFECT)[0]
    exactly_solved = exact_set_of(moderate_game, result, None, PERFECT)
    if exactly_solved is None:
        return None
    polygon, exact = exactly_solved.polygon, exactly_solved.game
    worst = [min(range(len(polygon)), key=lambda m: polygon[m][i]) for i in range(2)]
    generated = []
    for vertex in polygon:
        made = generator(exact, polygon, vertex)
        lottery = None if made is None else convex_weights(made[1], polygon)
        if made is None or lottery is None:
            return None
        p = made[0]
        off = [((worst[max(-1 - int(group), 0)] if group > -3 else 0, Fraction(1)),) for group in inc.group[p]]
        after = tuple(lottery if group >= 0 else then for group, then in zip(inc.group[p], off, strict=True))
        generated.append(generated_data(inc.profiles[p], after))
    offset, scale = exact_units(inc)
    in_game_units = [exact.outside(vertex) for vertex in polygon]
    return [
        {
            "vertices": [[ratio_text((v[i] - offset[i]) / scale[i]) for i in range(2)] for v in in_game_units],
            "worst": worst,
            "generated": generated,
            "holders": [[m] for m in range(len(polygon))],
        }
    ]


def convex_weights(w: Point, corners: Sequence[Point]) -> Lottery | None:
    """Return exact weights on at most three of the corners (counter-clockwise) that give w; None outside their hull."""
    if w in corners:
        return ((list(corners).index(w), Fraction(1)),)
    if len(corners) == 2:
        a, b = corners
        i = 0 if a[0] != b[0] else 1
        share = (w[i] - a[i]) / (b[i] - a[i])
        return ((0, 1 - share), (1, share)) if cross(a, b, w) == 0 and 0 < share < 1 else None
    for m, n in itertools.pairwise(range(1, len(corners))):
        a, b, c = corners[0], corners[m], corners[n]
        areas = (cross(b, c, w), cross(c, a, w), cross(a, b, w))
        if min(areas) >= 0:
            total = sum(areas, Fraction(0))
            return tuple((k, area / total) for k, area in zip((0, m, n), areas, strict=True) if area)
    return None
