"""The feasible payoffs of a stage game, their efficient frontier, and where a payoff vector lies.

Feasible: the convex hull of the pure profiles' payoffs, what players reach with a public lottery. Efficient (Pareto):
no feasible point gives one player more and the other no less. Both by exact signs (`hull`). Two players.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

import numpy as np

from negotiation._values import Floats, Value
from negotiation.errors import InputError
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.stage import Profile, StageGame
from negotiation.solve.geometry.convex_hull import Point, convex_hull, convex_set, facet_normals, orientation


class Position(enum.Enum):
    """Where a payoff vector lies; the value is the word used in sentences."""

    INSIDE = "inside"
    BOUNDARY = "on the boundary of"
    OUTSIDE = "outside"


@dataclass(frozen=True, eq=False)
class Frontier(Value):
    """The feasible set and its efficient part, in the game's unit.

    feasible: polygon, segment or point with its half-spaces. pareto: (K, 2) efficient vertices, from the best for
    player 0 to the best for player 1; the edges between neighbours are efficient too. profiles: for each of them the
    pure profiles that give it. utilitarian: (1 or 2, 2) ends of the set with the largest sum, `largest_sum`.
    """

    feasible: PayoffSet
    pareto: Floats
    profiles: tuple[tuple[Profile, ...], ...]
    utilitarian: Floats
    largest_sum: float


def efficient_frontier(game: StageGame) -> Frontier:
    """Return feasible set, Pareto frontier and utilitarian best of a two-player game.

    >>> game = StageGame(("US", "China"), (("C", "D"), ("C", "D")), [[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    >>> efficient_frontier(game).pareto.tolist()
    [[5.0, 0.0], [3.0, 3.0], [0.0, 5.0]]
    """
    feasible = feasible_set(game)
    pareto = pareto_vertices(feasible)
    points, profiles = game.points(), list(game.profiles())
    reached = tuple(tuple(profiles[at] for at in np.flatnonzero((points == vertex).all(axis=1))) for vertex in pareto)
    sums = pareto.sum(axis=1)
    return Frontier(feasible, pareto, reached, pareto[sums == sums.max()], float(sums.max()))


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
    first = max(range(len(vertices)), key=lambda at: (vertices[at][0], vertices[at][1]))
    last = max(range(len(vertices)), key=lambda at: (vertices[at][1], vertices[at][0]))
    steps = (last - first) % len(vertices)
    return np.array([vertices[(first + step) % len(vertices)] for step in range(steps + 1)])


def position(region: PayoffSet, point: Point, *, tolerance: float = 0.0) -> Position:
    """Return whether `point` lies inside, on the boundary of, or outside a convex set.

    With `tolerance` 0 the answer is exact for the doubles given. Otherwise a point counts as on the boundary when its
    largest signed distance to the bounding lines is at most `tolerance` (payoff units) either way. A segment or a
    point is all boundary.
    """
    if region.is_empty:
        return Position.OUTSIDE
    vertices = convex_hull(region.vertices)
    if tolerance > 0:
        directions = facet_normals(vertices)
        over = float((directions @ np.asarray(point, dtype=np.float64) - (directions @ vertices.T).max(axis=1)).max())
        thin = len(vertices) < 3 and over <= tolerance
        return (
            Position.OUTSIDE
            if over > tolerance
            else Position.BOUNDARY
            if thin or over >= -tolerance
            else Position.INSIDE
        )
    corners: list[list[float]] = vertices.tolist()
    if len(corners) < 3:
        on_line = len(corners) == 1 or orientation(corners[0], corners[1], point) == 0
        low, high = np.minimum(*vertices[[0, -1]]), np.maximum(*vertices[[0, -1]])
        between = all(low[axis] <= point[axis] <= high[axis] for axis in (0, 1))
        return Position.BOUNDARY if on_line and between else Position.OUTSIDE
    turns = [orientation(a, b, point) for a, b in zip(corners, corners[1:] + corners[:1], strict=True)]
    return Position(("outside", "on the boundary of", "inside")[min(turns) + 1])
