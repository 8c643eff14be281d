"""All equilibrium payoffs of each call outcome: the whole of payoff space, a panel for each outcome on the same axes.

The inner set is filled, the outer one outlined; on them lie the frontier of the stage game, the regimes, war (the stage
equilibrium) and the bargaining points on the frontier of the inner set.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from negotiation.calls.outcomes.bargaining import BargainingPoint
from negotiation.calls.outcomes.comparison import Comparison
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.calls.proofs.proven import ProvenOutcome
from negotiation.report.document import CellValue, Column, Figure, Table, literal
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
    write_key,
)
from negotiation.report.figures.plane import draw_deal, draw_frontier, draw_punishment, draw_sets
from negotiation.report.figures.typeset import shortened
from negotiation.report.render.palette import INK, MUTED
from negotiation.report.words import title
from negotiation.solve.geometry.pareto_frontier import efficient_frontier

THREAT = "worst equilibrium"
LETTERS = {"nash": "N", "kalai-smorodinsky": "K", "egalitarian": "E", "utilitarian": "U"}
TOGETHER = 0.02  # of the axis: points closer than this share one mark


def equilibrium_payoffs(comparison: Comparison, proven: Sequence[ProvenOutcome]) -> Figure:
    """Return the figure; `proven` is in the order of the comparison's rows."""
    outcomes = [row.outcome for row in comparison.calls]
    names = regime_names(outcomes)
    key = key_lines(list(names.values()), *INNER_OUTER, ("bargain", "bargaining point"))
    top = KEY * len(key) + 26
    ranges = _ranges(outcomes, proven)

    def paint(board: Board) -> None:
        write_key(board, key)
        players = outcomes[0].game.pact.stage.players
        unit = shortened(comparison.scenario.unit, 150)
        across, up = (shortened(title(name), 130) for name in players)
        board.text(0, top - 12, f"across: {across}, up: {up}, in {unit}", size=12, colour=MUTED)
        for index, (outcome, one) in enumerate(zip(outcomes, proven, strict=True)):
            _draw(panel(board, index, top, ranges), outcome, one, list(names))

    return sheet(
        "equilibrium-payoffs",
        paint,
        alt=_alt(comparison, proven),
        caption=_caption(),
        data=_table(comparison, proven),
        height=height(outcomes, top),
    )


def _ranges(
    outcomes: Sequence[Outcome], proven: Sequence[ProvenOutcome]
) -> tuple[tuple[float, float], tuple[float, float]]:
    points = [vertex for one in proven for vertex in one.bounds.outer.tolist()]
    for pact in (outcome.game.pact for outcome in outcomes):
        points += [pact.stage.payoff(pact.deal), pact.stage.payoff(pact.punishment)]
    return padded([x for x, _ in points], 0.08), padded([y for _, y in points], 0.08)


def _draw(frame: Frame, outcome: Outcome, proven: ProvenOutcome, known: list[str]) -> None:
    pact, board = outcome.game.pact, frame.board
    board.text(frame.left, frame.top - 11, shortened(outcome.call.label, frame.width, 13, True), size=13, bold=True)
    with frame.plane.clipped():
        draw_sets(frame, proven.bounds.inner, proven.bounds.outer)
        draw_frontier(frame, efficient_frontier(pact.stage).pareto)
    draw_regimes(frame, outcome, known, 5.5)
    draw_deal(frame, pact.stage.payoff(pact.deal))
    draw_punishment(frame, pact.stage.payoff(pact.punishment))
    for letters, (x, y) in _grouped(frame, [point for point in proven.bargaining if point.threat == THREAT]):
        frame.plane.mark(x, y, "d", INK, 6)
        board.text(frame.x(x) + 6, frame.y(y) - 9, letters, size=11, bold=True)


def _grouped(frame: Frame, points: Sequence[BargainingPoint]) -> list[tuple[str, tuple[float, ...]]]:
    """Return the letters of the points that lie together, with the place of the first of them."""
    near = np.array([np.ptp(frame.xs), np.ptp(frame.ys)]) * TOGETHER
    groups: list[tuple[str, tuple[float, ...]]] = []
    for point in points:
        letter = LETTERS[point.solution]
        for at, (letters, place) in enumerate(groups):
            if (np.abs(np.subtract(point.payoffs, place)) < near).all():
                groups[at] = (letters + letter, place)
                break
        else:
            groups.append((letter, point.payoffs))
    return groups


def _alt(comparison: Comparison, proven: Sequence[ProvenOutcome]) -> str:
    parts = [
        f"{row.outcome.call.label}: {one.solution.outer[0].words()} at most, {one.solution.inner[0].words()} for sure"
        for row, one in zip(comparison.calls, proven, strict=True)
    ]
    return f"Equilibrium payoffs of the repeated game, one panel for each call outcome. {'. '.join(parts)}."


def _caption() -> str:
    return (
        "Every payoff that some equilibrium in pure public strategies can give. Shaded: proven to be equilibria; "
        "outlined: proven that none lies outside (the two nearly coincide). Bargaining points lie on the frontier of "
        "the shaded set, each side's worst equilibrium being the threat: N Nash, K Kalai-Smorodinsky, E egalitarian, "
        "U utilitarian."
    )


def _table(comparison: Comparison, proven: Sequence[ProvenOutcome]) -> Table:
    unit = literal(comparison.scenario.unit)
    columns = (
        Column("outcome"),
        Column("set"),
        *(Column(literal(title(name)), unit, "number", 4, True) for name in comparison.scenario.players),
    )
    rows: list[tuple[CellValue, ...]] = []
    for row, one in zip(comparison.calls, proven, strict=True):
        label = literal(row.outcome.call.label)
        for name, vertices in (("inner", one.bounds.inner), ("outer", one.bounds.outer)):
            rows += [(label, name, *vertex) for vertex in vertices.tolist()]
        rows += [(label, f"{point.solution}, threat: {point.threat}", *point.payoffs) for point in one.bargaining]
    return Table(columns, tuple(rows), "Equilibrium payoffs: corners of the sets, and bargaining points")
