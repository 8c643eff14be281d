"""Payoffs of pure subgame-perfect equilibria with perfect monitoring and public randomisation, two players.

The set is the largest W = co(B(W)), B the operator of Abreu, Pearce and Stacchetti (1990), at most four points a
profile (Abreu, Sannikov 2014). An outer set from relaxed conditions and an inner one from tightened conditions are both
proofs; where they agree the set is known, where they do not the game is at a knife edge. docs/solver-perfect.md has the
algorithm and its proofs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

from negotiation._time_limit import OutOfTimeError, out_of_time, time_limit
from negotiation._values import Floats
from negotiation.errors import InputError
from negotiation.games.dynamic import DynamicGame
from negotiation.games.monitoring import Monitoring
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.solution import Solution, Status
from negotiation.solve.options import PERFECT, Options
from negotiation.solve.perfect.batch import APART, EMPTY, SOLVED, ByGame, KernelResults, solve_in_kernel
from negotiation.solve.perfect.exact_solution import ExactSet, exact_set, is_exact, static_points
from negotiation.solve.stage.equilibria import StageEquilibria
from negotiation.solve.stage.nash import stage_equilibria
from negotiation.solve.stage.unplayable import moderate, remarks, ruled_out

METHOD = "pure subgame-perfect equilibria with public randomisation (Abreu, Sannikov 2014)"
STATIC = "; every static Nash equilibrium, mixed ones included, allowed as a continuation and as a threat"
SOME_STATIC = "The list of static Nash equilibria may not be complete, so the set with all of them may be larger."
SHORT = "The numbers are short binary fractions and were taken as they stand."
NOT_DECIDED = "Left out at the time limit: the decision in rational arithmetic."
EDGE = 1e-6
FIRST_STEPS = 32  # of the first attempt under a time limit
Anything = TypeVar("Anything")


def is_perfect(game: DynamicGame) -> bool:
    """Whether the game has one state and its public outcome tells which profile was played."""
    return game.n_states == 1 and reveals(game.monitoring[0])


def reveals(seen: Monitoring) -> bool:
    """Whether no two profiles can lead to the same observed actions and the same signal."""
    players = seen.likelihood.ndim - 1
    if len(seen.observed) == players:
        return True
    hidden = tuple(player for player in range(players) if player not in seen.observed)
    return bool(((seen.likelihood > 0).sum(axis=hidden) <= 1).all())


def solve_perfect(game: DynamicGame, options: Options = PERFECT) -> Solution:
    """Return the payoff set of a repeated game in which all see every action, as an inner and an outer polygon.

    Vertices are counter-clockwise, in the units of the game; the set may be a polygon, a segment, a point or empty. The
    gap is the Hausdorff distance of the two polygons, each player's payoffs divided by their range. With
    `options.static_nash` W = co(B(W) and N), N all static Nash equilibria. Raises `InputError` unless there are two
    players, one state, and a public outcome that reveals the profile.
    """
    if not is_perfect(game):
        hint = "solve takes every game"
        raise InputError.single("game", "monitoring", "needs one state and actions that everyone sees", hint)
    return solve_batch([game], options)[0]


def solve_batch(games: Sequence[DynamicGame], options: Options = PERFECT) -> list[Solution]:
    """Return the solutions of games that are known to have perfect monitoring, in order."""
    if options.seconds is not None:
        return [_within_seconds(game, options, options.seconds) for game in games]
    for game in games:
        if game.stages[0].n_players != 2:
            message = f"{game.stages[0].n_players} players, payoff sets are found for two"
            raise InputError.single("game", "players", message)
    if not games:
        return []
    static = [static_equilibria(game) for game in games] if options.static_nash else None
    # a static equilibrium that mixes may use what pure play rules out
    solved = list(games) if static is not None else [moderate(game) for game in games]
    found = solve_in_kernel(
        solved, options, None if static is None else [equilibrium_payoffs(stage) for stage in static]
    )
    method = METHOD if static is None else METHOD + STATIC
    answers = ByGame(found)
    solutions = []
    for at, game in enumerate(games):
        code, gap, steps = answers.numbers[at]
        fields: dict[str, Any] = {
            "game": game,
            "method": method,
            "options": options,
            "inner": (payoff_set(answers.polygon(2 * at + 1)),),
            "outer": (payoff_set(answers.polygon(2 * at)),),
            "gap": gap,
            "status": status_of_code(code, gap, options),
            "iterations": steps,
            "convergence": answers.trace(at),
            "certificate": None,
            "notes": () if static is None or static[at].complete else (SOME_STATIC,),
        }
        exact = None
        if code == APART or (code == SOLVED and game.exact_discount is not None):
            try:
                exact = exact_set_of(solved[at], found, at, None if static is None else static[at], options)
            except OutOfTimeError:
                fields["notes"] += (NOT_DECIDED,)
        if exact is not None:
            sets = (payoff_set(frozen(exact.vertices)),)
            short = () if game.exact_discount is not None else (SHORT,)
            fields |= {"inner": sets, "outer": sets, "gap": 0.0, "status": Status.EXACT, "notes": short}
        if solved[at] is not game or exact is None:
            fields["notes"] += remarks(game, fields["outer"], ruled_out(game) if solved[at] is not game else ())
        solutions.append(trusted(Solution, fields))
    return solutions


def _within_seconds(game: DynamicGame, options: Options, seconds: float) -> Solution:
    """Return the solution after at most the time limit and one attempt: the compiled solver cannot see the clock.

    Attempts of twice as many steps each, from the start, until one is enough; all of them together cost at most twice
    the last.
    """
    steps = FIRST_STEPS
    with time_limit(seconds):
        while True:
            most = min(steps, int(options.iterations))
            found = solve_batch([game], options.replace(seconds=None, iterations=most))[0]
            unfinished = found.status is Status.ITERATION_LIMIT
            if unfinished and most < options.iterations and out_of_time():
                return found.replace(options=options, status=Status.TIME_LIMIT)
            if not unfinished or most == options.iterations:
                return found.replace(options=options)
            steps *= 2


def exact_set_of(
    game: DynamicGame, found: KernelResults, at: int, static: StageEquilibria | None, options: Options
) -> ExactSet | None:
    """Return the exact set of a game of ratios, or at a knife edge of exact doubles; None if it was not proven."""
    if not options.exact or not is_exact(game):
        return None
    fixed = [] if static is None else static_points(game, static)
    if fixed is None or (static is not None and not static.complete):
        return None
    return exact_set(game, fixed, found.polygons[at], found.marks[at], found.counts[at])


def static_equilibria(game: DynamicGame) -> StageEquilibria:
    """Return the static Nash equilibria, from the ratios where the game was given in ratios."""
    stage, nested = game.stages[0], None
    if game.exact_payoffs is not None:
        columns = stage.shape[1]
        nested = [[own[at : at + columns] for at in range(0, len(own), columns)] for own in game.exact_payoffs[0]]
    return stage_equilibria(stage, exact=nested)


def equilibrium_payoffs(static: StageEquilibria) -> Floats:
    """Return the payoffs (2, N) of static Nash equilibria."""
    listed = [found.payoffs for found in static.equilibria]
    return np.array(listed, dtype=np.float64).reshape(-1, 2).T.copy()


def status_of_code(code: int, gap: float, options: Options) -> Status:
    """Return the status that belongs to a code of the kernel."""
    if code == SOLVED:
        return Status.SOLVED
    if code == EMPTY:
        return Status.EMPTY
    if code == APART:
        return Status.KNIFE_EDGE if gap > max(EDGE, options.gap) else Status.GAP
    return Status.ITERATION_LIMIT


def frozen(array: Floats) -> Floats:
    """Return a read-only copy."""
    copy: Floats = array.copy()
    copy.flags.writeable = False
    return copy


_NO_ROWS, _NO_LEVELS = frozen(np.empty((0, 2))), frozen(np.empty(0))


def payoff_set(vertices: Floats) -> PayoffSet:
    """Return the set with these vertices, an array that nobody can write to."""
    return trusted(PayoffSet, {"vertices": vertices, "directions": _NO_ROWS, "levels": _NO_LEVELS})


def trusted(kind: type[Anything], fields: dict[str, Any]) -> Anything:
    """Return a frozen value with these fields, which are known to be right, without checks and copies."""
    value = object.__new__(kind)
    value.__dict__.update(fields)
    return value
