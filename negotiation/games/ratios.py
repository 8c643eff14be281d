"""The numbers of a dynamic game as ratios: what every exact computation and every certificate starts from.

A double is a ratio too (0.1 is 3602879701896397 / 2^55). Where a game was given in ratios such as "1/3", which no
double is, it carries them (`DynamicGame.exact_discount`, `exact_payoffs`, `exact_likelihood`); otherwise its doubles
are taken as they stand. Rows of the likelihood are divided by their exact sum: distributions without rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from negotiation.games.dynamic import DynamicGame, Rows


@dataclass(frozen=True)
class Ratios:
    """discount: delta. payoffs[s][i][p]: of player i at profile p of state s (last player's action fastest).

    chances[s][p][y]: probability of signal y after profile p in state s; each row sums to exactly 1.
    """

    discount: Fraction
    payoffs: tuple[Rows, ...]
    chances: tuple[Rows, ...]


def ratios(game: DynamicGame) -> Ratios:
    """Return the game's numbers as ratios: those it was given in, or those its doubles are."""
    payoffs = game.exact_payoffs or tuple(
        tuple(tuple(Fraction(float(number)) for number in own.ravel()) for own in stage.payoffs)
        for stage in game.stages
    )
    likelihood = game.exact_likelihood or tuple(
        tuple(tuple(Fraction(float(chance)) for chance in row) for row in seen.likelihood.reshape(-1, seen.n_signals))
        for seen in game.monitoring
    )
    chances = tuple(tuple(_distribution(row) for row in rows) for rows in likelihood)
    discount = Fraction(game.discount) if game.exact_discount is None else game.exact_discount
    return Ratios(discount, payoffs, chances)


def _distribution(row: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    total = sum(row, Fraction(0))
    return row if total == 1 else tuple(chance / total for chance in row)
