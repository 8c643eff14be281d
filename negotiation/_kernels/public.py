"""One application of the set operator in many directions: the best enforceable profile in each.

A profile is tried in the order of its promise: last time's winner first, then every profile whose dual bound at its
last multipliers still beats the best found. Bases are warm-started from the neighbouring direction (the polygons, and
with them the feasible bases, do not change within a sweep). Reference: Abreu, Pearce, Stacchetti 1990. Array shapes are
those of `programme`.
"""

from __future__ import annotations

import numpy as np

from negotiation._kernels.compiled import kernel
from negotiation._kernels.programme import FEASIBLE, bound, simplex, start_basis, support


@kernel
def sweep(lam, at, first, alive, g, weight, ny, nk, pi, succ, delta, who, b, verts, nverts, win, eta, farkas, calm):
    """Apply the operator once: for each direction the best profile, its bound, point, multipliers and continuation.

    lam (N, 2) directions sorted by angle within each state, at (N,) their states, first (S + 1,) profile ranges,
    weight = (1 - delta, delta). win (N,) holds last time's best profile (or -1) and eta (N, A, K) its multipliers as
    starting points; both are updated. calm (P,): static equilibria whose successor is always the same; the best
    continuation, the same after every outcome, needs no incentive there: no programme is solved, and rounding cannot
    spoil an exact tie. alive (P,) turns false when a profile is proven unenforceable, with the proof
    in farkas (P, K). Returns level, point, col, mark, x (bases) and the number of programmes solved; level is -inf where
    no profile is left.
    """
    count, size, outcomes, rows = len(lam), len(g), pi.shape[1], b.shape[1]
    n = outcomes + rows
    col, mark = np.zeros((size, n), dtype=np.int64), np.zeros((size, n), dtype=np.int64)
    x, binv, work = np.zeros((size, n)), np.zeros((size, n, n)), np.zeros((n, 2 * n))
    ready = np.zeros(size, dtype=np.bool_)
    level, point = np.full(count, -np.inf), np.zeros((count, 2))
    out_col, out_mark = np.zeros((count, n), dtype=np.int64), np.zeros((count, n), dtype=np.int64)
    out_x = np.zeros((count, n))
    trial, sup = np.zeros(rows), np.zeros(outcomes, dtype=np.int64)
    solved = 0
    for j in range(count):
        l0, l1 = lam[j, 0], lam[j, 1]
        low, high = first[at[j]], first[at[j] + 1]
        before, best = win[j], -np.inf
        win[j] = -1
        for turn in range(low - 1, high):
            p = before if turn < low else turn
            if p < 0 or not alive[p] or (turn >= low and p == before):
                continue
            static = weight[0] * (g[p, 0] * l0 + g[p, 1] * l1)
            a, m = p - low, ny[p] + nk[p]
            if calm[p]:
                at_best, height = support(l0, l1, verts[succ[p, 0]], nverts[succ[p, 0]])
                if static + weight[1] * height > best:
                    best, win[j] = static + weight[1] * height, p
                    for y in range(ny[p]):
                        out_col[j, y], out_mark[j, y], out_x[j, y] = y, at_best, 1.0
                    for k in range(nk[p]):
                        out_col[j, ny[p] + k], out_x[j, ny[p] + k] = ny[p] + k, 0.0
                continue
            quick = static + weight[1] * bound(
                l0, l1, ny[p], nk[p], pi[p], succ[p], delta[p], who[p], b[p], eta[j, a], verts, nverts, sup
            )
            if quick <= best:
                continue
            if not ready[p]:
                start_basis(
                    l0, l1, ny[p], nk[p], pi[p], succ[p], delta[p], who[p], b[p], verts, nverts,
                    col[p], mark[p], x[p], binv[p],
                )  # fmt: skip
                value, top = simplex(
                    l0, l1, ny[p], nk[p], pi[p], succ[p], delta[p], who[p], b[p], verts, nverts,
                    col[p], mark[p], x[p], binv[p], trial, sup, -FEASIBLE, 1, work,
                )  # fmt: skip
                if top < -FEASIBLE:
                    alive[p] = False
                    farkas[p] = trial
                    continue
                ready[p] = True
            floor = (best - static) / weight[1]
            value, top = simplex(
                l0, l1, ny[p], nk[p], pi[p], succ[p], delta[p], who[p], b[p], verts, nverts,
                col[p], mark[p], x[p], binv[p], trial, sup, floor, 2, work,
            )  # fmt: skip
            solved += 1
            reached = static + weight[1] * top
            if reached < quick:
                for k in range(nk[p]):
                    eta[j, a, k] = trial[k]
            else:
                reached = quick
            if reached > best:
                best, win[j] = reached, p
                for i in range(m):
                    out_col[j, i], out_mark[j, i], out_x[j, i] = col[p, i], mark[p, i], x[p, i]
        if win[j] >= 0:
            level[j], p = best, win[j]
            point[j] = weight[0] * g[p]
            for i in range(ny[p] + nk[p]):
                if out_col[j, i] < ny[p]:
                    c = out_col[j, i]
                    point[j] += weight[1] * pi[p, c] * out_x[j, i] * verts[succ[p, c], out_mark[j, i]]
    return level, point, out_col, out_mark, out_x, solved
