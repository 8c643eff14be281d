"""The gap that a certificate proves: the largest distance of a corner of the outer set from the inner one.

The corners of neighbouring sides surround the outer set whether or not each side carries an edge, but those of nearly
parallel sides lie far away; so the sides to name are chosen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from negotiation._values import Floats
from negotiation.games.payoff_set import PayoffSet
from negotiation.solve.certificates.encoding import UNIT
from negotiation.solve.public.operator import Directions

UNBOUNDED = 1e9  # stands for a corner at infinity, in normalised payoffs: any number far above 1 will do
# Sides shorter than one of these (normalised) may go unnamed; the choice that surrounds the set most closely counts.
SHORTEST_SIDES = (0.0, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6)
# Relative and absolute allowance for the rounding of distances, which the checker computes in ratios. Too small an
# allowance and the checker refuses the gap; twice as much prints a gap that is larger by as much.
RELATIVE_ROUNDING, ABSOLUTE_ROUNDING = 1e-9, 1e-12


def corners(lam: Floats, level: Floats) -> Floats:
    """Return where each side meets the next one counter-clockwise; infinite where they do not turn left."""
    order = np.argsort(np.arctan2(lam[:, 1], lam[:, 0]), kind="stable")
    a, c = lam[order], level[order]
    b, d = np.roll(a, -1, axis=0), np.roll(c, -1)
    cross = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        places = np.stack([c * b[:, 1] - d * a[:, 1], a[:, 0] * d - b[:, 0] * c], axis=1) / cross[:, None]
    return np.where((cross > 0)[:, None], places, UNBOUNDED)


def final_sides(lines: Directions, level: Floats) -> list[int]:
    """Return the sides whose corners surround the final outer set most closely: short sides make far corners."""
    polygons, chosen = lines.polygons(level), []
    for s, count in enumerate(polygons.counts):
        verts, edges = polygons.verts[s, :count], polygons.edges[s, :count]
        numbers = np.arange(lines.start[s], lines.start[s + 1])
        length = np.linalg.norm(np.roll(verts, -1, axis=0) - verts, axis=1)
        options = [numbers[lines.active(polygons)[numbers]]]
        options += [np.unique(numbers[edges[(length > least) & (edges >= 0)]]) for least in SHORTEST_SIDES]
        distances = [
            PayoffSet(verts).distances(corners(lines.lam[some], level[some])).max() if len(some) > 2 else np.inf
            for some in options
        ]
        chosen.append(options[int(np.argmin(distances))])
    return [int(j) for j in np.concatenate(chosen)]


def final_levels(outer: Mapping[str, Any]) -> list[int]:
    """Return the levels that a chain ends at, over 2^50."""
    ends = [link["reached"] for link in outer["links"]]
    return [min(level for level in column if level is not None) for column in zip(outer["first"], *ends, strict=True)]


def proven_gap(inner: Sequence[Mapping[str, Any]] | None, outer: Mapping[str, Any] | None) -> float:
    """Return the largest distance of an outer corner from the inner set, rounded up; infinity without both."""
    if inner is None or outer is None or any(None in link["reached"] for link in outer["links"]):
        return np.inf
    levels, most = np.array(final_levels(outer)) / UNIT, 0.0
    for s, row in enumerate(inner):
        vertices = np.array([[float(Fraction(number)) for number in vertex] for vertex in row["vertices"]])
        used = [j for j in outer["sides"] if outer["directions"][j][0] == s]
        lam = np.array([outer["directions"][j][1:] for j in used]) / UNIT
        most = max(most, float(PayoffSet(vertices).distances(corners(lam, levels[used])).max()))
    return most * (1 + RELATIVE_ROUNDING) + ABSOLUTE_ROUNDING
