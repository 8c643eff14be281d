"""Proof that nothing lies outside a guess: dual multipliers for every profile in every direction.

For every eta >= 0 with lam + eta = s lam_m an extreme point v of V in direction lam, made by profile a, satisfies

    lam.v <= (1 - delta) lam.g(a) + delta [ s x_m - eta.c(a) ],   c(a) = (1 - delta)/delta h(a) + u,  u_i = -x(-e_i),

where x holds levels of V in the directions of the guess and the axes. One choice for each (direction, profile) gives
levels x <= F(x) = A x + b; if A p <= p - 1/2 for some p > 0 and every choice, V lies within x (docs/solver-perfect.md).
One linear system gives x and p from the best choices; then every (direction, profile) is checked.

Arrays as in `perfect`; lam (2, L) with -e_0, -e_1 first; levels, slack (L,): x and p; who, kind (L,): the deciding
profiles and their choices; table (5, 2 L + 1), towards: the choices of one direction; matrix (L, L + 2).
"""

import numpy as np

from negotiation._kernels.compiled import lean
from negotiation._kernels.perfect import CORNERS, LIVE
from negotiation._kernels.polygon import support
from negotiation._kernels.systems import solve

AXIS_DIRECTIONS = 4  # -e_0, -e_1, e_0, e_1
# what rounding may do to a level, payoffs in [0, 1]; doubled, proven levels lie further out by as much
PROOF_ROUNDING = 4e-15
TRIALS = 12  # improvements of the choices before a proof is given up; the iteration goes on without it
SINGULAR = 1e-13  # smallest pivot of a regular system; doubled, more proofs are given up
SHORT_SIDE = 1e-7  # sides that are shorter get no direction of their own: their normals are noise
NO_COMPONENT = 1e-9  # components of directions that count as none, else multipliers blow up rounding
LARGEST_MULTIPLIER = 1e6  # multipliers beyond it are not used, for the same reason
LARGEST_ENTRY = 1e7  # entries of p beyond it prove nothing: rounding would be multiplied by them
ALLOWANCE = 1e-9  # added to the reach of a proof, so that the polygon lies within it whatever rounding did
X, P = np.int64(3), np.int64(4)  # rows of `table` for the levels and for p


@lean
def directions(w, count, lam):
    """Write the axes and the outward normals of the polygon into lam and return their number."""
    lam[0, 0], lam[1, 0], lam[0, 1], lam[1, 1] = -1.0, 0.0, 0.0, -1.0
    lam[0, 2], lam[1, 2], lam[0, 3], lam[1, 3] = 1.0, 0.0, 0.0, 1.0
    used = np.int64(AXIS_DIRECTIONS)
    if count > 1:
        for k in range(count):
            m = k + 1 if k + 1 < count else 0
            dx, dy = w[0, m] - w[0, k], w[1, m] - w[1, k]
            length = np.sqrt(dx * dx + dy * dy)
            if length > SHORT_SIDE:
                lam[0, used], lam[1, used] = dy / length, -dx / length
                used += 1
    return used


@lean
def multiplier(l, m, i, lam):
    """Return (s, eta) with s lam_m = lam_l + eta e_i and eta >= 0, s > 0; s = 0 when there is none."""
    j = 1 - i
    if m == l:
        return 1.0, 0.0
    if abs(lam[j, m]) < NO_COMPONENT or lam[j, l] * lam[j, m] <= 0.0:
        return 0.0, 0.0
    s = lam[j, l] / lam[j, m]
    eta = s * lam[i, m] - lam[i, l]
    return (s, eta) if eta >= 0.0 and s < LARGEST_MULTIPLIER else (0.0, 0.0)


@lean
def choices(l, lam, count, table, towards):
    """List the multipliers of direction l: rows s, eta_0, eta_1 of table, towards the direction m; return how many."""
    n = np.int64(0)
    if lam[0, l] <= 0.0 and lam[1, l] <= 0.0:
        table[0, n], table[1, n], table[2, n], towards[n] = 0.0, -lam[0, l], -lam[1, l], 0
        n += 1
    for m in range(count):
        for i in range(2):
            s, eta = multiplier(l, m, i, lam)
            if s > 0.0 and (m != l or i == 0):
                table[0, n], table[1 + i, n], table[2 - i, n], towards[n] = s, eta, 0.0, m
                n += 1
    return n


@lean
def weigh(n, x, delta, table, towards, row):
    """Write into a row of table what the multipliers make of levels x, without their constant part."""
    for k in range(n):
        table[row, k] = delta * (table[0, k] * x[towards[k]] + table[1, k] * x[0] + table[2, k] * x[1])


