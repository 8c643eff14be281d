"""Verdicts checked in exact arithmetic by the independent checker, where their claim can be certified.

That a profile can, or cannot, be played has a certificate of its own (`certify.play_certificate`); that the joint loss
cannot be kept below an amount is a bound on the sum of payoffs (`certify.bound_certificate`), that it can is a vertex
of a certified inner set. Shares have no certificate yet: their verdicts say so.
"""

from __future__ import annotations

from fractions import Fraction

from negotiation.games.solution import Solution
from negotiation.solve.certificates.certify import bound_certificate, play_certificate, with_certificate
from negotiation.solve.public.enforceability import Answer
from negotiation.solve.thresholds.claims import CanPlay, FillsShare, LossBelow, Verdict

NAMES = {"yes": Answer.PROVEN_YES, "no": Answer.PROVEN_NO}
EXACT = "Checked exactly."
UNPROVEN = "Not checked exactly: the proof does not bear exact arithmetic."
SHARES = "Not checked exactly: shares have no certificate."


def certify(verdict: Verdict) -> Verdict:
    """Return the verdict with a certificate that the checker has passed, or with a sentence on why there is none.

    An undecided verdict has nothing to check and comes back as it is.
    """
    if verdict.answer is Answer.UNDECIDED:
        return verdict
    if isinstance(verdict.claim, FillsShare):
        return verdict.replace(checked=SHARES)
    known = verdict.solution
    solution = known if known.certificate is not None else with_certificate(known)
    if solution.certificate is None:
        return verdict.replace(checked=UNPROVEN)
    claim = verdict.claim
    found = _play(verdict, claim, solution) if isinstance(claim, CanPlay) else _loss(verdict, claim, solution)
    return found if found is not None else verdict.replace(checked=UNPROVEN)


def _play(verdict: Verdict, claim: CanPlay, solution: Solution) -> Verdict | None:
    proof = play_certificate(solution, claim.profile, claim.state)
    if proof is None or NAMES[proof["answer"]] is not verdict.answer:
        return None
    return verdict.replace(solution=solution, certificate=proof, checked=EXACT)


def _loss(verdict: Verdict, claim: LossBelow, solution: Solution) -> Verdict | None:
    proof = solution.certificate
    assert proof is not None
    stage = solution.game.stages[claim.state]
    wanted = sum(Fraction(number) for number in stage.payoff(claim.profile)) - Fraction(claim.amount)
    if verdict.answer is Answer.PROVEN_NO:
        bound = bound_certificate(solution, (1, 1), claim.state)
        holds = bound is not None and Fraction(bound["level"]) < wanted
        return verdict.replace(solution=solution, certificate=bound, checked=EXACT) if holds else None
    if proof["inner"] is None:
        return None
    offset, scale = ([Fraction(x) for x in proof["normalised"][key]] for key in ("offset", "scale"))
    sums = (
        sum(low + size * Fraction(x) for low, size, x in zip(offset, scale, vertex, strict=True))
        for vertex in proof["inner"][claim.state]["vertices"]
    )
    holds = max(sums) >= wanted
    return verdict.replace(solution=solution, certificate=proof, checked=EXACT) if holds else None
