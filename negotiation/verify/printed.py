"""A printed answer against the certificate beside it: whatever the certificate can speak about.

A result prints doubles and its certificate proves ratios: they agree within 5e-9 of a player's payoff range, and the
rounding of payoffs that are large beside their range. What a certificate says nothing of is not compared: the method,
its options, iterations and times.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from negotiation.verify.checker import CertificateVerdict
from negotiation.verify.claims import ProvenSets
from negotiation.verify.find import PrintedCertificate
from negotiation.verify.game import read_game
from negotiation.verify.printed_game import game_differences, stage_differences
from negotiation.verify.printed_sets import sets_differences
from negotiation.verify.reading import double, entries, number, part, short_repr, text

VERDICT_KEYS = ("holds", "kind", "checked", "failure", "proven")
ANSWERS = {"yes": "proven_yes", "no": "proven_no"}


def differences(printed: PrintedCertificate, verdict: CertificateVerdict, sets: ProvenSets | None) -> list[str]:
    """Return in what the answer printed beside a certificate differs from what the certificate proves, a clause each.

    verdict, sets: what the checker said of it. Raises `InputError` where the printed answer cannot be read.
    """
    if not printed.around:
        return []
    answer, game = printed.around[-1], read_game(printed.certificate["game"])
    clauses = list(_verdict(answer, verdict))
    if sets is not None and "inner" in answer and "outer" in answer:
        clauses += sets_differences(answer, sets, verdict.proven)
        clauses += stage_differences(answer, game)
    if "value" in answer and verdict.kind == "play" and verdict.holds:
        if answer.get("answer") != ANSWERS.get(str(printed.certificate["answer"])):
            clauses.append(f"answer: {short_repr(answer.get('answer'))} is printed")
        if number(answer["value"], "value") != double(game.discount):
            clauses.append(f"value: {short_repr(answer['value'])} is printed, the game has {double(game.discount)!r}")
        if len(printed.around) > 1 and printed.around[-2].get("checked") is True:
            clauses += _stretches(printed.around[-2], answer)
    table = next((own["game"] for own in reversed(printed.around) if isinstance(own.get("game"), Mapping)), None)
    if table is not None and verdict.kind == "automaton":
        clauses += game_differences(table, game)
    return clauses


def _stretches(threshold: Mapping[str, Any], proof: Mapping[str, Any]) -> Iterator[str]:
    """Compare where proven answers begin and end with the values that are proven; once, beside the first proof."""
    proofs = [part(row, "proofs") for row in entries(threshold.get("proofs", []), "proofs")]
    if not proofs or proofs[0] is not proof:
        return
    proven = {(number(row.get("value"), "value"), text(row.get("answer"), "answer")) for row in proofs}
    rows = [part(row, "stretches") for row in entries(threshold.get("stretches", []), "stretches")]
    spans = [
        (text(row.get("answer"), "stretches").lower(), number(row.get("low"), "low"), number(row.get("high"), "high"))
        for row in rows
    ]
    ends = [(after[1], after[0]) for after in spans[1:]] + [(before[2], before[0]) for before in spans[:-1]]
    if any(answer != "undecided" and (end, answer) not in proven for end, answer in ends):
        yield "stretches: a proven answer ends where nothing is proven"
    if any(not any(answer == own and low <= value <= high for own, low, high in spans) for value, answer in proven):
        yield "stretches: a value that is proven lies in none with its answer"
    if any("undecided" in (one[0], two[0]) and one[2] != two[1] for one, two in itertools.pairwise(spans)):
        yield "stretches: what is undecided does not join what is proven"


def reported_failure(printed: PrintedCertificate, verdict: CertificateVerdict) -> bool:
    """Whether a certificate that does not hold is printed as one that does not: then the report is true."""
    return not verdict.holds and bool(printed.around) and printed.around[-1].get("holds") is False


def _verdict(printed: Mapping[str, Any], verdict: CertificateVerdict) -> Iterator[str]:
    """Compare a verdict that is printed with the one the checker comes to."""
    if "holds" not in printed:
        return
    for key in VERDICT_KEYS:
        checked = getattr(verdict, key)
        if key in printed and (printed[key] != checked or type(printed[key]) is not type(checked)):
            yield f"{key}: {short_repr(printed[key])} is printed, the check gives {short_repr(checked)}"
