"""The brief as a report: the finding as its title, three sentences, one table of outcomes, what would reverse it."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from negotiation.analysis.scenario_analysis import Analysis, AnalysisOptions, analyse
from negotiation.calls.agreement.requirements import Progress
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.report.brief.findings import (
    best_outcome,
    confidence,
    costs,
    finding,
    parties,
    price,
    reversals,
    settling,
    structures,
    verdicts,
    world_share,
    worth,
)
from negotiation.report.brief.statements import Statement, texts
from negotiation.report.brief.words import (
    VERDICT_FAILS,
    VERDICT_HOLDS,
    VERDICT_OPEN,
    VERDICT_OTHER,
    months_lost,
    response,
    short_money,
    verdict_of,
)
from negotiation.report.document import Bullets, Cell, Column, Report, Section, Table, Tone, literal
from negotiation.report.runs.results import results
from negotiation.report.runs.write import Published, publish
from negotiation.report.sections.answer import overtaken
from negotiation.report.words import call_label
from negotiation.trade.scenario.scenario import Scenario

BRIEF_JOB = "brief"
VERDICT_WORDS: dict[str, tuple[str, Tone]] = {
    VERDICT_HOLDS: ("✓ holds", "good"),
    VERDICT_OPEN: ("± toss-up", "warning"),
    VERDICT_OTHER: ("✗ not by this answer, another would hold it", "bad"),
    VERDICT_FAILS: ("✗ does not hold", "bad"),
}


def statements(analysis: Analysis) -> tuple[Statement, ...]:
    """Return every statement of the brief, in the order of the page."""
    single = (finding(analysis), verdicts(analysis), price(analysis), structures(analysis), best_outcome(analysis))
    last = (worth(analysis), settling(analysis), confidence(analysis))
    return tuple(each for each in (*single, *reversals(analysis), *last) if each is not None)


def brief_report(analysis: Analysis, digest: str, command: str) -> Report:
    """Return the brief of an analysis; `digest` names the run, `command` reproduces it."""
    scenario, turns = analysis.scenario, reversals(analysis)
    first = call_label(analysis.comparison.outcomes[0])
    nothing = (f"No single number within its plausible range reverses the verdict after {first}.",)
    asked = [each for each in (best_outcome(analysis), worth(analysis)) if each is not None]
    sure = [each for each in (confidence(analysis), settling(analysis), structures(analysis)) if each is not None]
    age = f"The numbers are as of {literal(scenario.as_of)}."
    return Report(
        title=scenario.title,
        question=_plain(finding(analysis).text),
        subtitle="A model, not a forecast. What each outcome of a call changes is assumed.",
        answer=(*texts((verdicts(analysis), price(analysis))), *overtaken(scenario)),
        sections=(
            Section("outcomes", "Does the deal hold, and what does it cost whom?", (_table(analysis),)),
            Section(
                "reverse", f"What would reverse it after {first}, nearest first", (Bullets(texts(turns) or nothing),)
            ),
            Section("ask", "What to ask for", (Bullets(texts(asked)),)),
            Section("sure", "How sure is this?", (Bullets((*texts(sure), age)),)),
        ),
        provenance=(("run digest", f"`{digest}`"), ("reproduce", f"`{command}`")),
    )


def run_brief(
    scenario: Scenario, jobs: int, out: Path | None = None, origin: str = "", progress: Progress | None = None
) -> tuple[Published, Analysis]:
    """Analyse a scenario without payoff sets and write its brief; origin: how the user named the scenario."""
    options = AnalysisOptions(quick=True, jobs=jobs)
    words = [word for applied in scenario.changes for word in ("--set", applied.change.text())]
    command = shlex.join(["negotiation", "brief", origin or scenario.name, *words])
    analyses: list[Analysis] = []

    def build(digest: str) -> tuple[Report, Mapping[str, Any]]:
        analyses.append(analyse(scenario, options, progress))
        return brief_report(analyses[0], digest, command), results(analyses[0])

    done = publish(BRIEF_JOB, scenario, {"quick": True}, build, out=out, command=command)
    return done, analyses[0]


def brief_text(analysis: Analysis) -> str:
    """Return the answer of the brief for the terminal: the finding, and a line for each outcome."""
    lines = [_plain(finding(analysis).text), ""]
    for row in analysis.comparison.outcomes:
        words, answer = VERDICT_WORDS[verdict_of(row, world_share(analysis, row))][0], response(row)
        lines.append(f"  {row.call.label}: {words}" + (f" ({answer})" if answer else ""))
    said = (verdicts(analysis), price(analysis), best_outcome(analysis))
    return "\n".join([*lines, "", *(_plain(each.text) for each in said if each is not None)])


def _plain(text: str) -> str:
    return text.replace("\\", "")


def _table(analysis: Analysis) -> Table:
    names = parties(analysis)
    columns = (
        Column("if the outcome is"),
        Column("does the deal hold, and what answers a bad month?"),
        Column("combinations in which it holds", "of 100"),
        *(Column(name, group="what it costs a month") for name in names),
        Column("months in dispute", "of 100"),
    )
    rows = tuple(_row(analysis, row) for row in analysis.comparison.outcomes)
    who = "Costs are those of each economy" if analysis.base.has_economics else "Costs are those of each player"
    note = (
        f"{who}, against a deal kept by all, while the deal lives; “+” is a gain. Where it fails, each side does "
        "what is best for it alone."
    )
    return Table(columns, rows, "Call outcomes", sortable=False, key="brief-outcomes", notes=(note,))


def _row(analysis: Analysis, row: Outcome) -> tuple[str | Cell, ...]:
    share = world_share(analysis, row)
    words, tone = VERDICT_WORDS[verdict_of(row, share)]
    unit = analysis.scenario.unit
    amounts = (f"{'+ ' if value > 0 else ''}{short_money(value, unit)}" for value in costs(row))
    sure = "n/a" if share is None else f"{100 * share.holds:.0f}"
    answer = response(row)
    verdict = f"{words}: {answer}" if answer else words
    return (call_label(row), Cell(verdict, tone=tone), sure, *amounts, months_lost(row))
