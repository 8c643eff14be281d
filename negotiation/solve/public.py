"""Payoffs of pure public perfect equilibria with noisy monitoring: an inner and an outer set of each state.

The outer set is the limit of proven levels from the feasible set down (`outer`), the inner one a polygon that generates
itself (`inner`); `search` adds directions until they agree. Two players, any actions, signals and public states; pure
strategies with public randomisation (Abreu, Pearce, Stacchetti 1990; Judd, Yeltekin, Conklin 2003).
"""

from __future__ import annotations

import numpy as np

from negotiation._values import Floats
from negotiation.games.dynamic import DynamicGame
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.solution import Solution, Status
from negotiation.solve.frontier import convex_set
from negotiation.solve.incentives import Incentives, incentives
from negotiation.solve.operator import Polygons
from negotiation.solve.options import PUBLIC, Options
from negotiation.solve.search import Found, search

METHOD = "outer and inner sets of pure public perfect equilibria (Abreu, Pearce, Stacchetti 1990), public randomisation"


def solve_public(game: DynamicGame, options: Options = PUBLIC) -> Solution:
    """Return inner and outer payoff sets of every state; the gap is the largest distance over the payoff range.

    Raises `InputError` for another number of players than two. A limit of `options` that is reached leaves the proven
    outer set, and the status says so.
    """
    inc = incentives(game)
    found = search(inc, options)
    count = game.n_states
    if found.outer.empty.any():
        nothing = tuple(PayoffSet(np.empty((0, 2))) for _ in range(count))
        return Solution(game, METHOD, options, nothing, nothing, 0.0, Status.EMPTY, len(found.history))
    outer = _sets(inc, found.outer.directions.polygons(found.outer.level))
    if found.inner is None:
        inner = tuple(PayoffSet(np.empty((0, 2))) for _ in range(count))
    else:
        inner = _sets(inc, found.inner.polygons)
    return Solution(
        game,
        METHOD,
        options,
        inner,
        outer,
        found.gap,
        _status(found, options),
        len(found.history),
        np.array(found.history),
    )


def _status(found: Found, options: Options) -> Status:
    if found.gap <= options.gap:
        return Status.SOLVED
    if found.out_of == "seconds":
        return Status.TIME_LIMIT
    return Status.ITERATION_LIMIT if found.inner is None else Status.GAP


def _sets(inc: Incentives, polygons: Polygons) -> tuple[PayoffSet, ...]:
    return tuple(_set(inc, polygons.verts[state, :count]) for state, count in enumerate(polygons.counts))


def _set(inc: Incentives, vertices: Floats) -> PayoffSet:
    """Return a polygon in the units of the game."""
    return convex_set(inc.offset + inc.scale * vertices)
