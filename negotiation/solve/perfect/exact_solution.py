"""When to ask for exact arithmetic, and what to say with its answer.

A game is exact when each of its numbers was given as a ratio or is a short binary fraction: then nobody can have meant
another number (1/4 is a double, 1/3 is none). Exact games are decided exactly where that is
possible: always if a ratio was given, and at knife edges in any case.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from negotiation._values import Floats, Ints
from negotiation.games.dynamic import DynamicGame
from negotiation.solve.options import Options
from negotiation.solve.perfect.batch import GameResult
from negotiation.solve.perfect.fixed_point_test import exact_hull, generates_itself, is_outer_bound
from negotiation.solve.perfect.rational_polygon import ExactGame, Point, candidate_polygon, exact_game, relaxed_polygon
from negotiation.solve.perfect.shrinking_polygon import encloses
from negotiation.solve.stage.equilibria import StageEquilibria

# Doubles that are multiples of its inverse count as meant; doubled, more numbers are taken at their word.
SHORT_BINARY = 2.0**20


def exact_set_of(
    game: DynamicGame, result: GameResult, static: StageEquilibria | None, options: Options
) -> ExactSet | None:
    """Return the exact set of a game of ratios, or of multiples of 2^-20; None if it was not proven."""
    doubles = [] if game.exact_payoffs is not None else [game.stages[0].payoffs.ravel()]
    doubles += [] if game.exact_discount is not None else [np.array([game.discount])]
    meant = all(bool((numbers * SHORT_BINARY == np.round(numbers * SHORT_BINARY)).all()) for numbers in doubles)
    if not options.exact or not meant:
        return None
    fixed = [] if static is None else static_points(game, static)
    if fixed is None or (static is not None and not static.complete):
        return None
    return exact_set(game, fixed, (result.outer, result.inner), result.marks)


def static_points(game: DynamicGame, equilibria: StageEquilibria) -> list[Point] | None:
    """Return the exact payoffs of static equilibria; None where the payoffs were read as other numbers than given."""
    if equilibria.simplified and game.exact_payoffs is None:
        return None
    plain = exact_game(game)
    _, columns = game.stages[0].shape
    points = []
    for equilibrium in equilibria.equilibria:
        rows, others = equilibrium.mixes
        weight = {r * columns + c: x * y for r, x in enumerate(rows) for c, y in enumerate(others) if x * y}
        inside = [sum((share * plain.g[i][a] for a, share in weight.items()), Fraction(0)) for i in (0, 1)]
        points.append(plain.outside((inside[0], inside[1])))
    return points


class ExactSet(NamedTuple):
    """The exact set of a game: its normalised vertices, counter-clockwise."""

    game: ExactGame
    polygon: list[Point]

    @property
    def vertices(self) -> Floats:
        """The vertices in the units of the game, rounded to the nearest doubles, (V, 2)."""
        return np.array([[float(number) for number in self.game.outside(point)] for point in self.polygon])


def exact_set(
    game: DynamicGame, fixed: Sequence[Point], polygons: tuple[Floats, Floats], marks: tuple[Ints, Ints]
) -> ExactSet | None:
    """Return the exact set, or None if it was not found or not proven.

    polygons (V, 2) and marks (V,) of each: the outer and the inner polygon in doubles, the outer one proven.
    """
    exact = exact_game(game, fixed)
    low, scale = (np.array([float(number) for number in pair]) for pair in (exact.low, exact.scale))
    outer, inner = ((vertices - low) / scale for vertices in polygons)
    for vertices, tags in zip((outer, inner), marks, strict=True):
        if not len(vertices):
            continue
        shape = vertices.tolist(), tags.tolist()
        points = candidate_polygon(exact, *shape)
        if points is None:
            continue
        polygon = exact_hull(points)
        if not generates_itself(exact, polygon):
            continue
        if not is_outer_bound(exact, polygon, outer):  # levels in fixed directions fail; a polygon may shrink to it
            moved = relaxed_polygon(exact, *shape, points)
            if moved is None or not encloses(exact, points, moved, outer):
                continue
        return ExactSet(exact, polygon)
    return None
