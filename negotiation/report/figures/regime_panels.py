"""Regimes in payoff space near the deal: a panel for each outcome, all on the same axes.

Shape and colour name the regime; a filled mark holds, a hollow one does not; a ring is the selected regime. Equilibrium
payoff sets, where given, lie underneath: the outer bound outlined, the inner bound filled.
"""

from collections.abc import Callable, Mapping

import numpy as np

from negotiation._values import Floats
from negotiation.calls.outcomes.comparison import Comparison
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.report.document import Cell, CellValue, Column, Figure, Table, literal
from negotiation.report.figures.axes import Axes, Canvas, legend, marker, panels, shorten
from negotiation.report.figures.payoffs import DEAL, WAR, draw_landmarks, draw_sets
from negotiation.report.render import svg
from negotiation.report.render.palette import ACCENT, INK, MUTED, SKY, Look, series
from negotiation.report.words import enumeration, number, title
from negotiation.solve.geometry.pareto_frontier import efficient_frontier
from negotiation.solve.regimes.analysis import BEST_SET, Regime

COLUMNS = 2  # panels beside each other
PANEL, KEY = 232.0, 19.0  # pixels of a row of panels, and of a row of the key, which has two columns
SETS: tuple[tuple[str, Look], ...] = (
    ("equilibria, inner", {"facecolor": SKY, "alpha": 0.35}),
    ("outer bound", {"facecolor": "none", "edgecolor": SKY}),
)


def regime_payoffs(comparison: Comparison, sets: Mapping[str, tuple[Floats, Floats]] | None = None) -> Figure:
    """Return the values of every regime after every outcome, threshold triggers and users' own automata.

    sets: vertices of the inner and the outer set by outcome name, drawn under the regimes.
    """
    outcomes = [row.outcome for row in comparison.calls]
    points = np.array(
        [regime.values for outcome in outcomes for regime in drawn_regimes(outcome)] + stage_points(outcomes)
    )

    def below(axes: Axes, outcome: Outcome) -> None:
        if sets is not None and outcome.call.name in sets:
            draw_sets(axes, *sets[outcome.call.name])

    def draw(canvas: Canvas) -> None:
        draw_panels(canvas, comparison, below, points, () if sets is None else SETS)

    return svg.figure(
        "regime-payoffs",
        draw,
        alt=_alt(outcomes),
        caption=_caption(outcomes, sets is not None),
        data=_table(comparison),
        height=panels_height(outcomes),
    )


def drawn_regimes(outcome: Outcome) -> list[Regime]:
    """Return the regimes that are drawn; stage Nash is the cross of war itself."""
    return [regime for regime in outcome.regimes if regime.trigger_rule != BEST_SET and regime.key != "stage_nash"]


def stage_points(outcomes: list[Outcome]) -> list[tuple[float, ...]]:
    """Return the payoffs of the deal and of war after every outcome."""
    pacts = [outcome.game.pact for outcome in outcomes]
    return [pact.stage.payoff(profile) for pact in pacts for profile in (pact.deal, pact.punishment)]


