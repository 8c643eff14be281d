"""Paths and ripples: the selected regime month by month, and what it means for those who only watch."""

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.comparison import Comparison
from negotiation.calls.outcomes.decomposition import alive_after
from negotiation.report.document import Block, Details, Note, Paragraph, Section, Table, literal, slug
from negotiation.report.figures.fans import fan_charts
from negotiation.report.figures.ripples import ripples
from negotiation.report.tables import numbers, table
from negotiation.report.words import call_label, count_text, enumeration, percent, profile_label, title


def paths_section(analysis: Analysis) -> Section:
    """Return fan charts of every outcome."""
    options = analysis.options
    blocks: list[Block] = []
    for row, fans in zip(analysis.comparison.calls, analysis.fans, strict=True):
        picture = fan_charts(f"fan-{slug(row.name)}", row.outcome, fans)
        blocks.append(Details(f"After {call_label(row.outcome)}", (picture,)) if blocks else picture)
    count = min(options.paths, 500) if options.quick else options.paths
    paths = f"{count_text(count, 'simulated path')} of {count_text(options.months, 'month')}"
    text = (
        f"{paths} for each outcome (seed {options.seed}), both sides doing as the regime prescribes: "
        "every punishment seen here follows a genuine delay, not a breach."
    )
    if analysis.base.has_economics:
        text += f" They are of truces that last: {_alive_text(analysis)}."
    intro = f"What the next {count_text(options.months, 'month')} look like if everyone complies and the truce lasts."
    return Section("paths", "Paths", (*blocks, Paragraph(text)), intro)


def _alive_text(analysis: Analysis) -> str:
    """Return with which chance the truce lives to the middle and to the end of the paths, once for each expected life."""
    months = sorted({min(12, analysis.options.months), analysis.options.months})
    alike: dict[str, list[str]] = {}
    for row in analysis.comparison.calls:
        chances = [
            f"{percent(alive_after(row.outcome.game.scenario, month))} after {count_text(month, 'month')}"
            for month in months
        ]
        alike.setdefault(enumeration(chances), []).append(call_label(row.outcome))
    parts = (f"after {enumeration(names)} it is still alive with chance {words}" for words, names in alike.items())
    return "; ".join(parts)


def ripples_section(analysis: Analysis) -> Section:
    """Return economic values of all parties; one line saying so when there are no economics."""
    if not analysis.base.has_economics:
        text = "This scenario gives payoffs directly: sections that need the economics (ripples, parts of payoffs) are left out."
        return Section("third-parties", "Ripples", (Note(text),))
    watching = ", ".join(title(name) for name in analysis.scenario.third_parties)
    return Section(
        "third-parties",
        f"Ripples: {literal(watching)}, and the real economy" if watching else "Ripples: the real economy",
        (
            ripples(analysis.comparison),
            _path_table(analysis.comparison),
            Details("By profile", (_profile_table(analysis),)),
        ),
        "Economic values, not political ones: no weight on revenue, no security premium, no leverage.",
    )


def _path_table(comparison: Comparison) -> Table:
    scenario = comparison.scenario
    parties, sides = (
        [literal(title(name)) for name in names]
        for names in (comparison.calls[0].outcome.game.parties, scenario.players)
    )
    columns = (
        "outcome",
        *numbers(3, *parties, unit=scenario.unit, signed=True, group="economy"),
        *numbers(3, *sides, unit=scenario.unit, signed=True, group="money received"),
    )
    rows = [
        (call_label(row.outcome), *map(float, row.outcome.economic), *map(float, row.outcome.transfers))
        for row in comparison.calls
    ]
    note = (
        "A month on the path of the selected regime while the deal lives, all parties discounted alike; money is the side "
        "payment and compensation, a long-run average."
    )
    return table("Economic value on the path of each outcome", "real-values", columns, rows, note)


def _profile_table(analysis: Analysis) -> Table:
    game = analysis.base
    stage, unit = game.pact.stage, analysis.scenario.unit
    sides, parties = ([literal(title(name)) for name in names] for names in (stage.players, game.parties))
    columns = (
        "profile",
        *numbers(3, *sides, unit=unit, signed=True, group="political"),
        *numbers(3, *parties, unit=unit, signed=True, group="economic"),
    )
    rows = []
    for profile in stage.profiles():
        economic = (float(game.real[(i, *profile)]) for i in range(len(parties)))
        rows.append((literal(profile_label(stage.name(profile))), *stage.payoff(profile), *economic))
    note = "Political values drive behaviour; economic ones are what the economies feel. Third parties have no move."
    return table("Values by profile", "real-by-profile", columns, rows, note)
