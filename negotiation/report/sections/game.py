"""The game: payoff matrix with best replies, what each number is made of, security levels, and the payoff space."""

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.stage_game import bargaining_points, side_levels
from negotiation.games.stage import StageGame
from negotiation.report.document import Block, Bullets, Cell, Details, Grid, Paragraph, Section, Table, literal
from negotiation.report.figures.payoffs import stage_payoffs
from negotiation.report.figures.regime_panels import regime_payoffs
from negotiation.report.tables import numbers, table
from negotiation.report.words import deal_name, enumeration, label, number, players, punishment_name, title
from negotiation.solve.stage.dominance import best_replies
from negotiation.trade.parameters.labels import profile_label


def game_section(analysis: Analysis) -> Section:
    """Return the stage game before any call."""
    scenario, stage = analysis.scenario, analysis.stage
    economics = analysis.base.has_economics
    named = _with_titles(stage.game)
    blocks: list[Block] = [
        Grid((_matrix(analysis, 0), _matrix(analysis, 1))),
        Paragraph(
            f"The deal is {deal_name(scenario)}, war is {punishment_name(analysis.base)}. “Best” marks a best reply; where both sides "
            "reply best the profile is a Nash equilibrium of the single month."
        ),
        Paragraph(literal(stage.equilibria.replace(game=named).describe())),
        _levels(analysis),
    ]
    if stage.dominated:
        blocks.append(Bullets(tuple(literal(action.sentence(named)) for action in stage.dominated)))
    blocks.append(Paragraph(_methods(analysis)))
    if economics:
        blocks.append(Details("Where each number comes from", (_parts(analysis, 0), _parts(analysis, 1))))
    intro = f"Payoffs in {literal(scenario.unit)}"
    intro += ", relative to smooth compliance." if economics else ", as given in the scenario."
    return Section("game", "The game of a single month", tuple(blocks), intro)


def _with_titles(game: StageGame) -> StageGame:
    """Return the stage game with players and actions named as readers know them."""
    actions = tuple(tuple(map(label, names)) for names in game.actions)
    return game.replace(players=tuple(map(title, game.players)), actions=actions)


def _matrix(analysis: Analysis, index: int) -> Table:
    stage, names = analysis.base.pact.stage, players(analysis.scenario)
    first, second = ([literal(label(name)) for name in actions] for actions in stage.actions)
    rows = [
        (name, *(Cell(float(value), mark="best" if best else "", bold=bool(best)) for value, best in cells))
        for name, cells in zip(first, map(zip, stage.payoffs[index], best_replies(stage, index)), strict=True)
    ]
    columns = (f"{names[0]} \\\\ {names[1]}", *numbers(3, *second))
    return table(f"Payoffs of {names[index]}", f"payoffs-{index}", columns, rows, sortable=False)


def _levels(analysis: Analysis) -> Table:
    names, unit = players(analysis.scenario), analysis.scenario.unit
    sides = side_levels(analysis.base.pact, analysis.stage.minmax)
    rows = [
        (name, side.deal, side.punishment, side.temptation, side.punishment_loss, side.minmax_pure, side.minmax_mixed)
        for name, side in zip(names, sides, strict=True)
    ]
    columns = (
        "player",
        *numbers(3, "deal", "war", unit=unit),
        *numbers(3, "temptation", unit=unit, title="gain from the best deviation from the deal"),
        *numbers(3, "loss in war", "pure minmax", "mixed minmax", unit=unit),
    )
    leasts = [f"{name} {number(side.least_discount, 3)}" for name, side in zip(names, sides, strict=True)]
    note = (
        "With everything seen, reversion to the punishment holds the deal from δ = temptation / (temptation + loss in war) on: "
        f"{enumeration(leasts)}."
    )
    return table("What each side can gain and lose", "levels", columns, rows, note)


def _methods(analysis: Analysis) -> str:
    equilibria, frontier = analysis.stage.equilibria, analysis.stage.frontier
    methods = enumeration([f"{literal(finding.method)} {finding.count}" for finding in equilibria.findings])
    claim = "the list is proven complete" if equilibria.complete else "the list may not be complete"
    efficient = [
        literal(profile_label(equilibria.game.name(profiles[0]))) for profiles in frontier.profiles if profiles
    ]
    return f"Equilibria found: {methods}; {claim}. Efficient profiles: {enumeration(efficient)}."


def _parts(analysis: Analysis, index: int) -> Table:
    stage = analysis.base.pact.stage
    profiles = list(stage.profiles())
    names = [literal(profile_label(stage.name(profile))) for profile in profiles]
    rows = [
        (Cell(literal(part.name)), *(Cell(float(part.values[profile])) for profile in profiles))
        for part in analysis.base.parts
        if part.player == index
    ]
    total = (Cell(float(stage.payoff(profile)[index]), bold=True) for profile in profiles)
    rows.append((Cell("total", bold=True), *total))
    caption = f"Parts of the payoffs of {players(analysis.scenario)[index]}"
    columns = ("part", *numbers(3, *names, signed=True))
    return table(caption, f"parts-{index}", columns, rows, sortable=False)


def payoff_section(analysis: Analysis) -> Section:
    """Return stage payoffs with the frontier, regimes in payoff space, and bargaining points."""
    unit = analysis.scenario.unit
    columns = ("solution", "threat point", *numbers(3, *players(analysis.scenario), unit=unit, signed=True))
    points = bargaining_points(analysis.stage)
    rows = [(literal(point.solution), literal(point.threat), *point.payoffs) for point in points]
    return Section(
        "payoffs",
        "Payoff space",
        (
            stage_payoffs(analysis),
            regime_payoffs(analysis.comparison, {one.outcome: one.bounds for one in analysis.proven} or None),
            Paragraph(
                "The distance between a regime's point and the frontier is what simple, enforceable rules cost against the best "
                "that lotteries over profiles could give if promises were binding."
            ),
            Details("Bargaining points on the frontier", (table("Bargaining solutions", "bargaining", columns, rows),)),
        ),
        "Every point is a pair of payoffs; up and to the right is better.",
    )
