"""When a claim, once true, stays true as a parameter moves: the two cases that are proven (docs/thresholds.md).

Patience: in a repeated game every claim grows with the discount factor (Abreu, Pearce, Stacchetti 1990, theorem 6);
with several public states this is false. Monitoring: signals that are a garbling, a stochastic matrix independent of
actions, of others shrink the set (Kandori 1992). Whether such a matrix exists is a linear programme.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from scipy.optimize import linprog

from negotiation._values import Floats, Value
from negotiation.games.dynamic import DynamicGame

EXACT = 1e-12  # largest entry of |before K - after| that is rounding; doubled, more signals count as a garbling


class Monotone(Value):
    """The claim turns from no to yes as the parameter rises (`rises`) or falls, never back; `reason` is the proof."""

    rises: bool
    reason: str


def in_patience(game_at: Callable[[float], DynamicGame], values: Sequence[float]) -> Monotone | None:
    """Return the proof that claims are monotone when the parameter moves only the discount factor of a repeated game.

    Checked at the given values (increasing): same stage game, same monitoring, discount factors that rise or fall
    throughout. None where that fails.
    """
    games = [game_at(value) for value in values]
    first = games[0]
    same = all(game.stages == first.stages and game.monitoring == first.monitoring for game in games)
    steps = np.diff([game.discount for game in games])
    if first.n_states != 1 or not same or not (np.all(steps > 0) or np.all(steps < 0)):
        return None
    return Monotone(
        bool(steps[0] > 0),
        "only patience changes, and with public randomisation the payoff set of a repeated game grows with the "
        "discount factor",
    )


def in_monitoring(game_at: Callable[[float], DynamicGame], values: Sequence[float]) -> Monotone | None:
    """Return the proof that claims are monotone along the given values (increasing) because signals are garbled.

    Checked for every pair of neighbours: same stage games, discount factor and successors, and a garbling that leads
    from one to the other, always in the same direction. Nothing is proven about values in between. None where it fails.
    """
    games = [game_at(value) for value in values]
    for rises in (True, False):
        better, worse = (1, 0) if rises else (0, 1)
        if all(_garbles(pair[better], pair[worse]) for pair in pairwise(games)):
            return Monotone(
                rises,
                "only monitoring changes, and the signals at one value tried are a garbling of those at the next "
                "(expected payoffs fixed), so that the payoff set cannot grow; proven along the values tried",
            )
    return None


def _garbles(better: DynamicGame, worse: DynamicGame) -> bool:
    """Whether the second game is the first with garbled signals, state by state."""
    same = better.stages == worse.stages and better.discount == worse.discount
    if not same or better.next_state.shape[0] != worse.next_state.shape[0]:
        return False
    if any((game.next_state != game.next_state[:, :1]).any() for game in (better, worse)):
        return False  # signals that move the state cannot be garbled at will
    return all(
        one.observed == two.observed and nearest_garbling(one.likelihood, two.likelihood)[1] <= EXACT
        for one, two in zip(better.monitoring, worse.monitoring, strict=True)
    )


def nearest_garbling(before: Floats, after: Floats) -> tuple[Floats, float]:
    """Return (K, shift): the stochastic matrix (Y, Y') with the least sum of |before K - after|, and its largest entry.

    before, after: likelihoods (..., Y) and (..., Y') over the same profiles.
    """
    rows, first = np.unique(before.reshape(-1, before.shape[-1]), axis=0, return_index=True)
    wanted = after.reshape(-1, after.shape[-1])[first]
    count, old = rows.shape
    new = wanted.shape[1]
    error = np.eye(count * new)
    equal = np.hstack([np.kron(rows, np.eye(new)), error, -error])
    sums = np.hstack([np.kron(np.eye(old), np.ones((1, new))), np.zeros((old, 2 * count * new))])
    optimum = linprog(
        np.concatenate([np.zeros(old * new), np.ones(2 * count * new)]),
        A_eq=np.vstack([equal, sums]),
        b_eq=np.concatenate([wanted.ravel(), np.ones(old)]),
        bounds=(0, None),
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    solved: Floats = np.asarray(optimum.x, dtype=np.float64)
    matrix = np.maximum(solved[: old * new].reshape(old, new), 0.0)
    matrix /= matrix.sum(axis=1, keepdims=True)
    every = before.reshape(-1, old) @ matrix - after.reshape(-1, new)
    return matrix, float(np.abs(every).max())
