"""Minmax and maxmin payoffs: the worst that the others can hold a player to, and what the player can secure alone.

Pure minmax: min over the others' pure profiles of the best reply's payoff (Fudenberg, Maskin 1986). Mixed minmax: the
same over mixes, the value of a zero-sum game, which by the minimax theorem is also the largest payoff the player's own
mix can secure (von Neumann 1928). With more than two players the others' mix is correlated, which can only hurt more.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction

from negotiation._values import Value
from negotiation.games.stage import Profile, StageGame
from negotiation.solve.exact.linear_programme import matrix_game
from negotiation.solve.exact.payoffs import ExactTables, IntegerPayoffs, Mix, integer_payoffs


@dataclass(frozen=True, eq=False)
class Minmax(Value):
    """How far down one player can be held; payoffs in the game's unit, player by index.

    pure: pure minmax payoff, with `pure_punishment` (actions of the others, in player order) and `pure_reply`.
    mixed: mixed minmax payoff, with `punishment` (probabilities of the others' profiles, in player order, last
    fastest). security: own mix that secures `mixed`. pure_maxmin: payoff that `pure_security` alone secures.
    pure_maxmin <= mixed <= pure.
    """

    player: int
    pure: float
    pure_punishment: Profile
    pure_reply: int
    mixed: float
    punishment: Mix
    security: Mix
    pure_maxmin: float
    pure_security: int


def minmax(game: StageGame, player: int, *, exact: ExactTables | None = None) -> Minmax:
    """Return the minmax and maxmin payoffs of `player`, exact up to the last rounding to a double.

    Ties are broken towards the first profile. `exact` as in `stage_equilibria`. Raises `InputError` for an unknown
    player.

        >>> pennies = StageGame(("a", "b"), (("H", "T"), ("H", "T")), [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
        >>> found = minmax(pennies, 0)
        >>> found.pure, found.mixed, found.pure_maxmin
        (1.0, 0.0, -1.0)
    """
    payoffs = integer_payoffs(game, player, exact)
    against = tuple(zip(*payoffs.given, strict=True))
    tops = [max(column) for column in against]
    held = tops.index(min(tops))
    floors = [min(row) for row in payoffs.given]
    secure = floors.index(max(floors))
    others = [range(size) for at, size in enumerate(game.shape) if at != player]
    solved = matrix_game(payoffs.table)
    return Minmax(
        player=player,
        pure=float(tops[held]),
        pure_punishment=next(itertools.islice(itertools.product(*others), held, None)),
        pure_reply=against[held].index(tops[held]),
        mixed=float(_best_payoff(payoffs, solved.column_mix)),
        punishment=solved.column_mix,
        security=solved.row_mix,
        pure_maxmin=float(floors[secure]),
        pure_security=secure,
    )


def pure_minmax(game: StageGame, player: int, *, exact: ExactTables | None = None) -> float:
    """Return the pure minmax payoff of `player` alone, which needs no linear programme."""
    return float(min(map(max, zip(*integer_payoffs(game, player, exact).given, strict=True))))


def _best_payoff(payoffs: IntegerPayoffs, mix: Mix) -> Fraction:
    """Return the payoff of the best reply to the others' mix, in the payoffs as given."""
    played = [(share, at) for at, share in enumerate(mix) if share]
    return max(sum((share * row[at] for share, at in played), Fraction(0)) for row in payoffs.given)
