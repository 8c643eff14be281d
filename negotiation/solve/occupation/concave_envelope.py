"""The graph of the lowest of many planes over a polygon: its corners, state by state.

Symbols: planes m = level_j - lam_j.v over the set W_s of their state; F = min of the planes and 1. F is concave and
piecewise linear; its graph is the hull's upper side over its corners, the vertices of the cells where one plane is
lowest.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from negotiation._kernels import halfplanes
from negotiation._values import Floats, Ints
from negotiation.solve.occupation.programme import Nodes, Planes
from negotiation.solve.public.operator import Polygons

BOX = 1e3
PARALLEL = 1e-10
CORNER_DIGITS = 14


class ConcaveEnvelope(NamedTuple):
    """Corners of the graph of F_c: nodes, and the plane (K,) that is lowest there, -1 where the cap of 1 is."""

    corners: Nodes
    lowest: Ints


def concave_envelope(outer: Polygons, cut: Planes) -> ConcaveEnvelope:
    """Return the corners of the graph of F_c over the outer sets."""
    place, state = [], []
    for s, count in enumerate(outer.counts):
        own = np.flatnonzero(cut.at == s)
        # the cap of 1 is one more plane
        lam, level = np.concatenate([cut.lam[own], np.zeros((1, 2))]), np.append(cut.level[own], 1.0)
        sides, heights = polygon_sides(outer.verts[s, :count])
        found = [outer.verts[s, :count]]
        for j in range(len(lam)):
            # the cell of plane j: c_j - lam_j.v <= c_i - lam_i.v for every i
            tilt, room = lam - lam[j], level - level[j]
            size = np.hypot(tilt[:, 0], tilt[:, 1])
            if (room[size <= PARALLEL] < 0).any():
                continue
            proper = size > PARALLEL
            normal = np.concatenate([sides, tilt[proper] / size[proper, None]])
            verts = np.empty((len(normal) + 8, 2))
            edges = np.empty(len(normal) + 8, dtype=np.int64)
            reach = np.concatenate([heights, room[proper] / size[proper]])
            many = halfplanes.clip(normal, reach, BOX, verts, edges)
            found.append(verts[:many])
        corners = np.unique(np.round(np.concatenate(found), CORNER_DIGITS), axis=0)
        place.append(corners)
        state.append(np.full(len(corners), s))
    return _lifted(np.concatenate(place), np.concatenate(state), cut)


def _lifted(place: Floats, state: Ints, cut: Planes) -> ConcaveEnvelope:
    """Return the corners with their heights and lowest planes."""
    height = cut.level[None, :] - place @ cut.lam.T
    height[state[:, None] != cut.at[None, :]] = np.inf
    lowest = height.argmin(axis=1)
    least = height[np.arange(len(place)), lowest]
    return ConcaveEnvelope(Nodes(place, state, np.minimum(least, 1.0)), np.where(least < 1.0, lowest, -1))


def polygon_sides(verts: Floats) -> tuple[Floats, Floats]:
    """Return unit normals and levels of the half-planes of a polygon, a segment or a point."""
    if len(verts) == 1:
        normal = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])
    else:
        side = np.roll(verts, -1, axis=0) - verts
        length = np.hypot(*side.T)
        normal = np.stack([side[:, 1], -side[:, 0]], axis=1)[length > 0] / length[length > 0, None]
        if len(verts) == 2:
            along = side[0] / length[0]
            normal = np.concatenate([normal, [along, -along]])
    levels: Floats = (verts @ normal.T).max(axis=0)
    return normal, levels
