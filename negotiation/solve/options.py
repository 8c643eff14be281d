"""Every tolerance and limit of the set solvers, in one frozen value that is kept in the result.

Lengths are shares of the payoff range: each player's payoffs are divided by the difference between its largest and
its smallest feasible payoff, so that no setting depends on the unit of the game.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from negotiation._values import Value
from negotiation.errors import InputError


@dataclass(frozen=True, eq=False)
class Options(Value):
    """Settings of a set solver.

    gap: largest distance between inner and outer set that counts as solved. margin: how far incentive conditions are
    relaxed for the outer set and tightened for the inner one; it must dominate the rounding error. iterations: most
    applications of the operator. seconds: time limit, None for none (a result that depends on the clock is not
    reproducible). directions: most supporting half-spaces held (noisy monitoring only). static_nash: also allow every
    static Nash equilibrium, mixed ones included, as a continuation. exact: use rational arithmetic where the input is
    exact. certificate: attach the data that an independent checker needs.
    """

    gap: float = 1e-8
    margin: float = 1e-12
    iterations: int = 100_000
    seconds: float | None = None
    directions: int = 64
    static_nash: bool = False
    exact: bool = True
    certificate: bool = False

    def _check(self) -> None:
        def positive(name: str, value: float, most: float = math.inf) -> None:
            if not (value > 0 and value <= most):
                bound = "" if most == math.inf else f" and at most {most:g}"
                raise InputError.single("options", name, f"must be above 0{bound}, got {value!r}")

        positive("gap", self.gap, 1.0)
        positive("margin", self.margin, 1e-3)
        positive("iterations", self.iterations)
        positive("directions", self.directions)
        if self.seconds is not None:
            positive("seconds", self.seconds)


NO_TIME = "Left out at the time limit: the certificate."

PERFECT = Options()
PUBLIC = Options(gap=1e-3, margin=1e-9, iterations=20_000, directions=400)
