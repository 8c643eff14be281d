"""Enforcement programmes of public monitoring: a small revised simplex, swept over directions and profiles.

The programme of profile p in direction lam with continuation polygons W_s (vertices v_m) is

    max  sum_y pi_y lam.w_y     s.t.  sum_y Delta_ky w_{y, i(k)} >= b_k  (k < K),   w_y in W_{succ(y)}  (y < Y).

Its columns are pairs (y, m), priced by the support point of a polygon; the basis has Y + K rows: first one convexity
row an outcome, then the incentive rows. Any eta >= 0 gives the upper bound
sum_y h_W(pi_y lam + sum_k eta_k Delta_ky e_i(k)) - sum_k eta_k b_k (weak duality), and every level returned here is
such a bound. Reference: Abreu, Pearce, Stacchetti 1990 (operator); Dantzig, Wolfe 1960 (column generation).

Arrays of a game: programmes = (g, weight, ny, nk, pi, succ, delta, who): g (P, 2), weight = (1 - delta, delta), ny, nk
(P,), pi, succ (P, Y), delta (P, K, Y), who (P, K); right-hand sides b (P, K); polygons = (verts (S, V, 2), counts (S,)).
One profile: lp = (ny, nk, pi, succ, delta, who, b), its entries. Its basis = (block, vertex, x, inverse): block (n,) < Y
is a continuation column with vertex number vertex (n,), Y + k the surplus of row k, Y + K + k the artificial of row k;
x (n,) the weights, inverse (n, n). Multipliers of the incentive rows: eta (K,).
"""

import numpy as np

from negotiation._kernels.compiled import lean
from negotiation._kernels.systems import exchange, leaving

# payoffs are shares of the payoff range, so that all of these are pure numbers
FEASIBLE = 1e-11  # infeasibility of phase one that counts as none; doubled, programmes short by more count as feasible
PRICE = 1e-12  # reduced cost that counts as none, per unit of the multipliers; doubled, pivoting stops earlier
SINGULAR = 1e-13  # smallest pivot of a regular basis; doubled, more bases are given up as singular
STALL = 1e-15  # gain of a pivot that counts as none, before the first column that prices in is taken (Bland 1977)
PIVOT_LIMIT = 2000  # pivots of one programme, never reached in tests; the bound of the last multipliers holds anyway
REFACTOR = 40  # pivots between two fresh inverses; doubled, rounding has twice as long to build up


@lean
def support(d0, d1, verts, count):
    """Return (index, value) of the vertex with the largest d.v."""
    best, place = verts[0, 0] * d0 + verts[0, 1] * d1, 0
    for m in range(1, count):
        value = verts[m, 0] * d0 + verts[m, 1] * d1
        if value > best:
            best, place = value, m
    return place, best


@lean
def weighted(d0, d1, delta, who, eta, y, nk):
    """Return d + sum_k eta_k Delta_ky e_i(k), entries of eta below 0 left out: how outcome y's continuation counts."""
    for k in range(nk):
        if eta[k] > 0.0:
            if who[k] == 0:
                d0 += eta[k] * delta[k, y]
            else:
                d1 += eta[k] * delta[k, y]
    return d0, d1


@lean
def bound(l0, l1, lp, eta, polygons, sup):
    """Return the dual bound at eta (entries below 0 count as 0) and record the support vertex of each outcome."""
    ny, nk, pi, succ, delta, who, b = lp
    verts, counts = polygons
    total = 0.0
    for k in range(nk):
        if eta[k] > 0.0:
            total -= eta[k] * b[k]
    for y in range(ny):
        d0, d1 = weighted(pi[y] * l0, pi[y] * l1, delta, who, eta, y, nk)
        sup[y], value = support(d0, d1, verts[succ[y]], counts[succ[y]])
        total += value
    return total


@lean
def start_basis(l0, l1, lp, polygons, basis):
    """Fill a starting basis: one vertex an outcome, surplus or artificial variables for the incentive rows."""
    ny, nk, _, succ, delta, who, b = lp
    verts, counts = polygons
    block, vertex, x, inverse = basis
    n = ny + nk
    inverse[:n, :n] = 0.0
    for y in range(ny):
        block[y], x[y] = y, 1.0
        vertex[y], _ = support(l0, l1, verts[succ[y]], counts[succ[y]])
        inverse[y, y] = 1.0
    for k in range(nk):
        r = ny + k
        slack = -b[k]
        for y in range(ny):
            slack += delta[k, y] * verts[succ[y], vertex[y], who[k]]
        sign = 1.0 if slack >= 0.0 else -1.0
        block[r], vertex[r], x[r] = (ny + k if slack >= 0.0 else n + k), 0, abs(slack)
        for y in range(ny):
            inverse[r, y] = sign * delta[k, y] * verts[succ[y], vertex[y], who[k]]
        inverse[r, r] = -sign


