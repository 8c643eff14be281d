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

IMPROVEMENT = 1e-13
BEST_PROFILES = -1  # under this key a memory keeps last time's winners

WarmStart = dict[int, Floats]


class Nodes(NamedTuple):
    """Continuation payoffs: place (N, 2) normalised, state (N,), height (N,)."""

    place: Floats
    state: Ints
    height: Floats


class Planes(NamedTuple):
    """Directions (lam (J, 2), 1) with levels (J,) and public states at (J,): planes m = level - lam.v."""

    lam: Floats
    level: Floats
    at: Ints


@dataclass
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
    """What a sweep found in each of J directions: the best profile, its reached level and generated point.

    level (J,), win (J,), point (J, 2), height (J,), after (J, Y, N): the lottery over nodes after each outcome. bound
    (J,): proven upper bound over all profiles.
    """

    level: Floats
    win: Ints
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
    nk = (
        0 if inc.static_nash[p] else int(inc.nk[p])
    )  # a static equilibrium needs no incentives for the best continuation
    own = [np.flatnonzero(nodes.state == inc.succ[p, y]) for y in range(ny)]
    node = np.concatenate([*own, np.full(nk, -1)]).astype(np.int64)
    block = np.concatenate([np.repeat(np.arange(ny), [len(part) for part in own]), np.full(nk, -1)]).astype(np.int64)
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
    return ProfileProgramme(p, ny, np.ascontiguousarray(matrix.T), right, block, node, sign)


def apply_operator(
    inc: Incentives,
    nodes: Nodes,
    found: list[ProfileProgramme],
    reward: Floats,
    lam: Floats,
    at: Ints,
    memory: WarmStart,
) -> BestPoints:
    """Return the best profile in each direction (lam (J, 2), 1) for the public states `at` (J,).

    reward (P,): what one period of each profile counts. memory: multipliers of profile p in the same directions, from
    earlier sweeps; updated.
    """
    jobs, outcomes = len(lam), inc.pi.shape[1]
    here, onward = inc.weight
    best = BestPoints(
        np.full(jobs, -np.inf), np.full(jobs, -1), np.zeros((jobs, 2)), np.zeros(jobs),
        np.zeros((jobs, outcomes, len(nodes.height))), np.full(jobs, -np.inf),
    )  # fmt: skip
    worth = lam @ nodes.place.T + nodes.height
    wins = memory.get(BEST_PROFILES, np.zeros(0))
    order = sorted(found, key=lambda entry: -np.count_nonzero(wins == entry.p))
    for entry in order:
        p = entry.p
        mine = np.flatnonzero((at >= 0) & (inc.first[at] <= p) & (p < inc.first[at + 1]))
        if not len(mine):
            continue
        used = entry.block >= 0
        costs = np.zeros((len(mine), len(entry.block)))
        costs[:, used] = inc.pi[p, entry.block[used]] * worth[np.ix_(mine, entry.node[used])]
        static = here * (lam[mine] @ inc.g[p] + reward[p])
        guess = memory.get(p, np.zeros((len(mine), len(entry.right))))
        value, bound, basis, x, memory[p], _ = linear.solve_many(
            entry.matrix, costs, entry.right, entry.block, entry.ny, entry.sign, guess,
            (best.level[mine] - static) / onward,
        )  # fmt: skip
        best.bound[mine] = np.maximum(best.bound[mine], static + onward * bound)
        reached = static + onward * value
        for i in np.flatnonzero(reached > best.level[mine] + IMPROVEMENT):
            j = mine[i]
            best.level[j], best.win[j] = reached[i], p
            _store_generated_point(inc, nodes, entry, reward, basis[i], x[i], j, best)
    memory[BEST_PROFILES] = best.win.astype(np.float64)
    return best


def _store_generated_point(
    inc: Incentives,
    nodes: Nodes,
    entry: ProfileProgramme,
    reward: Floats,
    basis: Ints,
    x: Floats,
    j: int,
    best: BestPoints,
) -> None:
    """Write down the generated point of a basis, and its lotteries."""
    p, (here, onward) = entry.p, inc.weight
    after = np.zeros((inc.pi.shape[1], len(nodes.height)))
    real = basis < len(entry.block)
    columns = basis[real]
    chosen = entry.block[columns] >= 0
    columns, weight = columns[chosen], np.maximum(x[real][chosen], 0.0)
    np.add.at(after, (entry.block[columns], entry.node[columns]), weight)
    after[: entry.ny] /= after[: entry.ny].sum(axis=1, keepdims=True)
    mean = inc.pi[p] @ after
    best.point[j] = here * inc.g[p] + onward * (mean @ nodes.place)
    best.height[j] = here * reward[p] + onward * float(mean @ nodes.height)
    best.after[j] = after


def tilts_over(place: Floats, height: Floats, state: Ints, target: Floats, at: Ints) -> tuple[Floats, Ints]:
    """Return (lam (T, 2), at (T,)): the tilts of the planes that carry the hull of (place, height) above the targets.

    Targets without such a plane (rounding) are left out.
    """
    tilts, states = [], []
    for v, s in zip(target, at, strict=True):
        own = np.flatnonzero(state == s)
        low = np.minimum(place[own].min(axis=0), v)
        matrix = np.column_stack([np.ones(len(own)), place[own] - low])
        right = np.array([1.0, *(v - low)])
        free = np.zeros(len(own), dtype=np.int64)
        value, _, basis, *_ = linear.solve_many(
            matrix, height[own][None, :], right, free, 1, np.ones(3), np.zeros((1, 3)), np.full(1, -np.inf)
        )
        real = basis[0][(basis[0] >= 0) & (basis[0] < len(own))]
        if not np.isfinite(value[0]) or len(real) < 3:
            continue
        try:
            plane = np.linalg.solve(matrix[real], height[own][real])
        except np.linalg.LinAlgError:
            continue
        tilts.append(-plane[1:])
        states.append(int(s))
    return np.array(tilts).reshape(-1, 2), np.array(states, dtype=np.int64)