@lean
def select(game, live, n_live, lam, count, guess, who, kind, constant, table, towards):
    """Choose for every direction the profile, and its multiplier, that decides the level at the guess (who = -1: none).

    constant (L,): the largest payoff of a fixed point, or of a profile whose own payoff lies within the guess.
    """
    g, kh, _, fixed, delta = game
    for l in range(count):
        best, who[l], constant[l] = -np.inf, -1, -np.inf
        for k in range(fixed.shape[1]):
            constant[l] = max(constant[l], lam[0, l] * fixed[0, k] + lam[1, l] * fixed[1, k])
        n = choices(l, lam, count, table, towards)
        weigh(n, guess, delta, table, towards, X)
        for q in range(n_live):
            a = live[q]
            alone = lam[0, l] * g[0, a] + lam[1, l] * g[1, a]
            if alone <= guess[l] + PROOF_ROUNDING:
                constant[l] = max(constant[l], alone)
                continue
            least, place = np.inf, -1
            for k in range(n):
                level = table[3, k] - delta * (table[1, k] * kh[0, a] + table[2, k] * kh[1, a])
                if level < least:
                    least, place = level, k
            least += (1.0 - delta) * alone
            if least > best:
                best, who[l], kind[l] = least, a, place
        if constant[l] >= best - PROOF_ROUNDING:
            who[l] = -1


@lean
def fill(game, lam, count, who, kind, constant, matrix, table, towards):
    """Write I - A, b and a column of ones for the chosen multipliers."""
    g, kh, _, _, delta = game
    for l in range(count):
        for m in range(count):
            matrix[l, m] = 0.0
        a = who[l]
        matrix[l, l], matrix[l, count], matrix[l, count + 1] = 1.0, constant[l], 1.0
        if a >= 0:
            choices(l, lam, count, table, towards)
            s, eta0, eta1 = table[0, kind[l]], table[1, kind[l]], table[2, kind[l]]
            matrix[l, towards[kind[l]]] -= delta * s
            matrix[l, 0] -= delta * eta0
            matrix[l, 1] -= delta * eta1
            matrix[l, count] = (1.0 - delta) * (lam[0, l] * g[0, a] + lam[1, l] * g[1, a])
            matrix[l, count] -= delta * (eta0 * kh[0, a] + eta1 * kh[1, a])


@lean
def draws(l, a, n, alone, game, x, p, reach, table):
    """Return (gain, choice): the multiplier that draws x + t p towards x most for t in (0, reach]; choice = -1: none."""
    kh, delta = game[1], game[4]
    least, place = np.inf, -1
    for k in range(n):
        here = (1.0 - delta) * alone + table[3, k] - delta * (table[1, k] * kh[0, a] + table[2, k] * kh[1, a])
        if here <= x[l] + PROOF_ROUNDING:
            gain = (here - x[l]) / reach + table[4, k] - (p[l] - 0.5)
            if gain <= 0.0:
                return 0.0, k
            if gain < least:
                least, place = gain, k
    return least, place


@lean
def check(game, live, n_live, lam, count, x, p, reach, who, kind, table, towards):
    """Count the directions in which some live profile has no choice that draws x + t p towards x for t in (0, reach].

    In such a direction the profile becomes the one that decides p; -1 when nothing can help.
    """
    g, _, _, fixed, delta = game
    failed = 0
    for l in range(count):
        for k in range(fixed.shape[1]):
            if lam[0, l] * fixed[0, k] + lam[1, l] * fixed[1, k] > x[l] + PROOF_ROUNDING:
                return -1
        n = choices(l, lam, count, table, towards)
        weigh(n, x, delta, table, towards, X)
        weigh(n, p, delta, table, towards, P)
        worst = 0.0
        for q in range(n_live):
            a = live[q]
            alone = lam[0, l] * g[0, a] + lam[1, l] * g[1, a]
            if alone <= x[l] + PROOF_ROUNDING:
                continue
            gain, place = draws(l, a, n, alone, game, x, p, reach, table)
            if place < 0:
                return -1
            if gain > worst:
                worst, who[l], kind[l] = gain, a, place
        if worst > 0.0:
            failed += 1
    return failed


@lean
def prove(game, state, guess, count, proof, matrix):
    """Bound V by levels close to those of the polygon `guess`; the polygon of `state` contains V.

    Return the number of directions, or 0 when no proof was found.
    """
    lam, levels, slack, who, kind, table, towards = proof
    live, size = state[0], state[4]
    if AXIS_DIRECTIONS + count > matrix.shape[0]:
        return 0
    used = directions(guess, count, lam)
    for l in range(used):
        levels[l] = support(lam[0, l], lam[1, l], guess, count)
    select(game, live, size[LIVE], lam, used, levels, who, kind, slack, table, towards)
    for trial in range(TRIALS):
        fill(game, lam, used, who, kind, slack, matrix, table, towards)
        if not solve(matrix, used, 2, SINGULAR):
            return 0
        reach = 0.0
        for l in range(used):
            if trial == 0:
                levels[l] = matrix[l, used]
            slack[l] = matrix[l, used + 1]
            if not (0.0 < slack[l] < LARGEST_ENTRY):
                return 0
            reach = max(reach, (support(lam[0, l], lam[1, l], state[2], size[CORNERS]) - levels[l]) / slack[l])
        reach += ALLOWANCE
        failed = check(game, live, size[LIVE], lam, used, levels, slack, reach, who, kind, table, towards)
        if failed < 0:
            return 0
        if failed == 0:
            for l in range(used):
                levels[l] += 4.0 * PROOF_ROUNDING * slack[l]
            return used
    return 0
