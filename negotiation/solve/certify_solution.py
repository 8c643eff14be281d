"""The proof of a known answer: outer chain in the directions of its sides, inner set near its inner polygons.

Whatever solver found the sets, the machinery of public monitoring proves them, perfect monitoring included: everything
is one operator. What is proven is what the certificate says, no more: its gap may differ from the solver's.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from negotiation._values import Floats
from negotiation.games import DynamicGame, Solution
from negotiation.games.payoff_set import PayoffSet
from negotiation.solve.bound_witness import coarse, outer_witness, record
from negotiation.solve.certify_data import certificate
from negotiation.solve.certify_exact import exact_witness
from negotiation.solve.certify_inner import near, polygons_of
from negotiation.solve.certify_sets import proven_gap, ratios_of
from negotiation.solve.incentives import Incentives, incentives
from negotiation.solve.operator import Directions, Operator
from negotiation.solve.options import PUBLIC
from negotiation.solve.outer import Outer
from negotiation.solve.perfect import is_perfect
from negotiation.solve.search import essential, first_outer
from negotiation.verify.checker import check

SHORT = 1e-9

Witness = list[dict[str, Any]]


def prove(solution: Solution, gap: float) -> dict[str, Any]:
    """Return a certificate of the solved game's sets that aims at a proven gap of at most `gap`."""
    game, inc = solution.game, incentives(solution.game)
    proven, outer = outer_proof(game, inc, solution, gap)
    inner = None
    if proven is not None and not proven.empty.any() and not (outer and outer["links"][-1]["void"]):
        inner = inner_proof(game, inc, solution, proven, outer, gap)
    return certificate(
        "sets",
        game,
        normalised={"offset": ratios_of(inc.offset), "scale": ratios_of(inc.scale)},
        inner=inner,
        outer=outer,
        gap=proven_gap(inner, outer),
    )


def outer_proof(
    game: DynamicGame, inc: Incentives, solution: Solution, gap: float
) -> tuple[Outer | None, dict[str, Any] | None]:
    """Return the proven outer set in the directions of the solution's sides, and its chain as data."""
    op = Operator(inc)
    first = first_outer(op, coarse(side_directions(inc, solution)))
    start = first.level.copy()
    proven = record(op, first, PUBLIC.replace(gap=gap))
    if proven is None:
        return None, None
    return proven, outer_witness(op, game, proven, start)


def inner_proof(
    game: DynamicGame, inc: Incentives, solution: Solution, proven: Outer, outer: dict[str, Any] | None, gap: float
) -> Witness | None:
    """Return the inner witness that comes closest to the proven outer set; the first within `gap` is taken."""
    best: Witness | None = None
    least = np.inf
    margin = float(getattr(solution.options, "margin", PUBLIC.margin))
    known = polygons_of(inc, solution.inner)
    if is_perfect(game):
        for entry in (*solution.inner, *solution.outer):
            exact = None if entry.is_empty else exact_witness(game, inc, entry.vertices)
            if exact is not None and _holds(game, inc, exact) and (found := _gap(exact, outer)) < least:
                best, least = exact, found
    if known is None or least <= gap:
        return best
    for witness in near(game, inc, proven, known, margin):
        if (found := _gap(witness, outer)) < least and _holds(game, inc, witness):
            best, least = witness, found
        if least <= gap:
            break
    return best


def _holds(game: DynamicGame, inc: Incentives, witness: Witness) -> bool:
    """Whether the checker accepts an inner witness."""
    units = {"offset": ratios_of(inc.offset), "scale": ratios_of(inc.scale)}
    return check(certificate("sets", game, normalised=units, inner=witness, outer=None, gap=None)).holds


def _gap(witness: Witness, outer: dict[str, Any] | None) -> float:
    found = proven_gap(witness, outer)
    return np.inf if found is None else float(Fraction(found))


def side_directions(inc: Incentives, solution: Solution) -> Directions:
    """Return the axes, the normals of the feasible set, and those of the solution's outer and inner sides."""
    by_state = []
    for outer, inner in zip(solution.outer, solution.inner, strict=True):
        rows = [essential(inc), *(normals(inc, found) for found in (outer, inner))]
        if len(outer.directions):
            scaled = outer.directions * inc.scale
            rows.append(scaled / np.linalg.norm(scaled, axis=1)[:, None])
        by_state.append(np.concatenate(rows))
    return Directions.build(by_state)


def normals(inc: Incentives, found: PayoffSet) -> Floats:
    """Return the outward normals (K, 2) of a set's sides in normalised payoffs."""
    corners = (found.vertices - inc.offset) / inc.scale
    if len(corners) < 2:
        return np.empty((0, 2))
    side = np.roll(corners, -1, axis=0) - corners
    length = np.linalg.norm(side, axis=1)
    normal = np.stack([side[:, 1], -side[:, 0]], axis=1)
    return np.asarray(normal[length > SHORT] / length[length > SHORT, None])
