"""One door to the set solvers: a game goes to the solver made for what its players see."""

from __future__ import annotations

from negotiation.games.dynamic import DynamicGame
from negotiation.games.solution import Solution
from negotiation.solve.options import PERFECT, PUBLIC, Options
from negotiation.solve.perfect import is_perfect, solve_perfect
from negotiation.solve.public import solve_public


def solve(game: DynamicGame, options: Options | None = None) -> Solution:
    """Return inner and outer sets of equilibrium payoffs of a two-player game, in each of its states.

    One state and actions that everyone sees (or a signal that reveals them): `solve_perfect`; otherwise `solve_public`.
    Without `options` each takes its own settings, `PERFECT` or `PUBLIC`. Raises `InputError` for another number of
    players than two.
    """
    if is_perfect(game):
        return solve_perfect(game, PERFECT if options is None else options)
    return solve_public(game, PUBLIC if options is None else options)
