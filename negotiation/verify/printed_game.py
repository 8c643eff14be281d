"""What a result prints of the game itself, against the game of the certificate: payoffs, stage equilibria, minmax."""

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from negotiation.verify.game import Game, State
from negotiation.verify.reading import Entry, double

# Share of a player's payoff range by which a printed number may differ from the exact one. Sets are drawn together at
# 1e-9; a larger allowance would let a printed set differ from the proven one where a reader could see it.
PRINTED_TOLERANCE = 5e-9
# Relative rounding of payoffs that are large beside their range: a few operations on doubles (2^-53 each).
PAYOFF_ROUNDING = 2.0**-48

MixedStrategy = tuple[Fraction, ...]
Ratios = np.ndarray[Any, np.dtype[np.object_]]  # of `Fraction`


def slack_of(payoffs: Sequence[Fraction]) -> float:
    """Return by how much a printed payoff may differ from an exact one, given all payoffs of a player."""
    low, high = min(payoffs), max(payoffs)
    return double(high - low) * PRINTED_TOLERANCE + double(max(abs(low), abs(high))) * PAYOFF_ROUNDING


def by_state(printed: Entry, game: Game) -> list[Entry]:
    """Return the entries of a printed list with one a state; the entry itself where the game has one state."""
    return [printed] if len(game.states) == 1 else printed.items(len(game.states))


def game_differences(table: Entry, game: Game) -> Iterator[str]:
    """Compare a printed repeated game (payoffs by player, row, column; discount) with the certificate's."""
    if len(game.states) != 1:
        return
    state = game.states[0]
    tables = table.field("payoffs").items(len(game.players))
    for name, payoffs, printed in zip(game.players, state.payoffs, tables, strict=True):
        if not _close(_numbers(printed), payoffs, slack_of(payoffs)):
            yield f"game.payoffs: those printed for {name} are not the certificate's"
    if "likelihood" in table.object():
        chances = [chance for row in state.chances for chance in row]
        if not _close(_numbers(table.field("likelihood")), chances, PRINTED_TOLERANCE):
            yield "game.likelihood: the chances printed are not the certificate's"
    if "discount" in table.object():
        discount = table.field("discount")
        if not _close([discount.number()], [game.discount], PRINTED_TOLERANCE):
            yield f"game.discount: {discount.value} is printed, the certificate has {double(game.discount):.10g}"


def _close(printed: Sequence[float], proven: Sequence[Fraction], slack: float) -> bool:
    """Whether as many numbers are printed as proven, and each is the proven one up to the slack."""
    return len(printed) == len(proven) and all(
        abs(one - double(other)) <= slack for one, other in zip(printed, proven, strict=True)
    )


def _numbers(nested: Entry) -> list[float]:
    """Return the numbers of nested lists in order."""
    numbers, waiting = [], [nested]
    while waiting:
        entry = waiting.pop()
        if isinstance(entry.value, list):
            waiting += reversed(entry.items())
        else:
            numbers.append(entry.number())
    return numbers


def stage_differences(printed: Entry, game: Game) -> Iterator[str]:
    """Compare stage equilibria and minmax payoffs, one entry a state."""
    for key, compared in (("stage_nash", _equilibria), ("minmax", _minmax)):
        if key in printed.object():
            for state, row in zip(game.states, by_state(printed.field(key), game), strict=True):
                yield from (f"{row.path}: {clause}" for clause in compared(row, game, state))


def _tables(state: State) -> list[Ratios]:
    """Return each player's payoffs with own actions first."""
    shape = [len(options) for options in state.actions]
    first, second = (np.array(payoffs, dtype=object).reshape(shape) for payoffs in state.payoffs)
    return [first, second.T]


def _equilibria(printed: Entry, game: Game, state: State) -> Iterator[str]:
    tables, slack = _tables(state), [slack_of(payoffs) for payoffs in state.payoffs]
    listed = set()
    for number, entry in enumerate(printed.field("equilibria").items(), 1):
        sides = zip(entry.field("mixes").items(2), state.actions, strict=True)
        mixes = [mix.ratios(len(options)) for mix, options in sides]
        listed.add(tuple(mixes))
        if any(min(mix) < 0 or sum(mix) != 1 for mix in mixes):
            yield f"equilibrium {number} has a mix that is no distribution"
            continue
        for i, (name, paid) in enumerate(zip(game.players, entry.field("payoffs").items(2), strict=True)):
            replies = tables[i] @ np.array(mixes[1 - i], dtype=object)
            value = replies @ np.array(mixes[i], dtype=object)
            if double(replies.max() - value) > slack[i]:
                yield f"equilibrium {number} is none, {name} gains {double(replies.max() - value):.3g} by a deviation"
            if abs(paid.number() - double(value)) > slack[i]:
                yield f"equilibrium {number} pays {name} {double(value):.10g}, not what is printed"
    if any(pair not in listed for pair in _strict(tables, slack)):
        yield "an equilibrium in pure strategies is not listed"


def _strict(tables: list[Ratios], slack: list[float]) -> Iterator[tuple[MixedStrategy, ...]]:
    """Yield the pure equilibria in which every other action loses more than the slack."""
    shape = tables[0].shape
    for played in itertools.product(*map(range, shape)):
        columns = [(table[:, other], own) for table, other, own in zip(tables, played[::-1], played, strict=True)]
        losses = [column[own] - np.delete(column, own) for column, own in columns]
        if all(double(loss) > least for row, least in zip(losses, slack, strict=True) for loss in row):
            yield tuple(tuple(Fraction(int(k == c)) for k in range(n)) for c, n in zip(played, shape, strict=True))


def _minmax(printed: Entry, game: Game, state: State) -> Iterator[str]:
    for name, table, payoffs in zip(game.players, _tables(state), state.payoffs, strict=True):
        pure, mixed = (printed.field(name).field(key) for key in ("pure", "mixed"))
        slack, least = slack_of(payoffs), table.max(axis=0).min()
        if abs(pure.number() - double(least)) > slack:
            yield f"the pure minmax payoff of {name} is {double(least):.10g}, not what is printed"
        if mixed.value is not None and abs(mixed.number() - (value := _value(table))) > 100 * slack:
            yield f"the mixed minmax payoff of {name} is {value:.10g}, not what is printed"


def _value(payoffs: Ratios) -> float:
    """Return the value of the zero-sum game in which the others choose columns, by another programme than the solver's.

    Minimise v over mixes y of the columns with payoffs y <= v (von Neumann 1928), payoffs scaled to [0, 1].
    """
    from scipy.optimize import linprog

    low, high = payoffs.min(), payoffs.max()
    if low == high:
        return double(low)
    table = ((payoffs - low) / (high - low)).astype(np.float64)
    rows, columns = table.shape
    optimum = linprog(
        np.append(np.zeros(columns), 1.0),
        np.hstack([table, -np.ones((rows, 1))]),
        np.zeros(rows),
        np.append(np.ones(columns), 0.0)[None],
        [1.0],
        bounds=[(0, 1)] * columns + [(None, None)],
    )
    assert optimum.fun is not None  # every matrix game has a value
    return double(low + Fraction(double(optimum.fun)) * (high - low))
