"""A printed answer against the certificate beside it: whatever the certificate can speak about.

A result prints doubles and its certificate proves ratios: they agree within 5e-9 of a player's payoff range, and the
rounding of payoffs that are large beside their range. What a certificate says nothing of is not compared: the method,
its options, iterations and times.
"""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from negotiation.verify.checker import CERTIFICATE_FORMAT, CertificateVerdict
from negotiation.verify.claims import ProvenSets
from negotiation.verify.game import read_game
from negotiation.verify.printed_game import game_differences, stage_differences
from negotiation.verify.printed_sets import sets_differences
from negotiation.verify.reading import Entry, double, short_repr

CERTIFICATE_KEYS = ("certificate", "certificates")
VERDICT_KEYS = ("holds", "kind", "checked", "failure", "proven")
VERDICT_OF_ANSWER = {"yes": "proven_yes", "no": "proven_no"}


class PrintedCertificate(NamedTuple):
    """A certificate, the path that leads to it, and the objects it lies in, from the outermost to the nearest."""

    path: str
    certificate: Mapping[str, Any]
    around: tuple[Mapping[str, Any], ...]


def embedded_certificates(data: Any) -> list[PrintedCertificate]:
    """Return every object under a key of `KEYS`, however deep, in the order of the data; or data that is a certificate.

    >>> result = {"rows": [{"certificate": {"claim": "sets"}}, {"certificate": None}]}
    >>> [each[:2] for each in embedded_certificates(result)]
    [('rows[0].certificate', {'claim': 'sets'})]
    """
    if isinstance(data, Mapping) and data.get("format") == CERTIFICATE_FORMAT:
        return [PrintedCertificate("", data, ())]
    printed: list[PrintedCertificate] = []
    waiting: list[tuple[str, Any, bool, tuple[Mapping[str, Any], ...]]] = [("", data, False, ())]
    while waiting:
        path, value, named, around = waiting.pop()
        if isinstance(value, Mapping):
            if named and ("format" in value or "claim" in value):
                printed.append(PrintedCertificate(path, value, around))
                continue
            inner = [
                (f"{path}.{key}" if path else str(key), entry, named or key in CERTIFICATE_KEYS, (*around, value))
                for key, entry in value.items()
            ]
        elif isinstance(value, list):
            inner = [(f"{path}[{number}]", entry, named, around) for number, entry in enumerate(value)]
        else:
            continue
        waiting += reversed(inner)
    return printed


def differences(printed: PrintedCertificate, verdict: CertificateVerdict, sets: ProvenSets | None) -> list[str]:
    """Return in what the answer printed beside a certificate differs from what the certificate proves, a clause each.

    verdict, sets: what the checker said of it. Raises `InputError` where the printed answer cannot be read.
    """
    if not printed.around:
        return []
    answer, game = Entry(printed.around[-1]), read_game(Entry(printed.certificate["game"], "game"))
    fields = printed.around[-1]
    clauses = list(_verdict(fields, verdict))
    if sets is not None and "inner" in fields and "outer" in fields:
        clauses += sets_differences(answer, sets, verdict.proven)
        clauses += stage_differences(answer, game)
    if "value" in fields and verdict.kind == "play" and verdict.holds:
        if fields.get("answer") != VERDICT_OF_ANSWER.get(str(printed.certificate["answer"])):
            clauses.append(f"answer: {short_repr(fields.get('answer'))} is printed")
        if answer.field("value").number() != double(game.discount):
            clauses.append(f"value: {short_repr(fields['value'])} is printed, the game has {double(game.discount)!r}")
        if len(printed.around) > 1 and printed.around[-2].get("checked") is True:
            clauses += _stretches(Entry(printed.around[-2]), fields)
    table = next((each["game"] for each in reversed(printed.around) if isinstance(each.get("game"), Mapping)), None)
    if table is not None and verdict.kind == "automaton":
        clauses += game_differences(Entry(table, "game"), game)
    return clauses


def _stretches(threshold: Entry, proof: Mapping[str, Any]) -> Iterator[str]:
    """Compare where proven answers begin and end with the values that are proven; once, beside the first proof."""
    proofs = threshold.optional("proofs", []).items()
    if not proofs or proofs[0].value is not proof:
        return
    proven = {(row.field("value").number(), row.field("answer").text()) for row in proofs}
    spans = [
        (row.field("answer").text().lower(), row.field("low").number(), row.field("high").number())
        for row in threshold.optional("stretches", []).items()
    ]
    ends = [(after[1], after[0]) for after in spans[1:]] + [(before[2], before[0]) for before in spans[:-1]]
    if any(answer != "undecided" and (end, answer) not in proven for end, answer in ends):
        yield "stretches: a proven answer ends where nothing is proven"
    if any(not any(answer == said and low <= value <= high for said, low, high in spans) for value, answer in proven):
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
