"""Payoffs of pure subgame-perfect equilibria with perfect monitoring and public randomisation, two players.

The set is the largest W = co(B(W)), B the operator of Abreu, Pearce and Stacchetti (1990), at most four points a
profile (Abreu, Sannikov 2014). An outer set from relaxed conditions and an inner one from tightened conditions are both
proofs; where they agree the set is known, where they do not the game is at a knife edge. docs/solver-perfect.md has the
algorithm and its proofs.
"""

import itertools
from collections.abc import Sequence

import numpy as np

from negotiation._time_limit import OutOfTimeError, out_of_time, time_limit
from negotiation._values import Floats
from negotiation.errors import InputError
from negotiation.games.dynamic import DynamicGame
from negotiation.games.payoff_set import EMPTY_SET, PayoffSet
from negotiation.games.solution import Solution, Status
from negotiation.games.stage import Monitoring
from negotiation.solve.options import PERFECT, Options
from negotiation.solve.perfect.batch import APART, EMPTY, SOLVED, GameResult, solve_in_kernel
from negotiation.solve.perfect.exact_solution import exact_set_of
from negotiation.solve.stage.equilibria import StageEquilibria
from negotiation.solve.stage.nash import stage_equilibria
from negotiation.solve.stage.unplayable import moderate, remarks, ruled_out

PERFECT_METHOD = "pure subgame-perfect equilibria with public randomisation (Abreu, Sannikov 2014)"
STATIC = "; every static Nash equilibrium, mixed ones included, allowed as a continuation and as a threat"
SOME_STATIC = "The list of static Nash equilibria may not be complete, so the set with all of them may be larger."
SHORT_FRACTIONS = "The numbers are short binary fractions and were taken as they stand."
NOT_DECIDED = "Left out at the time limit: the decision in rational arithmetic."
KNIFE_EDGE = 1e-6  # gap, of the payoff range, above which two sets that disagree are a knife edge and no rounding
STEPS_AT_FIRST = 32  # of the first attempt under a time limit; doubled, the limit may be passed by as much


def is_perfect(game: DynamicGame) -> bool:
    """Whether the game has one state and its public outcome tells which profile was played."""
    return game.n_states == 1 and reveals(game.monitoring[0])


def reveals(monitoring: Monitoring) -> bool:
    """Whether no two profiles can lead to the same observed actions and the same signal."""
    players = monitoring.likelihood.ndim - 1
    if len(monitoring.observed) == players:
        return True
    hidden = tuple(player for player in range(players) if player not in monitoring.observed)
    return bool(((monitoring.likelihood > 0).sum(axis=hidden) <= 1).all())


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
    if options.static_nash:
        # a static equilibrium that mixes may use what pure play rules out
        static = [stage_equilibria(game.stages[0], exact=game.exact_tables()) for game in games]
        payoffs = [[equilibrium.payoffs for equilibrium in stage.equilibria] for stage in static]
        always = [np.array(rows, dtype=np.float64).reshape(-1, 2).T.copy() for rows in payoffs]
        results = solve_in_kernel(games, options, always)
        moderated = list(games)
    else:
        static, moderated = [], [moderate(game) for game in games]
        results = solve_in_kernel(moderated, options)
    statics = static or itertools.repeat(None)
    rows = zip(games, moderated, statics, results, strict=False)
    return [_solution(game, played, stage, result, options) for game, played, stage, result in rows]


def _solution(
    game: DynamicGame, moderated: DynamicGame, static: StageEquilibria | None, result: GameResult, options: Options
) -> Solution:
    """Return the kernel's answer to a game, or the exact set where that is proven.

    moderated: the game that was solved, without the payoffs of profiles that threats rule out.
    """
    inner, outer, gap = (payoff_set(result.inner),), (payoff_set(result.outer),), result.gap
    status = _status(result.code, gap, options)
    notes: tuple[str, ...] = () if static is None or static.complete else (SOME_STATIC,)
    exact = None
    if result.code == APART or (result.code == SOLVED and game.exact_discount is not None):
        try:
            exact = exact_set_of(moderated, result, static, options)
        except OutOfTimeError:
            notes += (NOT_DECIDED,)
    if exact is not None:
        inner = outer = (PayoffSet(exact.vertices),)
        gap, status = 0.0, Status.EXACT
        notes = () if game.exact_discount is not None else (SHORT_FRACTIONS,)
    if moderated is not game or exact is None:
        notes += remarks(game, outer, ruled_out(game) if moderated is not game else ())
    return Solution._unchecked(
        game=game,
        method=PERFECT_METHOD if static is None else PERFECT_METHOD + STATIC,
        options=options,
        inner=inner,
        outer=outer,
        gap=gap,
        status=status,
        iterations=result.steps,
        convergence=result.trace,
        certificate=None,
        notes=notes,
    )


def _within_seconds(game: DynamicGame, options: Options, seconds: float) -> Solution:
    """Return the solution after at most the time limit and one attempt: the compiled solver cannot see the clock.

    Attempts of twice as many steps each, from the start, until one is enough; all of them together cost at most twice
    the last.
    """
    steps = STEPS_AT_FIRST
    with time_limit(seconds):
        while True:
            most = min(steps, int(options.iterations))
            solution = solve_batch([game], options.replace(seconds=None, iterations=most))[0]
            unfinished = solution.status is Status.ITERATION_LIMIT
            if unfinished and most < options.iterations and out_of_time():
                return solution.replace(options=options, status=Status.TIME_LIMIT)
            if not unfinished or most == options.iterations:
                return solution.replace(options=options)
            steps *= 2


def _status(code: int, gap: float, options: Options) -> Status:
    """Return the status that belongs to a code of the kernel."""
    if code == APART:
        return Status.KNIFE_EDGE if gap > max(KNIFE_EDGE, options.gap) else Status.GAP
    return {SOLVED: Status.SOLVED, EMPTY: Status.EMPTY}.get(code, Status.ITERATION_LIMIT)


def payoff_set(vertices: Floats) -> PayoffSet:
    """Return the set with these vertices, an array that nobody can write to."""
    return PayoffSet._unchecked(vertices=vertices, directions=EMPTY_SET.directions, levels=EMPTY_SET.levels)
