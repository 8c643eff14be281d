"""Newton's method on the active structure: where the iteration is heading, found at once.

Close to the limit the same points come back in the same order: v_i = (1 - delta) b_i + delta u_i where condition i binds,
and the other coordinate lies on a line through two points A, B of the cloud (or A = g(a)) at v_i = c_i = u_i + (1 -
delta)/delta h_i. This small bilinear system has one unknown for each such point and two for the threats. Its solution is
a guess, nothing more: `step` must confirm it (docs/solver-perfect.md).

Arrays as in `perfect`. guess = (slot, point, first, second, matrix): slot (room,) the unknown of each point of the
cloud or -1; point, first, second (room,) the points of each unknown, first = -1 standing for g(a); matrix (N, N + 1).
"""

import numpy as np

from negotiation._kernels.compiled import lean
from negotiation._kernels.perfect import ALONE, CORNER, CORNERS, LIVE, LOW, POINTS, close, without
from negotiation._kernels.systems import solve

MOST_UNKNOWNS = 60  # unknowns; larger systems are left to the iteration; doubled, scratch memory is four times as large
NEWTON_ROUNDS = 8  # Newton steps of one attempt, which converge quadratically or not at all
# smallest pivot of a regular system of payoffs in [0, 1]; doubled, more steps are left to the iteration
SINGULAR = 1e-13
LEAP = 0.5  # longest Newton step in payoffs in [0, 1]; a longer one leads nowhere
ARRIVED = 1e-15  # Newton step that counts as none, in payoffs in [0, 1]


@lean
def binds(tag, i):
    """Whether a point binds the condition of player i."""
    kind = tag % 8
    return tag >= 0 and (kind == CORNER or kind == LOW + 2 * i or kind == LOW + 2 * i + 1)


@lean
def edge_through(i, upper, c, gi, gj, points, ring, count):
    """Return the two points whose line cuts v_i = c at the end of the chord (-1: g), as `chord` finds them."""
    j = 1 - i
    sign = 1.0 if upper else -1.0
    first, second, most = -2, -2, -np.inf
    for k in range(count):
        p, q = ring[k], ring[k + 1 if k + 1 < count else 0]
        abscissa, over = points[i, p], points[j, p]
        if abscissa >= c:
            height = sign * (gj + (over - gj) / (abscissa - gi) * (c - gi))
            if height > most:
                first, second, most = -1, p, height
        if (abscissa < c) != (points[i, q] < c):
            height = sign * (over + (points[j, q] - over) * ((c - abscissa) / (points[i, q] - abscissa)))
            if height >= most:
                first, second, most = p, q, height
    return first, second


@lean
def threat(i, game, state, cloud, later):
    """Return (value, point): player i's threat is the v_i of that point, or the constant value when point = -1."""
    g, kh, b, fixed, _ = game
    live, size = state[0], state[4]
    points, tag, _ = cloud
    value, point, floor = np.inf, -1, np.inf
    for k in range(fixed.shape[1]):
        value, floor = min(value, fixed[i, k]), min(floor, fixed[i, k])
    for k in range(size[LIVE]):
        a = live[k]
        floor = min(floor, b[i, a] + (later if kh[i, a] > 0.0 else 0.0))
    for k in range(size[POINTS]):
        if binds(tag[k], i):
            a = tag[k] // 8
            bound, source = b[i, a] + (later if kh[i, a] > 0.0 else 0.0), -1
        else:
            bound, source = points[i, k], (k if binds(tag[k], 1 - i) else -1)
        if bound < value:
            value, point = bound, source
    return (value, point) if value >= floor else (floor, -1)


@lean
def number_unknowns(game, state, cloud, relax, spare, guess, roots):
    """Number the unknowns that the polygon and the threats depend on; return how many, or -1 when too many."""
    g, kh, _, _, _ = game
    u, size = state[1], state[4]
    points, tag, _ = cloud
    slot, point, first, second, _ = guess
    for k in range(size[POINTS]):
        slot[k] = -1
    count = 0
    for k in range(len(roots)):
        t = roots[k]
        if t >= 0 and tag[t] % 8 >= LOW and slot[t] < 0:
            if count == MOST_UNKNOWNS:
                return -1
            slot[t], point[count] = count, t
            count += 1
    k = 0
    while k < count:
        t = point[k]
        a, kind = tag[t] // 8, tag[t] % 8 - LOW
        i = kind // 2
        corners = without(a, cloud, size[POINTS], size[CORNERS], spare)
        c = u[i] + kh[i, a] - (relax if kh[i, a] > 0.0 else 0.0)
        first[k], second[k] = edge_through(i, kind % 2 == 1, c, g[i, a], g[1 - i, a], points, spare[2], corners)
        if second[k] < 0:
            return -1
        for t in (first[k], second[k]):
            if t >= 0 and tag[t] % 8 >= LOW and slot[t] < 0:
                if count == MOST_UNKNOWNS:
                    return -1
                slot[t], point[count] = count, t
                count += 1
        k += 1
    return count


