"""A strategy for any payoff of the inner set: every point of it is an equilibrium payoff, and this is the equilibrium.

Plans are the generated points that hold the inner set's vertices (`generated_points`); the lottery over vertices that
follows an outcome becomes a lottery over plans, and an observed deviation leads to the deviator's worst plan. Values
are solved for from the strategy itself, and the first lottery is chosen among these values, so that the strategy is
worth the payoff asked for. References: Abreu, Pearce, Stacchetti 1990 (self-generation); Abreu 1988 (penal codes).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from negotiation._values import Floats
from negotiation.errors import InputError
from negotiation.games.dynamic import DynamicGame
from negotiation.games.solution import Solution
from negotiation.solve.geometry.convex_hull import convex_hull
from negotiation.solve.public.incentive_constraints import Incentives
from negotiation.solve.strategies.generated_points import (
    GeneratedPoints,
    GeneratingFamily,
    generating_family,
    highest_lotteries,
    highest_lotteries_by_state,
)
from negotiation.solve.strategies.public_strategy import PublicStrategy

DUST = 1e-13
OUTSIDE = 1e-9


def supporting_strategy(solution: Solution, payoff: Sequence[float], state: int = 0) -> PublicStrategy:
    """Return an equilibrium strategy worth `payoff` (2,), in the game's unit, from public state `state` on.

    Raises `InputError` when the payoff lies outside the inner set by more than 1e-9 of the payoff range, or when no
    inner set is proven.
    """
    family = generating_family(solution)
    return start_at_payoff(_family_strategy(solution.game, family), payoff, state, family.inc)


def _family_strategy(game: DynamicGame, family: GeneratingFamily) -> PublicStrategy:
    """Return the strategy of the whole family, starting anywhere."""
    points, place = family.points, family.points.mean(family.inc) @ family.place
    value = family.inc.weight[0] * family.inc.g[points.win] + family.inc.weight[1] * place
    outer = np.concatenate(
        [_extreme_points(value, np.flatnonzero(points.state == s)) for s in range(family.inc.n_states)]
    )
    points, value = points.take(outer), value[outer]
    hold = highest_lotteries_by_state(
        value, points.state, np.zeros(len(value)), _nodes_in_hull(family, value, points), family.state
    )
    return generated_strategy(game, family.inc, points, hold)


def _nodes_in_hull(family: GeneratingFamily, value: Floats, points: GeneratedPoints) -> Floats:
    """Return the nodes, moved into the hull of the generated points where rounding left them outside."""
    place = family.place.copy()
    for s in range(family.inc.n_states):
        own = value[points.state == s]
        for at in np.flatnonzero(family.state == s):
            place[at] = nearest_in_hull(own, place[at])
    return place


def _extreme_points(value: Floats, own: np.typing.NDArray[np.int64]) -> np.typing.NDArray[np.int64]:
    """Return the numbers of the points that are corners of the hull of `own`."""
    corners = {tuple(corner) for corner in convex_hull(value[own]).tolist()}
    chosen = []
    for at in own:
        key = tuple((value[at] + 0.0).tolist())
        if key in corners:
            corners.discard(key)
            chosen.append(at)
    return np.array(chosen, dtype=np.int64)


def nearest_in_hull(points: Floats, target: Floats) -> Floats:
    """Return the point of the hull of `points` closest to a target that lies outside by little; itself if inside."""
    corners = convex_hull(points)
    ends = np.roll(corners, -1, axis=0)
    side = ends - corners
    away = target - corners
    if len(corners) > 2 and (side[:, 0] * away[:, 1] - side[:, 1] * away[:, 0] >= 0).all():
        return target
    length = np.maximum((side**2).sum(axis=1), 1e-300)
    share = np.clip((side * away).sum(axis=1) / length, 0.0, 1.0)
    feet = corners + share[:, None] * side
    found: Floats = feet[((feet - target) ** 2).sum(axis=1).argmin()]
    return found


def generated_strategy(game: DynamicGame, inc: Incentives, points: GeneratedPoints, hold: Floats) -> PublicStrategy:
    """Return the strategy whose plans are `points`, each node drawn as `hold` (N, Q) says; it starts in plan 0."""
    count, signals = len(points.win), inc.group.shape[1]
    value = np.asarray(_values(inc, points, hold))
    worst = np.zeros((inc.n_states, 2), dtype=np.int64)
    for s in range(inc.n_states):
        own = np.flatnonzero(points.state == s)
        worst[s] = own[value[own].argmin(axis=0)]
    transition = np.zeros((count, signals, count))
    for q, p in enumerate(points.win):
        following = game.next_state[points.state[q]]
        for y, group in enumerate(inc.group[p]):
            if group >= 0:
                transition[q, y] = without_dust(points.after[q, group] @ hold)
            else:
                transition[q, y, worst[following[y], max(-1 - int(group), 0) % 2]] = 1.0
    initial = np.zeros(count)
    initial[0] = 1.0
    return PublicStrategy(game, points.state, inc.profiles[points.win], transition, worst, initial)


def _values(inc: Incentives, points: GeneratedPoints, hold: Floats) -> Floats:
    """Return the normalised values (Q, 2) of the points when nodes are drawn as `hold` says."""
    here, onward = inc.weight
    chain = points.mean(inc) @ hold
    found: Floats = np.linalg.solve(np.eye(len(chain)) - onward * chain, here * inc.g[points.win])
    return found


def without_dust(lottery: Floats) -> Floats:
    """Return a lottery without rounding dust, summing to one."""
    kept = np.where(lottery > DUST, lottery, 0.0)
    found: Floats = kept / kept.sum()
    return found


def start_at_payoff(strategy: PublicStrategy, payoff: Sequence[float], state: int, inc: Incentives) -> PublicStrategy:
    """Return the strategy with a first lottery that makes it worth `payoff` in `state`; plans out of reach go."""
    own = np.flatnonzero(strategy.publics == state)
    if not len(own):
        raise InputError.single("strategy", "state", f"states are 0 to {strategy.game.n_states - 1}, got {state}")
    target = (np.asarray(payoff, dtype=np.float64) - inc.offset) / inc.scale
    if target.shape != (2,) or not np.isfinite(target).all():
        raise InputError.single("strategy", "payoff", f"needs two finite numbers, got {list(payoff)}")
    values = (strategy.values[own] - inc.offset) / inc.scale
    inside = nearest_in_hull(values, target)
    away = float(np.abs(inside - target).max())
    if away > OUTSIDE:
        closest = ", ".join(f"{number:.10g}" for number in inc.offset + inc.scale * inside)
        message = f"{tuple(float(x) for x in payoff)} is not in the proven set of equilibrium payoffs"
        raise InputError.single("strategy", "payoff", message, f"the closest payoff that is: ({closest})")
    initial = np.zeros(strategy.n_plans)
    initial[own] = without_dust(highest_lotteries(values, np.zeros(len(own)), inside[None, :])[0])
    return reachable_plans(strategy.replace(initial=initial))


def reachable_plans(strategy: PublicStrategy) -> PublicStrategy:
    """Return the strategy without plans that neither play nor a punishment can reach."""
    step = strategy.transition.max(axis=1) > 0
    for state, plans in enumerate(strategy.worst):
        seen = strategy.game.monitoring
        leads = (strategy.game.next_state == state).any(axis=1)
        for i, plan in enumerate(plans):
            step[[w for w, s in enumerate(strategy.publics) if leads[s] and i in seen[s].observed], plan] = True
    reached = strategy.initial > 0
    while (step[reached].any(axis=0) & ~reached).any():
        reached |= step[reached].any(axis=0)
    kept = np.flatnonzero(reached)
    number = np.full(strategy.n_plans, 0)
    number[kept] = np.arange(len(kept))
    return strategy.replace(
        publics=strategy.publics[kept],
        actions=strategy.actions[kept],
        transition=strategy.transition[np.ix_(kept, np.arange(strategy.transition.shape[1]), kept)],
        worst=number[strategy.worst],
        initial=strategy.initial[kept],
    )
