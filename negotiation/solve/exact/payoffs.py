"""Payoffs as integers: the reading under every exact computation on a stage game.

Player i's payoffs become u = offset + unit * table with an integer table, own actions first, then the profiles of the
others in player order (last fastest). Best replies, equilibria, dominance and minmax mixes depend on the table alone.

Doubles are known to half a unit in the last place only, so 3 * 1e-9 and 5 * 1e-9 no longer stand in the ratio 3 : 5.
Where all shares (u - min) / (max - min) are simple fractions within that rounding, the fractions are taken (they give
back the ties that the doubles lost, whatever the scale and the offset); otherwise the doubles are taken as they are,
each an exact binary fraction. Payoffs given as whole numbers, fractions or text such as "1/3" are taken literally.
Simplest fraction in an interval: Stern-Brocot search through continued fractions (Graham, Knuth, Patashnik 1994, 4.5).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from negotiation.errors import InputError
from negotiation.games.stage import StageGame

ExactTables = Sequence[Any]  # nested like `StageGame.payoffs`, leaves int, Fraction or text such as "1/3"
IntRow = tuple[int, ...]
IntTable = tuple[IntRow, ...]
Mix = tuple[Fraction, ...]

DOUBLE_ROUNDING = Fraction(1, 2**50)  # eight roundings to the nearest double, relative to the largest payoff
COINCIDENCE = Fraction(
    1, 16
)  # denominator^2 * slack up to which a fraction that close to a number is hardly an accident


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

    def transposed(self) -> IntTable:
        """Return the table with the others' profiles first."""
        return tuple(zip(*self.table, strict=True))


def integer_payoffs(game: StageGame, player: int, exact: ExactTables | None = None) -> IntegerPayoffs:
    """Return the payoffs of `player` as integers; `exact`, nested like `game.payoffs`, takes the place of the doubles.

    Raises `InputError` when `exact` has another shape than the game or an entry that is not a number.
    """
    rows = _own_first(game, player, exact)
    numbers = [number for row in rows for number in row]
    low, high = min(numbers), max(numbers)
    span = high - low
    shares: list[Fraction] | None = None
    if not span:
        return IntegerPayoffs(tuple((0,) * len(row) for row in rows), Fraction(1), low, rows)
    if exact is None and any(number.denominator != 1 for number in numbers):
        slack = max(abs(low), abs(high)) * DOUBLE_ROUNDING / span
        shares = _simple_shares([(number - low) / span for number in numbers], slack)
    simplified = shares is not None
    unit = span if simplified else Fraction(1)
    cells = shares if shares is not None else [number - low for number in numbers]
    scale = math.lcm(*(cell.denominator for cell in cells))
    whole = [cell.numerator * (scale // cell.denominator) for cell in cells]
    common = math.gcd(*whole)
    width = len(rows[0])
    table = tuple(tuple(cell // common for cell in whole[at : at + width]) for at in range(0, len(whole), width))
    return IntegerPayoffs(table, unit * common / scale, low, rows, simplified)


def expected_payoff(payoffs: IntegerPayoffs, own: Mix, others: Mix) -> Fraction:
    """Return the expected payoff of a mix of own actions against a mix over the others' profiles, as given, exactly."""
    total = Fraction(0)
    for weight, row in zip(own, payoffs.given, strict=True):
        if weight:
            total += weight * sum(share * cell for share, cell in zip(others, row, strict=True) if share)
    return total


def simplest_between(low: Fraction, high: Fraction) -> Fraction:
    """Return the fraction with the smallest denominator in [low, high], for 0 <= low <= high.

    >>> simplest_between(Fraction(333, 1000), Fraction(334, 1000))
    Fraction(1, 3)
    """
    a, b, c, d = low.numerator, low.denominator, high.numerator, high.denominator
    before, last = (0, 1), (1, 0)  # convergents of the continued fraction so far
    while True:
        term = -(-a // b)
        if term * d <= c:
            return Fraction(last[0] * term + before[0], last[1] * term + before[1])
        term -= 1
        before, last = last, (last[0] * term + before[0], last[1] * term + before[1])
        a, b, c, d = d, c - term * d, b, a - term * b


def _simple_shares(shares: list[Fraction], slack: Fraction) -> list[Fraction] | None:
    """Return the simplest fractions within `slack` of `shares`; nothing if they have no small common denominator."""
    found: list[Fraction] = []
    scale = 1
    for share in shares:
        simple = simplest_between(max(share - slack, Fraction(0)), min(share + slack, Fraction(1)))
        scale = math.lcm(scale, simple.denominator)
        if scale * scale * slack > COINCIDENCE:
            return None
        found.append(simple)
    return found


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
    size = game.shape[player]
    stride = math.prod(game.shape[player + 1 :])
    rows: list[list[Fraction]] = [[] for _ in range(size)]
    for at, number in enumerate(flat):
        rows[(at // stride) % size].append(number)
    return tuple(tuple(row) for row in rows)


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
    for at, item in enumerate(nested):
        yield from _leaves(item, shape[1:], f"{path}[{at}]")
