"""What one deviation of player 1 to any share gains in each automaton state, and rigorous bounds on it over cells.

In state w, with row action a, prescribed column a*, continuation values V and charges c, withholding x once gains

    F_w(x) = u(a, x) - u(a, a*) + sum_y [rho(y | x) - rho(y | a*)] W_y,  W_y = delta / (1 - delta) sum_w' P V_w' - c_y,

in the money of the month in which it is done. With R_j the chance of signal j or an earlier one, the sum over signals
is sum_j [R_j(x) - R_j(a*)] (W_j - W_(j + 1)). V is exact; sums in doubles are widened by more than they lose.
"""

import itertools
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from negotiation._values import Floats, Ints
from negotiation.games import Automaton, DynamicGame
from negotiation.games.pact import Enclosures, Pact
from negotiation.solve.certificates.automaton import automaton_data
from negotiation.solve.certificates.encoding import game_data
from negotiation.verify.automaton import AutomatonChecker, read_automaton
from negotiation.verify.game import read_game
from negotiation.verify.reading import Count, Entry

ROUNDING = 2.0**-44  # relative to the terms of a sum; doubles lose less than 2^-52 at each of some ten steps


class Conditions(NamedTuple):
    """The F of C conditions: u(rows, x) + sum_j weights_j R_j(x) - base; states with the same F share one.

    rows: (C,) row actions. weights: (C, Y - 1). base: (C,). prescribed: (C, Y), the payoff and the R_j of a*. place:
    the condition of each state. automaton, values: plain data of the automaton, and player 1's exact V.
    """

    rows: Ints
    weights: Floats
    base: Floats
    prescribed: Floats
    place: tuple[int, ...]
    automaton: Mapping[str, Any]
    values: tuple[Fraction, ...]

    def at_ends(self, bounds: Enclosures) -> tuple[Floats, Floats]:
        """Return lower and upper bounds on F at both ends of K cells, (K, 2, C)."""
        low, high, size = self._combined(bounds.payoffs, bounds.cumulative)
        error = ROUNDING * (size + np.abs(self.base))
        return low - self.base - error, high - self.base + error

    def within(self, bounds: Enclosures, width: Floats) -> Floats:
        """Return an upper bound on F over K cells of a width (K,), shape (K, C).

        F lies below the line that leaves the first end with the largest slope, and below the one that reaches the last
        end with the least: the lower of the two is largest at an end or where they cross.
        """
        least, largest, size = self._combined(bounds.payoff_slopes, bounds.cumulative_slopes)
        least, largest = (least - ROUNDING * size) * width[:, None], (largest + ROUNDING * size) * width[:, None]
        upper = self.at_ends(bounds)[1]
        first, last = upper[:, 0], upper[:, 1]
        up, down = np.maximum(largest, 0), np.maximum(-least, 0)
        at_first, at_last = np.minimum(first, last - least), np.minimum(last, first + largest)
        crossing = (up * last + down * first + up * down) / np.maximum(up + down, np.finfo(np.float64).tiny)
        inside = (up > 0) & (down > 0) & (last + down > first) & (first + up > last)
        error = ROUNDING * (np.abs(first) + np.abs(last) + np.abs(largest) + np.abs(least))
        most: Floats = np.where(inside, crossing, np.maximum(at_first, at_last)) + error
        return most

    def _combined(self, payoffs: Floats, cumulative: Floats) -> tuple[Floats, Floats, Floats]:
        """Return bounds (..., C) on u + sum_j weights_j R_j, or on its slope, and the size of the terms."""
        gain, loss = np.maximum(self.weights, 0).T, np.minimum(self.weights, 0).T
        direct, low, high = payoffs[..., self.rows, :], cumulative[..., 0], cumulative[..., 1]
        size = np.abs(direct).max(axis=-1) + np.abs(cumulative).max(axis=-1) @ np.abs(self.weights).T
        return direct[..., 0] + low @ gain + high @ loss, direct[..., 1] + high @ gain + low @ loss, size


def share_conditions(pact: Pact, automaton: Automaton, charges: Floats) -> Conditions:
    """Return the conditions of an automaton; charges: (W, Y), what player 1 pays in a state after a signal.

    Raises `InputError` when the automaton does not fit the pact.
    """
    game = DynamicGame.repeated(pact.stage, pact.discount, pact.monitoring)
    written, exact = automaton_data(game, automaton), read_game(Entry(game_data(game)))
    states, _ = read_automaton(Entry(written), exact)
    values = [numbers[1] for numbers in AutomatonChecker(exact, states, Count()).values]
    odds, stage = exact.discount / (1 - exact.discount), exact.states[0]
    made: dict[tuple[int, tuple[Fraction, ...], Fraction], list[float]] = {}
    keys = []
    for state, due in zip(states, np.asarray(charges).tolist(), strict=True):
        after = (sum((p * values[to] for to, p in lottery), Fraction(0)) for lottery in state.after)
        worth = [odds * value - Fraction(paid) for value, paid in zip(after, due, strict=True)]
        weights = tuple(one - other for one, other in itertools.pairwise(worth))
        reached = list(itertools.accumulate(stage.chances[state.profile]))[:-1]
        payoff = stage.payoffs[1][state.profile]
        base = payoff + sum((r * weight for r, weight in zip(reached, weights, strict=True)), Fraction(0))
        keys.append((stage.profiles[state.profile][0], weights, base))
        made.setdefault(keys[-1], [float(payoff), *map(float, reached)])
    rows, weights_of, bases = zip(*made, strict=True)
    order = list(made)
    return Conditions(
        rows=np.array(rows),
        weights=np.array([[float(each) for each in row] for row in weights_of]),
        base=np.array([float(each) for each in bases]),
        prescribed=np.array(list(made.values())),
        place=tuple(order.index(key) for key in keys),
        automaton=written,
        values=tuple(values),
    )
