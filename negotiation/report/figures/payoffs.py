"""Payoff space: what one month can give, what is efficient, and where each regime lands after each outcome.

`stage_payoffs` shows every profile of the stage game with the feasible set and its Pareto frontier. `regime_payoffs`
looks closely at the neighbourhood of the deal, a panel for each outcome on the same axes; equilibrium payoff sets can
be laid under the regimes (outer bound outlined, inner bound filled).
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from negotiation._values import Floats
from negotiation.analysis.scenario_analysis import Analysis
from negotiation.games.stage import Profile, StageGame
from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.board import Board, sheet
from negotiation.report.figures.frame import Frame, OpenFrame, padded, ticks
from negotiation.report.figures.place import Label, write_labels
from negotiation.report.figures.plane import draw_deal, draw_frontier, draw_punishment, draw_sets
from negotiation.report.figures.regime_panels import regime_payoffs
from negotiation.report.figures.typeset import shortened
from negotiation.report.render.palette import BAD, GOOD, GREY, INK, MUTED, RULE, WASH
from negotiation.report.words import number, title
from negotiation.trade.parameters.labels import profile_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHT = 420.0
SPOKEN = 16


def stage_payoffs(analysis: Analysis) -> Figure:
    """Return the payoffs of every profile before any call, with the feasible set, frontier, deal and war."""
    pact, frontier = analysis.base.pact, analysis.stage.frontier
    game = pact.stage

    def paint(board: Board) -> None:
        points = game.points()
        frame = _frame(board, game, points)
        _axes(frame, game)
        feasible = frontier.feasible.vertices
        if len(feasible) > 2:
            frame.plane.area(feasible.tolist(), WASH, edge=RULE)
        draw_frontier(frame, frontier.pareto)
        for x, y in points:
            frame.plane.mark(x, y, "o", GREY, 6)
        draw_deal(frame, game.payoff(pact.deal))
        draw_punishment(frame, game.payoff(pact.punishment))
        labels = [_label(frame, game, profile, pact.deal, pact.punishment) for profile in _spoken(analysis)]
        bounds = (2.0, frame.top - 6, board.width - 2, frame.bottom)
        taken = np.concatenate([points, _along(frontier.pareto)])
        write_labels(board, labels, bounds, frame.points(taken[:, 0].tolist(), taken[:, 1].tolist()))

    return sheet(
        "stage-payoffs", paint, alt=_alt(analysis), caption=_caption(analysis), data=_table(analysis), height=HEIGHT
    )


def plot_sets(axes: Axes, inner: Floats, outer: Floats, points: Floats, names: tuple[str, str, str]) -> None:
    """Draw on axes an inner set, filled, in an outer one, outlined, beside the payoffs of the profiles.

    inner, outer, points: (n, 2). names: of the players, and the unit.
    """
    every = np.concatenate([inner, outer, points])
    xs, ys = padded(every[:, 0].tolist()), padded(every[:, 1].tolist())
    frame = OpenFrame(axes, xs, ys)
    frame.x_axis(ticks(*xs), f"{names[0]}, {names[2]}")
    frame.y_axis(ticks(*ys), title=f"{names[1]}, {names[2]}")
    draw_sets(frame, inner, outer)
    for x, y in points.tolist():
        frame.plane.mark(x, y, "o", GREY, 6)


def _along(pareto: Floats) -> Floats:
    """Return points along the frontier, which labels keep clear of."""
    steps = np.linspace(0, 1, 13)[:, None]
    edges = [start + steps * (end - start) for start, end in pairwise(pareto)]
    return np.concatenate(edges) if edges else pareto


def _frame(board: Board, game: StageGame, points: Floats) -> Frame:
    board.text(0, 12, f"↑ {shortened(title(game.players[1]), 180)}, {shortened(game.unit, 200)}", size=12, colour=INK)
    xs, ys = padded(points[:, 0].tolist()), padded(points[:, 1].tolist())
    return Frame(board, 44, 28, board.width - 52, HEIGHT - 28 - 44, xs, ys)


def _axes(frame: Frame, game: StageGame) -> None:
    frame.x_axis(ticks(*frame.xs), f"{shortened(title(game.players[0]), 180)}, {shortened(game.unit, 180)} →")
    frame.y_axis(ticks(*frame.ys))


def _spoken(analysis: Analysis) -> list[Profile]:
    """Return the profiles that carry a label, the most important first: all of them while there are few."""
    pact, frontier = analysis.base.pact, analysis.stage.frontier
    important = [pact.deal, pact.punishment, *(profile for group in frontier.profiles for profile in group)]
    corners = {tuple(vertex) for vertex in frontier.feasible.vertices.tolist()}
    profiles = list(pact.stage.profiles())
    outer = [profile for profile in profiles if pact.stage.payoff(profile) in corners]
    every = list(dict.fromkeys((*important, *outer, *profiles)))
    return every[: SPOKEN if len(profiles) > SPOKEN else None]


def _label(frame: Frame, game: StageGame, profile: Profile, deal: Profile, punishment: Profile) -> Label:
    x, y = game.payoff(profile)
    words = profile_label(game.name(profile))
    tone = GOOD if profile == deal else BAD if profile == punishment else MUTED
    words = f"deal: {words}" if profile == deal else f"war: {words}" if profile == punishment else words
    return Label(frame.x(x), frame.y(y), shortened(words, 190), profile in (deal, punishment), tone)


def _alt(analysis: Analysis) -> str:
    pact = analysis.base.pact
    game = pact.stage
    spots = "; ".join(
        f"{profile_label(game.name(profile))} ({', '.join(number(value, 2) for value in game.payoff(profile))})"
        for profile in _spoken(analysis)
    )
    return (
        f"Payoffs of {title(game.players[0])} (across) and {title(game.players[1])} (up) in {game.unit} by profile, "
        f"the deal and war first: {spots}. Shaded: all payoffs that lotteries over profiles reach."
    )


def _caption(analysis: Analysis) -> str:
    pact = analysis.base.pact
    gain = sum(pact.stage.payoff(pact.deal)) - sum(pact.stage.payoff(pact.punishment))
    best = analysis.stage.frontier.largest_sum - sum(pact.stage.payoff(pact.deal))
    efficient = (
        "no profile or lottery gives both more in sum" if best < 1e-9 else f"{number(best, 2)} below the best sum"
    )
    return (
        f"One month before any call. Star: the deal, {efficient}. Cross: war, where the two together have "
        f"{number(gain, 2)} {literal(pact.stage.unit)} less. Heavy line: the Pareto frontier. Shaded: what public "
        "lotteries over profiles reach."
    )


def _table(analysis: Analysis) -> Table:
    pact, pareto = analysis.base.pact, analysis.stage.frontier.pareto
    game = pact.stage
    columns = (
        Column("profile"),
        *(Column(literal(title(name)), literal(game.unit), "number", 3) for name in game.players),
        Column("deal", kind="mark"),
        Column("war", kind="mark"),
        Column("efficient vertex", kind="mark"),
    )
    rows: tuple[tuple[CellValue, ...], ...] = tuple(
        (
            literal(profile_label(game.name(profile))),
            *game.payoff(profile),
            profile == pact.deal,
            profile == pact.punishment,
            bool((np.asarray(game.payoff(profile)) == pareto).all(axis=1).any()),
        )
        for profile in game.profiles()
    )
    return Table(columns, rows, "Stage payoffs by profile")


__all__ = ["regime_payoffs", "stage_payoffs"]
