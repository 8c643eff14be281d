"""The certificate of a search: its inner and its outer set, and the gap that the two prove.

The outer set is proven once more from the feasible set down, in the final directions only (`bound_witness`); the inner
one is written vertex by vertex (`witness`). What exact arithmetic does not bear out is left out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from negotiation._values import Floats
from negotiation.games import DynamicGame, PayoffSet
from negotiation.solve.bound_witness import coarse, outer_witness, record
from negotiation.solve.certify_data import STEP, certificate, text
from negotiation.solve.incentives import Incentives
from negotiation.solve.inner import Inner
from negotiation.solve.operator import Directions, Operator
from negotiation.solve.options import Options
from negotiation.solve.search import first_outer
from negotiation.solve.witness import inner_witness

SLACK = 1e-9


def sets_certificate(
    game: DynamicGame, inc: Incentives, lines: Directions, family: Inner | None, options: Options
) -> dict[str, Any]:
    """Return the proof that equilibrium payoffs lie within an outer set in directions `lines` and around `family`.

    inner, outer and gap are None where there is nothing to show.
    """
    op = Operator(inc)
    first = first_outer(op, coarse(lines))
    start = first.level.copy()
    proven = record(op, first, options)
    outer = None if proven is None else outer_witness(op, game, proven, start)
    inner = None if family is None else inner_witness(game, inc, family)
    return certificate(
        "sets",
        game,
        normalised={"offset": ratios_of(inc.offset), "scale": ratios_of(inc.scale)},
        inner=inner,
        outer=outer,
        gap=proven_gap(inner, outer),
    )


def ratios_of(numbers: Floats) -> list[str]:
    """Return doubles as the ratios they are."""
    return [text(Fraction(float(number))) for number in numbers]


def final_levels(outer: Mapping[str, Any]) -> list[int]:
    """Return the levels that a chain ends at, over 2^50."""
    ends = [link["reached"] for link in outer["links"]]
    return [min(level for level in column if level is not None) for column in zip(outer["first"], *ends, strict=True)]


def proven_gap(inner: list[dict[str, Any]] | None, outer: dict[str, Any] | None) -> str | None:
    """Return the largest distance of a corner of the outer set from the inner one, rounded up; None without both."""
    if inner is None or outer is None or any(None in link["reached"] for link in outer["links"]):
        return None
    levels, most = final_levels(outer), 0.0
    for s, own in enumerate(inner):
        vertices = np.array([[float(Fraction(number)) for number in vertex] for vertex in own["vertices"]])
        lines = [(outer["directions"][j], levels[j] / STEP) for j in outer["sides"] if outer["directions"][j][0] == s]
        lines.sort(key=lambda line: math.atan2(line[0][2], line[0][1]))
        corners = []
        for (a, level), (b, other) in zip(lines, [*lines[1:], lines[0]], strict=True):
            system = np.array([a[1:], b[1:]]) / STEP
            corners.append(np.linalg.solve(system, np.array([level, other])))
        most = max(most, float(PayoffSet(vertices).distances(np.array(corners)).max()))
    return text(Fraction(most * (1 + SLACK) + 1e-14))
