"""How far from a different answer: break-evens, and the window in which there is a dilemma at all."""

from __future__ import annotations

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.break_even import BreakEven
from negotiation.report.document import Block, Cell, CellValue, Column, Details, Paragraph, Section, Table, literal
from negotiation.report.figures.breakeven import break_even_distances
from negotiation.report.words import enumeration, number, significant


def distances_section(analysis: Analysis) -> Section:
    """Return break-evens and the dilemma windows."""
    blocks: list[Block] = [
        break_even_distances(analysis),
        break_even_table(analysis, analysis.break_evens, "Where the answer flips, threshold trigger", "break-evens"),
    ]
    if analysis.best_set_break_evens:
        best = break_even_table(
            analysis,
            analysis.best_set_break_evens,
            "Where the answer flips, best set of signals; every share deterred while the deal stands",
            "break-evens-best",
        )
        blocks.append(Details("With the trigger set chosen anew at every value", (best,)))
    blocks += [
        Paragraph(
            "**Where it is a dilemma at all.** Both sides must be tempted to leave the deal, both must prefer it to war, "
            "and war must be a stage equilibrium. Outside these windows the question does not arise."
        ),
        _window_table(analysis),
    ]
    return Section(
        "distances",
        "How far from a different answer",
        tuple(blocks),
        "The claim is that the deal enforces itself after a call outcome, under its selected regime (any simple regime "
        "where stage Nash is selected), length or payment chosen anew at every value.",
    )


def break_even_table(analysis: Analysis, items: tuple[BreakEven, ...], caption: str, key: str) -> Table:
    """Return parameters by outcomes: every value at which the claim flips inside the searched interval."""
    names = [row.name for row in analysis.comparison.calls]
    labels = {row.name: literal(row.outcome.call.label) for row in analysis.comparison.calls}
    paths = list(dict.fromkeys(item.path for item in items))
    rows: list[tuple[CellValue, ...]] = []
    for path in paths:
        parameter = analysis.scenario.parameter(path)
        found = {item.outcome: item for item in items if item.path == path}
        first = found[names[0]]
        rows.append(
            (
                f"`{path}`",
                Cell(analysis.scenario.value(path), judgement=parameter.is_judgement, digits=3),
                literal(parameter.unit),
                *(_flips(found[name]) for name in names),
                f"{significant(first.searched[0])} to {significant(first.searched[1])}",
            )
        )
    columns = (
        Column("parameter"),
        Column("now", kind="number"),
        Column("unit"),
        *(Column(labels[name]) for name in names),
        Column("searched"),
    )
    note = "“holds above 21” means that the claim turns true there; several boundaries are listed in order."
    return Table(columns, tuple(rows), caption, key=key, notes=(note,))


def _flips(item: BreakEven) -> str:
    low, high = item.searched
    inner = [(value, holds) for value, holds in item.boundaries if low < value < high]
    if not inner:
        return "no flip: holds" if item.holds_now else "no flip: fails"
    return enumeration([f"holds {'above' if holds else 'below'} {significant(value)}" for value, holds in inner])


def _window_table(analysis: Analysis) -> Table:
    rows: list[tuple[CellValue, ...]] = []
    for window in analysis.windows:
        low, high = window.searched
        inner = [(value, holds) for value, holds in window.boundaries if low < value < high]
        words = enumeration([f"{'from' if holds else 'up to'} {significant(value)}" for value, holds in inner])
        rows.append(
            (
                f"`{window.path}`",
                analysis.scenario.value(window.path),
                window.inside,
                words or "everywhere searched" if window.inside or words else "nowhere searched",
                literal(window.fails_below),
                literal(window.fails_above),
            )
        )
    columns = (
        Column("parameter"),
        Column("now", kind="number", digits=3),
        Column("a dilemma now", kind="mark"),
        Column("a dilemma"),
        Column("below it"),
        Column("above it"),
    )
    judged = number(len(analysis.windows), 0)
    return Table(columns, tuple(rows), f"The window of a dilemma, {judged} parameters", key="dilemma-windows")
