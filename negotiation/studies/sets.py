"""Inner and outer sets of equilibrium payoffs within a study: the one place from which the set solver is called."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from negotiation._values import Floats
from negotiation.games.dynamic import DynamicGame
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.solution import Solution
from negotiation.solve.options import PUBLIC
from negotiation.solve.payoff_sets.batch import solve_many
from negotiation.solve.payoff_sets.solver import monitoring_kind

# a hundredth of the payoff range tells where conclusions change; a thousandth takes fifteen times as long
STUDY_OPTIONS = PUBLIC.replace(gap=1e-2)


def solve_games(games: Sequence[DynamicGame]) -> list[Solution]:
    """Return the sets of many games of one kind, in order, in this process: a study has workers of its own."""
    noisy = bool(games) and monitoring_kind(games[0]) != "perfect"
    return list(solve_many(games, STUDY_OPTIONS if noisy else None, jobs=1))


def best_joint(payoffs: PayoffSet) -> Floats:
    """Return the payoffs (2,) of the vertex with the largest sum, NaN for an empty set."""
    if not len(payoffs.vertices):
        return np.full(2, np.nan)
    return np.asarray(payoffs.vertices[int(payoffs.vertices.sum(axis=1).argmax())])


__all__ = ["best_joint", "solve_games"]
