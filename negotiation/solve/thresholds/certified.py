"""Verdicts checked in exact arithmetic by the independent checker, where their claim can be certified.

That a profile can, or cannot, be played has a certificate of its own (`play_certificate`); that the joint loss cannot
be kept below an amount is a bound on the sum of payoffs (`bound_certificate`), that it can is a vertex
of a certified inner set. Shares have no certificate yet: their verdicts say so.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from negotiation.games.solution import Solution
from negotiation.solve.certificates.certify import with_certificate
from negotiation.solve.certificates.derived_claims import bound_certificate, play_certificate
from negotiation.solve.public.enforceability import Answer
from negotiation.solve.thresholds.claims import CanPlay, FillsShare, LossBelow, Verdict

ANSWER_NAMES = {"yes": Answer.PROVEN_YES, "no": Answer.PROVEN_NO}
EXACT_SENTENCE = "Checked exactly."
NOT_BORNE = "Not checked exactly: the proof does not bear exact arithmetic."
NO_CERTIFICATE_OF_SHARES = "Not checked exactly: shares have no certificate."


def certify(verdict: Verdict) -> Verdict:
    """Return the verdict with a certificate that the checker has passed, or with a sentence on why there is none.

    An undecided verdict has nothing to check and comes back as it is.
    """
    if verdict.answer is Answer.UNDECIDED:
        return verdict
    if isinstance(verdict.claim, FillsShare):
        return verdict.replace(checked=NO_CERTIFICATE_OF_SHARES)
    solution, claim = verdict.solution, verdict.claim
    if solution.certificate is None:
        solution = with_certificate(solution)
    proof: Mapping[str, Any] | None = None
    if solution.certificate is not None and isinstance(claim, LossBelow):
        proof = _loss_certificate(verdict, claim, solution, solution.certificate)
    elif solution.certificate is not None and isinstance(claim, CanPlay):
        proof = play_certificate(solution, claim.profile, claim.state)
        if proof is not None and ANSWER_NAMES[proof["answer"]] is not verdict.answer:
            proof = None
    if proof is None:
        return verdict.replace(checked=NOT_BORNE)
    return verdict.replace(solution=solution, certificate=proof, checked=EXACT_SENTENCE)


def _loss_certificate(
    verdict: Verdict, claim: LossBelow, solution: Solution, proof: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """Return the bound that shows the loss larger, or the sets with a vertex at which it is small enough."""
    stage = solution.game.stages[claim.state]
    wanted = sum(Fraction(number) for number in stage.payoff(claim.profile)) - Fraction(claim.amount)
    if verdict.answer is Answer.PROVEN_NO:
        bound = bound_certificate(solution, (1, 1), claim.state)
        return bound if bound is not None and Fraction(bound["level"]) < wanted else None
    if proof["inner"] is None:
        return None
    offset, scale = ([Fraction(x) for x in proof["normalised"][key]] for key in ("offset", "scale"))
    sums = (
        sum(low + size * Fraction(x) for low, size, x in zip(offset, scale, vertex, strict=True))
        for vertex in proof["inner"][claim.state]["vertices"]
    )
    return proof if max(sums) >= wanted else None
