"""Into the kernel and out of it: payoffs in [0, 1], polygons in the units of the game.

Each player's payoffs are shifted by the smallest and divided by a power of two, which loses nothing. On the way out,
vertices that lie within TOGETHER of each other are one vertex, and where outer and inner polygon match vertex by vertex
both get the middle: conditions were relaxed and tightened by nearly the same, so that the middle is accurate to rounding.

Arrays: raw (2, P) payoffs, the second player's action fastest; low, scale, stretch (2,): shift, divisor, and divisor
over the payoff range; w, mark, count: vertices (2, room), their tags and number, as in `perfect`.
"""

import numpy as np

from negotiation._kernels.compiled import kernel, lean
from negotiation._kernels.perfect import ALONE, CORNERS
from negotiation._kernels.polygon import distance

SAME_PLACE = 5e-10  # vertices nearer than this share of the divisor are one: at most 1e-9 of the payoff range
FLAT_VERTEX = 5e-11  # vertices that stick out by less, in the same unit, are none


@kernel
def prepare(raw, rows, columns, fixed, delta):
    """Return the game in [0, 1], the shift and the scale of each player."""
    profiles = rows * columns
    g, kh, b = np.empty((2, profiles)), np.empty((2, profiles)), np.empty((2, profiles))
    low, scale, stretch, points = np.empty(2), np.empty(2), np.empty(2), np.empty((2, fixed.shape[1]))
    factor = (1.0 - delta) / delta
    for i in range(2):
        high, low[i], scale[i], stretch[i] = -np.inf, np.inf, 1.0, 1.0
        for a in range(profiles):
            low[i], high = min(low[i], raw[i, a]), max(high, raw[i, a])
        if high > low[i]:
            scale[i] = 2.0 ** np.ceil(np.log2(high - low[i]))
            stretch[i] = scale[i] / (high - low[i])
        others, choices, apart = (columns, rows, columns) if i == 0 else (rows, columns, 1)
        for o in range(others):
            first = o if i == 0 else o * columns
            best = -np.inf
            for k in range(choices):
                best = max(best, raw[i, first + k * apart])
            for k in range(choices):
                a = first + k * apart
                g[i, a] = (raw[i, a] - low[i]) / scale[i]
                b[i, a] = (best - low[i]) / scale[i]
                kh[i, a] = factor * ((best - raw[i, a]) / scale[i])
        for k in range(fixed.shape[1]):
            points[i, k] = (fixed[i, k] - low[i]) / scale[i]
    return (g, kh, b, points, delta), low, scale, stretch


@lean
def move_vertex(w, mark, place, k):
    """Move vertex k to `place`."""
    w[0, place], w[1, place], mark[place] = w[0, k], w[1, k], mark[k]


@lean
def coincide(w, k, other, m):
    """Whether vertex k of w and vertex m of the other polygon cannot be told apart."""
    return max(abs(w[0, k] - other[0, m]), abs(w[1, k] - other[1, m])) <= SAME_PLACE


@kernel
def merge_vertices(w, mark, count):
    """Make one vertex of those that cannot be told apart, drop those that hardly stick out; return what is left."""
    first, two = np.int64(0), np.int64(2)  # a literal would be compiled apart
    size = first
    for k in range(count):
        if size == 0 or not coincide(w, k, w, size - 1):
            move_vertex(w, mark, size, k)
            size += 1
        elif mark[k] >= 0 and mark[k] % 8 == ALONE:
            move_vertex(w, mark, size - 1, k)
    if size > 1 and coincide(w, size - 1, w, first):
        size -= 1
        if mark[size] >= 0 and mark[size] % 8 == ALONE:
            move_vertex(w, mark, first, size)
    k, chord = 0, np.empty((2, 2))
    while k < size and size > 2:
        for m, end in enumerate(((k + size - 1) % size, (k + 1) % size)):
            chord[0, m], chord[1, m] = w[0, end], w[1, end]
        if distance(w[0, k], w[1, k], chord, two) > FLAT_VERTEX:
            k += 1
            continue
        for m in range(k, size - 1):
            move_vertex(w, mark, m, m + 1)
        size -= 1
        k = max(k - 1, 0)
    return size


@kernel
def match_vertices(outer, inner):
    """Move outer vertices onto inner ones that they cannot be told from, both to the middle if all have a partner."""
    w, mark, v, tag = outer[2], outer[3], inner[2], inner[3]
    count, many = outer[4][CORNERS], inner[4][CORNERS]
    partner, all_paired = np.empty(count + 1, np.int64), count == many
    for k in range(count):
        partner[k] = -1
        for m in range(many):
            if coincide(w, k, v, m):
                partner[k] = m
        all_paired = all_paired and partner[k] >= 0
    for k in range(count):
        m = partner[k]
        if m >= 0:
            alone = tag[m] >= 0 and tag[m] % 8 == ALONE
            if all_paired and not alone:
                for i in range(2):
                    v[i, m] = 0.5 * (v[i, m] + w[i, k])
                if mark[k] >= 0 and mark[k] % 8 == ALONE:
                    tag[m] = mark[k]
            w[0, k], w[1, k], mark[k] = v[0, m], v[1, m], tag[m]


@lean
def write(state, raw, low, scale, vertices, marks):
    """Write a polygon in the units of the game from its lowest x (then y), own payoffs as given; return its size."""
    _, _, w, mark, size = state
    count = size[CORNERS]
    if count > len(marks):
        return -count
    first = 0
    for k in range(count):
        if w[0, k] < w[0, first] or (w[0, k] == w[0, first] and w[1, k] < w[1, first]):
            first = k
    for m in range(count):
        k = (first + m) % count
        marks[m] = mark[k]
        for i in range(2):
            if mark[k] >= 0 and mark[k] % 8 == ALONE:
                vertices[m, i] = raw[i, mark[k] // 8]
            else:
                vertices[m, i] = low[i] + scale[i] * w[i, k]
    return count
