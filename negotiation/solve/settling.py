"""Inner candidates vertex by vertex: freeze which vertices generate which, and solve for where they lie.

Symbols: q (N, 2), one vertex for each corner of the outer polygons; G(q), the points that the bases of the last
application generate from q. When the equilibrium set is a polygon, its structure is found long before its corners are,
and q = G(q) is a smooth system that Newton's method solves at once. What comes out is a candidate like any other: the
caller checks that it generates itself.
"""

from __future__ import annotations

import itertools

import numpy as np

from negotiation._kernels import frozen as kernels
from negotiation._values import Floats, Ints
from negotiation.solve.operator import Directions, Operator, Polygons, Sweep

PULL = 0.1
SMOOTH = 1e-13
STEPS = 8
APART = 1e-9
MOST = 400


def representatives(directions: Directions, polygons: Polygons) -> tuple[list[Ints], list[Ints]]:
    """Return for each state the directions that stand for its corners, and for each corner the number of its own.

    A corner is stood for by the direction that prefers it most clearly to the other corners.
    """
    chosen, numbers = [], []
    for s, count in enumerate(polygons.counts):
        lam = directions.lam[directions.start[s] : directions.start[s + 1]]
        value = lam @ polygons.verts[s, :count].T
        owner = value.argmax(axis=1)
        best = value.max(axis=1)
        rival = np.where(value < best[:, None] - APART, value, -np.inf).max(axis=1)
        clear = best - rival
        order = np.lexsort((-clear, owner))
        first = np.unique(owner[order], return_index=True)
        own = order[first[1]]
        number = np.searchsorted(first[0], np.arange(count))
        chosen.append(own + directions.start[s])
        numbers.append(np.minimum(number, len(own) - 1))
    return chosen, numbers


def settled(
    op: Operator, directions: Directions, polygons: Polygons, sweep: Sweep, margin: float
) -> tuple[Floats, Ints] | None:
    """Return q (N, 2) with q = G(q), drawn inwards by PULL * margin, and start (S + 1,); None when it does not exist.

    directions, sweep: an application of the operator, tightened by `margin`, to `polygons`.
    """
    inc = op.inc
    if np.isneginf(sweep.level).any():
        return None
    chosen, numbers = representatives(directions, polygons)
    pick = np.concatenate(chosen)
    start = np.concatenate([[0], np.cumsum([len(own) for own in chosen])])
    if len(pick) > MOST:
        return None
    win, col = sweep.win[pick], sweep.col[pick]
    mark = np.zeros_like(sweep.mark[pick])
    for c in range(int(inc.ny.max())):
        rows, at = np.nonzero((col == c) & (c < inc.ny[win])[:, None])
        into = inc.succ[win[rows], c]
        for s, number in enumerate(numbers):
            own = into == s
            mark[rows[own], at[own]] = number[sweep.mark[pick][rows[own], at[own]]]
    return newton(op, start, win, col, mark, sweep.point[pick], margin)


def newton(
    op: Operator, start: Ints, win: Ints, col: Ints, mark: Ints, q: Floats, margin: float
) -> tuple[Floats, Ints] | None:
    """Solve q = G(q), drawn inwards by PULL * margin, for a frozen structure (one base a vertex); None if it fails."""
    inc = op.inc
    own = [slice(low, high) for low, high in itertools.pairwise(start)]
    padded = np.zeros((len(own), int(np.diff(start).max()), 2))
    for _ in range(STEPS):
        low = np.array([q[o].argmin(axis=0) for o in own])
        b, binding = inc.thresholds(np.array([q[o].min(axis=0) for o in own]), margin)
        _, off = op.members(binding)
        for s, o in enumerate(own):
            padded[s, : o.stop - o.start] = q[o]
        point, _, jacobian, least, regular = kernels.frozen(
            padded, start, win, col, mark, inc.g, inc.weight, inc.ny, inc.nk, inc.pi, inc.succ, inc.delta, inc.who,
            b, off, low,
        )  # fmt: skip
        if not regular:
            return None
        centre = np.concatenate([np.tile(q[o].mean(axis=0), (o.stop - o.start, 1)) for o in own])
        size = np.maximum(np.linalg.norm(q - centre, axis=1), APART)[:, None]
        miss = q - point + PULL * margin * (q - centre) / size
        if np.abs(miss).max() < SMOOTH:
            return (q, start) if least >= -1e-9 else None
        try:
            q = q - np.linalg.solve(np.eye(miss.size) - jacobian, miss.ravel()).reshape(-1, 2)
        except np.linalg.LinAlgError:
            return None
        if not np.abs(q).max() < 2.0:
            return None
    return None
