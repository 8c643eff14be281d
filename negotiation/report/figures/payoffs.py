"""Payoffs of one month: every profile of the stage game, the feasible set, the Pareto frontier, the deal and war."""

from itertools import pairwise

import numpy as np

from negotiation._values import Floats
from negotiation.analysis.scenario_analysis import Analysis
from negotiation.games.pact import Pact
from negotiation.games.stage import Profile
from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.axes import Axes, Canvas, label_points, marker, shorten
from negotiation.report.render import svg
from negotiation.report.render.palette import ACCENT, BAD, GOOD, GREY, MUTED, RULE, SKY, WASH, Look
from negotiation.report.words import number, title
from negotiation.trade.parameters.labels import profile_label

HEIGHT = 420.0  # pixels
SPOKEN = 16  # profiles that carry a label where there are more of them
DEAL, WAR = marker("*", GOOD, 15), marker("X", BAD, 11)


def stage_payoffs(analysis: Analysis) -> Figure:
    """Return the payoffs of every profile before any call, with the feasible set, frontier, deal and war."""
    pact, frontier = analysis.base.pact, analysis.stage.frontier
    game = pact.stage

    def draw(canvas: Canvas) -> None:
        axes = canvas.subplots()
        axes.margins(0.08)
        vertices = frontier.feasible.vertices
        if len(vertices) > 2:
            axes.fill(*vertices.T, facecolor=WASH, edgecolor=RULE, linewidth=0.8)
        axes.plot(*game.points().T, **marker("o", GREY, 6))
        draw_landmarks(axes, pact, frontier.pareto)
        axes.set_xlabel(f"{shorten(title(game.players[0]), 180)}, {shorten(game.unit, 180)} →")
        up = f"↑ {shorten(title(game.players[1]), 180)}, {shorten(game.unit, 200)}"
        canvas.suptitle(up, x=0.01, ha="left", fontsize=12)
        canvas.draw_without_rendering()  # places the axes for good, which the labels need
        canvas.set_layout_engine("none")
        labels = [_label(pact, profile) for profile in _spoken(analysis)]
        along = [np.linspace(start, end, 13) for start, end in pairwise(frontier.pareto)]
        label_points(axes, labels, np.concatenate([game.points(), *along]))

    return svg.figure(
        "stage-payoffs", draw, alt=_alt(analysis), caption=_caption(analysis), data=_table(analysis), height=HEIGHT
    )


def plot_sets(axes: Axes, inner: Floats, outer: Floats, points: Floats, names: tuple[str, str, str]) -> None:
    """Draw on axes an inner set, filled, in an outer one, outlined, beside the payoffs of the profiles.

    inner, outer, points: (n, 2). names: of the players, and the unit.
    """
    draw_sets(axes, inner, outer)
    axes.plot(*points.T, **marker("o", GREY, 6))
    axes.margins(0.08)
    axes.set(xlabel=f"{names[0]}, {names[2]}", ylabel=f"{names[1]}, {names[2]}")
    axes.grid(True, color=RULE, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def draw_sets(axes: Axes, inner: Floats, outer: Floats) -> None:
    """Draw the outer set outlined and the inner set filled; vertices (V, 2)."""
    looks: tuple[Look, Look] = ({"facecolor": "none", "edgecolor": SKY}, {"facecolor": SKY, "alpha": 0.35})
    for vertices, look in zip((outer, inner), looks, strict=True):
        if len(vertices) > 2:
            axes.fill(*vertices.T, linewidth=1.4, **look)
        elif len(vertices):
            axes.plot(*vertices.T, **({"linewidth": 2.0, "color": SKY} if len(vertices) > 1 else marker("o", SKY, 6)))


def draw_landmarks(axes: Axes, pact: Pact, pareto: Floats) -> None:
    """Draw the efficient frontier of the stage game, the deal as a star and war as a cross."""
    if len(pareto) > 1:
        axes.plot(*pareto.T, color=ACCENT, linewidth=2.4)
    axes.plot(*pact.stage.payoff(pact.deal), zorder=3, **DEAL)
    axes.plot(*pact.stage.payoff(pact.punishment), zorder=3, **WAR)


def _spoken(analysis: Analysis) -> list[Profile]:
    """Return the profiles that carry a label, the most important first: all of them while there are few."""
    pact, frontier = analysis.base.pact, analysis.stage.frontier
    important = [pact.deal, pact.punishment, *(profile for group in frontier.profiles for profile in group)]
    corners = {tuple(vertex) for vertex in frontier.feasible.vertices.tolist()}
    profiles = list(pact.stage.profiles())
    outer = [profile for profile in profiles if pact.stage.payoff(profile) in corners]
    every = list(dict.fromkeys((*important, *outer, *profiles)))
    return every[: SPOKEN if len(profiles) > SPOKEN else None]


def _label(pact: Pact, profile: Profile) -> tuple[tuple[float, ...], str, Look]:
    """Return the payoffs of a profile, its name and how the name looks."""
    words = profile_label(pact.stage.name(profile))
    role, tone = (
        ("deal: ", GOOD) if profile == pact.deal else ("war: ", BAD) if profile == pact.punishment else ("", MUTED)
    )
    look = {"color": tone, "fontweight": "bold" if role else "normal"}
    return pact.stage.payoff(profile), shorten(role + words, 190), look


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
