"""Ripples: what the dispute does to countries that only watch (India and the EU in the shipped scenarios).

    u_i(t, x, e) = -D_i(max(rho_i x, e)) + (gain_i - loss_i) (M0 - M(t))

rho_i is the exposure to what is withheld from the US (1 when controls are global, as in April 2025), e the share that
an action withholds from everyone else and that reaches each of them, gain_i what trade diversion
brings and loss_i what goods deflected from the US market cost, each per dollar of trade lost. USD bn per month,
economic value.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from negotiation._values import Floats, Reals, Value
from negotiation.trade.economics.markets import MineralUse


@dataclass(frozen=True, eq=False)
class ThirdParty(Value):
    """A passive third economy: its mineral use, exposure rho, and net gain per dollar of diverted trade."""

    name: str
    minerals: MineralUse
    exposure: Reals
    diversion_gain: Reals
    deflection_loss: Reals

    def payoffs(self, trade_lost: Floats, withheld: Floats, elsewhere: Floats) -> Floats:
        """Return payoffs (..., T, X) in USD bn per month for trade lost (..., T) and withheld shares (..., X) each."""
        diverted = (self.diversion_gain - self.deflection_loss) * trade_lost
        harmed = self.minerals.damage(np.maximum(self.exposure * withheld, elsewhere))
        total: Floats = diverted[..., :, None] - harmed[..., None, :]
        return total
