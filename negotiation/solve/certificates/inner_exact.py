"""Inner proofs of sets that are known exactly: perfect monitoring, vertices that are ratios.

Conditions that hold with equality only leave no room for rounding, so the vertices and what generates them are those of
`solve.perfect`: v = (1 - delta) g(a) + delta w with w in the set, written as a lottery over its vertices (Abreu,
Pearce, Stacchetti 1990; Abreu, Sannikov 2014). Repeated games only.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

from negotiation.games import DynamicGame
from negotiation.solve.certificates.encoding import ratio_text
from negotiation.solve.certificates.inner_proof import InnerProof, generated_data
from negotiation.solve.options import PERFECT
from negotiation.solve.perfect.batch import solve_in_kernel
from negotiation.solve.perfect.fixed_point_test import cross, generator
from negotiation.solve.perfect.rational_polygon import Point
from negotiation.solve.perfect.solver import exact_set_of
from negotiation.solve.public.incentive_constraints import Incentives
from negotiation.solve.stage.unplayable import moderate
from negotiation.verify.game import Lottery


def exact_inner_proof(game: DynamicGame, inc: Incentives) -> InnerProof | None:
    """Return the inner proof of a repeated game with perfect monitoring, None where the set is not known exactly."""
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
    offset, scale = ([Fraction(float(number)) for number in numbers] for numbers in (inc.offset, inc.scale))
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
