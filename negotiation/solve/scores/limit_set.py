"""What patience can reach: half-spaces that bound equilibrium payoffs for EVERY discount factor (one state).

The largest score over all pure profiles bounds the payoffs of pure public perfect equilibria in each direction; if the
intersection Q of these half-spaces has an interior, it is also the limit as players become patient (Fudenberg, Levine
1994; Fudenberg, Levine, Maskin 1994; docs/patient-limit.md). Q is an exact polygon: no grid of directions is involved.
"""

from functools import cached_property

import numpy as np

from negotiation._results import Result
from negotiation.errors import InputError
from negotiation.games.dynamic import DynamicGame
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.stage import Profile
from negotiation.solve.geometry.convex_hull import convex_set
from negotiation.solve.scores.half_spaces import half_spaces, intersection_corners, unit_half_spaces
from negotiation.solve.scores.incentive_rows import (
    ProfileIncentives,
    enforceable,
    profile_incentives,
    rational_game,
)
from negotiation.solve.scores.piecewise_linear import RationalVector


class PatientLimit(Result):
    """The set Q of a repeated game: it contains every pure equilibrium payoff for every discount factor.

    bound: Q in the game's unit, with its half-spaces: directions of unit length, counter-clockwise from the first
    player's axis. profiles: for each half-space a profile that attains the score. exact_vertices: the same vertices as
    ratios. full_dimensional: whether Q
    has an interior, so that it is also the limit as players become patient.
    """

    game: DynamicGame
    bound: PayoffSet
    profiles: tuple[Profile, ...]
    exact_vertices: tuple[RationalVector, ...]

    @property
    def full_dimensional(self) -> bool:
        """Whether Q has an interior (exactly)."""
        return len(self.exact_vertices) > 2

    @cached_property
    def joint(self) -> float:
        """Largest sum of payoffs in Q, minus infinity when Q is empty."""
        return self.bound.support(np.ones(2))

    def words(self) -> str:
        """Return what is claimed, in plain sentences."""
        if self.bound.is_empty:
            return (
                "No equilibrium in pure strategies exists at any discount factor: "
                "the half-spaces that bound its payoffs have no point in common."
            )
        holds = f"At every discount factor the payoffs of pure equilibria lie in {self.bound.words()}"
        if self.full_dimensional:
            return f"{holds}; as the players become patient they fill it, because it has an interior."
        return f"{holds}; it has no interior, so whether patience fills it is not claimed."


def patient_limit(game: DynamicGame) -> PatientLimit:
    """Return the exact Fudenberg-Levine set of a two-player game with one state; its discount factor plays no role.

    Raises `InputError` for several states or another number of players.
    """
    conditions = enforceable_incentives(game)
    spaces = half_spaces(conditions)
    corners = intersection_corners(conditions, spaces)
    if corners and spaces:
        region = convex_set(np.array([[float(u), float(v)] for u, v in corners]))
    else:
        corners, region = [], PayoffSet(np.empty((0, 2)))
    directions, levels, profiles = unit_half_spaces(spaces)
    return PatientLimit(game, PayoffSet(region.vertices, directions, levels), profiles, tuple(corners))


def enforceable_incentives(game: DynamicGame) -> dict[Profile, ProfileIncentives]:
    """Return the incentive conditions of each enforceable profile."""
    if game.stages[0].n_players != 2:
        raise InputError.single("game", "players", f"{game.stages[0].n_players} players, score sets need two")
    numbers = rational_game(game)
    every = (profile_incentives(numbers, profile) for profile in numbers.payoffs)
    return {each.profile: each for each in every if all(enforceable(each, player) for player in range(2))}
