"""The patience chart: the least discount factor of every regime after every outcome, against the one at hand.

A lane for each regime, a shape for each regime; filled marks are the threshold trigger (and users' own automata),
hollow ones the best trigger set. The line to the right of a mark covers the discount factors at which the regime holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from negotiation.calls.enforcement import spans_of
from negotiation.calls.outcomes.comparison import Comparison
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.report.document import Cell, CellValue, Column, Figure, Table, literal
from negotiation.report.figures.board import Board, sheet
from negotiation.report.figures.frame import Frame, Framed, OpenFrame, padded, ticks
from negotiation.report.figures.typeset import shortened, width
from negotiation.report.render.palette import ACCENT, INK, MUTED, RULE, WASH, series
from negotiation.report.words import enumeration, number
from negotiation.solve.regimes.analysis import BEST_SET, Regime
from negotiation.trade.parameters.labels import merge_bins

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEAD, LANE, GAP, TOP, FOOT = 26.0, 18.0, 12.0, 38.0, 50.0
LEFT = 182.0
SAID = 0.6  # of the scale: what the words "at no discount factor" take at most


def patience_chart(comparison: Comparison) -> Figure:
    """Return the least discount factors by outcome and regime, with the discount factor at hand as a line."""
    outcomes = [row.outcome for row in comparison.calls]
    lanes = [_lanes(outcome) for outcome in outcomes]
    keys = list(dict.fromkeys(key for group in lanes for key in group))
    height = TOP + _tall(lanes) + FOOT

    def paint(board: Board) -> None:
        _legend(board)
        ends = (_lowest(outcomes, lanes), 1.0)
        tall = _tall(lanes)
        frame = Frame(board, LEFT, TOP, board.width - LEFT - 16, tall, ends, (TOP + tall, TOP))
        frame.x_axis(ticks(*ends, 6), "discount factor: more patient →")
        tops = [TOP + _tall(lanes[:index]) for index in range(len(lanes))]
        for top, outcome, group in zip(tops, outcomes, lanes, strict=True):
            _words(board, frame, top, outcome, group)
        for top, outcome, group in zip(tops, outcomes, lanes, strict=True):
            _group(frame, top, outcome, group, keys)

    return sheet(
        "patience",
        paint,
        alt=_alt(outcomes, lanes),
        caption=_caption(outcomes),
        data=_table(outcomes, lanes),
        height=height,
    )


def _lanes(outcome: Outcome) -> dict[str, list[Regime]]:
    """Return the regimes by key, the one under the threshold trigger first; stage Nash holds nothing."""
    found: dict[str, list[Regime]] = {}
    for regime in outcome.regimes:
        if regime.key != "stage_nash":
            found.setdefault(regime.key, []).append(regime)
    return found


def _lowest(outcomes: list[Outcome], lanes: list[dict[str, list[Regime]]]) -> float:
    """Return the least discount factor that is shown."""
    known = [outcome.game.pact.discount for outcome in outcomes]
    for group in lanes:
        known += [r.least_discount for regimes in group.values() for r in regimes if r.least_discount is not None]
    return max(0.0, padded([*known, 1.0], 0.05)[0])


def _tall(lanes: list[dict[str, list[Regime]]]) -> float:
    return sum(HEAD + LANE * len(group) + GAP for group in lanes)


def plot_patience(comparison: Comparison, axes: Axes) -> None:
    """Draw on axes the least discount factor of every regime after every outcome, a lane each."""
    outcomes = [row.outcome for row in comparison.calls]
    lanes = [_lanes(outcome) for outcome in outcomes]
    keys = list(dict.fromkeys(key for group in lanes for key in group))
    frame = OpenFrame(axes, (_lowest(outcomes, lanes), 1.0), (TOP + _tall(lanes), TOP))
    top, marks, names = TOP, [], []
    for outcome, group in zip(outcomes, lanes, strict=True):
        _group(frame, top, outcome, group, keys)
        frame.plane.text(frame.xs[0], top + HEAD / 2, outcome.call.label, bold=True)
        marks += [_place(top, index) for index in range(len(group))]
        names += [regimes[0].label for regimes in group.values()]
        top += HEAD + LANE * len(group) + GAP
    frame.x_axis(ticks(*frame.xs, 6), "discount factor: more patient →")
    frame.y_axis(marks, grid=False, names=names)
    axes.tick_params(axis="y", length=0)


def _place(top: float, index: int) -> float:
    """Return the height of lane `index` of the group that starts at `top`."""
    return top + HEAD + LANE * (index + 0.5)


def _legend(board: Board) -> None:
    x = 0.0
    for kind, words in (("fill", "least, threshold trigger"), ("hollow", "best trigger set"), ("line", "at hand")):
        if kind == "line":
            board.line([(x + 7, 5), (x + 7, 21)], ACCENT, 2.2)
        else:
            board.mark(x + 7, 13, "o", INK, 8, hollow=kind == "hollow")
        board.text(x + 17, 13, words, size=12)
        x += 34 + width(words, 12)


def _words(board: Board, frame: Frame, top: float, outcome: Outcome, group: dict[str, list[Regime]]) -> None:
    """Write the outcome, the patience at hand and the names of the regimes."""
    here = frame.x(outcome.game.pact.discount)
    board.line([(0, top), (board.width, top)], RULE, 0.8)
    board.text(0, top + 14, shortened(outcome.call.label, here - 40, 13, True), size=13, bold=True)
    words = number(outcome.game.pact.discount, 2)
    board.text(here, top + 13, words, size=12, colour=ACCENT, align="center", bold=True)
    for index, (key, regimes) in enumerate(group.items()):
        chosen = key == outcome.call.regime
        name = shortened(regimes[0].label, LEFT - 26, 12, chosen)
        tone = INK if chosen else MUTED
        board.text(LEFT - 12, _place(top, index), name, size=12, align="right", bold=chosen, colour=tone)


def _group(frame: Framed, top: float, outcome: Outcome, group: dict[str, list[Regime]], keys: list[str]) -> None:
    """Draw the regimes after one outcome, below `top`: shaded up to the patience at hand, which is a line."""
    plane, low, here = frame.plane, frame.xs[0], outcome.game.pact.discount
    first, bottom = top + HEAD, top + HEAD + LANE * len(group)
    plane.area([(low, first - 2), (here, first - 2), (here, bottom), (low, bottom)], WASH)
    plane.line([(here, first - 4), (here, bottom)], ACCENT, 2.2)
    for index, (key, regimes) in enumerate(group.items()):
        for regime in reversed(regimes):
            _lane(frame, _place(top, index), regime, keys.index(key), here)


def _lane(frame: Framed, y: float, regime: Regime, index: int, here: float) -> None:
    look, hollow = series(index), regime.trigger_rule == BEST_SET
    if regime.least_discount is None:
        if not hollow:
            clear = here - frame.xs[0] > SAID * (1 - frame.xs[0])
            spot = frame.xs[0] if clear else here
            frame.plane.text(spot, y, "at no discount factor", size=12, colour=MUTED, italic=True, right=6)
        return
    for start, end in spans_of(regime.crossings):
        frame.plane.line([(start, y), (end, y)], look.colour, 1.0, "-", 0.5)
    frame.plane.mark(regime.least_discount, y, look.marker, look.colour, 9 if hollow else 8, hollow)


def _alt(outcomes: list[Outcome], lanes: list[dict[str, list[Regime]]]) -> str:
    parts = []
    for outcome, group in zip(outcomes, lanes, strict=True):
        least = [f"{regimes[0].label} {_least(regimes[0])}" for regimes in group.values()]
        parts.append(f"{outcome.call.label} (at hand {number(outcome.game.pact.discount, 2)}): {enumeration(least)}")
    return "Least discount factor by call outcome and regime, threshold trigger. " + "; ".join(parts) + "."


def _least(regime: Regime) -> str:
    return "at none" if regime.least_discount is None else number(regime.least_discount, 2)


def _caption(outcomes: list[Outcome]) -> str:
    text = (
        "A mark is the least discount factor at which a regime holds, its length or payment chosen anew; a thin line "
        "runs over those at which it holds. It holds where that line meets the upright one, the patience at hand. "
        "Bold: the regime selected after that outcome."
    )
    if any(outcome.game.pact.fine is not None for outcome in outcomes):
        text += (
            " The best trigger set must deter every withheld share while the deal stands, the threshold the listed "
            "actions only, so a hollow mark can lie to the right of its filled one. Neither asks about shares in war."
        )
    return text


def _table(outcomes: list[Outcome], lanes: list[dict[str, list[Regime]]]) -> Table:
    columns = (
        Column("outcome"),
        Column("regime"),
        Column("trigger"),
        Column("least discount factor", kind="number", digits=3),
        Column("at hand", kind="number", digits=3),
        Column("holds", kind="mark"),
        Column("selected", kind="mark"),
    )
    rows = tuple(
        _table_row(outcome, regime)
        for outcome, group in zip(outcomes, lanes, strict=True)
        for regimes in group.values()
        for regime in regimes
    )
    return Table(columns, rows, "Least discount factor by call outcome and regime")


def _table_row(outcome: Outcome, regime: Regime) -> tuple[CellValue, ...]:
    return (
        literal(outcome.call.label),
        literal(regime.label),
        f"{regime.trigger_rule}: {literal(enumeration(merge_bins(regime.trigger)) or 'never')}",
        regime.least_discount,
        outcome.game.pact.discount,
        Cell(regime.holds, tone="good" if regime.holds else "bad"),
        regime is outcome.selected,
    )
