"""Certificates of payoff sets: proofs that the independent checker accepts, and what they prove shown as the answer.

What `with_certificate` returns has passed `negotiation.verify.checker` in exact rational arithmetic. A solver's sets
and a certificate's are found apart and differ; shown together, neither would be the proof of the other: so the
certificate's inner set, outer set and gap take the place of the solver's. Format and mathematics: docs/certificates.md.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from negotiation._time_limit import OutOfTimeError
from negotiation._values import Floats
from negotiation.errors import InputError
from negotiation.games import Solution, Status
from negotiation.games.payoff_set import EMPTY_SET
from negotiation.games.solution import CHECKED_EXACTLY
from negotiation.solve.certificates.encoding import UNIT
from negotiation.solve.certificates.payoff_sets import prove
from negotiation.solve.options import NO_TIME
from negotiation.solve.public.drawn_sets import Sets, drawn_sets
from negotiation.solve.public.operator import Directions, Polygons
from negotiation.verify.checker import check_with_sets
from negotiation.verify.claims import ProvenSets
from negotiation.verify.printed_sets import SOLVED_GAP

# Least gap to aim at, as a share of the payoff range: rounding in doubles hides what a smaller one would show.
SMALLEST_GAP = 1e-8
NOT_PURE = "No certificate: it would speak of pure strategies only, and mixed static equilibria are allowed here."
UNPROVEN = "No certificate: the proof does not bear exact arithmetic."
NO_INNER = "The inner set was not checked exactly."
ROUNDING_DISTANCE = 1e-12  # payoff range: vertices closer than this are the same up to rounding


def with_certificate(solution: Solution) -> Solution:
    """Return the solution with a certificate that the checker has passed, and with the sets that it proves.

    The proof aims at a distance of inner and outer set of the tolerance of the solution's own options, at least 1e-8 of
    the payoff range. What is printed is what was proven: inner set, outer set and gap become the certificate's; where
    it has no inner set, the solver's stays, and a note says so. The status becomes `CHECKED` where the proven gap
    reaches the tolerance, or 1e-6 if that is larger; an `EXACT` answer whose vertices the certificate has stays exact
    if the proven gap is at most 1e-6.

    A solution that has a certificate is checked as it is. Where nothing passes, or the time limit is reached, the
    solution comes back without one and with a note that says so; that is also the case with `static_nash`, since a
    certificate speaks of pure strategies.
    """
    if getattr(solution.options, "static_nash", False):
        return _without_certificate(solution, NOT_PURE)
    aim = max(float(getattr(solution.options, "gap", 0.0)), SMALLEST_GAP)
    try:
        proof = solution.certificate if solution.certificate is not None else prove(solution, aim)
        if proof["outer"] is None:  # then the chain got nowhere, and there is no inner set either
            return _without_certificate(solution, UNPROVEN)
        verdict, sets = check_with_sets(proof)
        if not verdict.holds or sets is None:
            return _without_certificate(solution, f"{UNPROVEN} ({verdict.failure})")
        return _proven_answer(solution, proof, verdict.proven, sets, max(aim, SOLVED_GAP))
    except OutOfTimeError:
        return _without_certificate(solution, NO_TIME)


def _without_certificate(solution: Solution, note: str) -> Solution:
    """Return the solver's answer without a certificate; the note says why."""
    notes = solution.notes if note in solution.notes else (*solution.notes, note)
    return solution.replace(certificate=None, notes=notes)


def _proven_answer(
    solution: Solution, proof: Mapping[str, Any], proven: str, sets: ProvenSets, tolerance: float
) -> Solution:
    """Return the solution with the sets, the gap and the status that a certificate proves, and a note that says so.

    proof: a certificate with an outer set that the checker has passed; proven, sets: what the checker said. tolerance:
    largest gap that counts as solved, a share of the payoff range.
    """
    noted = solution.replace(certificate=proof, notes=(*solution.notes, f"{CHECKED_EXACTLY}{proven}."))
    count, (offset, scale) = solution.game.n_states, sets.units
    if len(sets.empty) == count:
        none = (EMPTY_SET,) * count
        return noted.replace(inner=none, outer=none, gap=0.0, status=Status.EMPTY)
    units = np.array(offset, dtype=np.float64), np.array(scale, dtype=np.float64)
    polygons = places = None  # places: the vertices in the units of the game, each the nearest double
    if sets.inner is not None:
        polygons = Polygons.of([np.array(rows, dtype=np.float64) for rows in sets.inner])
        exact = ([[offset[i] + scale[i] * vertex[i] for i in range(2)] for vertex in rows] for rows in sets.inner)
        places = [np.array(vertices, dtype=np.float64) for vertices in exact]
    assert sets.planes is not None
    rows = [(side.x, side.y, side.level) for sides in sets.planes.sides for side in sides]
    lam_level = np.array(rows) / UNIT
    lines = Directions(lam_level[:, :2].copy(), np.cumsum([0, *map(len, sets.planes.sides)]))
    without = np.array([s in sets.empty for s in range(count)])
    inner, outer = drawn_sets(units, (lines, lam_level[:, 2], without), polygons, places)
    if sets.inner is None:
        return _outer_answer(noted, outer, units[1], tolerance)
    gap = np.inf if sets.gap is None else float(sets.gap)
    if solution.status is Status.EXACT and gap <= SOLVED_GAP and _same(solution.inner, inner, units[1]):
        return noted
    unsolved = Status.KNIFE_EDGE if solution.status is Status.KNIFE_EDGE else Status.GAP
    return noted.replace(inner=inner, outer=outer, gap=gap, status=Status.CHECKED if gap <= tolerance else unsolved)


def _outer_answer(solution: Solution, outer: Sets, unit: Floats, tolerance: float) -> Solution:
    """Return a proven outer set beside the solver's inner one, which goes where the two contradict each other.

    unit (2,): the payoffs that distances are measured in.
    """
    notes = (*solution.notes, NO_INNER)
    gap = max(bound.excess(low, unit) for bound, low in zip(outer, solution.inner, strict=True))
    unsolved = Status.GAP if solution.solved else solution.status
    try:
        return solution.replace(
            outer=outer, gap=gap, status=Status.SOLVED if gap <= tolerance else unsolved, notes=notes
        )
    except InputError:
        inner = (EMPTY_SET,) * len(outer)
        return solution.replace(inner=inner, outer=outer, gap=np.inf, status=unsolved, notes=notes)


def _same(one: Sets, other: Sets, unit: Floats) -> bool:
    """Whether sets have the same vertices up to rounding."""
    pairs = zip([*one, *other], [*other, *one], strict=True)
    return all(first.within(second, ROUNDING_DISTANCE, unit) for first, second in pairs)
