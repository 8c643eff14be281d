"""Dynamic games with public states: the one kind of game that every solver here takes.

In state s the stage game g(s, .) is played; the public outcome is drawn, and the signal y names the next state
next_state[s, y] (Yeltekin, Cai, Judd 2017, here with imperfect public monitoring). Payoffs are discounted by delta and
normalised by (1 - delta), so that a value is comparable with a one-period payoff. A repeated game has one state; a game
that is played once has no discount factor.

Every exact computation and every certificate starts from the numbers of a game as `Ratios`: those it was given in
("1/3" is no double), else those its doubles are (0.1 is 3602879701896397 / 2^55). Rows of the likelihood are divided by
their exact sum: distributions without rounding.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from negotiation._results import Result
from negotiation._values import Floats, Ints
from negotiation.errors import InputError
from negotiation.games.stage import Monitoring, StageGame

Rows = tuple[tuple[Fraction, ...], ...]


class DynamicGame(Result):
    """A discounted dynamic game with S public states.

    states: S names. stages, monitoring: one each a state. next_state: (S, Y), the successor after each signal; all
    states have the same number of signals. discount: delta, strictly between 0 and 1, one for all players.
    exact_discount: the same number as a ratio where it is known exactly (1/3 is not a double), None otherwise; likewise
    exact_payoffs and exact_likelihood, one table a state, laid out as in `Ratios`.
    remarks: how a file was read where that was not plain, one sentence each.
    """

    states: tuple[str, ...]
    stages: tuple[StageGame, ...]
    monitoring: tuple[Monitoring, ...]
    next_state: Ints
    discount: float
    exact_discount: Fraction | None = None
    exact_payoffs: tuple[Rows, ...] | None = None
    exact_likelihood: tuple[Rows, ...] | None = None
    remarks: tuple[str, ...] = ()

    def _check(self) -> None:
        fail = partial(InputError.single, "game")
        count = len(self.states)
        if count == 0 or len(self.stages) != count or len(self.monitoring) != count:
            raise fail("states", f"{count} states, {len(self.stages)} stage games, {len(self.monitoring)} monitorings")
        if not (np.isfinite(self.discount) and 0 < self.discount < 1):
            raise fail("discount", f"must lie strictly between 0 and 1, got {self.discount:g}")
        if self.exact_discount is not None and float(self.exact_discount) != self.discount:
            raise fail("exact_discount", f"{self.exact_discount} is not the discount {self.discount!r}")
        self._check_exact("exact_payoffs", self.exact_payoffs, [stage.payoffs for stage in self.stages])
        self._check_exact("exact_likelihood", self.exact_likelihood, [each.likelihood for each in self.monitoring])
        for name, stage, monitoring in zip(self.states, self.stages, self.monitoring, strict=True):
            if stage.players != self.stages[0].players:
                raise fail(f"states.{name}", "every state must have the same players")
            if monitoring.likelihood.shape[:-1] != stage.shape:
                shape = monitoring.likelihood.shape[:-1]
                raise fail(f"states.{name}", f"monitoring is for {shape} actions, the stage game has {stage.shape}")
            if monitoring.n_signals != self.monitoring[0].n_signals:
                raise fail(f"states.{name}", "every state must have the same number of signals")
        if self.next_state.shape != (count, self.monitoring[0].n_signals):
            raise fail("next_state", f"shape is {self.next_state.shape}, needs {(count, self.monitoring[0].n_signals)}")
        if ((self.next_state < 0) | (self.next_state >= count)).any():
            raise fail("next_state", f"successors must be state numbers 0 to {count - 1}")

    def _check_exact(self, path: str, exact: tuple[Rows, ...] | None, doubles: list[Floats]) -> None:
        if exact is None:
            return
        nearest = [np.array(rows, dtype=np.float64).ravel() for rows in exact]
        given = [table.ravel() for table in doubles]
        if len(nearest) != len(given) or not all(map(np.array_equal, nearest, given)):
            raise InputError.single("game", path, "the ratios are not those of the numbers given as doubles")

    @classmethod
    def repeated(
        cls, stage: StageGame, discount: float | Fraction, monitoring: Monitoring | None = None
    ) -> DynamicGame:
        """Return the repeated game of `stage`; without `monitoring`, everyone sees every action.

        A `Fraction` is kept exactly beside its nearest double.
        """
        signals = Monitoring.perfect(stage) if monitoring is None else monitoring
        exact = discount if isinstance(discount, Fraction) else None
        nowhere_else = np.zeros((1, signals.n_signals), dtype=np.int64)
        return cls(("always",), (stage,), (signals,), nowhere_else, float(discount), exact_discount=exact)

    @property
    def n_states(self) -> int:
        """Number of public states S."""
        return len(self.states)

    def exact_tables(self, state: int = 0) -> Any:
        """Return the exact payoffs nested as the stage game's, None where only doubles are known."""
        if self.exact_payoffs is None:
            return None
        rows, columns = self.stages[state].shape
        return [[flat[a * columns : (a + 1) * columns] for a in range(rows)] for flat in self.exact_payoffs[state]]

    @property
    def stage(self) -> StageGame:
        """The stage game of a repeated game; raise `InputError` when there are several states."""
        if self.n_states != 1:
            raise InputError.single("game", "states", f"{self.n_states} states: there is no single stage game")
        return self.stages[0]


class Ratios(NamedTuple):
    """discount: delta. payoffs[s][i][p]: of player i at profile p of state s (last player's action fastest).

    chances[s][p][y]: probability of signal y after profile p in state s; each row sums to exactly 1.
    """

    discount: Fraction
    payoffs: tuple[Rows, ...]
    chances: tuple[Rows, ...]


def ratios(game: DynamicGame) -> Ratios:
    """Return the game's numbers as ratios: those it was given in, or those its doubles are."""
    payoffs = game.exact_payoffs or tuple(
        _ratio_rows(stage.payoffs.reshape(stage.n_players, -1)) for stage in game.stages
    )
    likelihood = game.exact_likelihood or tuple(
        _ratio_rows(each.likelihood.reshape(-1, each.n_signals)) for each in game.monitoring
    )
    chances = tuple(tuple(_distribution(row) for row in rows) for rows in likelihood)
    discount = Fraction(game.discount) if game.exact_discount is None else game.exact_discount
    return Ratios(discount, payoffs, chances)


def _ratio_rows(table: Floats) -> Rows:
    return tuple(tuple(map(Fraction, row)) for row in table.tolist())


def _distribution(row: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    total = sum(row, Fraction(0))
    return row if total == 1 else tuple(chance / total for chance in row)


class OneShotGame(Result):
    """A stage game as it was read. exact_payoffs, remarks: as in `DynamicGame`; None where only doubles are known.

    Raises `InputError` when the ratios are not those of the stage game.
    """

    stage: StageGame
    exact_payoffs: Rows | None = None
    remarks: tuple[str, ...] = ()

    def _check(self) -> None:
        self.repeated(Fraction(1, 2))  # where what is exact and what is a double are compared

    def repeated(self, discount: float | Fraction, monitoring: Monitoring | None = None) -> DynamicGame:
        """Return the game played again and again; without `monitoring`, everyone sees every action."""
        game = DynamicGame.repeated(self.stage, discount, monitoring)
        exact = None if self.exact_payoffs is None else (self.exact_payoffs,)
        return game.replace(exact_payoffs=exact, remarks=self.remarks)


AnyGame = DynamicGame | OneShotGame
