"""One door to the set solvers: a game goes to the solver made for what its players see."""

from __future__ import annotations

from negotiation._time_limit import time_limit
from negotiation.games.dynamic import DynamicGame
from negotiation.games.solution import Solution
from negotiation.solve.certificates.certify import with_certificate
from negotiation.solve.options import PERFECT, PUBLIC, Options
from negotiation.solve.perfect.solver import is_perfect, reveals, solve_perfect
from negotiation.solve.public.solver import solve_public

# several states and no noise: corners are found, not approached, so that more can be asked for
DEFAULTS = {"perfect": PERFECT, "seen": PUBLIC.replace(gap=1e-6), "noisy": PUBLIC}


def monitoring_kind(game: DynamicGame) -> str:
    """Return which settings of `DEFAULTS` fit a game."""
    if is_perfect(game):
        return "perfect"
    return "seen" if all(reveals(seen) for seen in game.monitoring) else "noisy"


def solve(game: DynamicGame, options: Options | None = None) -> Solution:
    """Return inner and outer sets of equilibrium payoffs of a two-player game, in each of its states.

    One state and actions that everyone sees (or a signal that reveals them): `solve_perfect`; otherwise `solve_public`.
    Without `options`, those of `DEFAULTS` for the `kind` of game. Raises `InputError` for another number of players
    than two.
    """
    sort = monitoring_kind(game)
    chosen = DEFAULTS[sort] if options is None else options
    with time_limit(chosen.seconds):
        solution = solve_perfect(game, chosen) if sort == "perfect" else solve_public(game, chosen)
        return with_certificate(solution) if chosen.certificate else solution
