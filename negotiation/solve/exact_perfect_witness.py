"""Certificates of sets with perfect monitoring, in the format of `witness` and `bound_witness`.

An exact set gives the inner half as it stands: each vertex with the profile that generates it and its continuation as a
lottery over vertices. The outer half is a chain of half-plane systems in the directions of its sides. Where the set is
irrational, or was not found exactly, both halves are those of the solver for noisy monitoring, with a proven gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from negotiation.games.dynamic import DynamicGame
from negotiation.solve.bound_witness import outer_witness, record
from negotiation.solve.exact_perfect import Point
from negotiation.solve.exact_perfect_check import contains, cross, generator
from negotiation.solve.exact_perfect_decide import Exactly
from negotiation.solve.incentives import incentives
from negotiation.solve.operator import Directions, Operator
from negotiation.solve.options import PUBLIC, Options
from negotiation.solve.public import FORMAT, solve_public
from negotiation.solve.search import essential, first_outer

CLOSE = 1e-6
LEAST = 1e-9


def exact_certificate(game: DynamicGame, found: Exactly) -> dict[str, Any]:
    """Return the proof of an exact set; `outer` is None when the chain did not come within 1e-6 of the range."""
    inc = incentives(game)
    offset, scale = ([Fraction(float(number)) for number in pair] for pair in (inc.offset, inc.scale))
    given = [found.game.outside(point) for point in found.polygon]
    vertices = [tuple((point[i] - offset[i]) / scale[i] for i in (0, 1)) for point in given]
    op = Operator(inc)
    sides = np.array([[float(number) for number in vertex] for vertex in vertices])
    along = np.roll(sides, -1, axis=0) - sides
    along = along[np.abs(along).max(axis=1) > LEAST]
    normal = np.stack([along[:, 1], -along[:, 0]], axis=1)
    lines = np.concatenate([essential(inc), normal / np.linalg.norm(normal, axis=1)[:, None]])
    first = first_outer(op, Directions.build([lines]))
    proven = record(op, first, PUBLIC.replace(gap=CLOSE))
    return {
        "format": FORMAT,
        "offset": inc.offset.tolist(),
        "scale": inc.scale.tolist(),
        "inner": [_inner(game, found, vertices)],
        "outer": None if proven is None else outer_witness(op, proven, first.level),
    }


def bounded_certificate(game: DynamicGame, options: Options) -> dict[str, Any] | None:
    """Return the proof of rational bounds around a set that is not known exactly."""
    close = PUBLIC.replace(gap=CLOSE, certificate=True, seconds=options.seconds)
    certificate = solve_public(game, close).certificate
    return None if certificate is None else dict(certificate)


def _inner(game: DynamicGame, found: Exactly, vertices: Sequence[tuple[Fraction, ...]]) -> dict[str, Any]:
    polygon, columns = found.polygon, game.stages[0].shape[1]
    generated = []
    for v in polygon:
        made = generator(found.game, polygon, v)
        if made is None:
            raise ValueError("a vertex of an exact set is not generated")
        lottery = [[m, str(weight)] for m, weight in weights(polygon, made[1])]
        signals = game.monitoring[0].n_signals
        generated.append({"profile": list(divmod(made[0], columns)), "continuation": [lottery] * signals})
    return {
        "vertices": [[str(number) for number in vertex] for vertex in vertices],
        "worst": [min(range(len(polygon)), key=lambda k, i=i: polygon[k][i]) for i in (0, 1)],  # type: ignore[misc]
        "generated": generated,
        "holders": [[k] for k in range(len(polygon))],
    }


def weights(polygon: Sequence[Point], point: Point) -> list[tuple[int, Fraction]]:
    """Return at most three vertices with weights that sum to one and average to a point of the polygon."""
    if point in polygon:
        return [(polygon.index(point), Fraction(1))]
    if len(polygon) == 2:
        p, q = polygon
        i = 0 if p[0] != q[0] else 1
        share = (point[i] - p[i]) / (q[i] - p[i])
        return [(0, 1 - share), (1, share)]
    for k in range(1, len(polygon) - 1):
        a, b, c = polygon[0], polygon[k], polygon[k + 1]
        if contains([a, b, c], point):
            area = cross(a, b, c)
            parts = [(0, cross(b, c, point) / area), (k, cross(c, a, point) / area), (k + 1, cross(a, b, point) / area)]
            return [(m, weight) for m, weight in parts if weight]
    raise ValueError("the point lies outside the polygon")
