"""Payoffs of pure public perfect equilibria with noisy monitoring: an inner and an outer set of each state.

The outer set is the limit of proven levels from the feasible set down (`outer`), the inner one a polygon that generates
itself (`inner`); `search` adds directions until they agree. Two players, any actions, signals and public states; pure
strategies with public randomisation (Abreu, Pearce, Stacchetti 1990; Judd, Yeltekin, Conklin 2003).
"""

from __future__ import annotations

import numpy as np

from negotiation._time_limit import OutOfTimeError, time_limit
from negotiation._values import Bools
from negotiation.errors import InputError
from negotiation.games.dynamic import DynamicGame
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.solution import Solution, Status
from negotiation.solve.geometry.convex_hull import convex_set
from negotiation.solve.options import PUBLIC, Options
from negotiation.solve.public.drawn_sets import drawn_sets
from negotiation.solve.public.incentive_constraints import incentive_constraints
from negotiation.solve.public.refinement import RefinementResult, refine_to_both_sets
from negotiation.solve.stage.unplayable import remarks

METHOD = "outer and inner sets of pure public perfect equilibria (Abreu, Pearce, Stacchetti 1990), public randomisation"


def solve_public(game: DynamicGame, options: Options = PUBLIC) -> Solution:
    """Return inner and outer payoff sets of every state; the gap is the largest distance over the payoff range.

    Vertices within 1e-9 of the payoff range are drawn together, so that points and segments are said to be such. Raises
    `InputError` for another number of players than two, and for `static_nash`, which only perfect monitoring offers. A
    limit of `options` that is reached leaves the proven outer set, and the status says so.
    """
    if options.static_nash:
        raise InputError.single("options", "static_nash", "is offered for perfect monitoring only", "set it to false")
    with time_limit(options.seconds):
        try:
            inc = incentive_constraints(game)
        except OutOfTimeError:
            return _feasible_sets(game, options)
        found = refine_to_both_sets(inc, options)
        lost = states_without_equilibrium(game, found.outer.empty)
        if lost.any() and not lost.all():
            return _solve_remaining_states(game, lost, options)
        if lost.all():
            found.outer.empty[:] = True
            found.gap = 0.0
        notes = []
    outer, family = found.outer, found.family
    polygons = None if family is None else family.polygons
    inner, bound = drawn_sets((inc.offset, inc.scale), outer.directions, outer.level, outer.empty, polygons)
    if found.limit_reached and found.family:
        notes.append(f"The search stopped at the limit of {found.limit_reached}.")
    return Solution(
        game=game,
        method=METHOD,
        options=options,
        inner=inner,
        outer=bound,
        gap=found.gap,
        status=_status(found, options),
        iterations=found.applications,
        convergence=np.array(found.history),
        notes=(*notes, *remarks(game, bound, inc.ruled_out)),
    )


def _feasible_sets(game: DynamicGame, options: Options) -> Solution:
    """Return what is known before anything was computed: payoffs are averages of stage payoffs."""
    points = np.concatenate([stage.points() for stage in game.stages])
    count = game.n_states
    nothing, feasible = PayoffSet(np.empty((0, 2))), convex_set(points)
    return Solution(
        game, METHOD, options, (nothing,) * count, (feasible,) * count, np.inf, Status.TIME_LIMIT, 0, np.empty(0)
    )


def states_without_equilibrium(game: DynamicGame, empty: Bools) -> Bools:
    """Return the states without equilibrium: those proven `empty`, and those from which public play can reach one.

    A perfect equilibrium goes on as an equilibrium after every public history, on its path or not.
    """
    lost = empty.copy()
    for _ in range(game.n_states):
        for s, seen in enumerate(game.monitoring):
            possible = (seen.likelihood > 0).reshape(-1, seen.n_signals).any(axis=0)
            lost[s] |= bool(lost[np.asarray(game.next_state[s])[possible]].any())
    return lost


def _solve_remaining_states(game: DynamicGame, lost: Bools, options: Options) -> Solution:
    """Solve for the states that never reach a state without equilibrium; the others have none."""
    held = np.flatnonzero(~lost)
    number = np.zeros(game.n_states, dtype=np.int64)
    number[held] = np.arange(len(held))
    rest = DynamicGame(
        tuple(game.states[s] for s in held),
        tuple(game.stages[s] for s in held),
        tuple(game.monitoring[s] for s in held),
        number[np.asarray(game.next_state)[held]],
        game.discount,
        game.exact_discount,
        game.exact_payoffs and tuple(game.exact_payoffs[s] for s in held),
        game.exact_likelihood and tuple(game.exact_likelihood[s] for s in held),
    )
    part, nothing = solve_public(rest, options), PayoffSet(np.empty((0, 2)))
    names = ", ".join(game.states[s] for s in np.flatnonzero(lost))
    return Solution(
        game=game,
        method=METHOD,
        options=options,
        inner=tuple(nothing if gone else part.inner[at] for gone, at in zip(lost, number, strict=True)),
        outer=tuple(nothing if gone else part.outer[at] for gone, at in zip(lost, number, strict=True)),
        gap=part.gap,
        status=part.status,
        iterations=part.iterations,
        convergence=part.convergence,
        notes=(f"No equilibrium in pure strategies starts in {names}, and that is proven.",),
    )


def _status(found: RefinementResult, options: Options) -> Status:
    if found.outer.empty.all():
        return Status.EMPTY
    if found.gap <= options.gap:
        return Status.SOLVED
    if found.limit_reached and found.family is None:
        return Status.TIME_LIMIT if found.limit_reached == "seconds" else Status.ITERATION_LIMIT
    return Status.KNIFE_EDGE if found.knife_edge else Status.GAP
