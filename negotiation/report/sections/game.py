"""The game: payoff matrix with best replies, the parts each number comes from, equilibria and security levels."""

from __future__ import annotations

import numpy as np

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.stage_game import side_levels
from negotiation.games.stage import StageGame
from negotiation.report.document import (
    Block,
    Bullets,
    Cell,
    CellValue,
    Column,
    Details,
    Grid,
    Paragraph,
    Section,
    Table,
    literal,
)
from negotiation.report.words import deal_name, enumeration, label, number, player, punishment_name, title
from negotiation.solve.stage.dominance import best_replies
from negotiation.trade.parameters.labels import profile_label


def game_section(analysis: Analysis) -> Section:
    """Return the stage game before any call."""
    scenario = analysis.scenario
    blocks: list[Block] = [
        Grid((_matrix(analysis, 0), _matrix(analysis, 1))),
        Paragraph(
            f"The deal is {deal_name(scenario)}, war is {punishment_name(scenario)}. “Best” marks a best reply; where both sides "
            "reply best the profile is a Nash equilibrium of the single month."
        ),
        Paragraph(literal(analysis.stage.equilibria.replace(game=_titled(analysis)).describe())),
        _levels(analysis),
    ]
    dominated = [literal(item.sentence(_titled(analysis))) for item in analysis.stage.dominated]
    if dominated:
        blocks.append(Bullets(tuple(dominated)))
    blocks.append(Paragraph(_how_found(analysis)))
    if analysis.base.has_economics:
        blocks.append(Details("Where each number comes from", tuple(_parts(analysis, i) for i in (0, 1))))
    return Section(
        "game",
        "The game of a single month",
        tuple(blocks),
        f"Payoffs in {literal(scenario.unit)}"
        + (", relative to smooth compliance." if analysis.base.has_economics else ", as given in the scenario."),
    )


def _titled(analysis: Analysis) -> StageGame:
    """Return the stage game with players and actions named as readers know them."""
    game = analysis.stage.game
    actions = tuple(tuple(label(name) for name in names) for names in game.actions)
    return game.replace(players=tuple(title(name) for name in game.players), actions=actions)


def _matrix(analysis: Analysis, index: int) -> Table:
    stage = analysis.base.pact.stage
    replies = best_replies(stage, index)
    columns = (
        Column(f"{player(analysis.scenario, 0)} \\\\ {player(analysis.scenario, 1)}"),
        *(Column(literal(label(name)), kind="number", digits=3, signed=False) for name in stage.actions[1]),
    )
    rows: list[tuple[CellValue, ...]] = []
    for row, name in enumerate(stage.actions[0]):
        cells = [
            Cell(
                float(stage.payoffs[index, row, column]),
                mark="best" if replies[row, column] else "",
                bold=bool(replies[row, column]),
            )
            for column in range(stage.shape[1])
        ]
        rows.append((literal(label(name)), *cells))
    who = player(analysis.scenario, index)
    return Table(columns, tuple(rows), f"Payoffs of {who}", sortable=False, key=f"payoffs-{index}")


def _levels(analysis: Analysis) -> Table:
    sides = side_levels(analysis.base.pact, analysis.stage.minmax)
    rows: list[tuple[CellValue, ...]] = [
        (
            player(analysis.scenario, i),
            s.deal,
            s.punishment,
            s.temptation,
            s.punishment_loss,
            s.minmax_pure,
            s.minmax_mixed,
        )
        for i, s in enumerate(sides)
    ]
    unit = literal(analysis.scenario.unit)
    columns = (
        Column("player"),
        Column("deal", unit, "number", 3),
        Column("war", unit, "number", 3),
        Column("temptation", unit, "number", 3, title="gain from the best deviation from the deal"),
        Column("loss in war", unit, "number", 3),
        Column("pure minmax", unit, "number", 3),
        Column("mixed minmax", unit, "number", 3),
    )
    note = "With everything seen, reversion to war holds the deal from δ = temptation / (temptation + loss in war) on: "
    leasts = [f"{row[0]} {number(side.least_discount, 3)}" for row, side in zip(rows, sides, strict=True)]
    note += f"{enumeration(leasts)}."
    return Table(columns, tuple(rows), "What each side can gain and lose", key="levels", notes=(note,))


def _how_found(analysis: Analysis) -> str:
    found = analysis.stage.equilibria
    methods = enumeration([f"{literal(item.method)} {item.found}" for item in found.findings])
    claim = "the list is proven complete" if found.complete else "the list may not be complete"
    pareto = [
        literal(profile_label(found.game.name(profiles[0])))
        for profiles in analysis.stage.frontier.profiles
        if profiles
    ]
    return f"Equilibria found: {methods}; {claim}. Efficient profiles: {enumeration(pareto)}."


def _parts(analysis: Analysis, index: int) -> Table:
    game = analysis.base
    stage = game.pact.stage
    columns = (
        Column("part"),
        *(
            Column(literal(profile_label(stage.name(profile))), kind="number", digits=3, signed=True)
            for profile in stage.profiles()
        ),
    )
    rows: list[tuple[CellValue, ...]] = [
        (literal(part.name), *(float(part.values[profile]) for profile in stage.profiles()))
        for part in game.parts
        if part.player == index
    ]
    total = np.array([stage.payoff(profile)[index] for profile in stage.profiles()])
    rows.append((Cell("total", bold=True), *(Cell(float(value), bold=True) for value in total)))
    who = player(analysis.scenario, index)
    return Table(columns, tuple(rows), f"Parts of the payoffs of {who}", sortable=False, key=f"parts-{index}")
