"""How large a discounted share of the months can a profile fill? Proven from both sides.

The share of an equilibrium is the expected (1 - delta) sum_t delta^t 1{the profile is played in period t}; `share_bounds`
returns an interval that holds the largest share over all pure public equilibria (with public randomisation): its lower
end is the share of an explicit equilibrium (`playable_nodes`), its upper end a bound over the outer sets
(`playable_planes`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from negotiation._values import Bools, Floats, Value
from negotiation.games.solution import Solution
from negotiation.games.stage import Profile
from negotiation.solve.incentives import Incentives
from negotiation.solve.operator import Polygons
from negotiation.solve.playable import number, read, refuted, solution_margin
from negotiation.solve.playable_nodes import Raised, raised
from negotiation.solve.playable_planes import ceiling
from negotiation.solve.strategy import Strategy
from negotiation.solve.strategy_points import base
from negotiation.solve.strategy_support import reachable, strategy_of

TOLERANCE = 1e-3
PART = 0.1


@dataclass(frozen=True, eq=False)
class ShareBounds(Value):
    """The largest discounted share of periods lies in [low, high]; `strategy` attains `low` (None when there is none).

    The upper end speaks of pure strategies with public randomisation.
    """

    profile: Profile
    state: int
    low: float
    high: float
    strategy: Strategy | None

    @property
    def gap(self) -> float:
        """Width of the interval."""
        return self.high - self.low


def share_bounds(solution: Solution, profile: Profile, state: int = 0, tolerance: float = TOLERANCE) -> ShareBounds:
    """Return the interval of the largest discounted share of periods in which `profile` is played (in public `state`).

    The equilibria start in public state `state`, and only months in that state with that profile count. tolerance: how
    close the bounds are driven to what the inner and the outer sets allow. Raises `InputError` for a profile or a state
    that the game does not have.
    """
    reading = read(solution)
    p = number(reading.inc, solution, profile, state)
    if solution.outer[state].is_empty:
        return ShareBounds(profile, state, 0.0, 0.0, None)
    reward = np.zeros(len(reading.inc.g))
    reward[p] = 1.0
    outer = reading.outer if reading.outer is not None else reading.inner
    if outer is None:
        return ShareBounds(profile, state, 0.0, 1.0, None)
    alive = enforceable_profiles(reading.inc, outer)
    above = ceiling(reading.inc, outer, alive, reward, state, tolerance)
    high = 0.0 if not alive[p] else min(float(above.bound[state]), 1.0)
    if reading.inner is None:
        return ShareBounds(profile, state, 0.0, high, None)
    found = raised(
        base(solution),
        reward,
        above.planes,
        0.5 * solution_margin(solution),
        PART * tolerance * (1 - reading.inc.discount),
    )
    strategy = _best(solution, reading.inc, found, state)
    low = _share(strategy, reward, reading.inc)
    return ShareBounds(profile, state, low, max(high, low), strategy)


def _best(solution: Solution, inc: Incentives, found: Raised, state: int) -> Strategy:
    """Return the strategy that starts in the highest generated point."""
    strategy = strategy_of(solution.game, inc, found.points, found.hold)
    own = np.flatnonzero(found.points.state == state)
    initial = np.zeros(strategy.n_plans)
    initial[own[found.height[own].argmax()]] = 1.0
    return reachable(strategy.replace(initial=initial))


def _share(strategy: Strategy, reward: Floats, inc: Incentives) -> float:
    """Return the discounted share that a strategy attains, 0 when it is no equilibrium."""
    if not strategy.holds():
        return 0.0
    columns = np.array([stage.shape[1] for stage in strategy.game.stages])[strategy.publics]
    plans = inc.first[strategy.publics] + strategy.actions[:, 0] * columns + strategy.actions[:, 1]
    return float(strategy.initial @ strategy.discounted(reward[plans]))


def enforceable_profiles(inc: Incentives, outer: Polygons) -> Bools:
    """Return (P,): which profiles are not proven unenforceable on the outer sets."""
    return np.array([not inc.dead[p] and refuted(inc, outer, p) is None for p in range(len(inc.g))])
