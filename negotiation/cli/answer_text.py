"""The answer of a run on one screen, or as one JSON object; and claims that a caller required."""

from __future__ import annotations

import json
from collections.abc import Sequence

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.headline import HeadlineRow
from negotiation.cli.messages import next_command, printable
from negotiation.cli.next_question import after_run
from negotiation.errors import InputError, nearest
from negotiation.report.job import Done
from negotiation.trade.cautions import remarks
from negotiation.trade.outcome import REGIMES
from negotiation.trade.scenario import Scenario


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
    mark = "✓" if row.holds else "✗"
    least = (
        "no δ is enough" if row.least_discount is None else f"least δ {row.least_discount:.2f}, here {row.discount:.2f}"
    )
    verb = "holds" if row.holds else "does not hold"
    return f"  {mark} {row.label}: {verb} by {row.regime}, {row.terms} ({least}); joint value {row.joint:+.3f}"


def json_answer(done: Done, broken: Sequence[str]) -> str:
    """Return the answer as one JSON object."""
    rows = {
        row.outcome: {
            "holds": row.holds,
            "regime": row.regime,
            "terms": row.terms,
            "discount": row.discount,
            "least_discount": row.least_discount,
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
