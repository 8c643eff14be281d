"""Minmax payoffs: the worst that the others can hold a player to.

Pure minmax: min over the others' pure profiles of the best reply's payoff (Fudenberg, Maskin 1986). Mixed minmax: the
same over mixes, the value of a zero-sum game, which by the minimax theorem is also the largest payoff the player's own
mix can secure (von Neumann 1928). With more than two players the others' mix is correlated, which can only hurt more.
"""

from fractions import Fraction

from negotiation._values import Value
from negotiation.games.stage import StageGame
from negotiation.solve.exact.linear_programme import matrix_game
from negotiation.solve.exact.payoffs import ExactTables, IntegerPayoffs, integer_payoffs


class Minmax(Value):
    """How far down one player can be held, in the game's unit: against pure profiles of the others, against mixes."""

    pure: float
    mixed: float


def minmax(game: StageGame, player: int, *, exact: ExactTables | None = None) -> Minmax:
    """Return the minmax payoffs of `player`, exact up to the last rounding to a double.

    `exact` as in `stage_equilibria`. Raises `InputError` for an unknown
    player.

        >>> pennies = StageGame(("a", "b"), (("H", "T"), ("H", "T")), [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
        >>> minmax(pennies, 0)
        Minmax(pure=1.0, mixed=0.0)
    """
    payoffs = integer_payoffs(game, player, exact)
    mix = matrix_game(payoffs.table).column_mix
    replies = [sum((share * cell for share, cell in zip(mix, row, strict=True)), Fraction(0)) for row in payoffs.given]
    return Minmax(_pure(payoffs), float(max(replies)))


def pure_minmax(game: StageGame, player: int, *, exact: ExactTables | None = None) -> float:
    """Return the pure minmax payoff of `player` alone, which needs no linear programme."""
    return _pure(integer_payoffs(game, player, exact))


def _pure(payoffs: IntegerPayoffs) -> float:
    return float(min(map(max, zip(*payoffs.given, strict=True))))
