"""The game of a certificate, in ratios, with the names its sentences use.

Symbols: state s, profile a (numbered with the last player's action fastest), signal y; delta, g_i(a), rho(y | a),
successor sigma(s, y). Axes as in the certificate: payoffs[i][a], chances[a][y].
"""

import itertools
import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from negotiation.verify.reading import Entry, short_repr

Lottery = tuple[tuple[int, Fraction], ...]


class Deviation(NamedTuple):
    """`player` takes `action` instead of its part of a profile; `to` is the number of the profile that results."""

    player: int
    action: int
    to: int


@dataclass(frozen=True, kw_only=True)
class State:
    """One public state: `payoffs[i][a]`, `chances[a][y]`, players whose action is `observed`, `following[y]`."""

    name: str
    actions: tuple[tuple[str, ...], ...]
    payoffs: tuple[tuple[Fraction, ...], ...]
    signals: tuple[str, ...]
    chances: tuple[tuple[Fraction, ...], ...]
    observed: tuple[int, ...]
    following: tuple[int, ...]

    @property
    def size(self) -> int:
        """Number of profiles."""
        return len(self.chances)

    @cached_property
    def profiles(self) -> list[tuple[int, ...]]:
        """The action numbers of each profile."""
        return list(itertools.product(*(range(len(options)) for options in self.actions)))

    @cached_property
    def number(self) -> dict[tuple[int, ...], int]:
        """The number of each profile."""
        return {profile: number for number, profile in enumerate(self.profiles)}

    def deviations(self, number: int) -> list[Deviation]:
        """Return every unilateral deviation from a profile."""
        profile = self.profiles[number]
        return [
            Deviation(player, action, self.number[*profile[:player], action, *profile[player + 1 :]])
            for player, options in enumerate(self.actions)
            for action in range(len(options))
            if action != profile[player]
        ]

    def words(self, number: int) -> str:
        """Return a profile in the game's own words."""
        return "/".join(options[action] for options, action in zip(self.actions, self.profiles[number], strict=True))


class Game(NamedTuple):
    """A dynamic game with public states in exact numbers."""

    players: tuple[str, ...]
    discount: Fraction
    states: tuple[State, ...]

    def deviation_words(self, state: int, deviation: Deviation) -> str:
        """Return a deviation in the game's own words."""
        action = self.states[state].actions[deviation.player][deviation.action]
        return f"{self.players[deviation.player]} playing {action}"

    def where(self, state: int) -> str:
        """Return "in state x" for a game with several states, nothing for a repeated game."""
        return f" in state {self.states[state].name}" if len(self.states) > 1 else ""

    def profile_words(self, state: int, profile: int) -> str:
        """Return a profile of a state in the game's own words."""
        return self.states[state].words(profile) + self.where(state)


def read_game(game: Entry) -> Game:
    """Return the game of a certificate; `InputError` names what is wrong with it."""
    players, discount, states = game.field("players").texts(), game.field("discount"), game.field("states")
    delta = discount.ratio()
    if not 0 < delta < 1:
        raise discount.fault(f"must lie strictly between 0 and 1, is {short_repr(discount.value)}")
    rows = states.items()
    if not rows or not players:
        raise states.fault("a game needs at least one player and one state")
    return Game(players, delta, tuple(_state(row, len(players), len(rows)) for row in rows))


def read_profile(data: Entry, state: State) -> int:
    """Return the number of the profile written as action numbers under "profile"."""
    profile = data.field("profile")
    actions = profile.items(len(state.actions))
    return state.number[tuple(entry.whole(len(options)) for entry, options in zip(actions, state.actions, strict=True))]


def read_lottery(data: Entry, count: int) -> Lottery:
    """Return pairs of a number below `count` and a probability; whether they are a distribution is not checked."""
    pairs = [pair.items(2) for pair in data.items()]
    return tuple((number.whole(count), chance.ratio()) for number, chance in pairs)


def is_distribution(lottery: Lottery) -> bool:
    """Whether the probabilities of a lottery are at least 0 and sum to 1, exactly."""
    return sum((chance for _, chance in lottery), Fraction(0)) == 1 and all(chance >= 0 for _, chance in lottery)


def _state(row: Entry, players: int, states: int) -> State:
    actions = tuple(names.texts() for names in row.field("actions").items(players))
    size = math.prod(map(len, actions))
    if size == 0:
        raise row.field("actions").fault("every player needs at least one action")
    signals, chances = row.field("signals").texts(), []
    for chance in row.field("likelihood").items(size):
        chances.append(chance.ratios(len(signals)))
        if min(chances[-1], default=Fraction(-1)) < 0 or sum(chances[-1]) != 1:
            raise chance.fault("is not a distribution")
    return State(
        name=row.field("name").text(),
        actions=actions,
        payoffs=tuple(payoffs.ratios(size) for payoffs in row.field("payoffs").items(players)),
        signals=signals,
        chances=tuple(chances),
        observed=row.field("observed").wholes(below=players),
        following=row.field("next_state").wholes(len(signals), states),
    )
