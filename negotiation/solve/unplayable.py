"""Profiles that no equilibrium can ever play, and how the payoff range is kept free of them.

A dominated action may be played in a repeated game, for a while or as a punishment; what rules a profile out is a loss
larger than anything the future can make good. Symbols: P profiles not ruled out, of all states; b_i(a) best-reply
payoff; top_i = max over P of g_i, floor_i = min over P of b_i. Every continuation value lies in [floor_i, top_i], since
the profile a that a worst payoff begins with gives v_i >= (1 - delta) b_i(a) + delta min v_i. So no equilibrium plays a
profile where

    (1 - delta) (b_i(a) - g_i(a)) > delta (top_i - floor_i)    for some player i,

whatever is seen and whichever state follows; P shrinks, and the test is repeated (Abreu, Pearce, Stacchetti 1990). The
payoffs of a profile that is ruled out still count as what a deviation gives, but no longer for the range in which
solvers measure: one payoff of -10^12 would otherwise leave four digits for all the others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negotiation._values import Bools
from negotiation.games.dynamic import DynamicGame
from negotiation.games.exact_table import nearest_doubles
from negotiation.games.ratios import ratios

DWARFED = 16  # profiles are ruled out beforehand where that makes some player's range so many times smaller

Place = tuple[int, int]
Table = NDArray[Any]


def ruled_out(game: DynamicGame) -> tuple[Place, ...]:
    """Return (state, profile) of every profile ruled out, in an order that proves it; none where the range is sound.

    Two players; proven in ratios. Profiles are numbered with the last player's action fastest.
    """
    if game.stages[0].n_players != 2:
        return ()
    payoffs = [stage.payoffs for stage in game.stages]
    order, live = _rounds(payoffs, game.discount)
    every = np.concatenate([table.reshape(2, -1) for table in payoffs], axis=1)
    if not order or not _everywhere(live, payoffs):
        return ()
    if (np.ptp(every, axis=1) <= DWARFED * np.ptp(every[:, live], axis=1)).all():
        return ()
    exact = ratios(game)
    order, live = _rounds(_nested(exact.payoffs, payoffs), exact.discount)
    if not _everywhere(live, payoffs):
        return ()
    first = np.cumsum([0, *(table[0].size for table in payoffs)])
    states = np.searchsorted(first, order, side="right") - 1
    return tuple((int(s), int(p - first[s])) for s, p in zip(states, order, strict=True))


def moderate(game: DynamicGame) -> DynamicGame:
    """Return a repeated game with the same equilibrium payoffs whose range is not stretched by unplayable profiles.

    Their payoffs are drawn nearer, no further than leaves them ruled out and every best reply to a playable profile
    what it is; the game itself is returned where this cannot be done, or nothing is to be done.
    """
    out = ruled_out(game)
    if not out:
        return game
    exact, shape = ratios(game), game.stage.payoffs
    [own] = _nested(exact.payoffs, [shape])
    live = np.ones(shape[0].size, dtype=bool)
    live[[p for _, p in out]] = False
    g, b = own.reshape(2, -1), _best_replies(own)
    near = own.copy()
    for i in range(2):
        room = max(g[i, live]) - min(b[i, live])
        room = 2 * exact.discount / (1 - exact.discount) * room + (room or 1)
        near[i] = np.clip(own[i], _whole(min(b[i, live]) - room, room), _whole(max(g[i, live]) + room, room))
    _, again = _rounds([near], exact.discount)
    if (again & ~live).any() or (_best_replies(near) != b)[:, live].any():
        return game
    rows = tuple(tuple(table.ravel().tolist()) for table in near)
    stage = game.stage.replace(payoffs=nearest_doubles(rows[0] + rows[1], shape.shape))
    return game.replace(stages=(stage,), exact_payoffs=None if game.exact_payoffs is None else (rows,))


def _rounds(payoffs: Sequence[Table], discount: Fraction | float) -> tuple[list[int], Bools]:
    """Return the profiles ruled out, round by round, and which are left, numbered through all states."""
    g = np.concatenate([table.reshape(2, -1) for table in payoffs], axis=1)
    b = np.concatenate([_best_replies(table) for table in payoffs], axis=1)
    loss, live, order = (1 - discount) * (b - g), np.ones(g.shape[1], dtype=np.bool_), []
    while live.any():
        room = discount * (g[:, live].max(axis=1) - b[:, live].min(axis=1))
        gone = live & (loss > room[:, None]).any(axis=0)
        if not gone.any():
            break
        order += np.flatnonzero(gone).tolist()
        live &= ~gone
    return order, live


def _best_replies(payoffs: Table) -> Table:
    """Return b (2, P) of payoffs (2, rows, columns)."""
    best = [payoffs[0].max(axis=0, keepdims=True), payoffs[1].max(axis=1, keepdims=True)]
    return np.stack([np.broadcast_to(table, payoffs.shape[1:]).ravel() for table in best])


def _nested(rows: Sequence[Sequence[Sequence[Fraction]]], payoffs: Sequence[Table]) -> list[Table]:
    """Return ratios in the shape of the payoffs."""
    return [np.array(own, dtype=object).reshape(table.shape) for own, table in zip(rows, payoffs, strict=True)]


def _everywhere(live: Bools, payoffs: Sequence[Table]) -> bool:
    """Whether every state has a profile left."""
    ends = np.cumsum([table[0].size for table in payoffs])[:-1]
    return all(part.any() for part in np.split(live, ends))


def _whole(number: Fraction, size: Fraction) -> Fraction:
    """Return a double, a whole number where this makes no difference to `size`, so that exact input stays exact."""
    return Fraction(float(math.floor(number) if size >= 1 else number))
