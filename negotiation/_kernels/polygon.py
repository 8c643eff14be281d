"""Plane geometry without tolerances: exact orientation, convex hull, distance.

Points are separate arrays x, y (n,); a polygon lists its vertices counter-clockwise from the lowest x (then lowest y),
without repeated or collinear points: one vertex is a point, two are a segment, none is empty. The sign of a turn is
exact for all doubles whose products neither overflow nor underflow: a floating-point filter, then an exact sum of the
products (Shewchuk 1997). A tolerance in its place drops true vertices on nearly vertical edges.
"""

import numpy as np

from negotiation._kernels.compiled import kernel, lean

FILTER = 3.3306690738754716e-16  # (3 + 16 u) u with u = 2^-53: error of the determinant (Shewchuk 1997, figure 21)
SPLIT = 134217729.0  # 2^27 + 1, Veltkamp's constant


@lean
def product_tail(a, b, p):
    """Return the rounding error a*b - p of p = fl(a*b), exactly (Dekker 1971)."""
    t = SPLIT * a
    a_high = t - (t - a)
    t = SPLIT * b
    b_high = t - (t - b)
    a_low, b_low = a - a_high, b - b_high
    return a_low * b_low - (((p - a_high * b_high) - a_low * b_high) - a_high * b_low)


@kernel
def exact_sign(ax, ay, bx, by, cx, cy):
    """Return the sign of (a - c) x (b - c) from the exact sum of its six products."""
    left = (ax, bx, cx, -ay, -by, -cy)
    right = (by, cy, ay, bx, cx, ax)
    parts = np.zeros(12)  # a nonoverlapping expansion, smallest part first
    count = 0
    for k in range(6):
        p = left[k] * right[k]
        for term in (product_tail(left[k], right[k], p), p):
            carry = term
            for m in range(count):
                total = carry + parts[m]
                back = total - carry
                parts[m] = (carry - (total - back)) + (parts[m] - back)
                carry = total
            parts[count] = carry
            count += 1
    for k in range(11, -1, -1):
        if parts[k] != 0.0:
            return 1 if parts[k] > 0.0 else -1
    return 0


@lean
def turn(ax, ay, bx, by, cx, cy):
    """Return 1 if a, b, c turn left, -1 if they turn right, 0 if they are exactly collinear."""
    left = (ax - cx) * (by - cy)
    right = (ay - cy) * (bx - cx)
    area = left - right
    error = FILTER * (abs(left) + abs(right))
    if area > error:
        return 1
    if -area > error:
        return -1
    if left == 0.0 and right == 0.0:
        return 0
    return exact_sign(ax, ay, bx, by, cx, cy)


@lean
def insert_sorted(x, y, order, count, gap):
    """Sort each sequence of every gap-th of the indices order[:count] by x, then y, then index, by insertion."""
    for k in range(gap, count):
        point = order[k]
        px, py = x[point], y[point]
        m = k
        while m >= gap:
            other = order[m - gap]
            ox, oy = x[other], y[other]
            if ox < px or (ox == px and (oy < py or (oy == py and other < point))):
                break
            order[m] = other
            m -= gap
        order[m] = point


@lean
def sort_points(x, y, order, count):
    """Sort the indices order[:count] by x, then y, then index (Shell 1959, gaps of Ciura 2001)."""
    for gap in (1750, 701, 301, 132, 57, 23, 10, 4, 1):
        insert_sorted(x, y, order, count, gap)


@lean
def extend_chain(x, y, chain, size, floor, p):
    """Append point p to a chain that turns left, of which the first `floor` points stay; return its new size."""
    if size > 0 and x[p] == x[chain[size - 1]] and y[p] == y[chain[size - 1]]:
        return size
    while size > floor:
        a, b = chain[size - 2], chain[size - 1]
        if turn(x[a], y[a], x[b], y[b], x[p], y[p]) > 0:
            break
        size -= 1
    chain[size] = p
    return size + 1


@lean
def hull(x, y, order, count, chain):
    """Write the hull of the points order[:count] (sorted) into chain and return its size (Andrew 1979)."""
    if count == 0:
        return 0
    size, floor = np.int64(0), np.int64(1)
    for k in range(count):  # lower chain
        size = extend_chain(x, y, chain, size, floor, order[k])
    if size == 1:
        return 1
    floor = size
    for k in range(count - 2, -1, -1):  # upper chain
        size = extend_chain(x, y, chain, size, floor, order[k])
    return size - 1  # the first point closes the upper chain


@lean
def distance(px, py, w, count):
    """Return the Euclidean distance of a point from the polygon w (2, room) with `count` > 0 vertices."""
    inside = count > 2
    least = np.inf
    for k in range(count):
        m = k + 1 if k + 1 < count else 0
        ax, ay = w[0, m] - w[0, k], w[1, m] - w[1, k]
        dx, dy = px - w[0, k], py - w[1, k]
        across = ax * dy - ay * dx
        if across < 0.0:
            inside = False
        along, length = ax * dx + ay * dy, ax * ax + ay * ay
        if along <= 0.0:
            square = dx * dx + dy * dy
        elif along >= length:
            square = (px - w[0, m]) ** 2 + (py - w[1, m]) ** 2
        else:
            square = across * across / length
        least = min(least, square)
    return 0.0 if inside else np.sqrt(least)


@lean
def nearest(px, py, w, count):
    """Return the point (x, y) of the polygon w (2, room) with `count` > 0 vertices that is nearest to p."""
    inside, least, x, y = count > 2, np.inf, px, py
    for k in range(count):
        m = k + 1 if k + 1 < count else 0
        ax, ay = w[0, m] - w[0, k], w[1, m] - w[1, k]
        dx, dy = px - w[0, k], py - w[1, k]
        if ax * dy - ay * dx < 0.0:
            inside = False
        length = ax * ax + ay * ay
        share = min(max((ax * dx + ay * dy) / length, 0.0), 1.0) if length > 0.0 else 0.0
        qx, qy = w[0, k] + share * ax, w[1, k] + share * ay
        square = (px - qx) ** 2 + (py - qy) ** 2
        if square < least:
            least, x, y = square, qx, qy
    return (px, py) if inside else (x, y)


@lean
def excess(w, count, other, size):
    """Return how far polygon w reaches outside polygon `other` (one-sided Hausdorff distance)."""
    most = 0.0
    for k in range(count):
        most = max(most, distance(w[0, k], w[1, k], other, size))
    return most


@lean
def support(d0, d1, w, count):
    """Return max d.v over the vertices of a polygon, minus infinity when there is none."""
    most = -np.inf
    for k in range(count):
        most = max(most, d0 * w[0, k] + d1 * w[1, k])
    return most


@lean
def clip(d0, d1, level, w, count, out):
    """Write the part of polygon w with d.v <= level into out; return its size (Sutherland, Hodgman 1974)."""
    size = 0
    for k in range(count):
        m = k + 1 if k + 1 < count else 0
        here = d0 * w[0, k] + d1 * w[1, k] - level
        there = d0 * w[0, m] + d1 * w[1, m] - level
        if here <= 0.0:
            out[0, size], out[1, size] = w[0, k], w[1, k]
            size += 1
        if (here < 0.0 < there) or (there < 0.0 < here):
            share = here / (here - there)
            out[0, size] = w[0, k] + share * (w[0, m] - w[0, k])
            out[1, size] = w[1, k] + share * (w[1, m] - w[1, k])
            size += 1
    return size
