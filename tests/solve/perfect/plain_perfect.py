"""An independent solver for perfect monitoring, written from the theory alone: the plain operator, step by step.

W -> convex hull of the points (1 - delta) g(a) + delta w, w an extreme point of {w in W: w >= c(a)} at which a
condition binds, and of g(a) where g(a) >= c(a); c_i(a) = min W_i + (1 - delta)/delta (gain of i's best deviation). From
a box around all payoffs this falls to the set of equilibrium payoffs (Abreu, Sannikov 2014). No acceleration: at
delta = .999 it takes tens of thousands of steps. Conditions relaxed by `slack` > 0 give a bound from outside;
tightened ones, from there on, a bound from inside.
"""

import numba
import numpy as np

STILL = 1e-10  # of the range: an outer set stops when the remaining way, movement / (1 - delta), is shorter


@numba.njit(nogil=True)
def clipped(poly, n, axis, level, out):
    """Part of a polygon with coordinate `axis` >= level."""
    size = 0
    for k in range(n):
        m = (k + 1) % n
        if poly[k, axis] >= level:
            out[size, 0], out[size, 1] = poly[k, 0], poly[k, 1]
            size += 1
        if n > 1 and (poly[k, axis] >= level) != (poly[m, axis] >= level):
            t = (level - poly[k, axis]) / (poly[m, axis] - poly[k, axis])
            for c in range(2):
                out[size, c] = poly[k, c] + t * (poly[m, c] - poly[k, c])
            out[size, axis] = level
            size += 1
    return size


@numba.njit(nogil=True)
def hulled(points, count, out):
    """Write the convex hull of points[:count] into out, counter-clockwise, and return its size."""
    if count == 0:
        return 0
    by_y = np.argsort(points[:count, 1], kind="mergesort")
    order = by_y[np.argsort(points[:count, 0][by_y], kind="mergesort")]
    size = 0
    for half in range(2):
        floor = size if half else 1
        for n in range(count):
            p = order[n] if half == 0 else order[count - 1 - n]
            x, y = points[p, 0], points[p, 1]
            if size > 0 and x == out[size - 1, 0] and y == out[size - 1, 1]:
                continue
            while size > floor:
                ax, ay = out[size - 1, 0] - out[size - 2, 0], out[size - 1, 1] - out[size - 2, 1]
                if ax * (y - out[size - 2, 1]) - ay * (x - out[size - 2, 0]) > 0.0:
                    break
                size -= 1
            out[size, 0], out[size, 1] = x, y
            size += 1
        if size == 1:
            return 1
        if half == 0:
            top = size
    return size - 1 if size > top else size


@numba.njit(nogil=True)
def distance_to(x, y, poly, n):
    """Euclidean distance of a point from a polygon."""
    inside, least = n > 2, np.inf
    for k in range(n):
        m = (k + 1) % n
        ax, ay, dx, dy = poly[m, 0] - poly[k, 0], poly[m, 1] - poly[k, 1], x - poly[k, 0], y - poly[k, 1]
        if ax * dy - ay * dx < 0.0:
            inside = False
        square = ax * ax + ay * ay
        t = min(max((ax * dx + ay * dy) / square, 0.0), 1.0) if square > 0.0 else 0.0
        least = min(least, (dx - t * ax) ** 2 + (dy - t * ay) ** 2)
    return 0.0 if inside else np.sqrt(least)


@numba.njit(nogil=True)
def apart(one, n, other, m):
    """Hausdorff distance of two polygons, infinite when only one is empty."""
    if n == 0 or m == 0:
        return 0.0 if n == m else np.inf
    most = 0.0
    for k in range(n):
        most = max(most, distance_to(one[k, 0], one[k, 1], other, m))
    for k in range(m):
        most = max(most, distance_to(other[k, 0], other[k, 1], one, n))
    return most


@numba.njit(nogil=True)
def fall(g, gain, delta, slack, still, first, n, steps):
    """Apply the operator from the polygon first[:n] until it stops; return (polygon, size, steps taken)."""
    profiles = len(g)
    room = 9 * profiles + 2 * n
    old, new, points = first[:n].copy(), np.empty((room, 2)), np.empty((room, 2))
    one, two = np.empty((room, 2)), np.empty((room, 2))
    for step in range(steps):
        u = np.array([old[:, 0].min(), old[:, 1].min()])
        count = 0
        for a in range(profiles):
            c = u + (1.0 - delta) / delta * gain[a] - slack
            for i in range(2):
                if gain[a, i] == 0.0 and slack < 0.0:  # no deviation pays: nothing to tighten
                    c[i] = -1.0
            if g[a, 0] >= c[0] and g[a, 1] >= c[1]:
                points[count] = g[a]
                count += 1
                continue
            size = clipped(old, len(old), 0, c[0], one)
            size = clipped(one, size, 1, c[1], two)
            low, high = np.full(2, -1), np.full(2, -1)
            for k in range(size):
                for i in range(2):
                    if g[a, i] < c[i] and two[k, i] <= c[i]:
                        j = 1 - i
                        if low[i] < 0 or two[k, j] < two[low[i], j]:
                            low[i] = k
                        if high[i] < 0 or two[k, j] > two[high[i], j]:
                            high[i] = k
            for k in (low[0], high[0], low[1], high[1]):
                if k >= 0:
                    points[count] = (1.0 - delta) * g[a] + delta * two[k]
                    count += 1
        size = hulled(points, count, new)
        if size == 0:
            return new[:0].copy(), step + 1
        moved = apart(old, len(old), new, size)
        old = new[:size].copy()
        if moved <= still:
            return old, step + 1
    return old, steps


def gains(payoffs):
    """Largest gain from a deviation at each profile, shape (P, 2), of payoffs (2, rows, columns)."""
    first = payoffs[0].max(axis=0, keepdims=True) - payoffs[0]
    second = payoffs[1].max(axis=1, keepdims=True) - payoffs[1]
    return np.stack([first.ravel(), second.ravel()], axis=1)


def solve_plainly(payoffs, delta, slack=1e-12, steps=200_000):
    """Return (outer, inner, steps): vertices (V, 2) in units of each player's range, above its smallest payoff."""
    payoffs = np.asarray(payoffs, dtype=np.float64)
    low = payoffs.min(axis=(1, 2), keepdims=True)
    spread = np.ptp(payoffs, axis=(1, 2), keepdims=True)
    unit = (payoffs - low) / np.where(spread > 0, spread, 1.0)
    g, gain = np.ascontiguousarray(unit.reshape(2, -1).T), gains(unit)
    slack = max(slack, 2e-16 / (1 - delta))
    box = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    outer, taken = fall(g, gain, delta, slack, STILL * (1 - delta), box, 4, steps)
    if len(outer) == 0:
        return outer, outer, taken
    inner, more = fall(g, gain, delta, -slack, slack * (1 - delta) / 4, outer, len(outer), steps)
    return outer, inner, taken + more


def between(one, other):
    """Hausdorff distance of two polygons given by vertices (V, 2)."""
    one, other = (np.ascontiguousarray(poly, dtype=np.float64).reshape(-1, 2) for poly in (one, other))
    return float(apart(one, len(one), other, len(other)))
