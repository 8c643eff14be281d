"""A printed answer against the certificate beside it: whatever the certificate can speak about.

A result prints doubles and its certificate proves ratios: they agree within 5e-9 of a player's payoff range, and the
rounding of payoffs that are large beside their range. What a certificate says nothing of is not compared: the method,
its options, iterations and times.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from negotiation.verify.checker import Verdict
from negotiation.verify.claims import Sets
from negotiation.verify.find import Found
from negotiation.verify.game import read_game
from negotiation.verify.printed_game import game_differences, stage_differences
from negotiation.verify.printed_sets import sets_differences
from negotiation.verify.reading import double, shown

CLAIMED = ("holds", "kind", "checked", "failure", "proven")
ANSWERS = {"yes": "proven_yes", "no": "proven_no"}


def differences(found: Found, verdict: Verdict, sets: Sets | None) -> list[str]:
    """Return in what the answer printed beside a certificate differs from what the certificate proves, a clause each.

    verdict, sets: what the checker said of it. Raises `InputError` where the printed answer cannot be read.
    """
    if not found.around:
        return []
    printed, game = found.around[-1], read_game(found.certificate["game"])
    clauses = list(_verdict(printed, verdict))
    if sets is not None and "inner" in printed and "outer" in printed:
        clauses += sets_differences(printed, sets, verdict.proven)
        clauses += stage_differences(printed, game)
    if "value" in printed and verdict.kind == "play" and verdict.holds:
        if printed.get("answer") != ANSWERS.get(str(found.certificate["answer"])):
            clauses.append(f"answer: {shown(printed.get('answer'))} is printed")
        if printed["value"] != double(game.discount):
            clauses.append(f"value: {shown(printed['value'])} is printed, the game has {double(game.discount)!r}")
    table = next((own["game"] for own in reversed(found.around) if isinstance(own.get("game"), Mapping)), None)
    if table is not None and verdict.kind == "automaton":
        clauses += game_differences(table, game)
    return clauses


def reported_failure(found: Found, verdict: Verdict) -> bool:
    """Whether a certificate that does not hold is printed as one that does not: then the report is true."""
    return not verdict.holds and bool(found.around) and found.around[-1].get("holds") is False


def _verdict(printed: Mapping[str, Any], verdict: Verdict) -> Iterator[str]:
    """Compare a verdict that is printed with the one the checker comes to."""
    if "holds" not in printed:
        return
    for key in CLAIMED:
        known = getattr(verdict, key)
        if key in printed and (printed[key] != known or type(printed[key]) is not type(known)):
            yield f"{key}: {shown(printed[key])} is printed, the check gives {shown(known)}"