def panels_height(outcomes: list[Outcome]) -> float:
    """Return the height of the figure in pixels."""
    names = {regime.key for outcome in outcomes for regime in drawn_regimes(outcome)}
    return -(-len(outcomes) // COLUMNS) * PANEL + KEY * (len(names) + 9) / 2 + 24


def draw_panels(
    canvas: Canvas,
    comparison: Comparison,
    below: Callable[[Axes, Outcome], None],
    points: np.ndarray,
    entries: tuple[tuple[str, Look], ...],
) -> None:
    """Draw a panel for each outcome: what `below(axes, outcome)` draws, the frontier, the deal, war and the regimes.

    points: (n, 2), what the scales that all panels share have to hold. entries: more for the key.
    """
    outcomes = [row.outcome for row in comparison.calls]
    names = {regime.key: regime.label for outcome in outcomes for regime in drawn_regimes(outcome)}
    grid = panels(canvas, len(outcomes), COLUMNS, "sharex", "sharey")
    for index, (axes, outcome) in enumerate(zip(grid, outcomes, strict=True)):
        pact = outcome.game.pact
        axes.set_title(shorten(outcome.call.label, 190, 13, bold=True))
        axes.tick_params(labelleft=index % COLUMNS == 0)
        below(axes, outcome)
        draw_landmarks(axes, pact, efficient_frontier(pact.stage).pareto)
        for regime in drawn_regimes(outcome):
            look, chosen = series(list(names).index(regime.key)), regime is outcome.selected
            shape = marker(look.marker, look.colour, 8, hollow=not regime.holds)
            axes.plot(*regime.values, zorder=5 if chosen else 4, **shape)
        spot = outcome.selected.values if outcome.selected.key in names else pact.stage.payoff(pact.punishment)
        axes.plot(*spot, zorder=5, **marker("o", "none", 19, edge=INK))
    room = 0.1 * np.where(np.ptp(points, axis=0) > 0, np.ptp(points, axis=0), 1.0)
    (left, low), (right, high) = points.min(axis=0) - room, points.max(axis=0) + room
    grid[0].set(xlim=(left, right), ylim=(low, high))
    grid[0].locator_params(nbins=5)
    players = [shorten(title(name), 130) for name in comparison.scenario.players]
    unit = shorten(comparison.scenario.unit, 150)
    canvas.supxlabel(f"across: {players[0]}, up: {players[1]}, in {unit}", x=0, ha="left", fontsize=12, color=MUTED)
    looks = [marker(series(index).marker, series(index).colour) for index in range(len(names))]
    regimes = [(shorten(name, 180), look) for name, look in zip(names.values(), looks, strict=True)]
    signs = [
        ("does not hold", marker("o", INK, hollow=True)),
        ("selected", marker("o", "none", 14, edge=INK)),
        ("deal", DEAL),
        ("war (stage Nash)", WAR),
        ("frontier", {"color": ACCENT, "linewidth": 2.4}),
    ]
    legend(canvas, [*regimes, *signs, *entries], COLUMNS)


def _alt(outcomes: list[Outcome]) -> str:
    players = outcomes[0].game.pact.stage.players
    parts = [
        f"{outcome.call.label}: "
        + enumeration(
            [f"{regime.label} ({', '.join(number(v, 2) for v in regime.values)})" for regime in drawn_regimes(outcome)]
        )
        + f"; selected {outcome.selected.label}"
        for outcome in outcomes
    ]
    return (
        f"Values of the enforcement regimes to {title(players[0])} and {title(players[1])}, one panel for each call "
        f"outcome. {'. '.join(parts)}."
    )


def _caption(outcomes: list[Outcome], with_sets: bool) -> str:
    text = (
        "Each regime's value from the start, near the deal, on the same axes for every outcome; up and to the right is "
        "better."
    )
    holding = [outcome for outcome in outcomes if outcome.holds]
    if holding:
        deals = [sum(outcome.game.pact.stage.payoff(outcome.game.pact.deal)) for outcome in holding]
        short = [deal - outcome.selected.joint for deal, outcome in zip(deals, holding, strict=True)]
        best = literal(holding[short.index(min(short))].call.label)
        text += f" Of the selected regimes that hold, the one after **{best}** comes closest to the deal in sum."
    else:
        text += " No selected regime holds the deal."
    if any(_beyond(outcome) for outcome in outcomes):
        text += " Payments and pledges between the players can lead beyond the frontier of the stage game."
    if with_sets:
        text += " Shaded: payoffs proven to be equilibria; outlined: no pure public equilibrium lies outside."
    return text


def _beyond(outcome: Outcome) -> bool:
    """Whether some regime is worth more than any lottery over the profiles of the stage game."""
    region = efficient_frontier(outcome.game.pact.stage).feasible
    points = np.array([regime.values for regime in drawn_regimes(outcome)])
    return bool(len(region.directions) and (points @ region.directions.T > region.levels + 1e-9).any())


def _table(comparison: Comparison) -> Table:
    players = comparison.scenario.players
    columns = (
        Column("outcome"),
        Column("regime"),
        *(Column(literal(title(name)), literal(comparison.scenario.unit), "number", 3, True) for name in players),
        Column("holds", kind="mark"),
        Column("selected", kind="mark"),
    )
    rows: tuple[tuple[CellValue, ...], ...] = tuple(
        (
            literal(row.outcome.call.label),
            literal(regime.label),
            *regime.values,
            Cell(regime.holds, tone="good" if regime.holds else "bad"),
            regime is row.outcome.selected,
        )
        for row in comparison.calls
        for regime in row.outcome.regimes
        if regime.trigger_rule != BEST_SET
    )
    return Table(columns, rows, "Regimes in payoff space")
