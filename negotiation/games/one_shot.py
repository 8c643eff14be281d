"""A game that is played once: a stage game with the ratios it was written in, and no discount factor."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from negotiation._results import Result
from negotiation.games.dynamic import DynamicGame, Rows
from negotiation.games.monitoring import Monitoring
from negotiation.games.stage import StageGame


@dataclass(frozen=True, eq=False)
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
