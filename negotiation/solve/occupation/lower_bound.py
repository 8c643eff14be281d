"""The largest share from below: an explicit strategy, improved until no generated point beats it.

Nodes stay where they are (so incentives stay satisfied); only their heights, the discounted shares that go with them,
grow, by policy iteration (Howard 1960): a round adds the points in given directions that lie above the hull of the
nodes, makes them nodes, and solves a linear system for the heights. Every round is an equilibrium strategy.
"""

from typing import NamedTuple

import numpy as np

from negotiation._values import Floats, Ints
from negotiation.solve.occupation.programme import Nodes, Planes, WarmStart, apply_operator, profile_programmes
from negotiation.solve.public.incentive_constraints import Incentives
from negotiation.solve.strategies.construction import nearest_in_hulls
from negotiation.solve.strategies.generated_points import GeneratedPoints, GeneratingFamily, highest_lotteries

# Rounds of policy iteration; each is an equilibrium strategy, so fewer only leave the bound lower.
POLICY_ROUNDS = 40


class Policy(NamedTuple):
    """Nodes with heights, points with heights (Q,) that generate them, and nodes as lotteries over points (N, Q)."""

    nodes: Nodes
    points: GeneratedPoints
    lotteries: Floats
    height: Floats


def policy_iteration(
    family: GeneratingFamily, reward: Floats, directions: Planes, margin: float, tolerance: float
) -> Policy:
    """Return nodes of the inner sets with the largest heights found; reward (P,) per profile, between 0 and 1.

    directions: where to look (their levels do not matter). margin: how far incentive rows are tightened. tolerance: how
    far above the nodes' hull a generated point must lie to be worth adding.
    """
    family = with_stationary(family, margin)
    inc, points = family.inc, family.points
    value = points.payoffs(inc, family.place)
    place = nearest_in_hulls(value, points.state, family.place, family.state)
    lotteries = highest_lotteries(value, points.state, reward[points.profile], place, family.state)
    policy = evaluate_policy(inc, Nodes(family.place, family.state, np.zeros(len(place))), points, lotteries, reward)
    warm: WarmStart = {}
    for _ in range(POLICY_ROUNDS):
        policy = _prune(policy, len(family.place), directions.worths(policy.nodes).argmax(axis=1))
        programmes = profile_programmes(inc, policy.nodes, family.polygons.worst, ~inc.unenforceable, margin)
        best = apply_operator(inc, policy.nodes, programmes, reward, directions, warm=warm)
        chosen = np.flatnonzero(best.level - directions.worths(policy.nodes).max(axis=1) > tolerance)
        if not len(chosen):
            break
        fresh = GeneratedPoints(best.profile[chosen], directions.state[chosen], best.after[chosen])
        policy = _improve(inc, policy, fresh, Nodes(best.point[chosen], fresh.state, best.height[chosen]), reward)
    return policy


def with_stationary(family: GeneratingFamily, margin: float) -> GeneratingFamily:
    """Return the family with profiles that can be played for ever, deviations alone being punished: v = g(p) = w.

    Points on the way to such a payoff come ever closer to it, and never arrive: it is put in at once.
    """
    inc, worst = family.inc, family.polygons.worst
    b, _ = inc.right_sides(worst, margin)
    profiles = []
    for p in np.flatnonzero(~inc.unenforceable).tolist():
        s, _ = inc.place(p)
        ny, nk = int(inc.ny[p]), int(inc.nk[p])
        reached = inc.delta[p, :nk, :ny].sum(axis=1) * inc.g[p, inc.who[p, :nk]]
        stays = (inc.succ[p, :ny] == s).all()
        if stays and (inc.static_nash[p] or (reached >= b[p, :nk]).all()):
            profiles.append(p)
    if not profiles:
        return family
    old, more = len(family.place), len(profiles)
    after = np.zeros((more, inc.pi.shape[1], old + more))
    for row, p in enumerate(profiles):
        after[row, : inc.ny[p], old + row] = 1.0
    state = np.array([inc.place(p)[0] for p in profiles])
    stationary = GeneratedPoints(np.array(profiles), state, after)
    return family._replace(
        place=np.concatenate([family.place, inc.g[profiles]]),
        state=np.concatenate([family.state, state]),
        points=family.points.with_nodes(old + more).union(stationary),
    )


def _prune(policy: Policy, base: int, tops: Ints) -> Policy:
    """Return the family without nodes and points that neither the first `base` nodes nor the `tops` ever lead to."""
    leads = (policy.points.after.max(axis=1) > 0).astype(np.float64)  # (Q, N)
    nodes = np.arange(len(policy.nodes.height)) < base
    nodes[tops] = True
    size = 0
    while size < nodes.sum():
        size = int(nodes.sum())
        points = policy.lotteries[nodes].max(axis=0) > 0
        nodes |= leads[points].max(axis=0) > 0
    left = policy.points.take(np.flatnonzero(points))
    return Policy(
        policy.nodes.take(nodes),
        left._replace(after=left.after[:, :, nodes]),
        policy.lotteries[np.ix_(nodes, points)],
        policy.height[points],
    )


def _improve(inc: Incentives, policy: Policy, fresh: GeneratedPoints, at_fresh: Nodes, reward: Floats) -> Policy:
    """Return the policy with generated points added, as points and as nodes `at_fresh`."""
    size, count = len(policy.nodes.height), len(policy.height)
    old = policy.nodes
    nodes = Nodes(*(np.concatenate(pair) for pair in zip(old, at_fresh, strict=True)))
    total = len(nodes.state)
    points = policy.points.with_nodes(total).union(fresh.with_nodes(total))
    height = np.concatenate([policy.height, at_fresh.height])
    current = np.zeros((total, len(height)))  # how nodes are drawn now: old ones as before, new ones by themselves
    current[:size, :count] = policy.lotteries
    current[np.arange(size, total), np.arange(count, len(height))] = 1.0
    value = points.payoffs(inc, nodes.place)
    lotteries = highest_lotteries(value, points.state, height, nodes.place, nodes.state, current=current)
    return evaluate_policy(inc, nodes, points, lotteries, reward)


def evaluate_policy(
    inc: Incentives, nodes: Nodes, points: GeneratedPoints, lotteries: Floats, reward: Floats
) -> Policy:  # fmt: skip
    """Return the policy with the heights that its own play gives: height = (1 - delta) reward + delta E height."""
    height = points.discounted(inc, lotteries, reward[points.profile])
    return Policy(nodes._replace(height=lotteries @ height), points, lotteries, height)
