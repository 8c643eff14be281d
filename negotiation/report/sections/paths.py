"""Paths and ripples: the selected regime month by month, and what it means for those who only watch."""

from __future__ import annotations

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.comparison import Comparison
from negotiation.report.document import (
    Block,
    CellValue,
    Column,
    Details,
    Note,
    Paragraph,
    Section,
    Table,
    literal,
    slug,
)
from negotiation.report.figures.fans import fan_charts
from negotiation.report.figures.ripples import ripples
from negotiation.report.words import count_text, profile_label, title


def paths_section(analysis: Analysis) -> Section:
    """Return fan charts of every outcome."""
    options = analysis.options
    blocks: list[Block] = []
    for row, fans in zip(analysis.comparison.calls, analysis.fans, strict=True):
        picture = fan_charts(f"fan-{slug(row.name)}", row.outcome, fans)
        first = not blocks
        label = literal(row.outcome.call.label)
        blocks.append(picture if first else Details(f"After {label}", (picture,)))
    count = min(options.paths, 500) if options.quick else options.paths
    blocks.append(
        Paragraph(
            f"{count_text(count, 'simulated path')} of {count_text(options.months, 'month')} for each outcome (seed {options.seed}), both sides "
            "doing as the regime prescribes: every punishment seen here follows a genuine delay, not a breach."
        )
    )
    return Section("paths", "Paths", tuple(blocks), "What the next three years look like if everyone complies.")


def ripples_section(analysis: Analysis) -> Section:
    """Return economic values of all parties; one line saying so when there are no economics."""
    if not analysis.base.has_economics:
        text = "This scenario gives payoffs directly: sections that need the economics (ripples, parts of payoffs) are left out."
        return Section("third-parties", "Ripples", (Note(text),))
    watching = [title(name) for name in analysis.scenario.third_parties]
    return Section(
        "third-parties",
        f"Ripples: {literal(', '.join([*watching, 'and the real economy']))}"
        if watching
        else "Ripples: the real economy",
        (
            ripples(analysis.comparison),
            _path_table(analysis.comparison),
            Details("By profile", (_profile_table(analysis),)),
        ),
        "Economic values, not political ones: no weight on revenue, no security premium, no leverage.",
    )


def _path_table(comparison: Comparison) -> Table:
    first = comparison.calls[0].outcome.game
    unit = literal(comparison.scenario.unit)
    columns = [Column("outcome")]
    columns += [Column(literal(title(name)), unit, "number", 3, True, group="economy") for name in first.parties]
    columns += [
        Column(literal(title(name)), unit, "number", 3, True, group="money received")
        for name in comparison.scenario.players
    ]
    rows: list[tuple[CellValue, ...]] = [
        (literal(row.outcome.call.label), *map(float, row.outcome.real), *map(float, row.outcome.transfers))
        for row in comparison.calls
    ]
    note = "Long-run averages per month on the path of the selected regime; money is the side payment and compensation."
    return Table(
        tuple(columns), tuple(rows), "Economic value on the path of each outcome", key="real-values", notes=(note,)
    )


def _profile_table(analysis: Analysis) -> Table:
    game = analysis.base
    unit, stage = literal(analysis.scenario.unit), game.pact.stage
    columns = [Column("profile")]
    columns += [Column(literal(title(name)), unit, "number", 3, True, group="political") for name in stage.players]
    columns += [Column(literal(title(name)), unit, "number", 3, True, group="economic") for name in game.parties]
    rows: list[tuple[CellValue, ...]] = [
        (
            literal(profile_label(stage.name(profile))),
            *stage.payoff(profile),
            *(float(game.real[(i, *profile)]) for i in range(len(game.parties))),
        )
        for profile in stage.profiles()
    ]
    note = "Political values drive behaviour; economic ones are what the economies feel. Third parties have no move."
    return Table(tuple(columns), tuple(rows), "Values by profile", key="real-by-profile", notes=(note,))
