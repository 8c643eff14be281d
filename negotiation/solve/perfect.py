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

from negotiation._values import Floats
from negotiation.errors import InputError
from negotiation.games.dynamic import DynamicGame
from negotiation.games.monitoring import Monitoring
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.solution import Solution, Status
from negotiation.solve.nash import stage_equilibria
from negotiation.solve.options import PERFECT, Options
from negotiation.solve.perfect_batch import APART, EMPTY, SOLVED, Answers, run

METHOD = "pure subgame-perfect equilibria with public randomisation (Abreu, Sannikov 2014)"
STATIC = "; every static Nash equilibrium, mixed ones included, allowed as a continuation and as a threat"
SOME_STATIC = "The list of static Nash equilibria may not be complete, so the set with all of them may be larger."
EDGE = 1e-6
Anything = TypeVar("Anything")


def is_perfect(game: DynamicGame) -> bool:
    """Whether the game has one state and its public outcome tells which profile was played."""
    return game.n_states == 1 and reveals(game.monitoring[0])


def reveals(seen: Monitoring) -> bool:
    """Whether no two profiles can lead to the same observed actions and the same signal."""
    players = seen.likelihood.ndim - 1
    hidden = tuple(player for player in range(players) if player not in seen.observed)
    return not hidden or bool(((seen.likelihood > 0).sum(axis=hidden) <= 1).all())


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
    for game in games:
        if game.stages[0].n_players != 2:
            message = f"{game.stages[0].n_players} players, payoff sets are found for two"
            raise InputError.single("game", "players", message)
    if not games:
        return []
    static = [static_payoffs(game) for game in games] if options.static_nash else None
    found = run(games, options, None if static is None else [points for points, _ in static])
    notes = [() if static is None or static[at][1] else (SOME_STATIC,) for at in range(len(games))]
    return [solution(game, options, found, at, notes[at]) for at, game in enumerate(games)]


def static_payoffs(game: DynamicGame) -> tuple[Floats, bool]:
    """Return the payoffs (2, N) of all extreme static Nash equilibria, and whether none can be missing."""
    equilibria = stage_equilibria(game.stages[0])
    payoffs = [found.payoffs for found in equilibria.equilibria]
    return np.array(payoffs, dtype=np.float64).reshape(-1, 2).T.copy(), equilibria.complete


def solution(game: DynamicGame, options: Options, found: Answers, at: int, notes: tuple[str, ...]) -> Solution:
    """Return answer number `at` as a solution (built without the checks that the kernel's arrays cannot fail)."""
    code, gap = int(found.codes[at]), float(found.gaps[at])
    outer, inner = found.counts[at].tolist()
    trace = found.traces[at]
    return trusted(
        Solution,
        game=game,
        method=METHOD + STATIC if options.static_nash else METHOD,
        options=options,
        inner=(payoff_set(found.polygons[at, 1, :inner]),),
        outer=(payoff_set(found.polygons[at, 0, :outer]),),
        gap=gap,
        status=status(code, gap, options),
        iterations=int(found.steps[at]),
        convergence=frozen(trace[: np.count_nonzero(trace == trace)]),
        certificate=None,
        notes=notes,
    )


def status(code: int, gap: float, options: Options) -> Status:
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
    """Return the set with these vertices."""
    return trusted(PayoffSet, vertices=frozen(vertices), directions=_NO_ROWS, levels=_NO_LEVELS)


def trusted(kind: type[Anything], **fields: Any) -> Anything:
    """Return a frozen value with these fields, which are known to be right, without checks and copies."""
    value = object.__new__(kind)
    value.__dict__.update(fields)
    return value
