"""One application of the set operator in many directions: the best enforceable profile in each.

A profile is tried in the order of its promise: last time's winner first, then every profile whose dual bound at its
last multipliers still beats the best found. Bases are warm-started from the neighbouring direction (the polygons, and
with them the feasible bases, do not change within a sweep). Reference: Abreu, Pearce, Stacchetti 1990. Array shapes are
those of `programme`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from negotiation._kernels.compiled import lean
from negotiation._kernels.programme import FEASIBLE, bound, simplex, start_basis, support


@lean
def thresholds(gain, off, rows, player, worst, odds, slack, b, binding):
    """Fill b and binding (P, K), right-hand sides of the rows and the member that sets each.

    gain (M,), off (M, S), rows (M, 2) = (profile, row), player (M,), worst (S, 2), odds = (1 - delta) / delta.
    """
    b[:, :] = -np.inf
    binding[:, :] = -1
    for m in range(len(gain)):
        value = 0.0
        for s in range(len(worst)):
            value += off[m, s] * worst[s, player[m]]
        value = odds * gain[m] + value + slack
        p, k = rows[m, 0], rows[m, 1]
        if value >= b[p, k]:
            b[p, k], binding[p, k] = value, m


def memory(size: int, rows: int, outcomes: int) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Return scratch memory for `sweep`: P profiles with up to K rows and Y outcomes."""
    n = outcomes + rows
    bases = np.zeros((size, n), np.int64), np.zeros((size, n), np.int64), np.zeros((size, n)), np.zeros((size, n, n))
    ready, trial, sup = np.zeros(size, np.bool_), np.zeros(rows), np.zeros(outcomes, np.int64)
    return (*bases, ready, trial, sup), (np.zeros((n, 2 * n)), np.zeros((3, n)), np.zeros(outcomes, np.int64))


@lean
def sweep(
    lam, at, first, alive, g, weight, ny, nk, pi, succ, delta, who, b, verts, nverts, win, eta, farkas, calm, space,
    level, point, out_col, out_mark, out_x,
):  # fmt: skip
    """Apply the operator once: for each direction the best profile, its bound, point, multipliers and continuation.

    lam (N, 2) directions sorted by angle within each state, at (N,) their states, first (S + 1,) profile ranges,
    weight = (1 - delta, delta). win (N,) holds last time's best profile (or -1) and eta (N, A, K) its multipliers as
    starting points; both are updated. calm (P,): static equilibria whose successor is always the same; the best
    continuation, the same after every outcome, needs no incentive there: no programme is solved, and rounding cannot
    spoil an exact tie. alive (P,) turns false when a profile is proven unenforceable, with the proof
    in farkas (P, K). space: see `memory`. Fills level (N,), -inf where no profile is left, point (N, 2), and the bases
    out_col, out_mark, out_x (N, n), whose entries beyond a profile's own are left alone; returns the number of
    programmes solved.
    """
    count, rows = len(lam), b.shape[1]
    (col, mark, x, binv, ready, trial, sup), spare = space
    ready[:] = False
    solved = 0
    for j in range(count):
        l0, l1 = lam[j, 0], lam[j, 1]
        low, high = first[at[j]], first[at[j] + 1]
        before, best = win[j], -np.inf
        win[j], level[j] = -1, -np.inf
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
            # one view of each array, since every view costs compile time
            pi_p, succ_p, delta_p, who_p, b_p = pi[p], succ[p], delta[p], who[p], b[p]
            quick = static + weight[1] * bound(
                l0, l1, ny[p], nk[p], pi_p, succ_p, delta_p, who_p, b_p, eta[j, a], verts, nverts, sup
            )
            if quick <= best:
                continue
            col_p, mark_p, x_p, binv_p = col[p], mark[p], x[p], binv[p]
            fresh = not ready[p]
            if fresh:
                start_basis(
                    l0, l1, ny[p], nk[p], pi_p, succ_p, delta_p, who_p, b_p, verts, nverts, col_p, mark_p, x_p, binv_p
                )
            top = 0.0
            for phase in range(1 if fresh else 2, 3):
                floor = -FEASIBLE if phase == 1 else (best - static) / weight[1]
                value, top = simplex(
                    l0, l1, ny[p], nk[p], pi_p, succ_p, delta_p, who_p, b_p, verts, nverts,
                    col_p, mark_p, x_p, binv_p, trial, sup, floor, phase, spare,
                )  # fmt: skip
                if phase == 1 and top < -FEASIBLE:
                    alive[p] = False
                    for k in range(rows):
                        farkas[p, k] = trial[k]
                    break
            if not alive[p]:
                continue
            ready[p] = True
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
                    out_col[j, i], out_mark[j, i], out_x[j, i] = col_p[i], mark_p[i], x_p[i]
        if win[j] >= 0:
            level[j], p = best, win[j]
            for d in range(2):
                point[j, d] = weight[0] * g[p, d]
            for i in range(ny[p] + nk[p]):
                c = out_col[j, i]
                if c < ny[p]:
                    for d in range(2):
                        point[j, d] += weight[1] * pi[p, c] * out_x[j, i] * verts[succ[p, c], out_mark[j, i], d]
    return solved
