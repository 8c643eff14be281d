"""Regimes in payoff space near the deal: a panel for each outcome, all on the same axes.

Shape and colour name the regime; a filled mark holds, a hollow one does not; a ring is the selected regime. Equilibrium
payoff sets, where given, lie underneath: the outer bound outlined, the inner bound filled.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from negotiation.calls.outcomes.comparison import Comparison
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.calls.proofs.proven import PayoffBounds
from negotiation.report.document import Cell, CellValue, Column, Figure, Table, literal
from negotiation.report.figures.board import Board, sheet
from negotiation.report.figures.frame import Frame, padded
from negotiation.report.figures.panel_grid import (
    INNER_OUTER,
    KEY,
    draw_regimes,
    height,
    key_lines,
    panel,
    regime_names,
    shown,
    write_key,
)
from negotiation.report.figures.plane import draw_deal, draw_frontier, draw_punishment, draw_sets
from negotiation.report.figures.typeset import shortened
from negotiation.report.render.palette import INK, MUTED
from negotiation.report.words import enumeration, number, title
from negotiation.solve.geometry.pareto_frontier import efficient_frontier
from negotiation.solve.regimes.analysis import BEST_SET


def regime_payoffs(comparison: Comparison, sets: Mapping[str, PayoffBounds] | None = None) -> Figure:
    """Return the values of every regime after every outcome, threshold triggers and users' own automata.

    sets: by outcome name, drawn under the regimes.
    """
    outcomes = [row.outcome for row in comparison.calls]
    names = regime_names(outcomes)
    key = key_lines(list(names.values()), *(INNER_OUTER if sets is not None else ()))
    top = KEY * len(key) + 26

    def paint(board: Board) -> None:
        write_key(board, key)
        players = outcomes[0].game.pact.stage.players
        unit = shortened(comparison.scenario.unit, 150)
        across, up = (shortened(title(name), 130) for name in players)
        board.text(0, top - 12, f"across: {across}, up: {up}, in {unit}", size=12, colour=MUTED)
        for index, outcome in enumerate(outcomes):
            frame = panel(board, index, top, _ranges(outcomes))
            _draw(frame, outcome, list(names), (sets or {}).get(outcome.call.name))

    return sheet(
        "regime-payoffs",
        paint,
        alt=_alt(outcomes),
        caption=_caption(outcomes, sets is not None),
        data=_table(comparison),
        height=height(outcomes, top),
    )


def _ranges(outcomes: list[Outcome]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the common scales: deal, war and every regime of every outcome."""
    points = [regime.values for outcome in outcomes for regime in shown(outcome)]
    for outcome in outcomes:
        pact = outcome.game.pact
        points += [pact.stage.payoff(pact.deal), pact.stage.payoff(pact.punishment)]
    return padded([point[0] for point in points], 0.12), padded([point[1] for point in points], 0.12)


def _draw(frame: Frame, outcome: Outcome, known: list[str], bounds: PayoffBounds | None) -> None:
    pact, board = outcome.game.pact, frame.board
    board.text(frame.left, frame.top - 11, shortened(outcome.call.label, frame.width, 13, True), size=13, bold=True)
    with frame.plane.clipped():
        if bounds is not None:
            draw_sets(frame, bounds.inner, bounds.outer)
        draw_frontier(frame, efficient_frontier(pact.stage).pareto)
    draw_deal(frame, pact.stage.payoff(pact.deal))
    draw_punishment(frame, pact.stage.payoff(pact.punishment))
    chosen = outcome.selected
    spot = chosen.values if chosen.key in known else pact.stage.payoff(pact.punishment)
    x, y = spot
    frame.plane.mark(x, y, "o", "none", 19, edge=INK)
    draw_regimes(frame, outcome, known)


def _alt(outcomes: list[Outcome]) -> str:
    players = outcomes[0].game.pact.stage.players
    parts = [
        f"{outcome.call.label}: "
        + enumeration(
            [f"{regime.label} ({', '.join(number(v, 2) for v in regime.values)})" for regime in shown(outcome)]
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
    held = [outcome for outcome in outcomes if outcome.holds]
    if held:
        best = literal(min(held, key=_short_of_deal).call.label)
        text += f" Of the selected regimes that hold, the one after **{best}** comes closest to the deal in sum."
    else:
        text += " No selected regime holds the deal."
    if any(_beyond(outcome) for outcome in outcomes):
        text += " Payments and pledges between the players can lead beyond the frontier of the stage game."
    if with_sets:
        text += " Shaded: payoffs proven to be equilibria; outlined: no pure public equilibrium lies outside."
    return text


def _short_of_deal(outcome: Outcome) -> float:
    pact = outcome.game.pact
    return sum(pact.stage.payoff(pact.deal)) - outcome.selected.joint


def _beyond(outcome: Outcome) -> bool:
    """Whether some regime is worth more than any lottery over the profiles of the stage game."""
    region = efficient_frontier(outcome.game.pact.stage).feasible
    points = np.array([regime.values for regime in shown(outcome)])
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
