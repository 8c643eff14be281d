"""How large a discounted share of the months can a profile fill? Proven from both sides.

The share of an equilibrium is the expected (1 - delta) sum_t delta^t 1{the profile is played in period t}; the largest
one over all pure public equilibria (with public randomisation) is bounded.
"""

import numpy as np

from negotiation._values import Floats, Value
from negotiation.games.solution import Solution
from negotiation.games.stage import Profile
from negotiation.solve.occupation.lower_bound import policy_iteration
from negotiation.solve.occupation.programme import Planes
from negotiation.solve.occupation.upper_bound import OccupationProblem, first_planes, upper_bound
from negotiation.solve.public.enforceability import (
    infeasibility_multipliers,
    normalised_solution,
    profile_number,
    solution_margin,
)
from negotiation.solve.public.incentive_constraints import Incentives
from negotiation.solve.strategies.construction import generated_strategy, reachable_plans
from negotiation.solve.strategies.generated_points import generating_family
from negotiation.solve.strategies.public_strategy import PublicStrategy

SHARE_TOLERANCE = 5e-3  # width of an interval of shares that counts as narrow; half a month in a hundred
# Share of the tolerance by which a point must lift the nodes to be added; with ten times as much the bound stops early.
POLICY_SHARE = 0.1


class ShareBounds(Value):
    """The largest discounted share of periods lies in [low, high]; `strategy` attains `low` (None when there is none).

    The upper end speaks of pure strategies with public randomisation.
    """

    profile: Profile
    state: int
    low: float
    high: float
    strategy: PublicStrategy | None

    @property
    def gap(self) -> float:
        """Width of the interval."""
        return self.high - self.low


def share_bounds(
    solution: Solution,
    profile: Profile,
    state: int = 0,
    tolerance: float = SHARE_TOLERANCE,
    target: float | None = None,
) -> ShareBounds:
    """Return the interval of the largest discounted share of periods in which `profile` is played (in public `state`).

    The equilibria start in public state `state`, and only periods in that state with that profile count. tolerance: how
    close the bounds are driven to what the inner and the outer sets allow. target: stop as soon as it is clear on which
    side of this share the largest one lies. Raises `InputError` for a profile or a state that the game does not have.
    """
    inc, inner, outer = normalised_solution(solution)
    p = profile_number(inc, solution, profile, state)
    outer = inner if outer is None else outer
    if solution.outer[state].is_empty:
        return ShareBounds(profile, state, 0.0, 0.0, None)
    if outer is None:
        return ShareBounds(profile, state, 0.0, 1.0, None)
    reward = np.zeros(len(inc.g))
    reward[p] = 1.0
    enforceable = ~inc.unenforceable
    for number in np.flatnonzero(enforceable):
        enforceable[number] = infeasibility_multipliers(inc, outer, int(number)) is None
    unknown = ShareBounds(profile, state, 0.0, 1.0 if enforceable[p] else 0.0, None)
    bounds = _raise_lower_bound(solution, reward, first_planes(outer), unknown, tolerance)
    if not enforceable[p] or (target is not None and bounds.low >= target):
        return bounds
    enough = bounds.low + tolerance if target is None else target
    high, planes = upper_bound(OccupationProblem(inc, outer, enforceable, reward), state, tolerance, enough)
    bounds = bounds.replace(high=max(bounds.low, min(1.0, high)))
    if bounds.gap <= tolerance or (target is not None and bounds.high < target):
        return bounds
    return _raise_lower_bound(solution, reward, planes, bounds, tolerance)


def _raise_lower_bound(
    solution: Solution, reward: Floats, planes: Planes, bounds: ShareBounds, tolerance: float
) -> ShareBounds:
    """Return the bounds with a better strategy, if one is found in the directions of the planes."""
    if any(entry.is_empty for entry in solution.inner):
        return bounds
    family = generating_family(solution)
    margin, close = 0.5 * solution_margin(solution), POLICY_SHARE * tolerance * (1 - solution.game.discount)
    policy = policy_iteration(family, reward, planes, margin, close)
    strategy = generated_strategy(solution.game, family.inc, policy.points, policy.lotteries)
    here = policy.points.state == bounds.state
    initial = np.zeros(strategy.n_plans)
    initial[np.where(here, policy.height, -np.inf).argmax()] = 1.0  # the highest generated point
    strategy = reachable_plans(strategy.replace(initial=initial))
    low = min(_share(strategy, reward, family.inc), 1.0)
    if bounds.strategy is not None and low <= bounds.low:
        return bounds
    return bounds.replace(low=low, high=max(low, bounds.high), strategy=strategy)


def _share(strategy: PublicStrategy, reward: Floats, inc: Incentives) -> float:
    """Return the discounted share that a strategy attains, 0 when it is no equilibrium."""
    if not strategy.holds():
        return 0.0
    columns = np.array([stage.shape[1] for stage in strategy.game.stages])[strategy.publics]
    plans = inc.first[strategy.publics] + strategy.actions[:, 0] * columns + strategy.actions[:, 1]
    return float(strategy.initial @ strategy.discounted(reward[plans]))
