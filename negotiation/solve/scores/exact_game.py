"""The numbers of a one-state game as ratios, read the way an exact answer needs them.

Ratios given with the game are taken literally. Doubles are known to half a unit in the last place only: where a payoff
table or a likelihood stands within that rounding of simple fractions (`exact.payoffs`), the fractions are taken, so
that ties such as .4 - .1 = .7 - .4 are ties again; otherwise the doubles are taken as they are, each an exact ratio.
"""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import NamedTuple

from negotiation._values import Floats
from negotiation.errors import InputError
from negotiation.games.dynamic import DynamicGame
from negotiation.games.ratios import ratios
from negotiation.games.stage import Profile, StageGame
from negotiation.solve.exact.payoffs import COINCIDENCE, DOUBLE_ROUNDING, integer_payoffs, simplest_between

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
    stage, seen = game.stage, game.monitoring[0]
    profiles = list(stage.profiles())
    given = ratios(game)
    literal = True
    if game.exact_payoffs is None:
        columns, simple_payoffs = _payoffs(stage, profiles)
        literal = not simple_payoffs
    else:
        columns = [list(column) for column in given.payoffs[0]]
    simple = None if game.exact_likelihood is not None else _simple_chances(seen.likelihood)
    if simple is not None:
        doubles = seen.likelihood.reshape(-1, seen.n_signals).tolist()
        literal &= all(
            chance == number
            for row, given_row in zip(simple, doubles, strict=True)
            for chance, number in zip(row, given_row, strict=True)
        )
    rows = given.chances[0] if simple is None else simple
    return RationalGame(
        stage.shape,
        dict(zip(profiles, zip(*columns, strict=True), strict=True)),
        dict(zip(profiles, rows, strict=True)),
        seen.observed,
        literal,
    )


def _payoffs(stage: StageGame, profiles: list[Profile]) -> tuple[list[list[Fraction]], bool]:
    """Return the payoffs of each player by profile, and whether any player's were read as simple fractions."""
    columns, simplified = [], False
    for player in range(stage.n_players):
        found = integer_payoffs(stage, player)
        sizes = [size for at, size in enumerate(stage.shape) if at != player]
        others = {rest: at for at, rest in enumerate(itertools.product(*map(range, sizes)))}
        cells = [found.table[a[player]][others[(*a[:player], *a[player + 1 :])]] for a in profiles]
        columns.append([found.value(Fraction(cell)) for cell in cells])
        simplified |= found.simplified
    return columns, simplified


def _simple_chances(likelihood: Floats) -> list[tuple[Fraction, ...]] | None:
    """Return the rows as simple fractions that add up to 1 exactly; None when the doubles do not stand for such."""
    rows: list[tuple[Fraction, ...]] = []
    known: dict[float, Fraction] = {}
    scale = 1
    for row in likelihood.reshape(-1, likelihood.shape[-1]).tolist():
        for number in row:
            if number not in known:
                exact = Fraction(number)
                known[number] = simplest_between(max(exact - DOUBLE_ROUNDING, Fraction(0)), exact + DOUBLE_ROUNDING)
                scale = math.lcm(scale, known[number].denominator)
                if scale * scale * DOUBLE_ROUNDING > COINCIDENCE:
                    return None
        rows.append(tuple(known[number] for number in row))
    return rows if all(sum(row) == 1 for row in rows) else None
