"""Certificates of payoff sets: proofs that the independent checker accepts, and what they prove shown as the answer.

What `with_certificate` returns has passed `negotiation.verify.checker` in exact rational arithmetic. A solver's sets
and a certificate's are found apart and differ; shown together, neither would be the proof of the other: so the
certificate's inner set, outer set and gap take the place of the solver's. Format and mathematics: docs/certificates.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from negotiation._time_limit import OutOfTimeError
from negotiation._values import Floats
from negotiation.errors import InputError
from negotiation.games import PayoffSet, Solution, Status
from negotiation.games.solution import CHECKED
from negotiation.solve.certificates.derived_claims import half_planes, inner_polygons
from negotiation.solve.certificates.payoff_sets import prove
from negotiation.solve.geometry.convex_hull import convex_set
from negotiation.solve.options import NO_TIME
from negotiation.solve.public.drawn_sets import EMPTY_SET, Sets, drawn_sets
from negotiation.verify.checker import check_with_sets
from negotiation.verify.printed_sets import SOLVED_GAP

# Least gap to aim at, as a share of the payoff range: rounding in doubles hides what a smaller one would show.
SMALLEST_GAP = 1e-8
NOT_PURE = "No certificate: it would speak of pure strategies only, and mixed static equilibria are allowed here."
UNPROVEN = "No certificate: the proof does not bear exact arithmetic."
NO_INNER = "The inner set was not checked exactly."
NO_OUTER = "The outer set was not checked exactly."
ROUNDING_DISTANCE = 1e-12  # payoff range: vertices closer than this are the same up to rounding


def with_certificate(solution: Solution, gap: float | None = None) -> Solution:
    """Return the solution with a certificate that the checker has passed, and with the sets that it proves.

    gap: proven distance of inner and outer set to aim at, as a share of the payoff range; by default the tolerance of
    the solution's own options, at least 1e-8. What is printed is what was proven: inner set, outer set and gap become
    the certificate's; a set that the certificate lacks stays the solver's, and a note says so. The status becomes
    `CHECKED` where the proven gap reaches the tolerance, or 1e-6 if that is larger; an `EXACT` answer whose vertices
    the certificate has stays exact if the proven gap is at most 1e-6.

    A solution that has a certificate is checked as it is. Where nothing passes, or the time limit is reached, the
    solution comes back without one and with a note that says so; that is also the case with `static_nash`, since a
    certificate speaks of pure strategies.
    """
    if getattr(solution.options, "static_nash", False):
        return _without_certificate(solution, NOT_PURE)
    aim = max(float(getattr(solution.options, "gap", 0.0)), SMALLEST_GAP) if gap is None else gap
    try:
        proof = solution.certificate if solution.certificate is not None else prove(solution, aim)
        if proof["inner"] is None and proof["outer"] is None:
            return _without_certificate(solution, UNPROVEN)
        verdict, sets = check_with_sets(proof)
        if not verdict.holds or sets is None:
            return _without_certificate(solution, f"{UNPROVEN} ({verdict.failure})")
        return _proven_answer(solution, proof, verdict.proven, sets.empty, max(aim, SOLVED_GAP))
    except OutOfTimeError:
        return _without_certificate(solution, NO_TIME)


def _without_certificate(solution: Solution, note: str) -> Solution:
    """Return the solver's answer without a certificate; the note says why."""
    notes = solution.notes if note in solution.notes else (*solution.notes, note)
    return solution.replace(certificate=None, notes=notes)


def _proven_answer(
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
