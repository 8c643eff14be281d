"""The answer of a run on one screen, or as one JSON object; and claims that a caller required."""

from __future__ import annotations

import json
from collections.abc import Sequence

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.enforcement import Rule, apart
from negotiation.calls.headline import HeadlineRow
from negotiation.cli.messages import next_command, printable
from negotiation.cli.next_question import after_run
from negotiation.errors import InputError, nearest
from negotiation.report.job import Done
from negotiation.trade.cautions import remarks
from negotiation.trade.outcome import REGIMES
from negotiation.trade.scenario import Scenario

CLOSE = 5e-5


def answer_text(done: Done, broken: Sequence[str]) -> str:
    """Return the one-screen answer: what was run, a line for each outcome, where the report is, what to do next."""
    analysis = done.analysis
    scenario = analysis.scenario
    head = f"  {scenario.name}  {done.digest}  seed {analysis.options.seed}"
    lines = [head, *(f"  change   {change.sentence()}" for change in scenario.changes)]
    lines += [f"  notice   {text}" for text in remarks(scenario)]
    lines += ["", *(_line(row) for row in analysis.headline.rows), ""]
    lines += [f"  ✗ required, but does not hold: {claim}" for claim in broken]
    lines.append(f"  {done.seconds:.1f} s")
    lines.append(f"  report   {done.page}")
    return printable("\n".join(lines)) + "\n  " + next_command(*after_run(done))


def _line(row: HeadlineRow) -> str:
    joint = f"joint value {row.joint:+.3f}"
    if not row.holds:
        return f"  ✗ {row.label}: does not hold: {row.enforcement.why_not()}; {joint}"
    return f"  ✓ {row.label}: holds by {row.regime}, {row.terms} ({_room(row)}); {joint}"


def _room(row: HeadlineRow) -> str:
    """Return from which discount factor the terms hold as written, and, apart, the best terms at each one."""
    written, least, here = row.written_discount, row.least_discount, row.discount
    assert written is not None  # it holds
    from_when, now = apart(written, here)
    if least is None or abs(written - least) < CLOSE:
        return f"from δ {from_when}, here {now}"
    return f"these terms from δ {from_when}, the best terms from {apart(least, here)[0]}, here {now}"


def _rule(rule: Rule) -> dict[str, object]:
    return {"rule": rule.name, "least_discount": rule.least}


def json_answer(done: Done, broken: Sequence[str]) -> str:
    """Return the answer as one JSON object."""
    rows = {
        row.outcome: {
            "holds": row.holds,
            "regime": row.regime,
            "terms": row.terms,
            "discount": row.discount,
            "asked": None if row.enforcement.asked is None else row.enforcement.asked.name,
            "least_discount": row.least_discount,
            "least_discount_of": None if row.enforcement.measured is None else row.enforcement.measured.name,
            "least_discount_as_written": row.written_discount,
            "other_rules_that_hold": [_rule(rule) for rule in row.enforcement.others],
            "least_demanding": None if row.enforcement.least is None else _rule(row.enforcement.least),
            "values": list(row.values),
            "punished_share": row.punished_share,
        }
        for row in done.analysis.headline.rows
    }
    data = {
        "scenario": done.analysis.scenario.name,
        "digest": done.digest,
        "changes": [change.sentence() for change in done.analysis.scenario.changes],
        "notices": list(remarks(done.analysis.scenario)),
        "outcomes": rows,
        "required_but_false": list(broken),
        "report": str(done.page),
        "results": str(done.page.parent / "results.json"),
    }
    return json.dumps(data, indent=2, ensure_ascii=False)


def failed_claims(scenario: Scenario, claims: Sequence[str], analysis: Analysis | None = None) -> list[str]:
    """Return the claims that do not hold; without an analysis only check that they can be asked.

    A claim is OUTCOME (under its selected regime) or OUTCOME:REGIME. Raises `InputError` for unknown names.
    """
    broken = []
    for claim in claims:
        name, _, key = claim.partition(":")
        call = scenario.call(name)
        known = (*REGIMES, *(spec.name for spec in scenario.regimes))
        if key and key not in known:
            raise InputError.single("--require", claim, f"there is no regime '{key}'", nearest(key, known))
        if analysis is None:
            continue
        outcome = analysis.comparison.row(call.name).outcome
        holds = outcome.regime(key).holds if key else outcome.holds
        if not holds:
            broken.append(claim)
    return broken
