"""Inner and outer sets of equilibrium payoffs within a study: the one place from which the set solver is called."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from negotiation._values import Floats
from negotiation.games.dynamic import DynamicGame
from negotiation.games.pact import Pact
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.solution import Solution
from negotiation.solve.options import PUBLIC
from negotiation.solve.public import solve_public

# a study asks where conclusions change, not for the last digit of a set
OPTIONS = PUBLIC


def solve_games(games: Sequence[DynamicGame]) -> list[Solution]:
    """Return the sets of many games."""
    return [solve_public(game, OPTIONS) for game in games]


def game_of(pact: Pact) -> DynamicGame:
    """Return the repeated game behind a pact: its stage, monitoring and discount; pledges are terms of a regime."""
    return DynamicGame.repeated(pact.stage, pact.discount, pact.monitoring)


def best_joint(found: PayoffSet) -> Floats:
    """Return the payoffs (2,) of the vertex with the largest sum, NaN for an empty set."""
    if not len(found.vertices):
        return np.full(2, np.nan)
    return np.asarray(found.vertices[int(found.vertices.sum(axis=1).argmax())])


__all__ = ["best_joint", "game_of", "solve_games"]
