"""Generated points: which profile is played, and which lottery over nodes follows each outcome.

Nodes are payoff vectors used as continuations (vertices of inner sets, say); every node is in turn a lottery over
generated points. Both together are a family that generates itself (Abreu, Pearce, Stacchetti 1990), and so a public
strategy: play the point's profile, see the outcome, draw the node, draw the point that it stands for.

Symbols: Q generated points, N nodes, Y outcomes (see `incentives`). All payoffs normalised.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from negotiation._kernels import linear
from negotiation._values import Floats, Ints
from negotiation.errors import InputError
from negotiation.games.solution import Solution
from negotiation.solve.geometry.convex_hull import edge_normals
from negotiation.solve.public.directions import with_bisectors
from negotiation.solve.public.enforceability import normalised_polygons, solution_margin
from negotiation.solve.public.incentive_constraints import Incentives, incentive_constraints
from negotiation.solve.public.inner_approximation import widths
from negotiation.solve.public.operator import Directions, Operator, Polygons
from negotiation.solve.public.self_generation import check_self_generation

# Normalised: shorter edges of an inner set give no direction, their normals are rounding.
SHORTEST_EDGE = 1e-9
# Decimals to which two lotteries are compared: points that differ by less are one.
LOTTERY_DIGITS = 12


class GeneratedPoints(NamedTuple):
    """Generated points: profile numbers (Q,), state (Q,), after (Q, Y, N) lotteries over nodes."""

    profile: Ints
    state: Ints
    after: Floats

    def node_chances(self, inc: Incentives) -> Floats:
        """Return (Q, N): the probability of each node after the point's profile."""
        chances: Floats = np.einsum("qy,qyn->qn", inc.pi[self.profile], self.after)
        return chances

    def payoffs(self, inc: Incentives, place: Floats) -> Floats:
        """Return the normalised payoffs (Q, 2) of the points when the nodes lie at `place` (N, 2)."""
        now, onward = inc.weight
        payoffs: Floats = now * inc.g[self.profile] + onward * (self.node_chances(inc) @ place)
        return payoffs

    def discounted(self, inc: Incentives, lotteries: Floats, flow: Floats) -> Floats:
        """Return the normalised discounted value of a flow (Q, ...) when nodes are drawn as `lotteries` (N, Q) says."""
        now, onward = inc.weight
        chain = self.node_chances(inc) @ lotteries
        return np.asarray(np.linalg.solve(np.eye(len(chain)) - onward * chain, now * flow), dtype=np.float64)

    def take(self, chosen: Ints) -> GeneratedPoints:
        """Return the chosen points only."""
        return GeneratedPoints(self.profile[chosen], self.state[chosen], self.after[chosen])

    def with_nodes(self, count: int) -> GeneratedPoints:
        """Return the points with lotteries over `count` nodes, the added ones unused."""
        more = count - self.after.shape[2]
        return self._replace(after=np.pad(self.after, ((0, 0), (0, 0), (0, more))))

    def union(self, other: GeneratedPoints) -> GeneratedPoints:
        """Return these points and the others, which have lotteries over as many nodes."""
        return GeneratedPoints(*(np.concatenate(arrays) for arrays in zip(self, other, strict=True)))


class GeneratingFamily(NamedTuple):
    """The inner sets of a solution as a family: nodes (place (N, 2), state (N,)) and points that generate them."""

    inc: Incentives
    polygons: Polygons
    place: Floats
    state: Ints
    points: GeneratedPoints


