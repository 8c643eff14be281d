"""The set operator with a third coordinate that nobody cares about: the discounted share of months, or any reward.

Symbols: nodes are continuation payoffs v (2,) of a public state, each with a height m, the share that goes with it.
Profile p, with reward r_p, generates in direction (lam, 1)

    max  (1 - delta) (lam.g_p + r_p) + delta sum_y pi_py (lam.w_y + m_y),     (w_y, m_y) in the hull of the nodes,

subject to the incentive rows of `incentives`, which do not involve m. The set of all (v, m) is that of a game with a
third player who has one action (Abreu, Pearce, Stacchetti 1990); only its upper side is needed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from negotiation._kernels import linear
from negotiation._values import Bools, Floats, Ints
from negotiation.solve.public.incentive_constraints import Incentives

# By how much (in the objective) a profile must beat the best so far: less is rounding, and would only change ties.
IMPROVEMENT = 1e-13
BEST_PROFILES = -1  # under this key a warm start holds the best profiles of the application before

WarmStart = dict[int, Floats]


class Nodes(NamedTuple):
    """Continuation payoffs: place (N, 2) normalised, state (N,), height (N,)."""

    place: Floats
    state: Ints
    height: Floats

    def take(self, chosen: Bools) -> Nodes:
        """Return the chosen nodes (N,) only."""
        return Nodes(self.place[chosen], self.state[chosen], self.height[chosen])


class Planes(NamedTuple):
    """Directions (lam (J, 2), 1) with levels (J,) and public states (J,): planes m = level - lam.v."""

    lam: Floats
    level: Floats
    state: Ints

    def worths(self, nodes: Nodes) -> Floats:
        """Return lam.v + m (J, N) of the nodes, minus infinity in other states than the plane's."""
        worths: Floats = self.lam @ nodes.place.T + nodes.height
        worths[self.state[:, None] != nodes.state[None, :]] = -np.inf
        return worths


@dataclass(frozen=True, kw_only=True)
class ProfileProgramme:
    """One profile's programme on a set of nodes: max c.x, x matrix = right (see `_kernels.linear`).

    matrix: (C, n), a row for each variable. block, node: (C,) outcome and node of each variable, -1 for a surplus.
    """

    p: int
    ny: int
    matrix: Floats
    right: Floats
    block: Ints
    node: Ints
    sign: Floats


class BestPoints(NamedTuple):
    """The best profile in each of J directions, the level it reaches and the point it generates.

    level (J,), profile (J,), point (J, 2), height (J,), after (J, Y, N): the lottery over nodes after each outcome.
    bound (J,): proven upper bound over all profiles.
    """

    level: Floats
    profile: Ints
    point: Floats
    height: Floats
    after: Floats
    bound: Floats


def profile_programmes(
    inc: Incentives, nodes: Nodes, worst: Floats, alive: Bools, margin: float
) -> list[ProfileProgramme]:
    """Return the programmes of all profiles in `alive` (P,); worst (S, 2): each player's worst continuation."""
    b, _ = inc.right_sides(worst, margin)
    return [_programme(inc, nodes, b[p], int(p)) for p in np.flatnonzero(alive)]


def _programme(inc: Incentives, nodes: Nodes, b: Floats, p: int) -> ProfileProgramme:
    ny = int(inc.ny[p])
    # a static equilibrium needs no incentives for the best continuation
    nk = 0 if inc.static_nash[p] else int(inc.nk[p])
    by_outcome = [np.flatnonzero(nodes.state == inc.succ[p, y]) for y in range(ny)]
    node = np.concatenate([*by_outcome, np.full(nk, -1)]).astype(np.int64)
    outcome = np.repeat(np.arange(ny), [len(nodes_after) for nodes_after in by_outcome])
    block = np.concatenate([outcome, np.full(nk, -1)]).astype(np.int64)
    matrix = np.zeros((ny + nk, len(node)))
    used = np.flatnonzero(block >= 0)
    matrix[block[used], used] = 1.0
    right, sign = np.ones(ny + nk), np.ones(ny + nk)
    for k in range(nk):
        sign[ny + k] = 1.0 if b[k] >= 0 else -1.0
        matrix[ny + k, used] = inc.delta[p, k, block[used]] * nodes.place[node[used], inc.who[p, k]]
        matrix[ny + k, len(used) + k] = -1.0
        matrix[ny + k] *= sign[ny + k]
        right[ny + k] = abs(b[k])
    return ProfileProgramme(
        p=p, ny=ny, matrix=np.ascontiguousarray(matrix.T), right=right, block=block, node=node, sign=sign
    )


