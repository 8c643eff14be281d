"""Best replies and dominated actions, by pure actions and by mixes, once and iterated.

Action a is strictly dominated when some mix of the player's other actions earns more against every profile of the
others, weakly when it never earns less and sometimes more. Strict dominance by a mix: the zero-sum game of payoff
differences has a positive value; weak: a linear programme (Osborne, Rubinstein 1994, sec. 4.2; Pearce 1984). All exact.
The order of elimination does not matter for strict dominance; here every dominated action of a round goes at once.
"""

import enum
import itertools
from collections.abc import Iterable
from dataclasses import field
from fractions import Fraction

import numpy as np

from negotiation._results import Result
from negotiation._values import Bools, Value
from negotiation.games.stage import StageGame
from negotiation.solve.exact.linear_programme import matrix_game, maximise
from negotiation.solve.exact.payoffs import ExactTables, IntTable, Mix, integer_payoffs
from negotiation.solve.stage.equilibria import mix_words


class Kind(enum.Enum):
    """How strongly an action is dominated; the value is the word used in sentences."""

    STRICT = "strictly"
    WEAK = "weakly"


class Dominated(Value):
    """Action `action` of player `player` (indices) is dominated by the mix `by` over that player's actions."""

    player: int
    action: int
    kind: Kind
    by: Mix

    def sentence(self, game: StageGame) -> str:
        """Return the fact in words: "US: keep is strictly dominated by partial."."""
        actions = game.actions[self.player]
        words = mix_words(actions, self.by)
        return f"{game.players[self.player]}: {actions[self.action]} is {self.kind.value} dominated by {words}."


class Elimination(Result):
    """Iterated strict dominance in `game`: `survivors`, action indices of each player, and what went in each round."""

    game: StageGame
    survivors: tuple[tuple[int, ...], ...] = field(metadata={"key": "kept"})
    rounds: tuple[tuple[Dominated, ...], ...]


def best_replies(game: StageGame, player: int) -> Bools:
    """Return the mask of profiles at which `player` plays a best reply to the others, shape `game.shape`."""
    payoffs = game.payoffs[player]
    mask: Bools = payoffs == payoffs.max(axis=player, keepdims=True)
    return np.asarray(mask)


def dominated_actions(game: StageGame, *, exact: ExactTables | None = None) -> tuple[Dominated, ...]:
    """Return every dominated action with the strongest kind of dominance, a pure dominator where there is one."""
    dominated = []
    for player, size in enumerate(game.shape):
        table = integer_payoffs(game, player, exact).table
        for action in range(size):
            mix = _dominating_mix(table, action, Kind.STRICT)
            kind = Kind.WEAK if mix is None else Kind.STRICT
            mix = mix or _dominating_mix(table, action, kind)
            if mix is not None:
                dominated.append(Dominated(player, action, kind, mix))
    return tuple(dominated)


def iterated_strict_dominance(game: StageGame, *, exact: ExactTables | None = None) -> Elimination:
    """Return what survives when strictly dominated actions (mixes included) are removed round by round."""
    tables = [integer_payoffs(game, player, exact).table for player in range(game.n_players)]
    left: list[tuple[int, ...]] = [tuple(range(size)) for size in game.shape]
    rounds: list[tuple[Dominated, ...]] = []
    while True:
        gone = [each for player in range(game.n_players) for each in _round(tables[player], game, player, left)]
        if not gone:
            return Elimination(game, tuple(left), tuple(rounds))
        rounds.append(tuple(gone))
        out = {(each.player, each.action) for each in gone}
        left = [tuple(a for a in actions if (player, a) not in out) for player, actions in enumerate(left)]


def _round(table: IntTable, game: StageGame, player: int, left: list[tuple[int, ...]]) -> list[Dominated]:
    """Return the actions of `player` that are strictly dominated in the game restricted to `left`."""
    others = [other for other in range(game.n_players) if other != player]
    every = itertools.product(*(range(game.shape[other]) for other in others))
    columns = [
        column
        for column, profile in enumerate(every)
        if all(action in left[other] for action, other in zip(profile, others, strict=True))
    ]
    part = tuple(tuple(table[action][column] for column in columns) for action in left[player])
    dominated = []
    for place, action in enumerate(left[player]):
        mix = _dominating_mix(part, place, Kind.STRICT)
        if mix is not None:
            by = _spread(zip(left[player], mix, strict=True), game.shape[player])
            dominated.append(Dominated(player, action, Kind.STRICT, by))
    return dominated


def _dominating_mix(table: IntTable, action: int, kind: Kind) -> Mix | None:
    """Return a mix that dominates `action`, a pure one where there is one, None when none does.

    Weakly: the largest summed gain over mixes that never lose is positive exactly when one of them dominates.
    """
    others = [other for other in range(len(table)) if other != action]
    if not others:
        return None
    gains = tuple(tuple(a - b for a, b in zip(table[other], table[action], strict=True)) for other in others)
    for other, row in zip(others, gains, strict=True):
        if min(row) > 0 or (kind is Kind.WEAK and min(row) == 0 < max(row)):
            return _spread([(other, Fraction(1))], len(table))
    columns = list(zip(*gains, strict=True))
    if kind is Kind.STRICT:
        if any(max(column) <= 0 for column in columns):
            return None
        value, shares, *_ = matrix_game(gains)
    else:
        never_less = [[-gain for gain in column] for column in columns]
        limits = [0] * len(never_less) + [1]
        value, shares, *_ = maximise([sum(row) for row in gains], [*never_less, [1] * len(others)], limits)
    if value <= 0:
        return None
    total = sum(shares)
    return _spread(((other, share / total) for other, share in zip(others, shares, strict=True)), len(table))


def _spread(shares: Iterable[tuple[int, Fraction]], size: int) -> Mix:
    """Return a mix over all `size` actions from (action, share) pairs."""
    weights = dict(shares)
    return tuple(weights.get(action, Fraction(0)) for action in range(size))
