"""Regimes in payoff space near the deal: a panel for each outcome, all on the same axes.

Shape and colour name the regime; a filled mark holds, a hollow one does not; a ring is the selected regime. Equilibrium
payoff sets, where given, lie underneath: the outer bound outlined, the inner bound filled.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from negotiation._values import Floats
from negotiation.calls.comparison import Comparison
from negotiation.calls.outcome import Outcome
from negotiation.report.document import Cell, CellValue, Column, Figure, Table, literal
from negotiation.report.figures.board import WIDTH, Board, sheet
from negotiation.report.figures.frame import Frame, padded, ticks
from negotiation.report.figures.plane import draw_deal, draw_frontier, draw_war
from negotiation.report.figures.typeset import shortened, width
from negotiation.report.palette import ACCENT, BAD, GOOD, INK, MUTED, SKY, series
from negotiation.report.words import listed, number, title
from negotiation.solve.frontier import efficient_frontier
from negotiation.solve.regimes import BEST_SET, Regime

Sets = Mapping[str, tuple[Floats, Floats]]

COLUMNS, LEFT, GAP, EDGE = 2, 36.0, 22.0, 10.0
PANEL, TITLE, FOOT, KEY = 176.0, 26.0, 40.0, 18.0


def regime_payoffs(comparison: Comparison, sets: Sets | None = None) -> Figure:
    """Return the values of every regime after every outcome, threshold triggers and users' own automata.

    sets: outcome name -> (inner vertices, outer vertices), each (V, 2) in the game's unit, drawn under the regimes.
    """
    outcomes = [row.outcome for row in comparison.rows]
    known = list(dict.fromkeys(regime.key for outcome in outcomes for regime in _shown(outcome)))
    names = {regime.key: regime.label for outcome in outcomes for regime in _shown(outcome)}
    key = _key_lines([names[item] for item in known], sets is not None)
    top = KEY * len(key) + 26
    rows = -(-len(outcomes) // COLUMNS)

    def paint(board: Board) -> None:
        _write_key(board, key)
        players = outcomes[0].game.pact.stage.players
        unit = shortened(comparison.scenario.unit, 150)
        across, up = (shortened(title(name), 130) for name in players)
        board.text(0, top - 12, f"across: {across}, up: {up}, in {unit}", size=12, colour=MUTED)
        for index, outcome in enumerate(outcomes):
            frame = _panel(board, index, top, _ranges(outcomes))
            _draw(frame, outcome, known, (sets or {}).get(outcome.call.name))

    return sheet(
        "regime-payoffs",
        paint,
        alt=_alt(outcomes),
        caption=_caption(outcomes, sets is not None),
        data=_table(comparison),
        height=top + rows * (PANEL + TITLE + FOOT),
    )


def _shown(outcome: Outcome) -> list[Regime]:
    """Return the regimes that are drawn; stage Nash is the cross of war itself."""
    return [regime for regime in outcome.regimes if regime.trigger_rule != BEST_SET and regime.key != "stage_nash"]


def _ranges(outcomes: list[Outcome]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the common scales: deal, war and every regime of every outcome."""
    points = [regime.values for outcome in outcomes for regime in _shown(outcome)]
    for outcome in outcomes:
        pact = outcome.game.pact
        points += [pact.stage.payoff(pact.deal), pact.stage.payoff(pact.war)]
    return padded([point[0] for point in points], 0.12), padded([point[1] for point in points], 0.12)


def _panel(board: Board, index: int, top: float, ranges: tuple[tuple[float, float], tuple[float, float]]) -> Frame:
    row, column = divmod(index, COLUMNS)
    wide = (board.width - LEFT - GAP - EDGE) / COLUMNS
    frame = Frame(board, LEFT + column * (wide + GAP), top + row * (PANEL + TITLE + FOOT) + TITLE, wide, PANEL, *ranges)
    frame.x_axis(ticks(*frame.xs, 3))
    marks = ticks(*frame.ys, 4)
    frame.y_axis(marks, names=() if column == 0 else [""] * len(marks))
    return frame