def generating_family(solution: Solution) -> GeneratingFamily:
    """Return the inner sets of a solution with the points that generate them.

    Raises `InputError` when the solution has no inner set in some state.
    """
    inc = incentive_constraints(solution.game)
    polygons = normalised_polygons(inc, solution.inner)
    if polygons is None:
        hint = "solve with a larger number of directions or a smaller gap" if not solution.solved else ""
        raise InputError.single("strategy", "inner", "there is no proven equilibrium payoff to support", hint)
    lines = with_bisectors(_directions(solution, inc, polygons))
    # as when the set was proven: also in the directions in which a vertex lies outside what was generated so far
    op = Operator(inc)
    thin = widths(polygons) < op.search.thin
    _, lines, best = check_self_generation(op, lines, polygons, thin, solution_margin(solution))
    place = np.concatenate([polygons.verts[s, :count] for s, count in enumerate(polygons.counts)])
    first = np.concatenate([[0], np.cumsum(polygons.counts)])
    distinct: dict[tuple[int, bytes], tuple[int, int, Floats]] = {}
    for j in np.flatnonzero(best.best_profile >= 0):
        p = int(best.best_profile[j])
        size = int(inc.ny[p] + inc.nk[p])
        block, vertex = best.basis_block[j, :size], best.basis_vertex[j, :size]
        real = block < inc.ny[p]
        after = np.zeros((inc.pi.shape[1], len(place)))
        node = first[inc.succ[p, block[real]]] + vertex[real]
        np.add.at(after, (block[real], node), np.maximum(best.basis_weight[j, :size][real], 0.0))
        after[: inc.ny[p]] /= after[: inc.ny[p]].sum(axis=1, keepdims=True)
        distinct.setdefault((p, np.round(after, LOTTERY_DIGITS).tobytes()), (p, int(lines.state[j]), after))
    profiles, states, lotteries = zip(*distinct.values(), strict=True)
    points = GeneratedPoints(np.array(profiles), np.array(states), np.array(lotteries))
    return GeneratingFamily(inc, polygons, place, np.repeat(np.arange(inc.n_states), polygons.counts), points)


def _directions(solution: Solution, inc: Incentives, polygons: Polygons) -> Directions:
    """Return the directions of the outer set, the axes and the normals of the inner sets' sides, normalised."""
    axes = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])
    by_state = []
    for state, count in enumerate(polygons.counts):
        sides = edge_normals(polygons.verts[state, :count], SHORTEST_EDGE)
        given = np.concatenate([axes, solution.outer[state].directions.reshape(-1, 2) * inc.scale, sides])
        by_state.append(given / np.hypot(given[:, 0], given[:, 1])[:, None])
    return Directions.build(by_state)


def highest_lotteries(
    points: Floats, state: Ints, heights: Floats, targets: Floats, target_state: Ints, current: Floats | None = None
) -> Floats:
    """Return (T, Q): each target (T, 2) as the lottery over points (Q, 2) of its state with the largest mean height.

    current (T, Q): lotteries that are right already, taken where rounding hides a better one. Raises `InputError` when
    a target lies outside the hull of the points by more than rounding and there are none.
    """
    lotteries = np.zeros((len(targets), len(points)))
    for s in np.unique(target_state):
        here, wanted = np.flatnonzero(state == s), np.flatnonzero(target_state == s)
        low = np.minimum(points[here].min(axis=0), targets[wanted].min(axis=0))
        matrix = np.column_stack([np.ones(len(here)), points[here] - low])
        block, sign = np.zeros(len(here), dtype=np.int64), np.ones(3)
        none, far = np.zeros((1, 3)), np.full(1, np.inf)
        for row in wanted:
            right = np.array([1.0, *(targets[row] - low)])
            value, _, basis, x, _, left = linear.solve_many(
                matrix, heights[here][None, :], right, block, 1, sign=sign, guess=none, floor=-far
            )  # fmt: skip
            if np.isfinite(value[0]):
                real = basis[0] < len(here)
                np.add.at(lotteries[row], here[basis[0][real]], np.maximum(x[0][real], 0.0))
            elif current is not None:
                lotteries[row] = current[row]
            else:
                raise InputError.single("strategy", "payoff", f"outside the proven set by {-left:.3g} of the range")
    lotteries /= lotteries.sum(axis=1, keepdims=True)
    return lotteries
