"""What was changed, before and after; and what every call changes."""

from __future__ import annotations

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.headline import Headline, HeadlineRow
from negotiation.report.document import Block, Cell, CellValue, Column, Note, Paragraph, Section, Table, literal
from negotiation.report.words import number, percent
from negotiation.trade.parameters.parameter import number_text


def changed_section(analysis: Analysis) -> Section | None:
    """Return the table of every headline number before and after the changes; None without changes."""
    if analysis.before is None:
        return None
    scenario = analysis.scenario
    applied = Table(
        (
            Column("parameter"),
            Column("before", kind="text"),
            Column("after", kind="text"),
            Column("unit"),
            Column("notice"),
        ),
        tuple(
            (
                f"`{item.path}`",
                number_text(item.before),
                number_text(item.after),
                literal(item.unit),
                literal(item.notice),
            )
            for item in scenario.changes
        ),
        caption="Changes to the scenario file",
        key="changes-applied",
    )
    return Section(
        "changes",
        "What the changes do",
        (applied, before_after(analysis.before, analysis.headline, "Headline numbers before → after")),
        "Every headline number without the changes and with them.",
    )


def before_after(before: Headline, after: Headline, caption: str) -> Table:
    """Return a table of headline numbers of two runs of the same outcomes, changed ones in bold."""
    columns = (
        Column("outcome"),
        Column("number"),
        Column("before", kind="text"),
        Column("after", kind="text"),
        Column("change", kind="number", digits=3, signed=True),
    )
    rows: list[tuple[CellValue, ...]] = []
    for old in before.rows:
        new = next((row for row in after.rows if row.outcome == old.outcome), None)
        if new is not None:
            rows += [_line(old, new, name) for name in FIELDS]
    return Table(columns, tuple(rows), caption=caption, key="before-after")


FIELDS = (
    "holds",
    "least δ",
    "δ",
    "regime",
    "value to the first player",
    "value to the second player",
    "joint value",
    "months punished",
)


def _line(old: HeadlineRow, new: HeadlineRow, name: str) -> tuple[CellValue, ...]:
    first, second = _field(old, name), _field(new, name)
    difference: CellValue = None
    if isinstance(first, float) and isinstance(second, float):
        difference = second - first
    shown = [_shown(value, name) for value in (first, second)]
    changed = shown[0] != shown[1]
    return literal(new.label), name, shown[0], Cell(shown[1], bold=changed), difference


def _field(row: HeadlineRow, name: str) -> float | str | None:
    fields: dict[str, float | str | None] = {
        "holds": "yes" if row.holds else "no",
        "least δ": row.least_discount,
        "δ": row.discount,
        "regime": f"{row.regime}, {row.terms}",
        "value to the first player": row.values[0],
        "value to the second player": row.values[1],
        "joint value": row.joint,
        "months punished": row.punished_share,
    }
    return fields[name]


def _shown(value: float | str | None, name: str) -> str:
    if isinstance(value, str):
        return literal(value)
    return percent(value, 1) if name == "months punished" and value is not None else number(value)


def calls_section(analysis: Analysis) -> Section:
    """Return what each call changes, which regime it selects, how likely it is, and why."""
    comparison = analysis.comparison
    rows: list[tuple[CellValue, ...]] = []
    for row in comparison.calls:
        call, after = row.outcome.call, row.outcome.game.scenario
        applied = after.changes[len(analysis.scenario.changes) :]
        rows += [
            (
                literal(call.label),
                f"`{item.path}`",
                number_text(item.before),
                number_text(item.after),
                literal(item.unit),
                literal(item.notice),
            )
            for item in applied
        ]
        if not applied:
            rows.append((literal(call.label), "nothing", "", "", "", ""))
    changes = Table(
        (
            Column("outcome"),
            Column("what changes"),
            Column("before", kind="text"),
            Column("after", kind="text"),
            Column("unit"),
            Column("notice"),
        ),
        tuple(rows),
        caption="What each call outcome changes",
        key="call-changes",
    )
    why = Table(
        (
            Column("outcome"),
            Column("probability", kind="number", digits=2),
            Column("then selects"),
            Column("why"),
            Column("literature"),
        ),
        tuple(
            (
                literal(row.outcome.call.label),
                Cell(row.outcome.call.probability, judgement=True, title=row.outcome.call.basis),
                literal(row.outcome.selected.label),
                literal(row.outcome.call.rationale),
                literal("; ".join(row.outcome.call.literature)),
            )
            for row in comparison.calls
        ),
        caption="Why, and how likely",
        key="call-reasons",
        notes=tuple(sorted({literal(row.outcome.call.basis) for row in comparison.calls})),
    )
    blocks: tuple[Block, ...] = (changes, why)
    if len(comparison.calls) < len(analysis.scenario.calls):
        blocks = (Note("Only the outcomes that were asked for are shown."), *blocks)
    closing = Paragraph(
        "A call outcome is assumed, not predicted: what it changes, and which regime the two then agree on, are inputs. "
        "The tables below keep the two apart by showing every outcome under every regime."
    )
    return Section("calls", "What each call changes", (*blocks, closing))