@lean
def subtract_derivative(matrix, row, factor, t, axis, tag, slot, n, delta):
    """Subtract factor times the derivative of coordinate `axis` of point t from a row of I - J."""
    if t < 0 or tag[t] < 0 or tag[t] % 8 == ALONE:
        return
    if binds(tag[t], axis):
        matrix[row, n + axis] -= factor * delta
    else:
        matrix[row, slot[t]] -= factor


@lean
def newton_step(game, state, cloud, relax, guess, n, roots, values):
    """Take one Newton step on the n unknowns and the threats; return its length, infinite when it fails."""
    g, kh, b, _, delta = game
    u = state[1]
    points, tag, _ = cloud
    slot, point, first, second, matrix = guess
    size = n + 2
    for k in range(size):
        for m in range(size + 1):
            matrix[k, m] = 0.0
    for k in range(n):
        t, p, q = point[k], first[k], second[k]
        a, i = tag[t] // 8, (tag[t] % 8 - LOW) // 2
        j = 1 - i
        pi, pj = (g[i, a], g[j, a]) if p < 0 else (points[i, p], points[j, p])
        width, height = points[i, q] - pi, points[j, q] - pj
        if width == 0.0:
            return np.inf
        slope = height / width
        c = u[i] + kh[i, a] - (relax if kh[i, a] > 0.0 else 0.0)
        share = (c - pi) / width
        matrix[k, k] += 1.0
        subtract_derivative(matrix, k, delta * (1.0 - share), p, j, tag, slot, n, delta)
        subtract_derivative(matrix, k, delta * share, q, j, tag, slot, n, delta)
        subtract_derivative(matrix, k, -delta * slope * (1.0 - share), p, i, tag, slot, n, delta)
        subtract_derivative(matrix, k, -delta * slope * share, q, i, tag, slot, n, delta)
        matrix[k, n + i] -= delta * slope
        matrix[k, size] = (1.0 - delta) * g[j, a] + delta * (pj + share * height) - points[j, t]
    for i in range(2):
        matrix[n + i, n + i] += 1.0
        t = roots[i]
        matrix[n + i, size] = (values[i] if t < 0 else points[i, t]) - u[i]
        subtract_derivative(matrix, n + i, 1.0, t, i, tag, slot, n, delta)
    if not solve(matrix, size, 1, SINGULAR):
        return np.inf
    length = 0.0
    for k in range(size):
        length = max(length, abs(matrix[k, size]))
    return length


@lean
def take_step(game, state, cloud, relax, guess, n):
    """Add the Newton step to the threats and to all points that it determines."""
    _, kh, b, _, delta = game
    u, size = state[1], state[4]
    points, tag, _ = cloud
    slot, point, _, _, matrix = guess
    for i in range(2):
        u[i] += matrix[n + i, n + 2]
    for k in range(n):
        t = point[k]
        points[1 - (tag[t] % 8 - LOW) // 2, t] += matrix[k, n + 2]
    for t in range(size[POINTS]):
        for i in range(2):
            if binds(tag[t], i):
                a = tag[t] // 8
                points[i, t] = (1.0 - delta) * b[i, a] + delta * (u[i] - (relax if kh[i, a] > 0.0 else 0.0))


@lean
def jump_to_fixed_point(game, state, cloud, relax, spare, guess, roots):
    """Move cloud, polygon and threats to the fixed point of the present structure; whether there is one nearby."""
    delta = game[4]
    size = state[4]
    values = spare[4][5]
    later = max(0.0, -relax) * delta / (1.0 - delta)
    corners = size[CORNERS]
    for k in range(corners):
        roots[2 + k] = cloud[2][size[POINTS] + k]
    for i in range(2):
        values[i], roots[i] = threat(i, game, state, cloud, later)
    n = number_unknowns(game, state, cloud, relax, spare, guess, roots[: corners + 2])
    if n < 0:
        return False
    for _ in range(NEWTON_ROUNDS):
        length = newton_step(game, state, cloud, relax, guess, n, roots, values)
        if not length < LEAP:
            return False
        take_step(game, state, cloud, relax, guess, n)
        if length < ARRIVED:
            break
    close(state, cloud, size[POINTS], np.int64(1), spare)
    return True
