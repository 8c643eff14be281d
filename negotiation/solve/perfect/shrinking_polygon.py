"""No equilibrium outside a polygon whose edges turn: the proof from outside where levels in fixed directions fail.

W_t has the vertices v_k + t d_k, 0 <= t <= 1: W_0 is the polygon in question, and d_k is how its vertices move when all
conditions are relaxed a little. The proof is in docs/solver-perfect.md ("Knife edges and exact answers"); all signs are
decided for every t in (0, 1] at once (`germs`).
"""

from collections.abc import Sequence
from fractions import Fraction

from negotiation._time_limit import checkpoint
from negotiation._values import Floats
from negotiation.solve.perfect.fixed_point_test import (
    REACH,
    Number,
    contains,
    cross,
    exact_hull,
    part_above,
    profiles_not_ruled_out,
)
from negotiation.solve.perfect.germs import Germ, UndecidedError
from negotiation.solve.perfect.rational_polygon import ExactGame, Point

IMAGES = 4  # exact images of the outer polygon before the proof is given up


def encloses(game: ExactGame, vertices: Sequence[Point], moved: Sequence[Point], outer: Floats) -> bool:
    """Whether no equilibrium payoff lies outside the hull of `vertices`, by polygons between it and that of `moved`.

    outer (V, 2): a proven outer polygon in doubles, normalised.
    """
    around = [(Fraction(float(v[0])), Fraction(float(v[1]))) for v in outer]
    live = profiles_not_ruled_out(game, around)
    least = [min([game.b[i][a] for a in live] + [v[i] for v in game.fixed], default=Fraction(0)) for i in (0, 1)]
    ends = [[p[i] if p[i] == least[i] else q[i] for i in (0, 1)] for p, q in zip(vertices, moved, strict=True)]
    try:
        moving = exact_hull([(_line(p[0], q[0]), _line(p[1], q[1])) for p, q in zip(vertices, ends, strict=True)])
        if len(moving) < 3 or not _draws_inwards(game, moving, live):
            return False
    except UndecidedError:
        return False
    last = [(v[0].at_one, v[1].at_one) for v in moving]
    box = [(x + s * REACH, y + r * REACH) for x, y in around for s in (-1, 1) for r in (-1, 1)]
    start = part_above(part_above(exact_hull(box), 0, least[0]), 1, least[1])
    polygon, image = exact_hull(vertices), start
    for _ in range(IMAGES):  # a few exact images of the outer polygon; payoffs in `polygon` stand for their profiles
        payoffs = list(game.fixed)
        for a in live:
            checkpoint()
            g = game.g[0][a], game.g[1][a]
            payoffs += [g] if contains(polygon, g) else _image(game, a, image)
        image = exact_hull(payoffs)
        if all(contains(last, v) for v in image):
            return True
    return False


def _line(start: Fraction, end: Fraction) -> Germ:
    return Germ((start, end - start))


def _image(game: ExactGame, a: int, polygon: Sequence[tuple[Number, Number]]) -> list[tuple[Number, Number]]:
    """Return the corners of the payoffs that profile `a` makes of continuations in a polygon, with its threats."""
    delta, g = game.delta, (game.g[0][a], game.g[1][a])
    u = [min(v[i] for v in polygon) for i in (0, 1)]
    after = part_above(part_above(polygon, 0, u[0] + game.kh[0][a]), 1, u[1] + game.kh[1][a])
    return [(w[0] * delta + (1 - delta) * g[0], w[1] * delta + (1 - delta) * g[1]) for w in after]


def _draws_inwards(game: ExactGame, moving: Sequence[tuple[Germ, Germ]], live: Sequence[int]) -> bool:
    """Whether every profile's payoffs lie inside every edge that moves, for all t."""
    edges = [(p, moving[k - 1]) for k, p in enumerate(moving)]
    edges = [(q, p) for p, q in edges if not _rests(q, p)]
    for p, q in edges:
        if any(_turn(p, q, point) < 0 for point in game.fixed):
            return False
    for a in live:
        checkpoint()
        g = game.g[0][a], game.g[1][a]
        crossed = [(p, q) for p, q in edges if _turn(p, q, g) < 0]
        made = _image(game, a, moving) if crossed else []
        if not all(cross(p, q, v) > 0 for p, q in crossed for v in made):
            return False
    return True


def _turn(p: tuple[Germ, Germ], q: tuple[Germ, Germ], point: Point) -> Germ:
    return cross(p, q, (_line(point[0], point[0]), _line(point[1], point[1])))


def _rests(p: tuple[Germ, Germ], q: tuple[Germ, Germ]) -> bool:
    """Whether the line through two vertices is the same for all t."""
    start, end = ((_line(x.at_one, x.at_one), _line(y.at_one, y.at_one)) for x, y in (p, q))
    return cross(start, end, p) == 0 and cross(start, end, q) == 0
