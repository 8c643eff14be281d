"""How sure the verdicts are: their share of the uncertain world, what would settle it, and other structures."""

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.structural_variants import VariantVerdict
from negotiation.calls.outcomes.uncertain_world import Split, UncertainWorld
from negotiation.report.document import Section, Table, literal
from negotiation.report.tables import table
from negotiation.report.words import call_label, count_text, enumeration, number, percent


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


def structure_section(analysis: Analysis) -> Section | None:
    """Return the verdicts under other structures of the model; None where none was computed."""
    if not analysis.variants:
        return None
    outcomes = analysis.comparison.outcomes
    rows = [(literal(variant.title), *map(_variant_cell, variant.verdicts)) for variant in analysis.variants]
    note = (
        "Each row changes the structure of the model and nothing else; length or payment is chosen anew. Studies of what "
        "withholding costs differ by a factor of hundreds (docs/model.md). “Follows”: leverage moves with "
        "the damage; “stays”: it is that of the first row. A register says of each month whether there was a delay, and a clause "
        "that reads it answers only months that are low without one. In brackets the joint value a month. What follows the "
        "truce changes values and no verdict."
    )
    columns = ("structure", *(call_label(outcome) for outcome in outcomes))
    return Section(
        "structure",
        "Does it hold under another structure?",
        (table("Verdicts under other structures", "structure-table", columns, rows, note),),
        _structure_sentence(analysis),
    )


def _structure_sentence(analysis: Analysis) -> str:
    first, count = analysis.comparison.outcomes[0], len(analysis.variants)
    holding = sum(variant.verdicts[0].holds for variant in analysis.variants)
    rows = count_text(count, "structure")
    return f"After {call_label(first)} it holds under {holding} of {rows} of the model."


def _variant_cell(verdict: VariantVerdict) -> str:
    if not verdict.holds:
        return f"✗ no ({number(verdict.joint, 2)})"
    terms = f"b = {number(verdict.payment, 2)}" if verdict.length == 0 else f"T = {verdict.length:g}"
    if verdict.length == float("inf"):
        terms = "for ever"
    return f"✓ {terms} ({number(verdict.joint, 2)})"


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
    text = f"**In the uncertain world** (judged numbers over their ranges) the deal holds in {enumeration(shares)}."
    return (f"{text} {_structure_sentence(analysis)}" if analysis.variants else text,)


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
