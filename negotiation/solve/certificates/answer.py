"""What a certificate proves, as an answer: its inner set, its outer set and its gap take the place of the solver's.

A solver's sets and a certificate's are found apart and differ; shown together, neither would be the proof of the other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from negotiation._values import Floats
from negotiation.errors import InputError
from negotiation.games import PayoffSet, Solution, Status
from negotiation.games.solution import CHECKED
from negotiation.solve.certificates.derived_claims import half_planes, inner_polygons
from negotiation.solve.geometry.convex_hull import convex_set
from negotiation.solve.public.drawn_sets import Sets, drawn_sets
from negotiation.verify.printed_sets import SOLVED_GAP

NO_INNER = "The inner set was not checked exactly."
NO_OUTER = "The outer set was not checked exactly."
ROUNDING_DISTANCE = 1e-12  # payoff range: vertices closer than this are the same up to rounding
EMPTY_SET = PayoffSet(np.empty((0, 2)))


def proven_answer(
    solution: Solution, proof: Mapping[str, Any], proven: str, empty: Collection[int], tolerance: float
) -> Solution:
    """Return the solution with the sets, the gap and the status that a certificate proves, and a note that says so.

    proof: a certificate of sets that the checker has passed; proven, empty: what the checker said, and the
    states that it found without equilibrium. tolerance: largest gap that counts as solved, a share of the payoff range.
    """
    noted = solution.replace(certificate=proof, notes=(*solution.notes, f"{CHECKED}{proven}."))
    count = solution.game.n_states
    if len(empty) == count:
        none = (EMPTY_SET,) * count
        return noted.replace(inner=none, outer=none, gap=0.0, status=Status.EMPTY)
    if proof["inner"] is None:
        return _one_sided_answer(noted, (noted.inner, _sets(proof, False, empty)[1]), tolerance, NO_INNER)
    if proof["outer"] is None:
        inner = tuple(convex_set(inner_vertices(proof, s)) for s in range(count))
        outer = tuple(_hull_of_both(bound, own) for bound, own in zip(noted.outer, inner, strict=True))
        return _one_sided_answer(noted, (inner, outer), tolerance, NO_OUTER)
    inner, outer = _sets(proof)
    gap = np.inf if proof["gap"] is None else float(Fraction(proof["gap"]))
    if solution.status is Status.EXACT and gap <= SOLVED_GAP and _same(solution, inner, proof):
        return noted
    unsolved = Status.KNIFE_EDGE if solution.status is Status.KNIFE_EDGE else Status.GAP
    return noted.replace(inner=inner, outer=outer, gap=gap, status=Status.CHECKED if gap <= tolerance else unsolved)


def _one_sided_answer(solution: Solution, sets: tuple[Sets, Sets], tolerance: float, note: str) -> Solution:
    """Return a proven set beside the solver's other one, which goes where the two contradict each other."""
    inner, outer = sets
    notes = (*solution.notes, note)
    assert solution.certificate is not None
    gap = _distance(solution.certificate, inner, outer)
    status = Status.SOLVED if gap <= tolerance else Status.GAP if solution.solved else solution.status
    try:
        return solution.replace(inner=inner, outer=outer, gap=gap, status=status, notes=notes)
    except InputError:
        status, without = Status.GAP if solution.solved else solution.status, (EMPTY_SET,) * len(outer)
        return solution.replace(inner=without, outer=outer, gap=np.inf, status=status, notes=notes)


def _sets(proof: Mapping[str, Any], has_inner: bool = True, empty: Collection[int] = ()) -> tuple[Sets, Sets]:
    """Return the certified inner and outer sets in the units of the game; `empty`: states without equilibrium."""
    count = len(proof["game"]["states"])
    lines, level = half_planes(proof["outer"], proof["outer"]["sides"], count)
    without = np.array([s in empty for s in range(count)])
    inner = inner_polygons(proof["inner"]) if has_inner else None
    places = [inner_vertices(proof, s) for s in range(count)] if has_inner else None
    return drawn_sets(_units(proof), (lines, level, without), inner, places)


def _units(proof: Mapping[str, Any]) -> tuple[Floats, Floats]:
    """Return offset and scale of the normalised payoffs, each (2,)."""
    offset, scale = (np.array([float(Fraction(x)) for x in proof["normalised"][key]]) for key in ("offset", "scale"))
    return offset, scale


def inner_vertices(proof: Mapping[str, Any], state: int) -> Floats:
    """Return the vertices (V, 2) of a certified inner set in the units of the game, as the nearest doubles."""
    offset, scale = ([Fraction(x) for x in proof["normalised"][key]] for key in ("offset", "scale"))
    rows = proof["inner"][state]["vertices"]
    return np.array([[float(offset[i] + scale[i] * Fraction(row[i])) for i in range(2)] for row in rows])


def _hull_of_both(one: PayoffSet, two: PayoffSet) -> PayoffSet:
    """Return the hull of two sets: an outer set may always be drawn larger."""
    return one if not len(two.vertices) else convex_set(np.concatenate([one.vertices, two.vertices]))


def _same(solution: Solution, inner: Sets, proof: Mapping[str, Any]) -> bool:
    """Whether the solver's inner sets have the vertices given, up to rounding."""
    unit = _units(proof)[1]
    pairs = list(zip(solution.inner, inner, strict=True))
    return all(a.within(b, ROUNDING_DISTANCE, unit) and b.within(a, ROUNDING_DISTANCE, unit) for a, b in pairs)


def _distance(proof: Mapping[str, Any], inner: Sets, outer: Sets) -> float:
    """Return the largest distance of the outer sets from the inner ones, divided by the certificate's units."""
    unit = _units(proof)[1]
    pairs = [(bound.vertices / unit, PayoffSet(own.vertices / unit)) for bound, own in zip(outer, inner, strict=True)]
    return max((float(own.distances(corners).max()) for corners, own in pairs if len(corners)), default=0.0)
