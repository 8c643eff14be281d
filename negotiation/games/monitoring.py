"""Public monitoring: what everyone sees after a profile has been played.

The public outcome is z = (actions of the `observed` players, signal y). Signals have a likelihood rho(y | a). Keeping
the exactly seen actions apart from the signal (product structure; Fudenberg, Levine, Maskin 1994) keeps the number of
signals small: seen tariffs do not multiply with the bins of mineral shipments. Perfect monitoring is the case in which
every player is observed and there is one uninformative signal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from negotiation._values import Floats, Value
from negotiation.errors import InputError
from negotiation.games.stage import StageGame

ROW_TOLERANCE = 1e-12


@dataclass(frozen=True, eq=False)
class Monitoring(Value):
    """A public monitoring structure.

    signals: Y names. likelihood: (|A_0|, ..., |A_{n-1}|, Y), rho(y | a), each row a distribution to 1e-12.
    observed: indices of the players whose action is seen exactly by all. Raises `InputError` otherwise.
    """

    signals: tuple[str, ...]
    likelihood: Floats
    observed: tuple[int, ...] = ()

    def _check(self) -> None:
        def fail(path: str, message: str, hint: str = "") -> InputError:
            return InputError.single("monitoring", path, message, hint)

        if not self.signals:
            raise fail("signals", "at least one signal is needed")
        if len(set(self.signals)) != len(self.signals):
            raise fail("signals", "the same signal name appears twice")
        if self.likelihood.ndim < 2 or self.likelihood.shape[-1] != len(self.signals):
            raise fail(
                "likelihood", f"last axis must have {len(self.signals)} signals, shape is {self.likelihood.shape}"
            )
        if not np.isfinite(self.likelihood).all():
            raise fail("likelihood", "every probability must be a finite number")
        if (self.likelihood < 0).any():
            raise fail("likelihood", f"probabilities must not be negative, the smallest is {self.likelihood.min():g}")
        sums = self.likelihood.sum(axis=-1)
        worst = np.unravel_index(np.abs(sums - 1).argmax(), sums.shape)
        if abs(sums[worst] - 1) > ROW_TOLERANCE:
            at = ", ".join(str(int(index)) for index in worst)
            raise fail("likelihood", f"the row of profile ({at}) sums to {sums[worst]:.12g}, not to 1")
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