@lean
def refactor(lp, verts, basis, work):
    """Invert the basis afresh by Gauss-Jordan elimination; return False when it is numerically singular."""
    ny, nk, _, succ, delta, who, b = lp
    block, vertex, x, inverse = basis
    n = ny + nk
    work[:n, : 2 * n] = 0.0
    for j in range(n):
        c = block[j]
        if c < ny:
            work[c, j] = 1.0
            for k in range(nk):
                work[ny + k, j] = delta[k, c] * verts[succ[c], vertex[j], who[k]]
        elif c < n:
            work[c, j] = -1.0
        else:
            work[c - nk, j] = 1.0
        work[j, n + j] = 1.0
    for j in range(n):
        pivot = j
        for i in range(j + 1, n):
            if abs(work[i, j]) > abs(work[pivot, j]):
                pivot = i
        if abs(work[pivot, j]) < SINGULAR:
            return False
        if pivot != j:
            for c in range(2 * n):
                work[j, c], work[pivot, c] = work[pivot, c], work[j, c]
        scale = 1.0 / work[j, j]
        for c in range(2 * n):
            work[j, c] *= scale
        for i in range(n):
            if i != j and work[i, j] != 0.0:
                factor = work[i, j]
                for c in range(2 * n):
                    work[i, c] -= factor * work[j, c]
    for i in range(n):
        value = 0.0
        for j in range(n):
            inverse[i, j] = work[i, n + j]
            value += inverse[i, j] * (1.0 if j < ny else b[j - ny])
        x[i] = value
    return True


@lean
def simplex(l0, l1, lp, polygons, basis, eta, sup, floor, phase, spare):
    """Improve a feasible basis; return (value, best dual bound), with its multipliers in eta and vertices in sup.

    phase 1 maximises minus the sum of the artificials, phase 2 the objective. Stops early once the bound falls to
    `floor`: the profile cannot beat what another has reached. spare: scratch memory, (n, 2 n), (3, n) and (Y,).
    """
    ny, nk, pi, succ, delta, who, b = lp
    verts, counts = polygons
    block, vertex, x, inverse = basis
    n = ny + nk
    work, rows, trial_sup = spare
    dual, column, trial = rows[0], rows[1], rows[2]
    best_bound, value, stalled = np.inf, -np.inf, 0
    for pivots in range(1, PIVOT_LIMIT + 1):
        previous, value = value, 0.0
        for i in range(n):
            dual[i] = 0.0
        for j in range(n):
            c = block[j]
            cost = 0.0
            if phase == 1:
                cost = -1.0 if c >= n else 0.0
            elif c < ny:
                v = verts[succ[c], vertex[j]]
                cost = pi[c] * (l0 * v[0] + l1 * v[1])
            if cost != 0.0:
                value += cost * x[j]
                for i in range(n):
                    dual[i] += cost * inverse[j, i]
        stalled = stalled + 1 if value <= previous + STALL else 0
        top, enter, corner, size = 0.0, -1, 0, 1.0
        for k in range(nk):
            trial[k] = -dual[ny + k]
            size = max(size, abs(trial[k]))
        tolerance = PRICE * size
        for k in range(nk):
            if trial[k] < -tolerance and -trial[k] > top:
                top, enter = -trial[k], ny + k
                if stalled > n:
                    break
        if enter < 0:
            total = 0.0
            for k in range(nk):
                trial[k] = max(trial[k], 0.0)
                total -= trial[k] * b[k]
            for y in range(ny):
                w = pi[y] if phase == 2 else 0.0
                d0, d1 = weighted(w * l0, w * l1, delta, who, trial, y, nk)
                m, h = support(d0, d1, verts[succ[y]], counts[succ[y]])
                trial_sup[y] = m
                total += h
                if h - dual[y] > top and (stalled <= n or enter < 0):
                    top, enter, corner = h - dual[y], y, m
            if total < best_bound:
                best_bound = total
                for k in range(nk):
                    eta[k] = trial[k]
                for y in range(ny):
                    sup[y] = trial_sup[y]
            if top <= tolerance or best_bound <= floor or best_bound - value <= tolerance:
                return value, best_bound
        for i in range(n):
            if enter >= ny:
                column[i] = -inverse[i, enter]
            else:
                column[i] = inverse[i, enter]
                for k in range(nk):
                    if delta[k, enter] != 0.0:
                        column[i] += inverse[i, ny + k] * delta[k, enter] * verts[succ[enter], corner, who[k]]
        step, leave = leaving(column, x, block, n, phase, n)
        if leave < 0:
            return value, best_bound
        exchange(column, step, leave, x, inverse, n)
        block[leave], vertex[leave] = enter, corner
        if pivots % REFACTOR == 0 and not refactor(lp, verts, basis, work):
            return value, best_bound
    return value, best_bound
