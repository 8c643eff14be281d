"""The game of a certificate, in ratios, with the names its sentences use.

Symbols: state s, profile a (numbered with the last player's action fastest), signal y; delta, g_i(a), rho(y | a),
successor sigma(s, y). Axes as in the certificate: payoffs[i][a], chances[a][y].
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from negotiation.verify.reading import entries, fault, field, part, ratio, ratios, short_repr, text, whole, wholes

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

    def number(self, profile: tuple[int, ...]) -> int:
        """Return the number of a profile given by action numbers."""
        number = 0
        for action, options in zip(profile, self.actions, strict=True):
            number = number * len(options) + action
        return number

    def profile(self, number: int) -> tuple[int, ...]:
        """Return the action numbers of a profile."""
        actions = []
        for options in reversed(self.actions):
            number, action = divmod(number, len(options))
            actions.append(action)
        return tuple(reversed(actions))

    def deviations(self, number: int) -> list[Deviation]:
        """Return every unilateral deviation from a profile."""
        profile = self.profile(number)
        return [
            Deviation(player, action, self.number((*profile[:player], action, *profile[player + 1 :])))
            for player, options in enumerate(self.actions)
            for action in range(len(options))
            if action != profile[player]
        ]

    def words(self, number: int) -> str:
        """Return a profile in the game's own words."""
        return "/".join(options[action] for options, action in zip(self.actions, self.profile(number), strict=True))


@dataclass(frozen=True)
class Game:
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


def read_game(data: Any) -> Game:
    """Return the game of a certificate; `InputError` names what is wrong with it."""
    game = part(data, "game")
    players = tuple(text(name, "game.players") for name in entries(field(game, "players", "game"), "game.players"))
    discount = ratio(field(game, "discount", "game"), "game.discount")
    if not 0 < discount < 1:
        raise fault("game.discount", f"must lie strictly between 0 and 1, is {short_repr(game['discount'])}")
    rows = entries(field(game, "states", "game"), "game.states")
    if not rows or not players:
        raise fault("game.states", "a game needs at least one player and one state")
    states = tuple(
        _state(part(row, f"game.states[{s}]"), f"game.states[{s}]", len(players), len(rows))
        for s, row in enumerate(rows)
    )
    return Game(players, discount, states)


def read_profile(data: Mapping[str, Any], path: str, state: State) -> int:
    """Return the number of the profile written as action numbers under "profile"."""
    place = f"{path}.profile" if path else "profile"
    profile = wholes(field(data, "profile", path), place, len(state.actions))
    for action, options in zip(profile, state.actions, strict=True):
        whole(action, place, len(options))
    return state.number(profile)


def read_lottery(data: Any, path: str, count: int) -> Lottery:
    """Return pairs of a number below `count` and a probability; whether they are a distribution is not checked."""
    pairs = [entries(pair, path, 2) for pair in entries(data, path)]
    return tuple((whole(number, path, count), ratio(chance, path)) for number, chance in pairs)


def is_distribution(lottery: Lottery) -> bool:
    """Whether the probabilities of a lottery are at least 0 and sum to 1, exactly."""
    return sum((chance for _, chance in lottery), Fraction(0)) == 1 and all(chance >= 0 for _, chance in lottery)


def _state(data: Mapping[str, Any], path: str, players: int, states: int) -> State:
    def get(key: str) -> Any:
        return field(data, key, path)

    actions = tuple(
        tuple(text(name, f"{path}.actions") for name in entries(names, f"{path}.actions"))
        for names in entries(get("actions"), f"{path}.actions", players)
    )
    size = math.prod(len(options) for options in actions)
    if size == 0:
        raise fault(f"{path}.actions", "every player needs at least one action")
    signals = tuple(text(name, f"{path}.signals") for name in entries(get("signals"), f"{path}.signals"))
    payoffs = tuple(
        ratios(row, f"{path}.payoffs[{i}]", size)
        for i, row in enumerate(entries(get("payoffs"), f"{path}.payoffs", players))
    )
    chances = tuple(
        ratios(row, f"{path}.likelihood[{a}]", len(signals))
        for a, row in enumerate(entries(get("likelihood"), f"{path}.likelihood", size))
    )
    for a, row in enumerate(chances):
        if min(row, default=Fraction(-1)) < 0 or sum(row) != 1:
            raise fault(f"{path}.likelihood[{a}]", "is not a distribution")
    return State(
        name=text(get("name"), f"{path}.name"),
        actions=actions,
        payoffs=payoffs,
        signals=signals,
        chances=chances,
        observed=wholes(get("observed"), f"{path}.observed", below=players),
        following=wholes(get("next_state"), f"{path}.next_state", len(signals), states),
    )
