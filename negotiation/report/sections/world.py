"""In how much of the uncertain world the deal holds after each outcome, and which judged number would settle it."""

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.uncertain_world import Split, UncertainWorld
from negotiation.report.document import Section, Table
from negotiation.report.tables import table
from negotiation.report.words import call_label, count_text, enumeration, percent


def world_section(analysis: Analysis) -> Section | None:
    """Return the shares of the uncertain world; None where none was computed."""
    world = analysis.world
    if world is None:
        return None
    return Section(
        "world",
        "In how much of the uncertain world does it hold?",
        (_share_table(analysis, world),),
        f"{count_text(len(world.paths), 'judged number')} over their plausible ranges, at {world.points:,} points that "
        "weigh the same. A share of points is as good as the ranges, and no probability.",
    )


def world_sentence(analysis: Analysis) -> tuple[str, ...]:
    """Return the share of the uncertain world in which the deal holds, by outcome, as one sentence."""
    world = analysis.world
    if world is None:
        return ()
    shares = [
        f"{percent(share.holds)} after {call_label(outcome)}"
        for outcome in analysis.comparison.outcomes
        if (share := world.share_of(outcome.call.name)) is not None
    ]
    return (f"**In the uncertain world** (judged numbers over their ranges) the deal holds in {enumeration(shares)}.",)


def _share_table(analysis: Analysis, world: UncertainWorld) -> Table:
    labels = {outcome.call.name: call_label(outcome) for outcome in analysis.comparison.outcomes}
    rows = [
        (
            labels[share.outcome],
            percent(share.holds),
            percent(share.error, 1),
            percent(share.any_rule),
            _split_text(share.number),
            _split_text(share.pair),
        )
        for share in world.shares
    ]
    columns = ("outcome", "holds", "standard error", "some simple rule holds", "what would settle it", "best pair")
    return table(
        "Shares of the uncertain world",
        "world-table",
        columns,
        rows,
        "“holds” asks about the rule that the outcome selects. What would settle it: the number, and the two numbers, whose "
        "halves (below and above the middle of the range) differ most in how often the deal holds; the same points.",
    )


def _split_text(split: Split | None) -> str:
    """Return in which part of the points the deal holds by halves of one number or two."""
    if split is None:
        return ""
    if len(split.paths) == 1:
        low, high = (percent(share) for share in split.shares)
        return f"`{split.paths[0]}`: {low} below, {high} above"
    first, second = (f"`{path}`" for path in split.paths)
    (neither, right), (left, both) = ([percent(share) for share in row] for row in split.shares)
    return f"{first}, {second}: both low {neither}, first high {left}, second high {right}, both high {both}"
