"""The certificate of a search: its inner and its outer set, and the gap that the two prove.

The outer set is proven once more from the feasible set down, in the final directions only (`bound_witness`); the inner
one is written vertex by vertex (`witness`). What exact arithmetic does not bear out is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from negotiation._values import Floats
from negotiation.games import DynamicGame, PayoffSet
from negotiation.solve.certificates.encoding import UNIT, certificate, ratio_text
from negotiation.solve.certificates.inner_proof import inner_proof
from negotiation.solve.certificates.outer_corners import corners
from negotiation.solve.certificates.outer_proof import outer_chain, outer_proof, rounded_directions
from negotiation.solve.options import Options
from negotiation.solve.public.incentive_constraints import Incentives
from negotiation.solve.public.operator import Directions, Operator
from negotiation.solve.public.refinement import first_outer
from negotiation.solve.public.self_generation import Inner

ROUNDING_ALLOWANCE = 1e-9


def sets_certificate(
    game: DynamicGame, inc: Incentives, lines: Directions, family: Inner | None, options: Options
) -> dict[str, Any]:
    """Return the proof that equilibrium payoffs lie within an outer set in directions `lines` and around `family`.

    inner, outer and gap are None where there is nothing to show.
    """
    op = Operator(inc)
    first = first_outer(op, rounded_directions(lines))
    start = first.level.copy()
    proven = outer_chain(op, first, options)
    outer = None if proven is None else outer_proof(op, game, proven, start)
    inner = None if family is None else inner_proof(game, inc, family)
    return certificate(
        "sets",
        game,
        normalised={"offset": ratio_texts(inc.offset), "scale": ratio_texts(inc.scale)},
        inner=inner,
        outer=outer,
        gap=proven_gap(inner, outer),
    )


def ratio_texts(numbers: Floats) -> list[str]:
    """Return doubles as the ratios they are."""
    return [ratio_text(Fraction(float(number))) for number in numbers]


def final_levels(outer: Mapping[str, Any]) -> list[int]:
    """Return the levels that a chain ends at, over 2^50."""
    ends = [link["reached"] for link in outer["links"]]
    return [min(level for level in column if level is not None) for column in zip(outer["first"], *ends, strict=True)]


def proven_gap(inner: Sequence[Mapping[str, Any]] | None, outer: Mapping[str, Any] | None) -> str | None:
    """Return the largest distance of a corner of the outer set from the inner one, rounded up; None without both."""
    if inner is None or outer is None or any(None in link["reached"] for link in outer["links"]):
        return None
    levels, most = np.array(final_levels(outer)) / UNIT, 0.0
    for s, own in enumerate(inner):
        vertices = np.array([[float(Fraction(number)) for number in vertex] for vertex in own["vertices"]])
        used = [j for j in outer["sides"] if outer["directions"][j][0] == s]
        lam = np.array([outer["directions"][j][1:] for j in used]) / UNIT
        most = max(most, float(PayoffSet(vertices).distances(corners(lam, levels[used])).max()))
    return ratio_text(Fraction(most * (1 + ROUNDING_ALLOWANCE) + 1e-12))
