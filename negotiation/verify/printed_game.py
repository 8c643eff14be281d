"""What a result prints of the game itself, against the game of the certificate: payoffs, stage equilibria, minmax."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from negotiation.verify.game import Game, State
from negotiation.verify.reading import double, entries, field, number, part, ratios

# Share of a player's payoff range by which a printed number may differ from the exact one. Sets are drawn together at
# 1e-9; a larger allowance would let a printed set differ from the proven one where a reader could see it.
PRINTED_TOLERANCE = 5e-9
# Relative rounding of payoffs that are large beside their range: a few operations on doubles (2^-53 each).
PAYOFF_ROUNDING = 2.0**-48

MixedStrategy = tuple[Fraction, ...]


def slack_of(payoffs: Sequence[Fraction]) -> float:
    """Return by how much a printed payoff may differ from an exact one, given all payoffs of a player."""
    low, high = min(payoffs), max(payoffs)
    return double(high - low) * PRINTED_TOLERANCE + double(max(abs(low), abs(high))) * PAYOFF_ROUNDING


def game_differences(table: Mapping[str, Any], game: Game) -> Iterator[str]:
    """Compare a printed repeated game (payoffs by player, row, column; discount) with the certificate's."""
    if len(game.states) != 1:
        return
    state = game.states[0]
    for i, name in enumerate(game.players):
        rows = entries(field(table, "payoffs", "game"), "game.payoffs", len(game.players))
        given = _numbers(rows[i], "game.payoffs")
        slack = slack_of(state.payoffs[i])
        if len(given) != state.size or any(
            abs(cell - double(proven)) > slack for cell, proven in zip(given, state.payoffs[i], strict=False)
        ):
            yield f"game.payoffs: those printed for {name} are not the certificate's"
    if "likelihood" in table:
        nested = np.array(_numbers(table["likelihood"], "game.likelihood"))
        proven = np.array([[double(chance) for chance in row] for row in state.chances])
        if nested.size != proven.size or np.abs(nested.ravel() - proven.ravel()).max() > PRINTED_TOLERANCE:
            yield "game.likelihood: the chances printed are not the certificate's"
    if (
        "discount" in table
        and abs(number(table["discount"], "game.discount") - double(game.discount)) > PRINTED_TOLERANCE
    ):
        yield f"game.discount: {table['discount']} is printed, the certificate has {double(game.discount):.10g}"


def _numbers(value: Any, path: str) -> list[float]:
    """Return the numbers of nested lists in order."""
    numbers: list[float] = []
    waiting = [value]
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, list):
            waiting += reversed(entry)
        else:
            numbers.append(number(entry, path))
    return numbers


def stage_differences(printed: Mapping[str, Any], game: Game) -> Iterator[str]:
    """Compare stage equilibria and minmax payoffs, one entry a state (the entry itself where there is one state)."""
    for key, compared in (("stage_nash", _equilibria), ("minmax", _minmax)):
        if key not in printed:
            continue
        rows = [printed[key]] if len(game.states) == 1 else entries(printed[key], key, len(game.states))
        for s, (state, row) in enumerate(zip(game.states, rows, strict=True)):
            path = key if len(game.states) == 1 else f"{key}[{s}]"
            yield from (f"{path}: {clause}" for clause in compared(part(row, path), path, game, state))


def _tables(state: State) -> list[list[list[Fraction]]]:
    """Return each player's payoffs with own actions first."""
    rows, columns = (len(options) for options in state.actions)
    first = [list(state.payoffs[0][a * columns : (a + 1) * columns]) for a in range(rows)]
    second = [[state.payoffs[1][a * columns + b] for a in range(rows)] for b in range(columns)]
    return [first, second]


def _equilibria(printed: Mapping[str, Any], path: str, game: Game, state: State) -> Iterator[str]:
    tables, slack = _tables(state), [slack_of(own) for own in state.payoffs]
    listed = set()
    for at, row in enumerate(entries(field(printed, "equilibria", path), f"{path}.equilibria")):
        where = f"{path}.equilibria[{at}]"
        entry = part(row, where)
        sides = entries(field(entry, "mixes", where), f"{where}.mixes", 2)
        mixes = [ratios(mix, f"{where}.mixes", len(state.actions[i])) for i, mix in enumerate(sides)]
        paid = entries(field(entry, "payoffs", where), f"{where}.payoffs", 2)
        listed.add(tuple(mixes))
        if any(min(mix) < 0 or sum(mix) != 1 for mix in mixes):
            yield f"equilibrium {at + 1} has a mix that is no distribution"
            continue
        for i, name in enumerate(game.players):
            replies = [
                sum((p * u for p, u in zip(mixes[1 - i], own, strict=True) if p), Fraction(0)) for own in tables[i]
            ]
            value = sum((p * u for p, u in zip(mixes[i], replies, strict=True) if p), Fraction(0))
            if double(max(replies) - value) > slack[i]:
                yield f"equilibrium {at + 1} is none, {name} gains {double(max(replies) - value):.3g} by a deviation"
            if abs(number(paid[i], f"{where}.payoffs") - double(value)) > slack[i]:
                yield f"equilibrium {at + 1} pays {name} {double(value):.10g}, not what is printed"
    if any(pair not in listed for pair in _strict(tables, slack)):
        yield "an equilibrium in pure strategies is not listed"


def _strict(tables: list[list[list[Fraction]]], slack: list[float]) -> Iterator[tuple[MixedStrategy, ...]]:
    """Yield the pure equilibria in which every other action loses more than the slack."""
    shape = [len(own) for own in tables]
    for a, b in itertools.product(*map(range, shape)):
        here = (tables[0][a][b], tables[1][b][a])
        others = (
            [tables[0][c][b] for c in range(shape[0]) if c != a],
            [tables[1][c][a] for c in range(shape[1]) if c != b],
        )
        if all(double(u - max(o)) > s for u, o, s in zip(here, others, slack, strict=True) if o):
            yield tuple(tuple(Fraction(int(k == c)) for k in range(n)) for c, n in zip((a, b), shape, strict=True))


def _minmax(printed: Mapping[str, Any], path: str, game: Game, state: State) -> Iterator[str]:
    for name, own, payoffs in zip(game.players, _tables(state), state.payoffs, strict=True):
        entry, slack = part(field(printed, name, path), path), slack_of(payoffs)
        pure = min(max(column) for column in zip(*own, strict=True))
        if abs(number(field(entry, "pure", path), f"{path}.{name}.pure") - double(pure)) > slack:
            yield f"the pure minmax payoff of {name} is {double(pure):.10g}, not what is printed"
        mixed = field(entry, "mixed", path)
        if mixed is not None and abs(number(mixed, f"{path}.{name}.mixed") - (value := _value(own))) > 100 * slack:
            yield f"the mixed minmax payoff of {name} is {value:.10g}, not what is printed"


def _value(own: list[list[Fraction]]) -> float:
    """Return the value of the zero-sum game in which the others choose columns, by another programme than the solver's.

    Minimise v over mixes y of the columns with own y <= v (von Neumann 1928), payoffs scaled to [0, 1].
    """
    from scipy.optimize import linprog

    low, high = min(map(min, own)), max(map(max, own))
    if low == high:
        return double(low)
    table = np.array([[double((u - low) / (high - low)) for u in row] for row in own])
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
