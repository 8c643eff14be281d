"""The stage game read as a whole: equilibria, security levels, best replies, dominance, the efficient frontier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from negotiation._values import Value, plain
from negotiation.games.stage import StageGame
from negotiation.solve.geometry.pareto_frontier import Frontier, efficient_frontier
from negotiation.solve.stage.dominance import Dominated, dominated_actions
from negotiation.solve.stage.equilibria import StageEquilibria
from negotiation.solve.stage.minmax import Minmax, minmax
from negotiation.solve.stage.nash import stage_equilibria


@dataclass(frozen=True, eq=False)
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
            "components": self.equilibria.n_components,
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
