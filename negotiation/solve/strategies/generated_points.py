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
from negotiation.solve.public.directions import with_bisectors
from negotiation.solve.public.enforceability import normalised_polygons, solution_margin
from negotiation.solve.public.incentive_constraints import Incentives, incentive_constraints
from negotiation.solve.public.inner_approximation import THIN, widths
from negotiation.solve.public.operator import Directions, Operator, Polygons
from negotiation.solve.public.self_generation import check_self_generation

SHORTEST_EDGE = 1e-9


class GeneratedPoints(NamedTuple):
    """Generated points: win (Q,) profile numbers, state (Q,), after (Q, Y, N) lotteries over nodes."""

    win: Ints
    state: Ints
    after: Floats

    def mean(self, inc: Incentives) -> Floats:
        """Return (Q, N): the probability of each node after the point's profile."""
        found: Floats = np.einsum("qy,qyn->qn", inc.pi[self.win], self.after)
        return found

    def take(self, chosen: Ints) -> GeneratedPoints:
        """Return the chosen points only."""
        return GeneratedPoints(self.win[chosen], self.state[chosen], self.after[chosen])

    def widened(self, nodes: int) -> GeneratedPoints:
        """Return the points with lotteries over `nodes` nodes, the added ones unused."""
        more = nodes - self.after.shape[2]
        return self._replace(after=np.pad(self.after, ((0, 0), (0, 0), (0, more))))

    def joined(self, other: GeneratedPoints) -> GeneratedPoints:
        """Return these points and the others."""
        first, second = self.after, other.after
        return GeneratedPoints(
            np.concatenate([self.win, other.win]),
            np.concatenate([self.state, other.state]),
            np.concatenate([first, second]),
        )


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
    op, polygons = _inner(solution)
    inc = op.inc
    lines = with_bisectors(_directions(solution, inc, polygons))
    # as when the set was proven: also in the directions in which a vertex lies outside what was generated so far
    seen = check_self_generation(op, lines, polygons, widths(polygons) < THIN, solution_margin(solution))
    lines, found = seen.directions, seen.application
    place = np.concatenate([polygons.verts[s, :count] for s, count in enumerate(polygons.counts)])
    first = np.concatenate([[0], np.cumsum(polygons.counts)])
    made: dict[tuple[int, bytes], tuple[int, int, Floats]] = {}
    for j in np.flatnonzero(found.best_profile >= 0):
        p = int(found.best_profile[j])
        size = int(inc.ny[p] + inc.nk[p])
        after = np.zeros((inc.pi.shape[1], len(place)))
        for c, mark, x in zip(
            found.basis_block[j, :size], found.basis_vertex[j, :size], found.basis_weight[j, :size], strict=True
        ):
            if c < inc.ny[p]:
                after[c, first[inc.succ[p, c]] + mark] += max(float(x), 0.0)
        after[: inc.ny[p]] /= after[: inc.ny[p]].sum(axis=1, keepdims=True)
        made.setdefault((p, np.round(after, 12).tobytes()), (p, int(lines.state[j]), after))
    entries = list(made.values())
    points = GeneratedPoints(
        np.array([p for p, _, _ in entries], dtype=np.int64),
        np.array([s for _, s, _ in entries], dtype=np.int64),
        np.array([after for *_, after in entries]).reshape(-1, inc.pi.shape[1], len(place)),
    )
    return GeneratingFamily(inc, polygons, place, np.repeat(np.arange(inc.n_states), polygons.counts), points)


def _inner(solution: Solution) -> tuple[Operator, Polygons]:
    inc = incentive_constraints(solution.game)
    polygons = normalised_polygons(inc, solution.inner)
    if polygons is None:
        hint = "solve with a larger number of directions or a smaller gap" if not solution.solved else ""
        raise InputError.single("strategy", "inner", "there is no proven equilibrium payoff to support", hint)
    return Operator(inc), polygons


def _directions(solution: Solution, inc: Incentives, polygons: Polygons) -> Directions:
    """Return the directions of the outer set, the axes and the normals of the inner sets' sides, normalised."""
    axes = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])
    by_state = []
    for state, count in enumerate(polygons.counts):
        own = polygons.verts[state, :count]
        side = np.roll(own, -1, axis=0) - own
        sides = np.stack([side[:, 1], -side[:, 0]], axis=1)[np.hypot(*side.T) > SHORTEST_EDGE]
        given = np.concatenate([axes, solution.outer[state].directions.reshape(-1, 2) * inc.scale, sides])
        by_state.append(given / np.hypot(given[:, 0], given[:, 1])[:, None])
    return Directions.build(by_state)


def highest_lotteries(points: Floats, heights: Floats, targets: Floats, known: Floats | None = None) -> Floats:
    """Return (T, Q): each target (T, 2) as the lottery over points (Q, 2) with the largest expected height.

    known (T, Q): lotteries that are right already, kept where rounding hides a better one. Raises `InputError` when a
    target lies outside the hull of the points by more than rounding and nothing is known.
    """
    low = np.minimum(points.min(axis=0), targets.min(axis=0))
    found = np.zeros((len(targets), len(points)))
    matrix = np.column_stack([np.ones(len(points)), points - low])
    block, sign = np.zeros(len(points), dtype=np.int64), np.ones(3)
    none, far = np.zeros((1, 3)), np.full(1, np.inf)
    for row, target in enumerate(targets):
        right = np.array([1.0, *(target - low)])
        value, _, basis, x, _, left = linear.solve_many(matrix, heights[None, :], right, block, 1, sign, none, -far)
        if not np.isfinite(value[0]):
            if known is None:
                raise InputError.single("strategy", "payoff", f"outside the proven set by {-left:.3g} of the range")
            found[row] = known[row]
            continue
        real = basis[0] < len(points)
        np.add.at(found[row], basis[0][real], np.maximum(x[0][real], 0.0))
    found /= found.sum(axis=1, keepdims=True)
    return found


def highest_lotteries_by_state(
    points: Floats, state: Ints, heights: Floats, targets: Floats, at: Ints, known: Floats | None = None
) -> Floats:
    """Return (T, Q) as `highest_lotteries`, each target by points of its own state."""
    found = np.zeros((len(targets), len(points)))
    for s in np.unique(at):
        own, wanted = np.flatnonzero(state == s), np.flatnonzero(at == s)
        both = np.ix_(wanted, own)
        found[both] = highest_lotteries(
            points[own], heights[own], targets[wanted], None if known is None else known[both]
        )
    return found
