"""Corners of an outer set for a certificate: where neighbouring sides meet, and which sides to name.

The corners of neighbouring sides surround the set whether or not each side carries an edge, but those of nearly
parallel sides lie far away; so the sides to name are chosen.
"""

from __future__ import annotations

import numpy as np

from negotiation._values import Floats
from negotiation.games.payoff_set import PayoffSet
from negotiation.solve.public.operator import Directions

UNBOUNDED = 1e9
SHORTEST_SIDES = (0.0, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6)


def corners(lam: Floats, level: Floats) -> Floats:
    """Return where each side meets the next one counter-clockwise; infinite where they do not turn left."""
    order = np.argsort(np.arctan2(lam[:, 1], lam[:, 0]), kind="stable")
    a, c = lam[order], level[order]
    b, d = np.roll(a, -1, axis=0), np.roll(c, -1)
    cross = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        places = np.stack([c * b[:, 1] - d * a[:, 1], a[:, 0] * d - b[:, 0] * c], axis=1) / cross[:, None]
    return np.where((cross > 0)[:, None], places, UNBOUNDED)


def final_sides(lines: Directions, held: Floats) -> list[int]:
    """Return the sides whose corners surround the final outer set most closely: short sides make far corners."""
    polygons, kept = lines.polygons(held), []
    for s, count in enumerate(polygons.counts):
        own = np.arange(lines.start[s], lines.start[s + 1])
        length = np.linalg.norm(np.roll(polygons.verts[s, :count], -1, axis=0) - polygons.verts[s, :count], axis=1)
        edges = polygons.edges[s, :count]
        options = [own[lines.active(polygons)[own]]]
        options += [np.unique(own[edges[(length > least) & (edges >= 0)]]) for least in SHORTEST_SIDES]
        far = [_largest_distance(lines.lam[some], held[some], polygons.verts[s, :count]) for some in options]
        kept.append(options[int(np.argmin(far))])
    return [int(j) for j in np.concatenate(kept)]


def _largest_distance(lam: Floats, level: Floats, verts: Floats) -> float:
    if len(lam) < 3:
        return np.inf
    return float(PayoffSet(verts).distances(corners(lam, level)).max())
