"""A strategy for any payoff of the inner set: every point of it is an equilibrium payoff, and this is the equilibrium.

Plans are the generated points that hold the inner set's vertices (`generated_points`); the lottery over vertices that
follows an outcome becomes a lottery over plans, and an observed deviation leads to the deviator's worst plan. Values
are solved for from the strategy itself, and the first lottery is chosen among these values, so that the strategy is
worth the payoff asked for. References: Abreu, Pearce, Stacchetti 1990 (self-generation); Abreu 1988 (penal codes).
"""

from collections.abc import Sequence

import numpy as np

from negotiation._values import Floats, Ints
from negotiation.errors import InputError
from negotiation.games.dynamic import DynamicGame
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.solution import Solution
from negotiation.solve.certificates.inner_proof import DUST
from negotiation.solve.geometry.convex_hull import convex_hull
from negotiation.solve.public.incentive_constraints import Incentives
from negotiation.solve.strategies.generated_points import GeneratedPoints, generating_family, highest_lotteries
from negotiation.solve.strategies.public_strategy import PublicStrategy

# Share of the payoff range by which a payoff may lie outside the inner set: the rounding of what a user types.
TYPED_ROUNDING = 1e-9


def supporting_strategy(solution: Solution, payoff: Sequence[float], state: int = 0) -> PublicStrategy:
    """Return an equilibrium strategy worth `payoff` (2,), in the game's unit, from public state `state` on.

    Raises `InputError` when the payoff lies outside the inner set by more than 1e-9 of the payoff range, or when no
    inner set is proven.
    """
    family = generating_family(solution)
    inc, value = family.inc, family.points.payoffs(family.inc, family.place)
    extreme = _extreme_points(value, family.points.state)
    points, value = family.points.take(extreme), value[extreme]
    place = nearest_in_hulls(value, points.state, family.place, family.state)
    lotteries = highest_lotteries(value, points.state, np.zeros(len(value)), place, family.state)
    return start_at_payoff(generated_strategy(solution.game, inc, points, lotteries), payoff, state, inc)


def _extreme_points(value: Floats, state: Ints) -> Ints:
    """Return the numbers of the points that are corners of their state's hull, of equal ones the first."""
    chosen: list[int] = []
    for s in np.unique(state):
        here = np.flatnonzero(state == s)
        number: dict[tuple[float, ...], int] = {}
        for n in here:
            number.setdefault(tuple((value[n] + 0.0).tolist()), int(n))
        chosen += sorted(number[tuple(corner)] for corner in convex_hull(value[here]).tolist())
    return np.array(chosen, dtype=np.int64)


def nearest_in_hulls(points: Floats, state: Ints, targets: Floats, target_state: Ints) -> Floats:
    """Return the targets, moved into the hull of the points of their state where rounding left them outside."""
    hulls = {s: PayoffSet(convex_hull(points[state == s])) for s in np.unique(target_state)}
    return np.array([hulls[s].nearest(target)[0][0] for s, target in zip(target_state, targets, strict=True)])


def generated_strategy(
    game: DynamicGame, inc: Incentives, points: GeneratedPoints, lotteries: Floats
) -> PublicStrategy:  # fmt: skip
    """Return the strategy whose plans are `points`, each node drawn as `lotteries` (N, Q) says; starts in plan 0."""
    count, signals = len(points.profile), inc.group.shape[1]
    value = points.discounted(inc, lotteries, inc.g[points.profile])
    worst = np.zeros((inc.n_states, 2), dtype=np.int64)
    for s in range(inc.n_states):
        plans = np.flatnonzero(points.state == s)
        worst[s] = plans[value[plans].argmin(axis=0)]
    transition = np.zeros((count, signals, count))
    for q, p in enumerate(points.profile):
        following = game.next_state[points.state[q]]
        for y, group in enumerate(inc.group[p]):
            if group >= 0:
                transition[q, y] = without_dust(points.after[q, group] @ lotteries)
            else:
                transition[q, y, worst[following[y], max(-1 - int(group), 0) % 2]] = 1.0
    initial = np.zeros(count)
    initial[0] = 1.0
    return PublicStrategy(
        game=game,
        publics=points.state,
        actions=inc.profiles[points.profile],
        transition=transition,
        worst=worst,
        initial=initial,
    )


def without_dust(lottery: Floats) -> Floats:
    """Return a lottery without rounding dust, summing to one."""
    weights = np.where(lottery > DUST, lottery, 0.0)
    cleaned: Floats = weights / weights.sum()
    return cleaned


def start_at_payoff(strategy: PublicStrategy, payoff: Sequence[float], state: int, inc: Incentives) -> PublicStrategy:
    """Return the strategy with a first lottery that makes it worth `payoff` in `state`; plans out of reach go."""
    plans = np.flatnonzero(strategy.publics == state)
    if not len(plans):
        raise InputError.single("strategy", "state", f"states are 0 to {strategy.game.n_states - 1}, got {state}")
    target = (np.asarray(payoff, dtype=np.float64) - inc.offset) / inc.scale
    if target.shape != (2,) or not np.isfinite(target).all():
        raise InputError.single("strategy", "payoff", f"needs two finite numbers, got {list(payoff)}")
    values = (strategy.values[plans] - inc.offset) / inc.scale
    inside = PayoffSet(convex_hull(values)).nearest(target)[0][0]
    away = float(np.abs(inside - target).max())
    if away > TYPED_ROUNDING:
        closest = ", ".join(f"{number:.10g}" for number in inc.offset + inc.scale * inside)
        message = f"{tuple(float(x) for x in payoff)} is not in the proven set of equilibrium payoffs"
        raise InputError.single("strategy", "payoff", message, f"the closest payoff that is: ({closest})")
    initial = np.zeros(strategy.n_plans)
    one = np.zeros(len(values), dtype=np.int64)
    initial[plans] = without_dust(highest_lotteries(values, one, np.zeros(len(values)), inside[None], one[:1])[0])
    return reachable_plans(strategy.replace(initial=initial))


def reachable_plans(strategy: PublicStrategy) -> PublicStrategy:
    """Return the strategy without plans that neither play nor a punishment can reach."""
    leads = strategy.transition.max(axis=1) > 0
    monitoring = strategy.game.monitoring
    for state, plans in enumerate(strategy.worst):
        before = (strategy.game.next_state == state).any(axis=1)
        for i, plan in enumerate(plans):
            leads[[w for w, s in enumerate(strategy.publics) if before[s] and i in monitoring[s].observed], plan] = True
    reached = strategy.initial > 0
    while (leads[reached].any(axis=0) & ~reached).any():
        reached |= leads[reached].any(axis=0)
    left = np.flatnonzero(reached)
    number = np.full(strategy.n_plans, 0)
    number[left] = np.arange(len(left))
    return strategy.replace(
        publics=strategy.publics[left],
        actions=strategy.actions[left],
        transition=strategy.transition[np.ix_(left, np.arange(strategy.transition.shape[1]), left)],
        worst=number[strategy.worst],
        initial=strategy.initial[left],
    )
