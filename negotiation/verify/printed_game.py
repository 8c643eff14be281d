"""What a result prints of the game itself, against the game of the certificate: payoffs, stage equilibria, minmax."""

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
# The optimum of a programme in doubles is this many times less precise than a printed number.
PROGRAMME_PRECISION = 100

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
    shape = tuple(map(len, state.actions))
    tables = table.field("payoffs").items(len(game.players))
    for name, payoffs, printed in zip(game.players, state.payoffs, tables, strict=True):
        if not _close(printed.table(shape), payoffs, slack_of(payoffs)):
            yield f"game.payoffs: those printed for {name} are not the certificate's"
    if "likelihood" in table.object():
        printed_chances = table.field("likelihood").table((*shape, len(state.signals)))
        if not _close(printed_chances, [chance for row in state.chances for chance in row], PRINTED_TOLERANCE):
            yield "game.likelihood: the chances printed are not the certificate's"
    if "discount" in table.object():
        discount = table.field("discount").number()
        if not _close([discount], [game.discount], PRINTED_TOLERANCE):
            yield f"game.discount: {discount} is printed, the certificate has {double(game.discount):.10g}"


def _close(printed: Sequence[float], proven: Sequence[Fraction], slack: float) -> bool:
    """Whether each printed number is the proven one up to the slack."""
    return np.allclose(printed, [double(number) for number in proven], rtol=0.0, atol=slack)


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
    if not _strict_equilibria(state, slack) <= listed:
        yield "an equilibrium in pure strategies is not listed"


def _strict_equilibria(state: State, slack: Sequence[float]) -> set[tuple[tuple[Fraction, ...], ...]]:
    """Return, as mixes, the pure equilibria in which every other action loses more than the slack."""
    return {
        tuple(
            tuple(Fraction(int(action == played)) for action in range(len(options)))
            for options, played in zip(state.actions, profile, strict=True)
        )
        for a, profile in enumerate(state.profiles)
        if all(state.payoffs[i][a] - state.payoffs[i][to] > slack[i] for i, _, to in state.deviations(a))
    }


def _minmax(printed: Entry, game: Game, state: State) -> Iterator[str]:
    for name, table, payoffs in zip(game.players, _tables(state), state.payoffs, strict=True):
        pure, mixed = (printed.field(name).field(key) for key in ("pure", "mixed"))
        slack, least = slack_of(payoffs), table.max(axis=0).min()
        if abs(pure.number() - double(least)) > slack:
            yield f"the pure minmax payoff of {name} is {double(least):.10g}, not what is printed"
        if mixed.value is None:
            continue
        if abs(mixed.number() - (value := _value(table))) > PROGRAMME_PRECISION * slack:
            yield f"the mixed minmax payoff of {name} is {value:.10g}, not what is printed"


def _value(payoffs: Ratios) -> float:
    """Return the value of the zero-sum game in which the others choose columns, by nashpy and not the solver's code.

    Payoffs are scaled to [0, 1].
    """
    import nashpy

    low, high = payoffs.min(), payoffs.max()
    if low == high:
        return double(low)
    table = ((payoffs - low) / (high - low)).astype(np.float64)
    _, mix = nashpy.Game(table).linear_program()
    return double(low + Fraction(double((table @ mix).max())) * (high - low))
