"""The stage game, what the players do and get in one period, and what everyone sees after it has been played.

Symbols: n players, player i has actions A_i; u_i(a) is the payoff of player i at profile a. `payoffs` has shape
(n, |A_0|, ..., |A_{n-1}|): axis 0 is the player, then the actions in player order (Osborne, Rubinstein 1994, ch. 2).

The public outcome is z = (actions of the `observed` players, signal y). Signals have a likelihood rho(y | a). Keeping
the exactly seen actions apart from the signal (product structure; Fudenberg, Levine, Maskin 1994) keeps the number of
signals small: seen tariffs do not multiply with the bins of mineral shipments. Perfect monitoring is the case in which
every player is observed and there is one uninformative signal.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import partial

import numpy as np

from negotiation._results import Result
from negotiation._values import Floats, Value
from negotiation.errors import InputError, nearest

Profile = tuple[int, ...]


class StageGame(Result):
    """A finite game in strategic form.

    players: n names. actions: for each player the names of its actions. payoffs: (n, |A_0|, ..., |A_{n-1}|) in `unit`
    per period. Raises `InputError` for empty games, shapes that disagree, repeated names, and numbers that are not
    finite.

        >>> game = StageGame(("row", "column"), (("C", "D"), ("C", "D")), [[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
        >>> game.payoff((1, 0))
        (5.0, 0.0)
    """

    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    payoffs: Floats
    unit: str = "payoff per period"

    def _check(self) -> None:
        fail = partial(InputError.single, "stage game")
        if not self.players:
            raise fail("players", "a game needs at least one player")
        if len(self.actions) != len(self.players):
            raise fail("actions", f"{len(self.actions)} action lists for {len(self.players)} players")
        for player, names in zip(self.players, self.actions, strict=True):
            if not names:
                raise fail(f"actions.{player}", "a player needs at least one action")
            if len(set(names)) != len(names):
                raise fail(f"actions.{player}", "the same action name appears twice")
        expected = (len(self.players), *(len(names) for names in self.actions))
        if self.payoffs.shape != expected:
            raise fail("payoffs", f"shape is {self.payoffs.shape}, the players and actions need {expected}")
        if not np.isfinite(self.payoffs).all():
            raise fail("payoffs", "every payoff must be a finite number", "NaN and infinity are not allowed")

    @property
    def n_players(self) -> int:
        """Number of players n."""
        return len(self.players)

    @property
    def shape(self) -> tuple[int, ...]:
        """Numbers of actions (|A_0|, ..., |A_{n-1}|)."""
        return tuple(self.payoffs.shape[1:])

    def profiles(self) -> Iterator[Profile]:
        """Yield every pure action profile as a tuple of indices, last player fastest."""
        return itertools.product(*(range(size) for size in self.shape))

    def payoff(self, profile: Profile) -> tuple[float, ...]:
        """Return the n payoffs at a pure profile, in `unit`."""
        return tuple(float(self.payoffs[(player, *profile)]) for player in range(self.n_players))

    def points(self) -> Floats:
        """Return the payoff vectors of all pure profiles, shape (number of profiles, n), in the order of `profiles`."""
        return self.payoffs.reshape(self.n_players, -1).T.copy()

    def profile(self, *names: str) -> Profile:
        """Return the profile with these action names, one a player; raise `InputError` with the nearest valid name."""
        if len(names) != self.n_players:
            raise InputError.single("profile", "", f"{len(names)} actions named for {self.n_players} players")
        indices = []
        for player, options, name in zip(self.players, self.actions, names, strict=True):
            if name not in options:
                text = f"unknown action '{name}'"
                raise InputError.single("profile", f"actions.{player}", text, nearest(name, options))
            indices.append(options.index(name))
        return tuple(indices)

    def name(self, profile: Profile) -> tuple[str, ...]:
        """Return the action names of a profile."""
        return tuple(options[index] for options, index in zip(self.actions, profile, strict=True))

    def deviations(self, player: int, profile: Profile) -> Floats:
        """Return u_i(a_i', a_-i) for every action a_i' of `player`, shape (|A_i|,), in `unit`."""
        where: list[int | slice] = list(profile)
        where[player] = slice(None)
        return self.payoffs[(player, *where)]

    def largest_gain(self, profile: Profile) -> float:
        """Return the most any player gains by switching from a profile to another action, in `unit`.

        Negative at a strict stage equilibrium, minus infinity when nobody has another action.
        """
        gains = [
            np.delete(self.deviations(player, profile), profile[player]) - payoff
            for player, payoff in enumerate(self.payoff(profile))
        ]
        return float(np.concatenate(gains).max(initial=-np.inf))


ROW_TOLERANCE = 1e-12  # by which chances may miss a sum of 1; twice as much would pass what is no rounding


class Monitoring(Value):
    """A public monitoring structure.

    signals: Y names. likelihood: (|A_0|, ..., |A_{n-1}|, Y), rho(y | a), each row a distribution to 1e-12.
    observed: indices of the players whose action is seen exactly by all. Raises `InputError` otherwise.
    """

    signals: tuple[str, ...]
    likelihood: Floats
    observed: tuple[int, ...] = ()

    def _check(self) -> None:
        fail = partial(InputError.single, "monitoring")
        if not self.signals:
            raise fail("signals", "at least one signal is needed")
        if len(set(self.signals)) != len(self.signals):
            raise fail("signals", "the same signal name appears twice")
        if self.likelihood.ndim < 2 or self.likelihood.shape[-1] != len(self.signals):
            shape = self.likelihood.shape
            raise fail("likelihood", f"last axis must have {len(self.signals)} signals, shape is {shape}")
        if not np.isfinite(self.likelihood).all():
            raise fail("likelihood", "every probability must be a finite number")
        if (self.likelihood < 0).any():
            raise fail("likelihood", f"probabilities must not be negative, the smallest is {self.likelihood.min():g}")
        sums = self.likelihood.sum(axis=-1)
        worst = np.unravel_index(np.abs(sums - 1).argmax(), sums.shape)
        if abs(sums[worst] - 1) > ROW_TOLERANCE:
            profile = ", ".join(map(str, worst))
            raise fail("likelihood", f"the row of profile ({profile}) sums to {sums[worst]:.12g}, not to 1")
        if any(not 0 <= player < self.likelihood.ndim - 1 for player in self.observed):
            raise fail("observed", f"players are 0 to {self.likelihood.ndim - 2}, got {self.observed}")
        if tuple(sorted(set(self.observed))) != self.observed:
            raise fail("observed", f"player indices must be increasing and distinct, got {self.observed}")

    @classmethod
    def perfect(cls, game: StageGame) -> Monitoring:
        """Return perfect monitoring of `game`: every action is seen, the signal carries nothing."""
        return cls(("nothing else",), np.ones((*game.shape, 1)), tuple(range(game.n_players)))

    @property
    def n_signals(self) -> int:
        """Number of signals Y."""
        return len(self.signals)
