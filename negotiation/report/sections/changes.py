"""What was changed, before and after; and what every call changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.headline import Headline, HeadlineRow
from negotiation.report.document import Block, Cell, CellValue, Note, Paragraph, Section, Table, literal
from negotiation.report.tables import numbers, table
from negotiation.report.words import call_label, number, percent
from negotiation.trade.parameters.changes import AppliedChange
from negotiation.trade.parameters.parameter import number_text


def changed_section(analysis: Analysis) -> Section | None:
    """Return the table of every headline number before and after the changes; None without changes."""
    if analysis.before is None:
        return None
    columns = ("parameter", "before", "after", "unit", "notice")
    rows = _applied(analysis.scenario.changes)
    return Section(
        "changes",
        "What the changes do",
        (
            table("Changes to the scenario file", "changes-applied", columns, rows),
            _before_after(analysis.before, analysis.headline),
        ),
        "Every headline number without the changes and with them.",
    )


def _applied(changes: Iterable[AppliedChange]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for change in changes:
        ends = (number_text(change.before), number_text(change.after))
        rows.append((f"`{change.path}`", *ends, literal(change.unit), literal(change.notice)))
    return rows or [("nothing", "", "", "", "")]


def _before_after(before: Headline, after: Headline) -> Table:
    """Return a table of headline numbers of two runs of the same outcomes, changed ones in bold."""
    columns = ("outcome", "number", "before", "after", *numbers(3, "change", signed=True))
    new = {row.outcome: row for row in after.rows}
    rows = [line for old in before.rows if old.outcome in new for line in _lines(old, new[old.outcome])]
    return table("Headline numbers before → after", "before-after", columns, rows)


def _lines(old: HeadlineRow, new: HeadlineRow) -> Iterator[tuple[CellValue, ...]]:
    for (name, first), second in zip(_fields(old).items(), _fields(new).values(), strict=True):
        shown = [_shown(value, name) for value in (first, second)]
        change = second - first if isinstance(first, float) and isinstance(second, float) else None
        yield literal(new.label), name, shown[0], Cell(shown[1], bold=shown[0] != shown[1]), change


def _fields(row: HeadlineRow) -> dict[str, float | str | None]:
    return {
        "holds": "yes" if row.holds else "no",
        "least δ": row.least_discount,
        "δ": row.discount,
        "regime": f"{row.regime}, {row.terms}",
        "value to the first player": row.values[0],
        "value to the second player": row.values[1],
        "joint value": row.joint,
        "months punished": row.punished_share,
    }


def _shown(value: float | str | None, name: str) -> str:
    if isinstance(value, str):
        return literal(value)
    return percent(value, 1) if name == "months punished" and value is not None else number(value)


def calls_section(analysis: Analysis) -> Section:
    """Return what each call changes, which regime it selects, how likely it is, and why."""
    outcomes = [row.outcome for row in analysis.comparison.calls]
    earlier = len(analysis.scenario.changes)
    changes = [
        (call_label(outcome), *cells)
        for outcome in outcomes
        for cells in _applied(outcome.game.scenario.changes[earlier:])
    ]
    reasons = [
        (
            call_label(outcome),
            Cell(outcome.call.probability, judgement=True, title=outcome.call.basis),
            literal(outcome.selected.label),
            literal(outcome.call.rationale),
            literal("; ".join(outcome.call.literature)),
        )
        for outcome in outcomes
    ]
    bases = sorted({literal(outcome.call.basis) for outcome in outcomes})
    head = ("outcome", "what changes", "before", "after", "unit", "notice")
    columns = ("outcome", *numbers(2, "probability"), "then selects", "why", "literature")
    blocks: tuple[Block, ...] = (
        table("What each call outcome changes", "call-changes", head, changes),
        table("Why, and how likely", "call-reasons", columns, reasons, *bases),
        Paragraph(
            "A call outcome is assumed, not predicted: what it changes, and which regime the two then agree on, are inputs. "
            "The tables below keep the two apart by showing every outcome under every regime."
        ),
    )
    if len(outcomes) < len(analysis.scenario.calls):
        blocks = (Note("Only the outcomes that were asked for are shown."), *blocks)
    return Section("calls", "What each call changes", blocks)
