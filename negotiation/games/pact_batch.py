"""Many pacts that differ in their numbers only: what a study over thousands of points hands to the regime kernels.

N pacts with the same players, actions, deal and war profile, judged under the default trigger. Arrays as in `Pact`,
with the point first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from negotiation._values import Floats, Value
from negotiation.errors import InputError
from negotiation.games.stage import Profile

PLEDGES = (
    "side_payment",
    "row_audience_cost",
    "column_audience_cost",
    "compensation_efficiency",
    "compensation_cap",
)


@dataclass(frozen=True, eq=False)
class PactBatch(Value):
    """N pacts.

    payoffs: (N, 2, |A_0|, |A_1|) of the stage games. low: (N, |A_0|, |A_1|), chance of a low month by profile under the
    default trigger. discount: (N,). pledges: (N, 5) in the order of `PLEDGES`. observed: players whose action is seen.
    """

    payoffs: Floats
    low: Floats
    discount: Floats
    pledges: Floats
    deal: Profile
    punishment: Profile
    observed: tuple[int, ...]

    def _check(self) -> None:
        count, shape = len(self.discount), self.payoffs.shape[2:]
        wanted = {"payoffs": (count, 2, *shape), "low": (count, *shape), "pledges": (count, len(PLEDGES))}
        for name, size in wanted.items():
            if getattr(self, name).shape != size:
                found = getattr(self, name).shape
                raise InputError.single("pact batch", name, f"shape is {found}, needs {size}")
        if not ((self.discount > 0) & (self.discount < 1)).all():
            raise InputError.single("pact batch", "discount", "every discount must lie strictly between 0 and 1")
        if not (np.isfinite(self.payoffs).all() and np.isfinite(self.low).all()):
            raise InputError.single("pact batch", "payoffs", "every payoff and every chance must be a finite number")
