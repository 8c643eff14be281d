"""The largest share from below: an explicit strategy, improved until no generated point beats it.

Nodes stay where they are (so incentives stay satisfied); only their heights, the discounted shares that go with them,
grow. Policy iteration (Howard 1960) with two kinds of choices: which generated points a node is a lottery over, and
which lottery over nodes follows a point. A round looks in given directions, adds the points that lie above the hull of
the nodes, makes them nodes, and solves a linear system for the heights. Every round is an equilibrium strategy, so
stopping early only leaves the bound lower.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from negotiation._values import Floats, Ints
from negotiation.solve.occupation.programme import (
    BestPoints,
    Nodes,
    Planes,
    WarmStart,
    apply_operator,
    profile_programmes,
)
from negotiation.solve.strategies.construction import nearest_in_hull
from negotiation.solve.strategies.generated_points import GeneratedPoints, GeneratingFamily, highest_lotteries_by_state

POLICY_ROUNDS = 40


class Policy(NamedTuple):
    """Nodes with heights, points with heights (Q,) that generate them, and nodes as lotteries over points (N, Q)."""

    nodes: Nodes
    points: GeneratedPoints
    hold: Floats
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
    value = _generated_payoffs(family, points, family.place)
    place = np.array(
        [nearest_in_hull(value[points.state == s], v) for s, v in zip(family.state, family.place, strict=True)]
    )
    hold = highest_lotteries_by_state(value, points.state, reward[points.win], place, family.state)
    here = evaluate_policy(family, Nodes(family.place, family.state, np.zeros(len(place))), points, hold, reward)
    memory: WarmStart = {}
    for _ in range(POLICY_ROUNDS):
        here = _prune(here, len(family.place), _node_worths(here, directions).argmax(axis=1))
        found = profile_programmes(inc, here.nodes, family.polygons.worst, ~inc.unenforceable, margin)
        best = apply_operator(inc, here.nodes, found, reward, directions.lam, directions.at, memory)
        chosen = np.flatnonzero(best.level - _node_worths(here, directions).max(axis=1) > tolerance)
        if not len(chosen):
            break
        here = _improve(family, here, best, chosen, directions.at, reward)
    return here


def with_stationary(family: GeneratingFamily, margin: float) -> GeneratingFamily:
    """Return the family with profiles that can be played for ever, deviations alone being punished: v = g(p) = w.

    Points on the way to such a payoff come ever closer to it, and never arrive: it is put in at once.
    """
    inc, worst = family.inc, family.polygons.worst
    b, _ = inc.right_sides(worst, margin)
    places, states, wins = [], [], []
    for p in np.flatnonzero(~inc.unenforceable).tolist():
        s = int(np.searchsorted(inc.first, p, side="right") - 1)
        ny, nk = int(inc.ny[p]), int(inc.nk[p])
        reached = inc.delta[p, :nk, :ny].sum(axis=1) * inc.g[p, inc.who[p, :nk]]
        stays = (inc.succ[p, :ny] == s).all()
        if stays and (inc.static_nash[p] or (reached >= b[p, :nk]).all()):
            places.append(inc.g[p])
            states.append(s)
            wins.append(p)
    if not wins:
        return family
    old, more = len(family.place), len(wins)
    after = np.zeros((more, inc.pi.shape[1], old + more))
    for row, win in enumerate(wins):
        after[row, : inc.ny[win], old + row] = 1.0
    state = np.array(states, dtype=np.int64)
    points = family.points.widened(old + more).joined(GeneratedPoints(np.array(wins, dtype=np.int64), state, after))
    return family._replace(
        place=np.concatenate([family.place, places]), state=np.concatenate([family.state, state]), points=points
    )


def _node_worths(here: Policy, directions: Planes) -> Floats:
    """Return lam.v + height (J, N) of the nodes, minus infinity in other states than the direction's."""
    worth: Floats = directions.lam @ here.nodes.place.T + here.nodes.height
    worth[directions.at[:, None] != here.nodes.state[None, :]] = -np.inf
    return worth


def _prune(here: Policy, base: int, tops: Ints) -> Policy:
    """Return the family without nodes and points that neither the first `base` nodes nor the `tops` ever lead to."""
    leads = (here.points.after.max(axis=1) > 0).astype(np.float64)  # (Q, N)
    nodes = np.arange(len(here.nodes.height)) < base
    nodes[tops] = True
    size = 0
    while size < nodes.sum():
        size = int(nodes.sum())
        points = here.hold[nodes].max(axis=0) > 0
        nodes |= leads[points].max(axis=0) > 0
    kept = here.points.take(np.flatnonzero(points))
    return Policy(
        Nodes(here.nodes.place[nodes], here.nodes.state[nodes], here.nodes.height[nodes]),
        kept._replace(after=kept.after[:, :, nodes]),
        here.hold[np.ix_(nodes, points)],
        here.height[points],
    )


def _generated_payoffs(family: GeneratingFamily, points: GeneratedPoints, place: Floats) -> Floats:
    """Return the payoffs (Q, 2) of generated points."""
    inc = family.inc
    found: Floats = inc.weight[0] * inc.g[points.win] + inc.weight[1] * (points.mean(inc) @ place)
    return found


def _improve(
    family: GeneratingFamily, here: Policy, best: BestPoints, chosen: Ints, at: Ints, reward: Floats
) -> Policy:
    """Return the family with the chosen generated points added, as points and as nodes."""
    size, count = len(here.nodes.height), len(here.height)
    fresh = GeneratedPoints(best.win[chosen], at[chosen], best.after[chosen])
    state = np.concatenate([here.nodes.state, fresh.state])
    place = np.concatenate([here.nodes.place, best.point[chosen]])
    points = here.points.widened(len(state)).joined(fresh.widened(len(state)))
    height = np.concatenate([here.height, best.height[chosen]])
    known = np.zeros((len(state), len(height)))  # how nodes are held now: old ones as before, new ones by themselves
    known[:size, :count] = here.hold
    known[np.arange(size, len(state)), np.arange(count, len(height))] = 1.0
    hold = highest_lotteries_by_state(
        _generated_payoffs(family, points, place), points.state, height, place, state, known
    )
    return evaluate_policy(family, Nodes(place, state, np.zeros(len(state))), points, hold, reward)


def evaluate_policy(
    family: GeneratingFamily, nodes: Nodes, points: GeneratedPoints, hold: Floats, reward: Floats
) -> Policy:
    """Return the family with the heights that its own play gives: height = (1 - delta) reward + delta E height."""
    inc, (now, onward) = family.inc, family.inc.weight
    chain = points.mean(inc) @ hold
    height = np.linalg.solve(np.eye(len(chain)) - onward * chain, now * reward[points.win])
    return Policy(nodes._replace(height=hold @ height), points, hold, height)
