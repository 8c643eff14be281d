"""Payoffs of pure public perfect equilibria with noisy monitoring: an inner and an outer set of each state.

The outer set is the limit of proven levels from the feasible set down (`outer_approximation`), the inner one a polygon
that generates itself (`inner_approximation`); `refinement` adds directions until they agree. Two players, any actions,
signals and public states; pure strategies with public randomisation (Abreu, Pearce, Stacchetti 1990; Judd, Yeltekin,
Conklin 2003).
"""

import numpy as np

from negotiation._time_limit import OutOfTimeError, time_limit
from negotiation._values import Bools
from negotiation.errors import InputError
from negotiation.games.dynamic import DynamicGame
from negotiation.games.payoff_set import EMPTY_SET
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
        except OutOfTimeError:  # all that is known is that payoffs are averages of stage payoffs
            points = np.concatenate([stage.points() for stage in game.stages])
            return Solution(
                game=game,
                method=METHOD,
                options=options,
                inner=(EMPTY_SET,) * game.n_states,
                outer=(convex_set(points),) * game.n_states,
                gap=np.inf,
                status=Status.TIME_LIMIT,
                iterations=0,
            )
        result = refine_to_both_sets(inc, options)
        lost = states_without_equilibrium(game, result.outer.empty)
        if lost.any() and not lost.all():
            return _solve_remaining_states(game, lost, options)
        if lost.all():
            result.outer.empty[:] = True
            result.gap = 0.0
    outer, family = result.outer, result.family
    bound = outer.directions, outer.level, outer.empty
    inside, outside = drawn_sets((inc.offset, inc.scale), bound, None if family is None else family.polygons)
    notes = []
    if result.limit_reached and family is not None:
        notes.append(f"The search stopped at the limit of {result.limit_reached}.")
    return Solution(
        game=game,
        method=METHOD,
        options=options,
        inner=inside,
        outer=outside,
        gap=result.gap,
        status=_status(result, options),
        iterations=result.applications,
        convergence=np.array(result.history),
        notes=(*notes, *remarks(game, outside, inc.ruled_out)),
    )


def states_without_equilibrium(game: DynamicGame, empty: Bools) -> Bools:
    """Return the states without equilibrium: those proven `empty`, and those from which public play can reach one.

    A perfect equilibrium goes on as an equilibrium after every public history, on its path or not.
    """
    lost = empty.copy()
    for _ in range(game.n_states):
        for s, monitoring in enumerate(game.monitoring):
            possible = (monitoring.likelihood > 0).reshape(-1, monitoring.n_signals).any(axis=0)
            lost[s] |= bool(lost[np.asarray(game.next_state[s])[possible]].any())
    return lost


def _solve_remaining_states(game: DynamicGame, lost: Bools, options: Options) -> Solution:
    """Solve for the states that never reach a state without equilibrium; the others have none."""
    left = np.flatnonzero(~lost)
    number = np.zeros(game.n_states, dtype=np.int64)
    number[left] = np.arange(len(left))
    rest = game.replace(
        states=tuple(game.states[s] for s in left),
        stages=tuple(game.stages[s] for s in left),
        monitoring=tuple(game.monitoring[s] for s in left),
        next_state=number[np.asarray(game.next_state)[left]],
        exact_payoffs=game.exact_payoffs and tuple(game.exact_payoffs[s] for s in left),
        exact_likelihood=game.exact_likelihood and tuple(game.exact_likelihood[s] for s in left),
    )
    part = solve_public(rest, options.replace(certificate=False))
    names = ", ".join(game.states[s] for s in np.flatnonzero(lost))
    inner, outer = (
        tuple(EMPTY_SET if gone else sets[n] for gone, n in zip(lost, number, strict=True))
        for sets in (part.inner, part.outer)
    )
    return part.replace(
        game=game,
        options=options,
        inner=inner,
        outer=outer,
        notes=(f"No equilibrium in pure strategies starts in {names}, and that is proven.",),
    )


def _status(result: RefinementResult, options: Options) -> Status:
    if result.outer.empty.all():
        return Status.EMPTY
    if result.gap <= options.gap:
        return Status.SOLVED
    if result.limit_reached and result.family is None:
        return Status.TIME_LIMIT if result.limit_reached == "seconds" else Status.ITERATION_LIMIT
    return Status.KNIFE_EDGE if result.knife_edge else Status.GAP
