"""Proof that nothing lies outside a guess: dual multipliers for every profile in every direction.

For a direction lam, an extreme point v = (1 - delta) g(a) + delta w of the largest self-generating set V satisfies
lam.v <= lam.g(a), and for every eta >= 0 with lam + eta = s lam_m

    lam.v <= (1 - delta) lam.g(a) + delta [ s x_m - eta.c(a) ],   c(a) = (1 - delta)/delta h(a) + u,  u_i = -x(-e_i),

where x holds levels of V in finitely many directions: those of the guess and the axes. Choosing one multiplier for
each (direction, profile) gives levels x <= F(x), F monotone and linear in each choice, A x + b. If some p > 0 has
A p <= p - 1/2 for every choice, F draws x + t p towards x, whatever t: then V lies within the levels x that F maps
below themselves. One linear system gives x and p from the best choices; then every (direction, profile) is checked.

Arrays as in `perfect`; lam (2, L) with -e_0, -e_1 first; levels, slack (L,): x and p; matrix (L, L + 2).
"""

from __future__ import annotations

import numpy as np

from negotiation._kernels.compiled import kernel
from negotiation._kernels.polygon import support

AXES = 4  # -e_0, -e_1, e_0, e_1
ROUNDING = 4e-15
TRIALS = 12


@kernel
def directions(w, count, lam):
    """Write the axes and the outward normals of the polygon into lam and return their number."""
    lam[0, 0], lam[1, 0], lam[0, 1], lam[1, 1] = -1.0, 0.0, 0.0, -1.0
    lam[0, 2], lam[1, 2], lam[0, 3], lam[1, 3] = 1.0, 0.0, 0.0, 1.0
    used = AXES
    if count > 1:
        for k in range(count):
            m = k + 1 if k + 1 < count else 0
            dx, dy = w[0, m] - w[0, k], w[1, m] - w[1, k]
            length = np.sqrt(dx * dx + dy * dy)
            if length > 1e-7:
                lam[0, used], lam[1, used] = dy / length, -dx / length
                used += 1
    return used


@kernel
def multiplier(l, m, i, lam):
    """Return (s, eta) with s lam_m = lam_l + eta e_i and eta >= 0, s > 0; s = 0 when there is none."""
    j = 1 - i
    if m == l:
        return 1.0, 0.0
    if abs(lam[j, m]) < 1e-9 or lam[j, l] * lam[j, m] <= 0.0:
        return 0.0, 0.0
    s = lam[j, l] / lam[j, m]
    eta = s * lam[i, m] - lam[i, l]
    return (s, eta) if eta >= 0.0 and s < 1e6 else (0.0, 0.0)


@kernel
def choice(l, a, k, game, lam, count):
    """Return multiplier k of profile a in direction l: (s, m, eta_0, eta_1); s < 0 when it does not exist.

    k = 0: lam + eta = 0; k = 1 + 2 m + i: towards lam_m along the condition of player i.
    """
    kh = game[1]
    if k == 0:
        if lam[0, l] > 0.0 or lam[1, l] > 0.0:
            return -1.0, 0, 0.0, 0.0
        return 0.0, 0, -lam[0, l], -lam[1, l]
    m, i = (k - 1) // 2, (k - 1) % 2
    s, eta = multiplier(l, m, i, lam)
    if s == 0.0:
        return -1.0, 0, 0.0, 0.0
    return s, m, eta if i == 0 else 0.0, eta if i == 1 else 0.0


@kernel
def value(l, a, s, m, eta0, eta1, game, lam, x):
    """Return the bound of one choice at levels x, and without its constant part (the linear part at x)."""
    g, kh, _, _, delta = game
    linear = delta * (s * x[m] + eta0 * x[0] + eta1 * x[1])
    fixed = (1.0 - delta) * (lam[0, l] * g[0, a] + lam[1, l] * g[1, a])
    return fixed + linear - delta * (eta0 * kh[0, a] + eta1 * kh[1, a]), linear


@kernel
def select(game, live, n_live, lam, count, guess, who, kind, constant):
    """Choose for every direction the profile, and its multiplier, that decides the level at the guess (who = -1: none).

    constant (L,): the largest payoff of a fixed point, or of a profile whose own payoff lies within the guess.
    """
    g, _, _, fixed, _ = game
    for l in range(count):
        best, who[l], constant[l] = -np.inf, -1, -np.inf
        for k in range(fixed.shape[1]):
            constant[l] = max(constant[l], lam[0, l] * fixed[0, k] + lam[1, l] * fixed[1, k])
        for n in range(n_live):
            a = live[n]
            alone = lam[0, l] * g[0, a] + lam[1, l] * g[1, a]
            if alone <= guess[l] + ROUNDING:
                constant[l] = max(constant[l], alone)
                continue
            least, at = np.inf, -1
            for k in range(2 * count + 1):
                s, m, eta0, eta1 = choice(l, a, k, game, lam, count)
                if s >= 0.0:
                    found, _ = value(l, a, s, m, eta0, eta1, game, lam, guess)
                    if found < least:
                        least, at = found, k
            if least > best:
                best, who[l], kind[l] = least, a, at
        if constant[l] >= best - ROUNDING:
            who[l] = -1


