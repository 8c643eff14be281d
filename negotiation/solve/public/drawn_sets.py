"""Inner and outer polygons as payoff sets in the units of the game: drawn together where they cannot be told apart.

What a search found in doubles and what a certificate proves in ratios are drawn by the same rules.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from negotiation._values import Bools, Floats
from negotiation.games.payoff_set import PayoffSet
from negotiation.solve.geometry.convex_hull import convex_hull, convex_set
from negotiation.solve.public.inner_approximation import without_redundant_vertices
from negotiation.solve.public.operator import Directions, Polygons

TOGETHER = 1e-9
NEAR = 1e-8

Sets = tuple[PayoffSet, ...]
Units = tuple[Floats, Floats]


def drawn_sets(
    units: Units,
    lines: Directions,
    level: Floats,
    empty: Bools,
    inner: Polygons | None,
    places: Sequence[Floats] | None = None,
) -> tuple[Sets, Sets]:
    """Return inner and outer sets in the units of the game, the outer ones with their half-planes.

    units: offset and scale, each (2,): payoff = offset + scale * normalised. lines, level (N,), inner: normalised.
    empty (S,): states without equilibrium. places: the vertices of `inner` in the units of the game, where they are
    known better than by this conversion.

    Vertices closer than 1e-9 are drawn together, so that points and segments are said to be such. Outer vertices are
    drawn onto inner ones that they cannot be told from, and rounding never leaves an inner vertex outside: the outer
    set may always be drawn a little larger.
    """
    polygons = without_redundant_vertices(lines.polygons(level), TOGETHER)
    within = None if inner is None else without_redundant_vertices(inner, TOGETHER)
    inside, outside = [], []
    nothing = PayoffSet(np.empty((0, 2)))
    for state, count in enumerate(polygons.counts):
        verts = polygons.verts[state, :count]
        known: dict[tuple[float, ...], Floats] = {}
        if within is not None:
            assert inner is not None
            own = within.verts[state, : within.counts[state]]
            if places is not None:
                known = dict(zip(map(tuple, inner.verts[state, : inner.counts[state]]), places[state], strict=True))
            gaps = np.abs(own[None] - verts[:, None]).max(axis=2)
            near = gaps.min(axis=1) < TOGETHER
            verts = np.where(near[:, None], own[gaps.argmin(axis=1)], verts)
            beyond = PayoffSet(convex_hull(verts)).distances(own)
            verts = np.concatenate([verts, own[(beyond > 0) & (beyond < NEAR)]])
        inside.append(nothing if within is None else _set(units, own, known))
        outside.append(nothing if empty[state] else _bounded(units, lines, level, state, _set(units, verts, known)))
    return tuple(inside), tuple(outside)


def _set(units: Units, vertices: Floats, known: dict[tuple[float, ...], Floats]) -> PayoffSet:
    """Return a polygon in the units of the game."""
    offset, scale = units
    return convex_set(np.array([known.get(tuple(vertex), offset + scale * vertex) for vertex in vertices]))


def _bounded(units: Units, lines: Directions, level: Floats, state: int, plain: PayoffSet) -> PayoffSet:
    """Return an outer set with the half-planes that prove it."""
    own = slice(lines.start[state], lines.start[state + 1])
    offset, scale = units
    normal = lines.lam[own] / scale
    length = np.hypot(normal[:, 0], normal[:, 1])  # squares of small numbers would vanish
    return PayoffSet(plain.vertices, normal / length[:, None], (level[own] + normal @ offset) / length)
