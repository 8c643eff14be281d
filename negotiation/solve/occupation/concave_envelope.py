"""The graph of the lowest of many planes over a polygon: its corners, state by state.

Symbols: planes m = level_j - lam_j.v over the set W_s of their state; F = min of the planes and 1. F is concave and
piecewise linear; its graph is the hull's upper side over its corners, the vertices of the cells where one plane is
lowest.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from negotiation._kernels import halfplanes
from negotiation._values import Floats, Ints
from negotiation.solve.geometry.convex_hull import facet_normals
from negotiation.solve.occupation.programme import Nodes, Planes
from negotiation.solve.public.operator import Polygons

BOX = 1e3  # half the side of the square that is clipped: any number far above the size of a normalised set will do
PARALLEL = 1e-10  # planes whose tilts differ by less are parallel: their crossing would be rounding
CORNER_DIGITS = 14  # decimals to which two corners are compared: those that differ by less are one


class ConcaveEnvelope(NamedTuple):
    """Corners of the graph of F_c: nodes, and the plane (K,) that is lowest there, -1 where the cap of 1 is."""

    corners: Nodes
    lowest: Ints


def concave_envelope(outer: Polygons, planes: Planes) -> ConcaveEnvelope:
    """Return the corners of the graph of F_c over the outer sets."""
    places, states = [], []
    for s, count in enumerate(outer.counts):
        over = np.flatnonzero(planes.state == s)
        verts = outer.verts[s, :count]
        # the cap of 1 is one more plane
        lam = np.concatenate([planes.lam[over], np.zeros((1, 2))])
        cells = [verts, *_cells(verts, lam, np.append(planes.level[over], 1.0))]
        corners = np.unique(np.round(np.concatenate(cells), CORNER_DIGITS), axis=0)
        places.append(corners)
        states.append(np.full(len(corners), s))
    place: Floats = np.concatenate(places)
    state = np.concatenate(states)
    height = planes.level[None, :] - place @ planes.lam.T
    height[state[:, None] != planes.state[None, :]] = np.inf
    lowest = height.argmin(axis=1)
    least = height[np.arange(len(place)), lowest]
    return ConcaveEnvelope(Nodes(place, state, np.minimum(least, 1.0)), np.where(least < 1.0, lowest, -1))


def _cells(verts: Floats, lam: Floats, level: Floats) -> Iterator[Floats]:
    """Yield the vertices of the cell of each plane j in a polygon: level_j - lam_j.v <= level_i - lam_i.v for all i."""
    sides = facet_normals(verts)
    heights = (verts @ sides.T).max(axis=0)
    for j in range(len(lam)):
        tilt, slack = lam - lam[j], level - level[j]
        size = np.hypot(tilt[:, 0], tilt[:, 1])
        proper = size > PARALLEL
        if (slack[~proper] < 0).any():
            continue
        normal = np.concatenate([sides, tilt[proper] / size[proper, None]])
        limit = np.concatenate([heights, slack[proper] / size[proper]])
        corners, edges = np.empty((len(normal) + 8, 2)), np.empty(len(normal) + 8, dtype=np.int64)
        yield corners[: halfplanes.clip(normal, limit, BOX, corners, edges)]
