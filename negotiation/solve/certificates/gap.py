"""The gap that the inner and the outer set of a certificate prove."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from negotiation._values import Floats
from negotiation.games import PayoffSet
from negotiation.solve.certificates.encoding import UNIT, ratio_text
from negotiation.solve.certificates.outer_corners import corners

ROUNDING_ALLOWANCE = 1e-9


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
