"""Payoffs of pure public perfect equilibria with noisy monitoring: an inner and an outer set of each state.

The outer set is the limit of proven levels from the feasible set down (`outer`), the inner one a polygon that generates
itself (`inner`); `search` adds directions until they agree. Two players, any actions, signals and public states; pure
strategies with public randomisation (Abreu, Pearce, Stacchetti 1990; Judd, Yeltekin, Conklin 2003).
"""

from __future__ import annotations

import numpy as np

from negotiation._values import Floats
from negotiation.errors import InputError
from negotiation.games.dynamic import DynamicGame
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.solution import Solution, Status
from negotiation.solve.certify_sets import sets_certificate
from negotiation.solve.frontier import convex_set
from negotiation.solve.incentives import Incentives, incentives
from negotiation.solve.inner import thinned
from negotiation.solve.operator import Polygons
from negotiation.solve.options import PUBLIC, Options
from negotiation.solve.search import Found, resolve

METHOD = "outer and inner sets of pure public perfect equilibria (Abreu, Pearce, Stacchetti 1990), public randomisation"
TOGETHER = 1e-9


def solve_public(game: DynamicGame, options: Options = PUBLIC) -> Solution:
    """Return inner and outer payoff sets of every state; the gap is the largest distance over the payoff range.

    Vertices within 1e-9 of the payoff range are drawn together, so that points and segments are said to be such. With
    `options.certificate` the result carries a certificate (`certify_sets`). Raises `InputError` for another
    number of players than two, and for `static_nash`, which only perfect monitoring offers. A limit of `options` that
    is reached leaves the proven outer set, and the status says so.
    """
    if options.static_nash:
        raise InputError.single("options", "static_nash", "is offered for perfect monitoring only", "set it to false")
    inc = incentives(game)
    found = resolve(inc, options)
    outer = _outer_sets(inc, found)
    nothing = tuple(PayoffSet(np.empty((0, 2))) for _ in outer)
    inner = nothing if found.inner is None else _sets(inc, found.inner.polygons)
    certificate = None
    if options.certificate:
        certificate = sets_certificate(game, inc, found.outer.directions, found.inner, options)
    return Solution(
        game=game,
        method=METHOD,
        options=options,
        inner=inner,
        outer=outer,
        gap=found.gap,
        status=_status(found, options),
        iterations=found.applied,
        convergence=np.array(found.history),
        certificate=certificate,
    )


def _status(found: Found, options: Options) -> Status:
    if found.outer.empty.all():
        return Status.EMPTY
    if found.gap <= options.gap:
        return Status.SOLVED
    if found.out_of:
        return Status.TIME_LIMIT if found.out_of == "seconds" else Status.ITERATION_LIMIT
    return Status.KNIFE_EDGE if found.knife_edge else Status.GAP


def _outer_sets(inc: Incentives, found: Found) -> tuple[PayoffSet, ...]:
    """Return the outer sets with their half-planes, empty where no equilibrium exists."""
    lines = found.outer.directions
    polygons = thinned(lines.polygons(found.outer.level), TOGETHER)
    if found.inner is not None:
        _draw_together(polygons, found.inner.polygons)
    sets = []
    for state, plain in enumerate(_sets(inc, polygons)):
        if found.outer.empty[state]:
            sets.append(PayoffSet(np.empty((0, 2))))
            continue
        own = slice(lines.start[state], lines.start[state + 1])
        normal = lines.lam[own] / inc.scale
        length = np.linalg.norm(normal, axis=1)
        level = (found.outer.level[own] + normal @ inc.offset) / length
        sets.append(PayoffSet(plain.vertices, normal / length[:, None], level))
    return tuple(sets)


def _sets(inc: Incentives, polygons: Polygons) -> tuple[PayoffSet, ...]:
    return tuple(_set(inc, polygons.verts[state, :count]) for state, count in enumerate(polygons.counts))


def _set(inc: Incentives, vertices: Floats) -> PayoffSet:
    """Return a polygon in the units of the game."""
    return convex_set(inc.offset + inc.scale * vertices)


def _draw_together(outer: Polygons, inner: Polygons) -> None:
    """Move outer vertices onto inner ones that they cannot be told from."""
    for state, count in enumerate(outer.counts):
        own = inner.verts[state, : inner.counts[state]]
        for vertex in outer.verts[state, :count]:
            gaps = np.abs(own - vertex).max(axis=1)
            if gaps.min() < TOGETHER:
                vertex[:] = own[gaps.argmin()]