def _draw(frame: Frame, outcome: Outcome, known: list[str], bounds: tuple[Floats, Floats] | None) -> None:
    pact, board = outcome.game.pact, frame.board
    board.text(frame.left, frame.top - 11, shortened(outcome.call.label, frame.width, 13, True), size=13, bold=True)
    with board.clipped(*frame.sides):
        if bounds is not None:
            for vertices, fill, edge in ((bounds[1], "none", SKY), (bounds[0], SKY, "none")):
                _region(frame, vertices, fill, edge)
        draw_frontier(frame, efficient_frontier(pact.stage).pareto)
    draw_deal(frame, pact.stage.payoff(pact.deal))
    draw_war(frame, pact.stage.payoff(pact.war))
    for regime in (item for item in _shown(outcome) if item is not outcome.selected):
        _mark(frame, regime, known.index(regime.key))
    chosen = outcome.selected
    spot = chosen.values if chosen.key in known else pact.stage.payoff(pact.war)
    board.mark(frame.x(spot[0]), frame.y(spot[1]), "o", "none", 19, edge=INK)
    if chosen.key in known:
        _mark(frame, chosen, known.index(chosen.key))


def _region(frame: Frame, vertices: Floats, fill: str, edge: str) -> None:
    if len(vertices) < 2:
        return
    corners = frame.points(vertices[:, 0].tolist(), vertices[:, 1].tolist())
    if len(corners) == 2:
        frame.board.line(corners, SKY, 2.0)
        return
    frame.board.area(corners, fill, edge=edge, alpha=0.35 if fill != "none" else 1.0, stroke=1.4)


def _mark(frame: Frame, regime: Regime, index: int) -> None:
    look = series(index)
    x, y = frame.x(regime.values[0]), frame.y(regime.values[1])
    frame.board.mark(x, y, look.marker, look.colour, 8.5, hollow=not regime.holds)


def _key_lines(names: list[str], with_sets: bool) -> list[list[tuple[float, str, str]]]:
    """Return the key as lines of (x, what is shown, words), broken where the width of the figure ends."""
    items = [(f"regime {index}", name) for index, name in enumerate(names)]
    items += [("hollow", "does not hold"), ("ring", "selected"), ("deal", "deal"), ("war", "war (stage Nash)")]
    items.append(("frontier", "frontier"))
    items += [("inner", "equilibria, inner"), ("outer", "outer bound")] if with_sets else []
    lines: list[list[tuple[float, str, str]]] = [[]]
    x = 0.0
    for what, name in items:
        words = shortened(name, 190)
        wide = 34 + width(words, 12)
        if lines[-1] and x + wide > WIDTH + 12:
            lines.append([])
            x = 0.0
        lines[-1].append((x, what, words))
        x += wide
    return lines


def _write_key(board: Board, lines: list[list[tuple[float, str, str]]]) -> None:
    for index, line in enumerate(lines):
        y = 10 + KEY * index
        for x, what, words in line:
            _sign(board, x + 9, y, what)
            board.text(x + 22, y, words, size=12)


def _sign(board: Board, x: float, y: float, what: str) -> None:
    if what.startswith("regime"):
        look = series(int(what.split()[1]))
        board.mark(x, y, look.marker, look.colour, 8.5)
    elif what in ("hollow", "ring"):
        board.mark(x, y, "o", INK if what == "hollow" else "none", 8 if what == "hollow" else 14, what == "hollow", INK)
    elif what in ("deal", "war"):
        board.mark(x, y, "*" if what == "deal" else "X", GOOD if what == "deal" else BAD, 13 if what == "deal" else 10)
    elif what == "frontier":
        board.line([(x - 8, y), (x + 8, y)], ACCENT, 2.4)
    elif what == "inner":
        board.box(x - 8, y - 5, 16, 10, SKY, alpha=0.35)
    else:
        board.box(x - 8, y - 5, 16, 10, "none", edge=SKY, stroke=1.4)


def _alt(outcomes: list[Outcome]) -> str:
    players = outcomes[0].game.pact.stage.players
    parts = [
        f"{outcome.call.label}: "
        + listed([f"{regime.label} ({', '.join(number(v, 2) for v in regime.values)})" for regime in _shown(outcome)])
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
    points = np.array([regime.values for regime in _shown(outcome)])
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
        for row in comparison.rows
        for regime in row.outcome.regimes
        if regime.trigger_rule != BEST_SET
    )
    return Table(columns, rows, "Regimes in payoff space")
