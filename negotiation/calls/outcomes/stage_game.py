"""The stage game read as a whole: equilibria, security levels, best replies, dominance, the efficient frontier, and
bargaining over it: Nash (1950), Kalai-Smorodinsky (1975), egalitarian (Kalai 1977) and utilitarian.
"""

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from negotiation._values import Value, plain
from negotiation.errors import InputError
from negotiation.games.pact import Pact
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.stage import StageGame
from negotiation.solve.bargaining.solutions import bargain
from negotiation.solve.geometry.pareto_frontier import Frontier, efficient_frontier
from negotiation.solve.stage.dominance import Dominated, dominated_actions
from negotiation.solve.stage.equilibria import StageEquilibria
from negotiation.solve.stage.minmax import Minmax, minmax
from negotiation.solve.stage.nash import stage_equilibria

SOLUTIONS = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian")


class StageAnalysis(Value):
    """What can be played once, and what each side can be held to; minmax: one entry a player."""

    game: StageGame
    equilibria: StageEquilibria
    minmax: tuple[Minmax, ...]
    dominated: tuple[Dominated, ...]
    frontier: Frontier

    def summary(self) -> dict[str, Any]:
        """Return the analysis as JSON data, mixes as exact fractions."""
        game = self.game
        return {
            "equilibria": [
                {"mixes": plain(equilibrium.mixes), "payoffs": list(equilibrium.payoffs)}
                for equilibrium in self.equilibria.equilibria
            ],
            "complete": self.equilibria.complete,
            "components": len(self.equilibria.components),
            "minmax_pure": [each.pure for each in self.minmax],
            "minmax_mixed": [each.mixed for each in self.minmax],
            "dominated": [each.sentence(game) for each in self.dominated],
            "frontier": plain(self.frontier.pareto),
            "feasible": plain(self.frontier.feasible.vertices),
        }


def analyse_stage(game: StageGame) -> StageAnalysis:
    """Return the analysis of a two-player stage game, equilibria found by nashpy and completed exactly."""
    return StageAnalysis(
        game,
        stage_equilibria(game, cross_check=True),
        tuple(minmax(game, player) for player in range(game.n_players)),
        dominated_actions(game),
        efficient_frontier(game),
    )


class SideLevels(Value, kw_only=True):
    """What one player can gain and lose, in the game's unit per period.

    deal, punishment: its payoffs there. temptation: gain from its best deviation from the deal. punishment_loss: the
    deal over the punishment. minmax_pure, minmax_mixed: what it can be held to. least_discount: from which discount
    factor reversion to the punishment holds it to the deal where everything is seen; None where none is enough.
    """

    deal: float
    punishment: float = field(metadata={"key": "war"})
    temptation: float
    punishment_loss: float = field(metadata={"key": "loss_in_war"})
    minmax_pure: float
    minmax_mixed: float
    least_discount: float | None


def side_levels(pact: Pact, minmax: tuple[Minmax, ...]) -> tuple[SideLevels, ...]:
    """Return the levels of each player of a pact, given what each can be held to."""
    sides = []
    for player, level in enumerate(minmax):
        deal, punishment = pact.stage.payoff(pact.deal)[player], pact.stage.payoff(pact.punishment)[player]
        gain, loss = float(pact.stage.deviations(player, pact.deal).max()) - deal, deal - punishment
        least = 0.0 if gain <= 0 else gain / (gain + loss) if loss > 0 else None
        sides.append(
            SideLevels(
                deal=deal,
                punishment=punishment,
                temptation=gain,
                punishment_loss=loss,
                minmax_pure=level.pure,
                minmax_mixed=level.mixed,
                least_discount=least,
            )
        )
    return tuple(sides)


class BargainingPoint(Value):
    """One solution for one threat point: payoffs (2,) in the game's unit."""

    solution: str
    threat: str
    payoffs: tuple[float, ...]


def bargaining_points(stage: StageAnalysis, region: PayoffSet | None = None) -> tuple[BargainingPoint, ...]:
    """Return the solutions on the stage game's feasible set, or on a set of equilibrium payoffs of the repeated game.

    Threat points: "stage Nash" (the first equilibrium), "pure minmax" and, on a set of equilibrium payoffs, "worst
    equilibrium", each player's least payoff in it; minmax may lie outside such a set, and is then only a yardstick.
    """
    threats = {"pure minmax": tuple(security.pure for security in stage.minmax)}
    if stage.equilibria.equilibria:
        threats = {"stage Nash": stage.equilibria.equilibria[0].payoffs, **threats}
    if region is not None and not region.is_empty:
        threats["worst equilibrium"] = tuple(float(payoff) for payoff in region.vertices.min(axis=0))
    return bargaining_on_set(stage.frontier.feasible if region is None else region, threats)


def bargaining_on_set(region: PayoffSet, threats: Mapping[str, tuple[float, ...]]) -> tuple[BargainingPoint, ...]:
    """Return the solutions on any two-player payoff set for named threat points that leave something to agree on."""
    points: list[BargainingPoint] = []
    for name, threat in threats.items():
        try:
            solved = bargain(region, threat)
        except InputError:
            continue
        for solution in SOLUTIONS:
            payoffs = tuple(float(value) for value in getattr(solved, solution))
            points.append(BargainingPoint(solution.replace("_", "-"), name, payoffs))
    return tuple(points)
