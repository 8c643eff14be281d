"""One application of the set operator in many directions: the best enforceable profile in each.

A profile is tried in the order of its promise: last time's best one first, then every profile whose dual bound at its
last multipliers still beats the best found. Bases are warm-started from the neighbouring direction (the polygons, and
with them the feasible bases, do not change within an application). Reference: Abreu, Pearce, Stacchetti 1990. Array shapes are
those of `programme`.
"""

from typing import Any

import numpy as np

from negotiation._kernels.compiled import lean
from negotiation._kernels.programme import FEASIBLE, bound, simplex, start_basis, support


@lean
def right_sides(members, player, worst, odds, tightening, b, binding):
    """Fill b and binding (P, K), right-hand sides of the rows and the member that sets each.

    members = (gain (M,), off (M, S), rows (M, 2) = (profile, row)), player (M,), worst (S, 2), odds = (1 - delta) / delta.
    """
    gain, off, rows = members
    b[:, :] = -np.inf
    binding[:, :] = -1
    for m in range(len(gain)):
        value = 0.0
        for s in range(len(worst)):
            value += off[m, s] * worst[s, player[m]]
        value = odds * gain[m] + value + tightening
        p, k = rows[m, 0], rows[m, 1]
        if value >= b[p, k]:
            b[p, k], binding[p, k] = value, m


def workspace(size: int, rows: int, outcomes: int) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Return scratch memory for `apply`: P profiles with up to K rows and Y outcomes."""
    n = outcomes + rows
    bases = np.zeros((size, n), np.int64), np.zeros((size, n), np.int64), np.zeros((size, n)), np.zeros((size, n, n))
    ready, trial, sup = np.zeros(size, np.bool_), np.zeros(rows), np.zeros(outcomes, np.int64)
    return (*bases, ready, trial, sup), (np.zeros((n, 2 * n)), np.zeros((3, n)), np.zeros(outcomes, np.int64))


@lean
def apply(directions, programmes, b, polygons, static_nash, warm, space, out):
    """Apply the operator once: for each direction the best profile, its bound, point, multipliers and continuation.

    directions = (lam, state, first): lam (N, 2) sorted by angle within each state, state (N,), first (S + 1,) profile
    ranges. static_nash (P,): static equilibria whose successor is always the same; the best continuation, the same
    after every outcome, needs no incentive there: no programme is solved, and rounding cannot spoil an exact tie. warm
    = (best, eta, alive, farkas), all updated: best (N,) last time's best profile (or -1), eta (N, A, K) its multipliers
    as starting points; alive (P,) turns false when a profile is proven unenforceable, with the proof in farkas (P, K).
    space: see `workspace`. out = (level, point, block, vertex, x): level (N,), -inf where no profile is left, point
    (N, 2), and the bases (N, n), whose entries beyond a profile's own are left alone. Returns the number of programmes
    solved.
    """
    lam, state, first = directions
    g, weight, ny, nk, pi, succ, delta, who = programmes
    verts, counts = polygons
    best_profile, eta, alive, farkas = warm
    level, point, out_block, out_vertex, out_x = out
    (block, vertex, x, inverse, ready, trial, sup), spare = space
    ready[:] = False
    solved = 0
    for j in range(len(lam)):
        l0, l1 = lam[j, 0], lam[j, 1]
        low, high = first[state[j]], first[state[j] + 1]
        before, best = best_profile[j], -np.inf
        best_profile[j], level[j] = -1, -np.inf
        for turn in range(low - 1, high):
            p = before if turn < low else turn
            if p < 0 or not alive[p] or (turn >= low and p == before):
                continue
            alone = weight[0] * (g[p, 0] * l0 + g[p, 1] * l1)
            a, m = p - low, ny[p] + nk[p]
            if static_nash[p]:
                at_best, height = support(l0, l1, verts[succ[p, 0]], counts[succ[p, 0]])
                if alone + weight[1] * height > best:
                    best, best_profile[j] = alone + weight[1] * height, p
                    for y in range(ny[p]):
                        out_block[j, y], out_vertex[j, y], out_x[j, y] = y, at_best, 1.0
                    for k in range(nk[p]):
                        out_block[j, ny[p] + k], out_x[j, ny[p] + k] = ny[p] + k, 0.0
                continue
            lp = (ny[p], nk[p], pi[p], succ[p], delta[p], who[p], b[p])
            quick = alone + weight[1] * bound(l0, l1, lp, eta[j, a], polygons, sup)
            if quick <= best:
                continue
            basis = (block[p], vertex[p], x[p], inverse[p])
            fresh = not ready[p]
            if fresh:
                start_basis(l0, l1, lp, polygons, basis)
            top = 0.0
            for phase in range(1 if fresh else 2, 3):
                floor = -FEASIBLE if phase == 1 else (best - alone) / weight[1]
                _, top = simplex(l0, l1, lp, polygons, basis, trial, sup, floor, phase, spare)
                if phase == 1 and top < -FEASIBLE:
                    alive[p] = False
                    for k in range(len(trial)):
                        farkas[p, k] = trial[k]
                    break
            if not alive[p]:
                continue
            ready[p] = True
            solved += 1
            reached = alone + weight[1] * top
            if reached < quick:
                for k in range(nk[p]):
                    eta[j, a, k] = trial[k]
            else:
                reached = quick
            if reached > best:
                best, best_profile[j] = reached, p
                for i in range(m):
                    out_block[j, i], out_vertex[j, i], out_x[j, i] = block[p, i], vertex[p, i], x[p, i]
        if best_profile[j] >= 0:
            level[j], p = best, best_profile[j]
            for d in range(2):
                point[j, d] = weight[0] * g[p, d]
            for i in range(ny[p] + nk[p]):
                c = out_block[j, i]
                if c < ny[p]:
                    for d in range(2):
                        point[j, d] += weight[1] * pi[p, c] * out_x[j, i] * verts[succ[p, c], out_vertex[j, i], d]
    return solved
