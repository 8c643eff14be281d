"""Payoffs as integers: the reading under every exact computation on a stage game.

Player i's payoffs become u = offset + unit * table with an integer table, own actions first, then the profiles of the
others in player order (last fastest). Best replies, equilibria, dominance and minmax mixes depend on the table alone.

Doubles are known to half a unit in the last place only, so 3 * 1e-9 and 5 * 1e-9 no longer stand in the ratio 3 : 5.
Where all shares (u - min) / (max - min) are simple fractions within that rounding, the fractions are taken (they give
back the ties that the doubles lost, whatever the scale and the offset); otherwise the doubles are taken as they are,
each an exact binary fraction. Payoffs given as whole numbers, fractions or text such as "1/3" are taken literally.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from negotiation.errors import InputError
from negotiation.games.stage import StageGame
from negotiation.solve.exact.rationals import DOUBLE_ROUNDING, integer_multiple, simple_fractions

ExactTables = Sequence[Any]  # nested like `StageGame.payoffs`, leaves int, Fraction or text such as "1/3"
IntRow = tuple[int, ...]
IntTable = tuple[IntRow, ...]
Mix = tuple[Fraction, ...]


@dataclass(frozen=True)
class IntegerPayoffs:
    """Payoffs u = offset + unit * table of one player; `table` is (|A_i|, profiles of the others), integers.

    `given` holds the payoffs before that, in the same shape. `simplified` says that fractions within the rounding of
    the doubles were taken for the table instead of the doubles themselves.
    """

    table: IntTable
    unit: Fraction
    offset: Fraction
    given: tuple[tuple[Fraction, ...], ...]
    simplified: bool = False

    def value(self, level: Fraction) -> Fraction:
        """Return the payoff, in the game's unit, of a level of the table."""
        return self.offset + self.unit * level


def integer_payoffs(game: StageGame, player: int, exact: ExactTables | None = None) -> IntegerPayoffs:
    """Return the payoffs of `player` as integers; `exact`, nested like `game.payoffs`, takes the place of the doubles.

    Raises `InputError` when `exact` has another shape than the game or an entry that is not a number.
    """
    rows = _own_first(game, player, exact)
    numbers = [number for row in rows for number in row]
    low, high = min(numbers), max(numbers)
    span = high - low
    if not span:
        return IntegerPayoffs(tuple((0,) * len(row) for row in rows), Fraction(1), low, rows)
    shares = None
    if exact is None and any(number.denominator != 1 for number in numbers):
        slack = max(abs(low), abs(high)) * DOUBLE_ROUNDING / span
        shares = simple_fractions(((number - low) / span for number in numbers), slack)
    simplified = shares is not None
    integers, factor = integer_multiple([number - low for number in numbers] if shares is None else shares)
    width = len(rows[0])
    table = tuple(integers[start : start + width] for start in range(0, len(integers), width))
    return IntegerPayoffs(table, (span if simplified else Fraction(1)) / factor, low, rows, simplified)


def expected_payoff(payoffs: IntegerPayoffs, mix: Mix, others: Mix) -> Fraction:
    """Return the expected payoff of a mix of own actions against a mix over the others' profiles, as given, exactly."""
    total = Fraction(0)
    for weight, row in zip(mix, payoffs.given, strict=True):
        if weight:
            total += weight * sum(share * cell for share, cell in zip(others, row, strict=True) if share)
    return total


def _own_first(game: StageGame, player: int, exact: ExactTables | None) -> tuple[tuple[Fraction, ...], ...]:
    """Return the payoffs of `player` as fractions, own actions first, profiles of the others flattened."""
    if not 0 <= player < game.n_players:
        raise InputError.single("stage game", "player", f"players are 0 to {game.n_players - 1}, got {player}")
    if exact is None:
        flat = [Fraction(number) for number in game.payoffs[player].ravel().tolist()]
    else:
        if isinstance(exact, str) or len(exact) != game.n_players:
            raise InputError.single("stage game", "payoffs", f"exact payoffs need one table for each of {game.players}")
        flat = list(_leaves(exact[player], game.shape, f"payoffs.{game.players[player]}"))
    table = np.moveaxis(np.array(flat, dtype=object).reshape(game.shape), player, 0)
    return tuple(map(tuple, table.reshape(game.shape[player], -1).tolist()))


def _leaves(nested: Any, shape: tuple[int, ...], path: str) -> Iterator[Fraction]:
    """Yield the entries of `nested`, which must have `shape`, as fractions, last axis fastest."""
    if not shape:
        try:
            yield Fraction(nested)
        except (TypeError, ValueError, ZeroDivisionError, OverflowError):
            hint = 'write a number or a fraction such as "1/3"'
            raise InputError.single("stage game", path, f"{nested!r} is not a number", hint) from None
        return
    if isinstance(nested, str) or not hasattr(nested, "__len__") or len(nested) != shape[0]:
        raise InputError.single("stage game", path, f"needs {shape[0]} entries here")
    for number, entry in enumerate(nested):
        yield from _leaves(entry, shape[1:], f"{path}[{number}]")
