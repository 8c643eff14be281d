"""Profiles that no equilibrium can ever play, and how the payoff range is kept free of them.

What rules a profile out is a loss larger than anything the future can make good. Symbols: P profiles not ruled out, of
all states; b_i(a) best-reply payoff; top_i = max over P of g_i, floor_i = min over P of b_i, between which every
continuation value lies. No equilibrium plays a profile where

    (1 - delta) (b_i(a) - g_i(a)) > delta (top_i - floor_i)    for some player i;

P shrinks, and the test is repeated (Abreu, Pearce, Stacchetti 1990). The payoffs of a profile that is ruled out still
count as what a deviation gives, but no longer for the range in which solvers measure.
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negotiation._values import Bools
from negotiation.games.dynamic import DynamicGame, ratios
from negotiation.games.payoff_set import PayoffSet

DWARFED = 64  # profiles are ruled out beforehand where that makes some player's range so many times smaller

SMALL_SPAN = 1e-6  # of the range: what is smaller has few digits left in doubles
FINEST = 1e-9  # of the range: what solvers tell apart

Place = tuple[int, int]
Table = NDArray[Any]


def ruled_out(game: DynamicGame) -> tuple[Place, ...]:
    """Return (state, profile) of every profile ruled out, in an order that proves it; none where the range is sound.

    Two players; proven in ratios. Profiles are numbered with the last player's action fastest.
    """
    if game.stages[0].n_players != 2:
        return ()
    payoffs = [stage.payoffs for stage in game.stages]
    every = np.concatenate([table.reshape(2, -1) for table in payoffs], axis=1)
    if not _crowded(every, DWARFED, 4).any():
        return ()
    order, live = _rounds(payoffs, game.discount)
    if not order or (np.ptp(every, axis=1) <= DWARFED * np.ptp(every[:, live], axis=1)).all():
        return ()
    exact = ratios(game)
    order, live = _rounds(_nested(exact.payoffs, payoffs), exact.discount)
    first = np.cumsum([0, *(table[0].size for table in payoffs)])
    states = np.searchsorted(first, order, side="right") - 1
    return tuple((int(s), int(p - first[s])) for s, p in zip(states, order, strict=True))


def moderate(game: DynamicGame) -> DynamicGame:
    """Return a repeated game with the same equilibrium payoffs whose range is not stretched by unplayable profiles.

    Two things are cut off at what still counts: a best reply to what nobody plays, b' = b moved into [floor, top], and
    a loss, at a little more than the future can make good; with g' = b' - loss every round rules out what it did, and
    on P nothing changes.
    """
    out = ruled_out(game)
    if not out:
        return game
    exact, shape = ratios(game), game.stage.payoffs.shape
    [table] = _nested(exact.payoffs, [game.stage.payoffs])
    live = np.ones(shape[1] * shape[2], dtype=np.bool_)
    live[[p for _, p in out]] = False
    g, b = table.reshape(2, -1), _best_replies(table)
    near = []
    for i in range(2):
        floor = min(b[i, live])
        top = max(floor, *g[i, live])
        answered = live.reshape(shape[1:]).any(axis=i, keepdims=True)
        reply = np.where(np.broadcast_to(answered, shape[1:]).ravel(), b[i], np.clip(b[i], floor, top))
        enough = exact.discount / (1 - exact.discount) * (max(reply) - floor) + ((top - floor) or 1)
        near.append(reply - np.minimum(b[i] - g[i], enough if enough < 1 else math.ceil(enough)))
    rows = tuple(tuple(Fraction(number) for number in table) for table in near)
    stage = game.stage.replace(payoffs=np.array(rows[0] + rows[1], dtype=np.float64).reshape(shape))
    return game.replace(stages=(stage,), exact_payoffs=None if game.exact_payoffs is None else (rows,))


def remarks(game: DynamicGame, outer: Sequence[PayoffSet], out: Sequence[Place]) -> tuple[str, ...]:
    """Return what a reader of an answer in doubles must know of the payoff range, one sentence each.

    out: the profiles ruled out. Rounding is a share of the range of the others: where that dwarfs both the set and the
    differences between a player's payoffs, the digits that are left are named.
    """
    sentences = []
    if out:
        size = sum(stage.payoffs[0].size for stage in game.stages)
        what = f"{len(out)} of {size} profiles, which no equilibrium ever plays"
        sentences.append(f"The payoff range is taken without {what}.")
    lost = [np.array([p for s, p in out if s == state], dtype=int) for state in range(game.n_states)]
    points = np.concatenate(
        [np.delete(stage.points(), profiles, 0) for stage, profiles in zip(game.stages, lost, strict=True)]
    )
    for i in np.flatnonzero(_crowded(points.T, 1 / SMALL_SPAN, 2)):
        player, far = game.stages[0].players[i], np.ptp(points[:, i])
        spans = [np.ptp(part.vertices[:, i]) for part in outer if not part.is_empty]
        if max(spans, default=0.0) < SMALL_SPAN * far:
            sentences.append(
                f"{player}'s payoffs range over {far:.3g}, so that its numbers are accurate to {FINEST * far:.1g}."
            )
    return tuple(sentences)


def _crowded(payoffs: Table, often: float, share: int) -> Bools:
    """Return for each player (n, P) whether one part in `share` of its payoffs lies within 1 / often of the range."""
    ordered = np.sort(payoffs, axis=1)
    apart = max(ordered.shape[1] // share, 1)
    if ordered.shape[1] <= apart:
        return np.zeros(len(ordered), dtype=np.bool_)
    near = (ordered[:, apart:] - ordered[:, :-apart]).min(axis=1)
    return np.asarray(ordered[:, -1] - ordered[:, 0] > often * near)


def _rounds(payoffs: Sequence[Table], discount: Fraction | float) -> tuple[list[int], Bools]:
    """Return the profiles ruled out, round by round, and which are left, numbered through all states.

    A round that would leave a state without a profile is not taken: that there is no equilibrium is for the solver.
    """
    g = np.concatenate([table.reshape(2, -1) for table in payoffs], axis=1)
    b = np.concatenate([_best_replies(table) for table in payoffs], axis=1)
    loss, live, order = (1 - discount) * (b - g), np.ones(g.shape[1], dtype=np.bool_), []
    first = np.cumsum([0, *(table[0].size for table in payoffs[:-1])])
    while True:
        room = discount * (g[:, live].max(axis=1) - b[:, live].min(axis=1))
        gone = live & (loss > room[:, None]).any(axis=0)
        if not gone.any() or not np.logical_or.reduceat(live & ~gone, first).all():
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
    return [np.array(numbers, dtype=object).reshape(table.shape) for numbers, table in zip(rows, payoffs, strict=True)]
