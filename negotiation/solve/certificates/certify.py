"""Certificates for solutions, regimes, bounds and single profiles: proofs that the independent checker accepts.

Every function here ends by running `negotiation.verify.checker.check` on what it made: what it returns has been checked
in exact rational arithmetic, and what does not pass is not returned. Format and mathematics: docs/certificates.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from negotiation._time_limit import OutOfTimeError
from negotiation.errors import InputError
from negotiation.games import Automaton, DynamicGame, Solution
from negotiation.games.stage import Profile
from negotiation.solve.certificates import derived_claims, encoding
from negotiation.solve.certificates.answer import proven_answer
from negotiation.solve.certificates.automaton import Payment, automaton_data
from negotiation.solve.certificates.payoff_sets import prove
from negotiation.solve.options import NO_TIME
from negotiation.verify.checker import CertificateVerdict, check, check_with_sets
from negotiation.verify.printed_sets import SOLVED_GAP

# Least gap to aim at, as a share of the payoff range: rounding in doubles hides what a smaller one would show.
SMALLEST_GAP = 1e-8
NOT_PURE = "No certificate: it would speak of pure strategies only, and mixed static equilibria are allowed here."
UNPROVEN = "No certificate: the proof does not bear exact arithmetic."

Number = int | float | str | Fraction

__all__ = ["Payment", "bound_certificate", "play_certificate", "regime_certificate", "with_certificate"]


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
        return proven_answer(solution, proof, verdict.proven, sets.empty, max(aim, SOLVED_GAP))
    except OutOfTimeError:
        return _without_certificate(solution, NO_TIME)


def _without_certificate(solution: Solution, note: str) -> Solution:
    """Return the solver's answer without a certificate; the note says why."""
    notes = solution.notes if note in solution.notes else (*solution.notes, note)
    return solution.replace(certificate=None, notes=notes)


def regime_certificate(
    game: DynamicGame, automaton: Automaton, places: Sequence[int] | None = None, payments: Sequence[Payment] = ()
) -> tuple[dict[str, Any], CertificateVerdict]:
    """Return the certificate that an automaton is an equilibrium of a game, and the checker's verdict on it.

    places: the state of the game in which each automaton state lives; may be left out where the game has one state.
    payments: those that must be worth making (compensation); adjustments without them are taken as given.
    The verdict says whether it IS an equilibrium, and if not, which deviation gains. Raises `InputError` when the
    automaton does not fit the game.
    """
    data = encoding.certificate("automaton", game, automaton=automaton_data(game, automaton, places, payments))
    return data, check(data)


def bound_certificate(
    solution: Solution, direction: Sequence[Number], state: int = 0, level: Number | None = None
) -> dict[str, Any] | None:
    """Return the certificate "no pure equilibrium payoff v of `state` has direction.v above the level", or None.

    solution: one with a certificate (`Options.certificate`, or `with_certificate`). direction: two numbers, level in
    units of the game; "1/3" is exact. Without `level` the certificate proves the least level that the certified outer
    set gives, in its entry "level"; None is returned where a level is asked for that the outer set does not prove.
    """
    proof = _certificate_of_sets(solution)
    exact = [Fraction(x) for x in direction]
    if proof["outer"] is None:
        return None
    if level is not None:
        bound = Fraction(level)
    elif (least := derived_claims.proven_support(proof, exact, state)) is not None:
        bound = least
    elif derived_claims.is_empty(proof, state):
        bound = Fraction(0)
    else:
        return None
    named = [encoding.ratio_text(x) for x in exact]
    data = _certificate_from(proof, "bound", state=state, direction=named, level=encoding.ratio_text(bound))
    return data if check(data).holds else None


def play_certificate(solution: Solution, profile: Profile, state: int = 0) -> dict[str, Any] | None:
    """Return the certificate that a profile can, or cannot, be played in the first period of a pure equilibrium.

    solution: one with a certificate. profile: action numbers in `state`. The answer is in the entry "answer", "yes" or
    "no"; None means that neither is proven (undecided).
    """
    proof = _certificate_of_sets(solution)
    number = list(solution.game.stages[state].profiles()).index(tuple(profile))
    about: dict[str, Any] = {"state": state, "profile": [int(action) for action in profile]}
    if proof["inner"] is not None:
        first = derived_claims.enforcing_continuation(solution.game, proof, state, number)
        if first is not None:
            data = _certificate_from(proof, "play", "inner", **about, answer="yes", first=first)
            if check(data).holds:
                return data
    if proof["outer"] is not None:
        against = derived_claims.unenforceability_multipliers(solution.game, proof, state, number)
        data = _certificate_from(proof, "play", **about, answer="no", multipliers=against or [])
        if check(data).holds:
            return data
    return None


def _certificate_of_sets(solution: Solution) -> Mapping[str, Any]:
    proof = solution.certificate
    if proof is None or proof.get("claim") != "sets":
        raise InputError.single(
            "solution", "certificate", "is missing", "solve with options.certificate, or call certify.with_certificate"
        )
    return proof


def _certificate_from(proof: Mapping[str, Any], claim: str, part: str = "outer", **entries: Any) -> dict[str, Any]:
    """Return a certificate of another claim with the game and one set of `proof`."""
    shared = ("format", "version", "game", "normalised", part)
    return {**{key: proof[key] for key in shared}, "claim": claim, **entries}
