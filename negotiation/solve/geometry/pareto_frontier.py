"""The feasible payoffs of a stage game and their efficient frontier.

Feasible: the convex hull of the pure profiles' payoffs, what players reach with a public lottery. Efficient (Pareto):
no feasible point gives one player more and the other no less. Both by exact signs (`convex_hull`). Two players.
"""

import numpy as np

from negotiation._values import Floats, Value
from negotiation.errors import InputError
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.stage import Profile, StageGame
from negotiation.solve.geometry.convex_hull import convex_hull, convex_set


class Frontier(Value):
    """The feasible set and its efficient part, in the game's unit.

    feasible: polygon, segment or point with its half-spaces. pareto: (K, 2) efficient vertices, from the best for
    player 0 to the best for player 1; the edges between neighbours are efficient too. profiles: for each of them the
    pure profiles that give it. largest_sum: of a feasible point.
    """

    feasible: PayoffSet
    pareto: Floats
    profiles: tuple[tuple[Profile, ...], ...]
    largest_sum: float


def efficient_frontier(game: StageGame) -> Frontier:
    """Return the feasible set and the Pareto frontier of a two-player game.

    >>> game = StageGame(("US", "China"), (("C", "D"), ("C", "D")), [[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    >>> efficient_frontier(game).pareto.tolist()
    [[5.0, 0.0], [3.0, 3.0], [0.0, 5.0]]
    """
    feasible = feasible_set(game)
    pareto = pareto_vertices(feasible)
    points, profiles = game.points(), list(game.profiles())
    reached = tuple(
        tuple(profiles[number] for number in np.flatnonzero((points == vertex).all(axis=1))) for vertex in pareto
    )
    return Frontier(feasible, pareto, reached, float(pareto.sum(axis=1).max()))


def feasible_set(game: StageGame) -> PayoffSet:
    """Return the convex hull of the payoffs of a two-player game's pure profiles; raise `InputError` otherwise."""
    if game.n_players != 2:
        raise InputError.single("stage game", "players", f"{game.n_players} players, payoff polygons need two")
    return convex_set(game.points())


def pareto_vertices(region: PayoffSet) -> Floats:
    """Return the efficient vertices (K, 2) of a convex set, from the best for player 0 to the best for player 1.

    Raises `InputError` for the empty set.
    """
    if region.is_empty:
        raise InputError.single("payoff set", "vertices", "the set is empty and has no frontier")
    vertices = convex_hull(region.vertices).tolist()
    first = max(range(len(vertices)), key=lambda m: (vertices[m][0], vertices[m][1]))
    last = max(range(len(vertices)), key=lambda m: (vertices[m][1], vertices[m][0]))
    steps = (last - first) % len(vertices)
    return np.array([vertices[(first + step) % len(vertices)] for step in range(steps + 1)])