def apply_operator(
    inc: Incentives,
    nodes: Nodes,
    programmes: list[ProfileProgramme],
    reward: Floats,
    planes: Planes,
    *,
    warm: WarmStart,
) -> BestPoints:
    """Return the best profile in each direction (lam, 1) of the planes, for their public states.

    reward (P,): what one period of each profile counts. warm: multipliers of profile p in the same directions, from
    earlier applications; updated.
    """
    (lam, _, state), (now, onward), jobs = planes, inc.weight, len(planes.lam)
    best = BestPoints(
        level=np.full(jobs, -np.inf),
        profile=np.full(jobs, -1),
        point=np.zeros((jobs, 2)),
        height=np.zeros(jobs),
        after=np.zeros((jobs, inc.pi.shape[1], len(nodes.height))),
        bound=np.full(jobs, -np.inf),
    )
    worth = lam @ nodes.place.T + nodes.height
    last = warm.get(BEST_PROFILES, np.zeros(0))
    for programme in sorted(programmes, key=lambda each: -np.count_nonzero(last == each.p)):
        p, block, node = programme.p, programme.block, programme.node
        mine = np.flatnonzero((inc.first[state] <= p) & (p < inc.first[state + 1]))
        if not len(mine):
            continue
        used = block >= 0
        costs = np.zeros((len(mine), len(block)))
        costs[:, used] = inc.pi[p, block[used]] * worth[np.ix_(mine, node[used])]
        static = now * (lam[mine] @ inc.g[p] + reward[p])
        guess = warm.get(p, np.zeros((len(mine), len(programme.right))))
        value, bound, basis, x, warm[p], _ = linear.solve_many(
            programme.matrix, costs, programme.right, block, programme.ny, sign=programme.sign, guess=guess,
            floor=(best.level[mine] - static) / onward,
        )  # fmt: skip
        best.bound[mine] = np.maximum(best.bound[mine], static + onward * bound)
        reached = static + onward * value
        for i in np.flatnonzero(reached > best.level[mine] + IMPROVEMENT):
            j = mine[i]
            after = _lotteries(programme, basis[i], x[i], best.after[j].shape)
            mean = inc.pi[p] @ after
            best.level[j], best.profile[j], best.after[j] = reached[i], p, after
            best.point[j] = now * inc.g[p] + onward * (mean @ nodes.place)
            best.height[j] = now * reward[p] + onward * float(mean @ nodes.height)
    warm[BEST_PROFILES] = best.profile.astype(np.float64)
    return best


def _lotteries(programme: ProfileProgramme, basis: Ints, x: Floats, shape: tuple[int, ...]) -> Floats:
    """Return the lottery over nodes after each outcome (Y, N) that a basis stands for."""
    after = np.zeros(shape)
    real = basis < len(programme.block)
    columns = basis[real]
    chosen = programme.block[columns] >= 0
    columns, weight = columns[chosen], np.maximum(x[real][chosen], 0.0)
    np.add.at(after, (programme.block[columns], programme.node[columns]), weight)
    after[: programme.ny] /= after[: programme.ny].sum(axis=1, keepdims=True)
    return after


def tilts_over(points: Nodes, targets: Nodes) -> tuple[Floats, Ints]:
    """Return (lam (T, 2), state (T,)): the tilts of the planes that carry the hull of the points above the targets.

    Targets without such a plane (rounding) are left out.
    """
    tilts, states = [], []
    for v, s in zip(targets.place, targets.state, strict=True):
        nodes = np.flatnonzero(points.state == s)
        place, height = points.place[nodes], points.height[nodes]
        low = np.minimum(place.min(axis=0), v)
        matrix = np.column_stack([np.ones(len(nodes)), place - low])
        right = np.array([1.0, *(v - low)])
        free = np.zeros(len(nodes), dtype=np.int64)
        value, _, basis, *_ = linear.solve_many(
            matrix, height[None, :], right, free, 1, sign=np.ones(3), guess=np.zeros((1, 3)), floor=np.full(1, -np.inf)
        )
        real = basis[0][(basis[0] >= 0) & (basis[0] < len(nodes))]
        if not np.isfinite(value[0]) or len(real) < 3:
            continue
        try:
            plane = np.linalg.solve(matrix[real], height[real])
        except np.linalg.LinAlgError:
            continue
        tilts.append(-plane[1:])
        states.append(int(s))
    return np.array(tilts).reshape(-1, 2), np.array(states, dtype=np.int64)