@kernel
def fill(game, lam, count, who, kind, constant, matrix):
    """Write I - A, b and a column of ones for the chosen multipliers."""
    g, kh, _, _, delta = game
    matrix[:count, : count + 2] = 0.0
    for l in range(count):
        a = who[l]
        matrix[l, l], matrix[l, count], matrix[l, count + 1] = 1.0, constant[l], 1.0
        if a >= 0:
            s, m, eta0, eta1 = choice(l, a, kind[l], game, lam, count)
            matrix[l, m] -= delta * s
            matrix[l, 0] -= delta * eta0
            matrix[l, 1] -= delta * eta1
            matrix[l, count] = (1.0 - delta) * (lam[0, l] * g[0, a] + lam[1, l] * g[1, a])
            matrix[l, count] -= delta * (eta0 * kh[0, a] + eta1 * kh[1, a])


@kernel
def eliminate(matrix, n):
    """Solve the n x n system with two right-hand sides in place; whether it is regular."""
    for k in range(n):
        p = k
        for r in range(k + 1, n):
            if abs(matrix[r, k]) > abs(matrix[p, k]):
                p = r
        if abs(matrix[p, k]) < 1e-13:
            return False
        for m in range(k, n + 2):
            matrix[p, m], matrix[k, m] = matrix[k, m], matrix[p, m]
        for r in range(n):
            factor = matrix[r, k] / matrix[k, k]
            if r != k and factor != 0.0:
                for m in range(k, n + 2):
                    matrix[r, m] -= factor * matrix[k, m]
    for k in range(n):
        matrix[k, n] /= matrix[k, k]
        matrix[k, n + 1] /= matrix[k, k]
    return True


@kernel
def check(game, live, n_live, lam, count, x, p, reach, who, kind):
    """Count the directions in which some live profile has no choice that draws x + t p towards x for t in (0, reach].

    In such a direction the profile becomes the one that decides p; -1 when nothing can help.
    """
    g, _, _, fixed, _ = game
    failed = 0
    for l in range(count):
        for k in range(fixed.shape[1]):
            if lam[0, l] * fixed[0, k] + lam[1, l] * fixed[1, k] > x[l] + ROUNDING:
                return -1
        worst = 0.0
        for n in range(n_live):
            a = live[n]
            if lam[0, l] * g[0, a] + lam[1, l] * g[1, a] <= x[l] + ROUNDING:
                continue
            least, at = np.inf, -1
            for k in range(2 * count + 1):
                s, m, eta0, eta1 = choice(l, a, k, game, lam, count)
                if s >= 0.0:
                    here, _ = value(l, a, s, m, eta0, eta1, game, lam, x)
                    if here <= x[l] + ROUNDING:
                        _, slope = value(l, a, s, m, eta0, eta1, game, lam, p)
                        gain = (here - x[l]) / reach + slope - (p[l] - 0.5)
                        if gain < least:
                            least, at = gain, k
            if at < 0:
                return -1
            if least > worst:
                worst, who[l], kind[l] = least, a, at
        if worst > 0.0:
            failed += 1
    return failed


@kernel
def prove(game, live, n_live, w, count, outer, outer_count, proof, matrix):
    """Bound V by levels close to those of the polygon w; `outer` contains V. Return the number of directions or 0."""
    lam, levels, slack, who, kind = proof
    if AXES + count > matrix.shape[0]:
        return 0
    used = directions(w, count, lam)
    for l in range(used):
        levels[l] = support(lam[0, l], lam[1, l], w, count)
    select(game, live, n_live, lam, used, levels, who, kind, slack)
    fill(game, lam, used, who, kind, slack, matrix)
    for trial in range(TRIALS):
        if not eliminate(matrix, used):
            return 0
        reach = 0.0
        for l in range(used):
            if trial == 0:
                levels[l] = matrix[l, used]
            slack[l] = matrix[l, used + 1]
            if not (0.0 < slack[l] < 1e7):
                return 0
            reach = max(reach, (support(lam[0, l], lam[1, l], outer, outer_count) - levels[l]) / slack[l])
        reach += 1e-9
        failed = check(game, live, n_live, lam, used, levels, slack, reach, who, kind)
        if failed < 0:
            return 0
        if failed == 0:
            for l in range(used):
                levels[l] += 4.0 * ROUNDING * slack[l]
            return used
        fill(game, lam, used, who, kind, slack, matrix)
    return 0
