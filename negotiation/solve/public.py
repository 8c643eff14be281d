"""Payoffs of pure public perfect equilibria with noisy monitoring: an inner and an outer set of each state.

The outer set is the limit of proven levels from the feasible set down (`outer`), the inner one a polygon that generates
itself (`inner`); `search` adds directions until they agree. Two players, any actions, signals and public states; pure
strategies with public randomisation (Abreu, Pearce, Stacchetti 1990; Judd, Yeltekin, Conklin 2003).
"""

from __future__ import annotations

import numpy as np

from negotiation._values import Bools, Floats
from negotiation.errors import InputError
from negotiation.games.dynamic import DynamicGame
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.solution import Solution, Status
from negotiation.solve.certify_sets import sets_certificate
from negotiation.solve.hull import convex_hull, convex_set
from negotiation.solve.incentives import Incentives, incentives
from negotiation.solve.inner import thinned
from negotiation.solve.options import PUBLIC, Options
from negotiation.solve.search import Found, resolve
from negotiation.solve.unplayable import remarks

METHOD = "outer and inner sets of pure public perfect equilibria (Abreu, Pearce, Stacchetti 1990), public randomisation"
TOGETHER = 1e-9
NEAR = 1e-8


def solve_public(game: DynamicGame, options: Options = PUBLIC) -> Solution:
    """Return inner and outer payoff sets of every state; the gap is the largest distance over the payoff range.

    Vertices within 1e-9 of the payoff range are drawn together, so that points and segments are said to be such. With
    `options.certificate` the result carries the data of `witness` and `bound_witness`. Raises `InputError` for another
    number of players than two, and for `static_nash`, which only perfect monitoring offers. A limit of `options` that
    is reached leaves the proven outer set, and the status says so.
    """
    if options.static_nash:
        raise InputError.single("options", "static_nash", "is offered for perfect monitoring only", "set it to false")
    inc = incentives(game)
    found = resolve(inc, options)
    lost = without_equilibrium(game, found.outer.empty)
    if lost.any() and not lost.all():
        return _elsewhere(game, lost, options)
    if lost.all():
        found.outer.empty[:] = True
        found.gap = 0.0
    inner, outer = _sets(inc, found)
    certificate = None
    if options.certificate:
        certificate = sets_certificate(game, inc, found.outer.directions, found.inner, options)
    stopped = (f"The search stopped at the limit of {found.out_of}.",) if found.out_of and found.inner else ()
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
        notes=(*stopped, *remarks(game, outer, inc.ruled_out)),
    )


def without_equilibrium(game: DynamicGame, empty: Bools) -> Bools:
    """Return the states without equilibrium: those proven `empty`, and those from which public play can reach one.

    A perfect equilibrium goes on as an equilibrium after every public history, on its path or not.
    """
    lost = empty.copy()
    for _ in range(game.n_states):
        for s, seen in enumerate(game.monitoring):
            possible = (seen.likelihood > 0).reshape(-1, seen.n_signals).any(axis=0)
            lost[s] |= bool(lost[np.asarray(game.next_state[s])[possible]].any())
    return lost


def _elsewhere(game: DynamicGame, lost: Bools, options: Options) -> Solution:
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
    part, nothing = solve_public(rest, options.replace(certificate=False)), PayoffSet(np.empty((0, 2)))
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


def _status(found: Found, options: Options) -> Status:
    if found.outer.empty.all():
        return Status.EMPTY
    if found.gap <= options.gap:
        return Status.SOLVED
    if found.out_of and found.inner is None:
        return Status.TIME_LIMIT if found.out_of == "seconds" else Status.ITERATION_LIMIT
    return Status.KNIFE_EDGE if found.knife_edge else Status.GAP


def _sets(inc: Incentives, found: Found) -> tuple[tuple[PayoffSet, ...], tuple[PayoffSet, ...]]:
    """Return inner and outer sets in the units of the game, the outer ones with their half-planes.

    Outer vertices are drawn onto inner ones that they cannot be told from, and rounding never leaves an inner vertex
    outside: the outer set may always be drawn a little larger.
    """
    lines = found.outer.directions
    polygons = thinned(lines.polygons(found.outer.level), TOGETHER)
    held = None if found.inner is None else thinned(found.inner.polygons, TOGETHER)
    inner, outer = [], []
    for state, count in enumerate(polygons.counts):
        verts = polygons.verts[state, :count]
        if held is not None:
            own = held.verts[state, : held.counts[state]]
            gaps = np.abs(own[None] - verts[:, None]).max(axis=2)
            near = gaps.min(axis=1) < TOGETHER
            verts = np.where(near[:, None], own[gaps.argmin(axis=1)], verts)
            beyond = PayoffSet(convex_hull(verts)).distances(own)
            verts = np.concatenate([verts, own[(beyond > 0) & (beyond < NEAR)]])
        nothing = bool(found.outer.empty[state])
        inner.append(PayoffSet(np.empty((0, 2))) if held is None else _set(inc, own))
        outer.append(PayoffSet(np.empty((0, 2))) if nothing else _bounded(inc, found, state, _set(inc, verts)))
    return tuple(inner), tuple(outer)


def _bounded(inc: Incentives, found: Found, state: int, plain: PayoffSet) -> PayoffSet:
    """Return an outer set with the half-planes that prove it."""
    lines = found.outer.directions
    own = slice(lines.start[state], lines.start[state + 1])
    normal = lines.lam[own] / inc.scale
    length = np.linalg.norm(normal, axis=1)
    level = (found.outer.level[own] + normal @ inc.offset) / length
    return PayoffSet(plain.vertices, normal / length[:, None], level)


def _set(inc: Incentives, vertices: Floats) -> PayoffSet:
    """Return a polygon in the units of the game."""
    return convex_set(inc.offset + inc.scale * vertices)
