"""The patience chart: the least discount factor of every regime after every outcome, against the one at hand.

A lane for each regime, a shape for each regime; filled marks are the threshold trigger (and users' own automata),
hollow ones the best trigger set. The line to the right of a mark covers the discount factors at which the regime holds.
"""

from itertools import chain

from negotiation.calls.enforcement import spans_of
from negotiation.calls.outcomes.comparison import Comparison
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.report.document import Cell, CellValue, Column, Figure, Table, literal
from negotiation.report.figures.axes import Axes, Canvas, lanes, legend, marker, next_to
from negotiation.report.render import svg
from negotiation.report.render.palette import ACCENT, INK, MUTED, WASH, series
from negotiation.report.words import enumeration, number
from negotiation.solve.regimes.analysis import BEST_SET, Regime
from negotiation.trade.parameters.labels import merge_bins

LANE, FRAME = 18.0, 78.0  # pixels of a lane, and of the key and the axis
GAP = 1.7  # lanes from the last regime of an outcome to the first of the next, its name between them
SAID = 0.6  # of the scale: what the words "at no discount factor" take at most
ROOM = 0.06  # of the range of discount factors, left of the least


def patience_chart(comparison: Comparison) -> Figure:
    """Return the least discount factors by outcome and regime, with the discount factor at hand as a line."""
    outcomes = [row.outcome for row in comparison.calls]
    regimes = [_by_key(outcome) for outcome in outcomes]

    def draw(canvas: Canvas) -> None:
        plot_patience(comparison, canvas.subplots())
        marks = [("least, threshold trigger", marker("o", INK)), ("best trigger set", marker("o", INK, hollow=True))]
        legend(canvas, [*marks, ("at hand", {"color": ACCENT, "linewidth": 2.2})], 3)

    return svg.figure(
        "patience",
        draw,
        alt=_alt(outcomes, regimes),
        caption=_caption(outcomes),
        data=_table(outcomes, regimes),
        height=LANE * sum(len(group) + GAP for group in regimes) + FRAME,
    )


def _by_key(outcome: Outcome) -> dict[str, list[Regime]]:
    """Return the regimes by key, the one under the threshold trigger first; stage Nash holds nothing."""
    groups: dict[str, list[Regime]] = {}
    for regime in outcome.regimes:
        if regime.key != "stage_nash":
            groups.setdefault(regime.key, []).append(regime)
    return groups


def plot_patience(comparison: Comparison, axes: Axes) -> None:
    """Draw on axes the least discount factor of every regime after every outcome, a lane each."""
    outcomes = [row.outcome for row in comparison.calls]
    regimes = [_by_key(outcome) for outcome in outcomes]
    least = [r.least_discount for group in regimes for variants in group.values() for r in variants]
    low = min([d for d in least if d is not None] + [outcome.game.pact.discount for outcome in outcomes])
    low = max(0.0, low - ROOM * (1 - low))
    axes.set_xlim(low, 1.0)
    axes.set_xlabel("discount factor: more patient →")
    keys = list(dict.fromkeys(key for group in regimes for key in group))
    names, places, top = [], [], 1.0
    for outcome, group in zip(outcomes, regimes, strict=True):
        _outcome(axes, outcome, group, keys, top)
        names += [outcome.call.label, *(variants[0].label for variants in group.values())]
        places += [top - 1 + index for index in range(len(group) + 1)]
        top += len(group) + GAP
    lanes(axes, names, places, 150)
    chosen = [key in ("", o.call.regime) for o, group in zip(outcomes, regimes, strict=True) for key in ("", *group)]
    for tick, bold in zip(axes.get_yticklabels(), chosen, strict=True):
        tick.set(fontweight="bold" if bold else "normal", color=INK if bold else MUTED)


def _outcome(axes: Axes, outcome: Outcome, group: dict[str, list[Regime]], keys: list[str], top: float) -> None:
    """Draw the regimes after one outcome, the first at `top`: shaded up to the patience at hand, which is a line."""
    low, here = axes.get_xlim()[0], outcome.game.pact.discount
    bottom = top + len(group) - 0.5
    axes.text(here, top - 0.95, number(here, 2), ha="center", va="center", color=ACCENT, fontweight="bold")
    axes.fill_between([low, here], top - 0.5, bottom, color=WASH, linewidth=0)
    axes.plot([here, here], [top - 0.6, bottom], color=ACCENT, linewidth=2.2)
    for index, (key, variants) in enumerate(group.items()):
        for regime in reversed(variants):
            _lane(axes, top + index, regime, keys.index(key), here)


def _lane(axes: Axes, y: float, regime: Regime, index: int, here: float) -> None:
    look, hollow, low = series(index), regime.trigger_rule == BEST_SET, axes.get_xlim()[0]
    if regime.least_discount is not None:
        for start, end in spans_of(regime.crossings):
            axes.plot([start, end], [y, y], color=look.colour, linewidth=1.0, alpha=0.5)
        shape = marker(look.marker, look.colour, 9 if hollow else 8, hollow)
        axes.plot(regime.least_discount, y, clip_on=False, zorder=3, **shape)
    elif not hollow:
        start = low if here - low > SAID * (1 - low) else here
        next_to(axes, start, y, "at no discount factor", 6, color=MUTED, fontstyle="italic")


def _alt(outcomes: list[Outcome], by_key: list[dict[str, list[Regime]]]) -> str:
    parts = []
    for outcome, group in zip(outcomes, by_key, strict=True):
        firsts = [(regimes[0].label, regimes[0].least_discount) for regimes in group.values()]
        least = [f"{label} {'at none' if value is None else number(value, 2)}" for label, value in firsts]
        parts.append(f"{outcome.call.label} (at hand {number(outcome.game.pact.discount, 2)}): {enumeration(least)}")
    return "Least discount factor by call outcome and regime, threshold trigger. " + "; ".join(parts) + "."


def _caption(outcomes: list[Outcome]) -> str:
    text = (
        "A mark is the least discount factor at which a regime holds, its length or payment chosen anew; a thin line "
        "runs over those at which it holds. It holds where that line meets the upright one, the patience at hand. "
        "Bold: the regime selected after that outcome."
    )
    if any(outcome.game.pact.every_share for outcome in outcomes):
        text += " Every trigger must deter every share that could be withheld."
    elif any(outcome.game.pact.fine is not None for outcome in outcomes):
        text += (
            " The best trigger set must deter every withheld share while the deal stands, the threshold the listed "
            "actions only, so a hollow mark can lie to the right of its filled one. Neither asks about shares in war."
        )
    return text


def _table(outcomes: list[Outcome], by_key: list[dict[str, list[Regime]]]) -> Table:
    columns = (
        Column("outcome"),
        Column("regime"),
        Column("trigger"),
        Column("least discount factor", kind="number", digits=3),
        Column("at hand", kind="number", digits=3),
        Column("holds", kind="mark"),
        Column("selected", kind="mark"),
    )
    rows: list[tuple[CellValue, ...]] = [
        (
            literal(outcome.call.label),
            literal(regime.label),
            f"{regime.trigger_rule}: {literal(enumeration(merge_bins(regime.trigger)) or 'never')}",
            regime.least_discount,
            outcome.game.pact.discount,
            Cell(regime.holds, tone="good" if regime.holds else "bad"),
            regime is outcome.selected,
        )
        for outcome, group in zip(outcomes, by_key, strict=True)
        for regime in chain.from_iterable(group.values())
    ]
    return Table(columns, tuple(rows), "Least discount factor by call outcome and regime")
