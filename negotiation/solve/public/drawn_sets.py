"""Inner and outer polygons as payoff sets in the units of the game: drawn together where they cannot be told apart.

What a search found in doubles and what a certificate proves in ratios are drawn by the same rules.
"""

from collections.abc import Sequence

import numpy as np

from negotiation._values import Bools, Floats
from negotiation.games.payoff_set import EMPTY_SET, PayoffSet
from negotiation.solve.geometry.convex_hull import convex_hull, convex_set
from negotiation.solve.public.operator import Directions, Polygons
from negotiation.solve.public.self_generation import without_redundant_vertices

TOGETHER = 1e-9  # of the payoff range: vertices nearer than this are one; doubled, shorter segments become points
BARELY_OUTSIDE = 1e-8  # inner vertices less far outside than this join the outer set

Sets = tuple[PayoffSet, ...]
Units = tuple[Floats, Floats]
OuterBound = tuple[Directions, Floats, Bools]


def drawn_sets(
    units: Units, bound: OuterBound, inner: Polygons | None, places: Sequence[Floats] | None = None
) -> tuple[Sets, Sets]:
    """Return inner and outer sets in the units of the game, the outer ones with their half-planes.

    units: offset and scale, each (2,): payoff = offset + scale * normalised. bound: directions, their levels (N,), and
    (S,) the states without equilibrium; it and `inner` are normalised. places: the vertices of `inner` in the units of
    the game, where they are known better than by this conversion.

    Vertices closer than 1e-9 are drawn together, so that points and segments are said to be such. Outer vertices are
    drawn onto inner ones that they cannot be told from, and rounding never leaves an inner vertex outside: the outer
    set may always be drawn a little larger.
    """
    lines, level, empty = bound
    polygons = without_redundant_vertices(lines.polygons(level), TOGETHER)
    within = None if inner is None else without_redundant_vertices(inner, TOGETHER)
    inside, outside = [], []
    for state, count in enumerate(polygons.counts):
        verts = polygons.verts[state, :count]
        exact_places: dict[tuple[float, ...], Floats] = {}
        if inner is None or within is None:
            inside.append(EMPTY_SET)
        else:
            vertices = within.verts[state, : within.counts[state]]
            if places is not None:
                corners = map(tuple, inner.verts[state, : inner.counts[state]])
                exact_places = dict(zip(corners, places[state], strict=True))
            gaps = np.abs(vertices[None] - verts[:, None]).max(axis=2)
            near = gaps.min(axis=1) < TOGETHER
            verts = np.where(near[:, None], vertices[gaps.argmin(axis=1)], verts)
            beyond = PayoffSet(convex_hull(verts)).distances(vertices)
            verts = np.concatenate([verts, vertices[(beyond > 0) & (beyond < BARELY_OUTSIDE)]])
            inside.append(_in_game_units(units, vertices, exact_places))
        drawn = _in_game_units(units, verts, exact_places)
        half_planes = lines.lam[lines.slices[state]], level[lines.slices[state]]
        outside.append(EMPTY_SET if empty[state] else _bounded(units, half_planes, drawn))
    return tuple(inside), tuple(outside)


def _in_game_units(units: Units, vertices: Floats, places: dict[tuple[float, ...], Floats]) -> PayoffSet:
    """Return a polygon in the units of the game."""
    offset, scale = units
    return convex_set(np.array([places.get(tuple(vertex), offset + scale * vertex) for vertex in vertices]))


def _bounded(units: Units, half_planes: tuple[Floats, Floats], drawn: PayoffSet) -> PayoffSet:
    """Return an outer set with the half-planes that prove it."""
    (offset, scale), (lam, level) = units, half_planes
    normal = lam / scale
    length = np.hypot(normal[:, 0], normal[:, 1])  # squares of small numbers would vanish
    return PayoffSet(drawn.vertices, normal / length[:, None], (level + normal @ offset) / length)
