"""The numbers of a one-state game as ratios, as an exact answer needs them.

Ratios given with the game are taken literally. Doubles are known to half a unit in the last place only: where a payoff
table or a likelihood stands within that rounding of simple fractions (`exact.payoffs`), the fractions are taken, so
that ties such as .4 - .1 = .7 - .4 are ties again; otherwise the doubles are taken as they are, each an exact ratio.
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import NamedTuple

from negotiation.errors import InputError
from negotiation.games.dynamic import DynamicGame, ratios
from negotiation.games.stage import Profile, StageGame
from negotiation.solve.exact.payoffs import integer_payoffs
from negotiation.solve.exact.rationals import DOUBLE_ROUNDING, simple_fractions

Payoffs = dict[Profile, tuple[Fraction, ...]]
Chances = dict[Profile, tuple[Fraction, ...]]


class RationalGame(NamedTuple):
    """payoffs[a]: one ratio a player; chances[a]: one a signal, adding up to 1; observed players; `literal`.

    literal: whether every number is exactly the one given, rather than the simple fraction that its double stands for.
    """

    shape: tuple[int, ...]
    payoffs: Payoffs
    chances: Chances
    observed: tuple[int, ...]
    literal: bool

    @property
    def n_players(self) -> int:
        """Number of players n."""
        return len(self.shape)

    def profiles(self) -> list[Profile]:
        """Return every pure profile, last player fastest."""
        return list(self.payoffs)


def rational_game(game: DynamicGame) -> RationalGame:
    """Return the numbers of a one-state game; raise `InputError` when there are several states."""
    if game.n_states != 1:
        raise InputError.single(
            "game", "states", f"{game.n_states} states: scores and transfers are for repeated games, with one state"
        )
    stage, monitoring = game.stage, game.monitoring[0]
    profiles = list(stage.profiles())
    given = ratios(game)
    literal = True
    if game.exact_payoffs is None:
        columns, simple_payoffs = _payoffs(stage, profiles)
        literal = not simple_payoffs
    else:
        columns = [list(column) for column in given.payoffs[0]]
    rows = given.chances[0]
    if game.exact_likelihood is None:
        doubles = [Fraction(chance) for chance in monitoring.likelihood.ravel().tolist()]
        simple = simple_fractions(doubles, DOUBLE_ROUNDING)
        width = monitoring.n_signals
        simple_rows = [tuple(simple[at : at + width]) for at in range(0, len(doubles), width)] if simple else []
        if simple_rows and all(sum(row) == 1 for row in simple_rows):
            rows, literal = tuple(simple_rows), literal and simple == doubles
    return RationalGame(
        stage.shape,
        dict(zip(profiles, zip(*columns, strict=True), strict=True)),
        dict(zip(profiles, rows, strict=True)),
        monitoring.observed,
        literal,
    )


def _payoffs(stage: StageGame, profiles: list[Profile]) -> tuple[list[list[Fraction]], bool]:
    """Return the payoffs of each player by profile, and whether any player's were read as simple fractions."""
    columns, simplified = [], False
    for player in range(stage.n_players):
        integers = integer_payoffs(stage, player)
        sizes = [size for other, size in enumerate(stage.shape) if other != player]
        others = {rest: number for number, rest in enumerate(itertools.product(*map(range, sizes)))}
        cells = [integers.table[a[player]][others[(*a[:player], *a[player + 1 :])]] for a in profiles]
        columns.append([integers.value(Fraction(cell)) for cell in cells])
        simplified |= integers.simplified
    return columns, simplified
