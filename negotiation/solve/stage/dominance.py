"""Best replies and dominated actions, by pure actions and by mixes, once and iterated.

Action a is strictly dominated when some mix of the player's other actions earns more against every profile of the
others, weakly when it never earns less and sometimes more. Strict dominance by a mix: the zero-sum game of payoff
differences has a positive value; weak: a linear programme (Osborne, Rubinstein 1994, sec. 4.2; Pearce 1984). All exact.
The order of elimination does not matter for strict dominance; here every dominated action of a round goes at once.
"""

from __future__ import annotations

import enum
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from negotiation._results import Result
from negotiation._values import Bools, Value
from negotiation.games.stage import StageGame
from negotiation.solve.exact.linear_programme import matrix_game, maximise
from negotiation.solve.exact.payoffs import ExactTables, IntTable, Mix, integer_payoffs
from negotiation.solve.stage.mixed_strategy_text import mix_words


class Kind(enum.Enum):
    """How strongly an action is dominated; the value is the word used in sentences."""

    STRICT = "strictly"
    WEAK = "weakly"


@dataclass(frozen=True, eq=False)
class Dominated(Value):
    """Action `action` of player `player` (indices) is dominated by the mix `by` over that player's actions."""

    player: int
    action: int
    kind: Kind
    by: Mix

    @property
    def by_pure(self) -> bool:
        """Whether a single action dominates."""
        return max(self.by) == 1

    def sentence(self, game: StageGame) -> str:
        """Return the fact in words: "US: keep is strictly dominated by partial."."""
        actions = game.actions[self.player]
        words = mix_words(actions, self.by)
        return f"{game.players[self.player]}: {actions[self.action]} is {self.kind.value} dominated by {words}."


@dataclass(frozen=True, eq=False)
class Elimination(Result):
    """Iterated strict dominance in `game`: `kept` action indices of each player, and what went in each round."""

    game: StageGame
    kept: tuple[tuple[int, ...], ...]
    rounds: tuple[tuple[Dominated, ...], ...]

    @property
    def solves(self) -> bool:
        """Whether a single profile is left."""
        return all(len(actions) == 1 for actions in self.kept)


def best_replies(game: StageGame, player: int) -> Bools:
    """Return the mask of profiles at which `player` plays a best reply to the others, shape `game.shape`."""
    payoffs = game.payoffs[player]
    mask: Bools = payoffs == payoffs.max(axis=player, keepdims=True)
    return np.asarray(mask)


def dominated_actions(game: StageGame, *, exact: ExactTables | None = None) -> tuple[Dominated, ...]:
    """Return every dominated action with the strongest kind of dominance, a pure dominator where there is one."""
    found = []
    for player, size in enumerate(game.shape):
        table = integer_payoffs(game, player, exact).table
        for action in range(size):
            dominated = _strictly(table, player, action) or _weakly(table, player, action)
            if dominated is not None:
                found.append(dominated)
    return tuple(found)


def iterated_strict_dominance(game: StageGame, *, exact: ExactTables | None = None) -> Elimination:
    """Return what survives when strictly dominated actions (mixes included) are removed round by round."""
    tables = [integer_payoffs(game, player, exact).table for player in range(game.n_players)]
    kept: list[tuple[int, ...]] = [tuple(range(size)) for size in game.shape]
    rounds: list[tuple[Dominated, ...]] = []
    while True:
        gone = [found for player in range(game.n_players) for found in _round(tables[player], game, player, kept)]
        if not gone:
            return Elimination(game, tuple(kept), tuple(rounds))
        rounds.append(tuple(gone))
        out = {(found.player, found.action) for found in gone}
        kept = [tuple(a for a in actions if (player, a) not in out) for player, actions in enumerate(kept)]


def _round(table: IntTable, game: StageGame, player: int, kept: list[tuple[int, ...]]) -> list[Dominated]:
    """Return the actions of `player` that are strictly dominated in the game restricted to `kept`."""
    others = [at for at in range(game.n_players) if at != player]
    every = itertools.product(*(range(game.shape[at]) for at in others))
    columns = [
        at for at, profile in enumerate(every) if all(a in kept[who] for a, who in zip(profile, others, strict=True))
    ]
    own = kept[player]
    part = tuple(tuple(table[action][at] for at in columns) for action in own)
    found = []
    for at, action in enumerate(own):
        dominated = _strictly(part, player, at)
        if dominated is not None:
            by = _spread([(own[k], share) for k, share in enumerate(dominated.by)], game.shape[player])
            found.append(Dominated(player, action, Kind.STRICT, by))
    return found


def _gains(table: IntTable, action: int) -> tuple[list[int], IntTable]:
    """Return the other actions and what each earns more than `action`, against every profile of the others."""
    others = [at for at in range(len(table)) if at != action]
    return others, tuple(tuple(a - b for a, b in zip(table[at], table[action], strict=True)) for at in others)


def _strictly(table: IntTable, player: int, action: int) -> Dominated | None:
    others, gains = _gains(table, action)
    for at, row in zip(others, gains, strict=True):
        if min(row) > 0:
            return Dominated(player, action, Kind.STRICT, _spread([(at, Fraction(1))], len(table)))
    if not others or any(max(column) <= 0 for column in zip(*gains, strict=True)):
        return None
    solved = matrix_game(gains)
    if solved.value <= 0:
        return None
    return Dominated(player, action, Kind.STRICT, _spread(zip(others, solved.row_mix, strict=True), len(table)))


def _weakly(table: IntTable, player: int, action: int) -> Dominated | None:
    """Maximise the summed gain over mixes that never lose: positive exactly when one of them weakly dominates."""
    others, gains = _gains(table, action)
    for at, row in zip(others, gains, strict=True):
        if min(row) >= 0 and max(row) > 0:
            return Dominated(player, action, Kind.WEAK, _spread([(at, Fraction(1))], len(table)))
    if not others:
        return None
    never_less = [[-gain for gain in column] for column in zip(*gains, strict=True)]
    limits = [0] * len(never_less) + [1]
    best = maximise([sum(row) for row in gains], [*never_less, [1] * len(others)], limits)
    if best.value <= 0:
        return None
    total = sum(best.point)
    shares = [(at, share / total) for at, share in zip(others, best.point, strict=True)]
    return Dominated(player, action, Kind.WEAK, _spread(shares, len(table)))


def _spread(shares: Iterable[tuple[int, Fraction]], size: int) -> Mix:
    """Return a mix over all `size` actions from (action, share) pairs."""
    mix = [Fraction(0)] * size
    for action, share in shares:
        mix[action] = share
    return tuple(mix)
