"""How far, and in which direction, the vertices of polygons lie outside the convex hulls of points, state by state."""

import numpy as np

from negotiation._kernels.compiled import kernel, lean
from negotiation._kernels.polygon import hull, sort_points


@lean
def offset(dx, dy, ex, ey):
    """Return d minus the point of the segment from 0 to e that is nearest to it, and e x d: above 0 to the left."""
    length = ex * ex + ey * ey
    share = min(max((ex * dx + ey * dy) / length, 0.0), 1.0) if length > 0.0 else 0.0
    return dx - share * ex, dy - share * ey, ex * dy - ey * dx


@lean
def nearest(px, py, ring, count):
    """Return (distance, direction) of a point from a polygon with `count` > 0 vertices; zeros when it lies inside."""
    inside, least, ax, ay = count > 2, np.inf, 0.0, 0.0
    for k in range(count):
        m = k + 1 if k + 1 < count else 0
        dx, dy, across = offset(px - ring[0, k], py - ring[1, k], ring[0, m] - ring[0, k], ring[1, m] - ring[1, k])
        inside = inside and across >= 0.0
        if dx * dx + dy * dy < least:
            least, ax, ay = dx * dx + dy * dy, dx, dy
    if inside or least == 0.0:
        return 0.0, 0.0, 0.0
    size = np.sqrt(least)
    return size, ax / size, ay / size


@kernel
def sorted_hull(point, low, high):
    """Return x, y of the points low to high - 1, and a chain whose first `size` entries number their hull."""
    size = high - low
    x, y = point[low:high, 0].copy(), point[low:high, 1].copy()
    order, chain = np.arange(size), np.zeros(2 * size + 2, dtype=np.int64)
    sort_points(x, y, order, size)
    return x, y, chain, hull(x, y, order, size, chain)


@kernel
def outside(point, start, verts, counts):
    """Return (S, V) distances of the vertices from the hull of point[start[s]:start[s + 1]], and (S, V, 2) normals."""
    excess, normal = np.zeros(verts.shape[:2]), np.zeros(verts.shape)
    for s in range(len(counts)):
        x, y, chain, size = sorted_hull(point, start[s], start[s + 1])
        ring = np.empty((2, size))
        for k in range(size):
            ring[0, k], ring[1, k] = x[chain[k]], y[chain[k]]
        for m in range(counts[s]):
            excess[s, m], normal[s, m, 0], normal[s, m, 1] = nearest(verts[s, m, 0], verts[s, m, 1], ring, size)
    return excess, normal


@kernel
def hulls(point, start, verts, counts, owner):
    """Write the hull of each state's points into verts (S, V, 2), counts (S,), and the points' numbers into owner (S, V)."""
    for s in range(len(counts)):
        x, y, chain, counts[s] = sorted_hull(point, start[s], start[s + 1])
        for k in range(counts[s]):
            owner[s, k] = start[s] + chain[k]
            verts[s, k, 0], verts[s, k, 1] = x[chain[k]], y[chain[k]]


@lean
def slightest(verts, count, tolerance):
    """Return the vertex that is nearest to the chord of its neighbours, if nearer than `tolerance`, else -1.

    To the chord, not to the line through it: the tip of a sliver may lie on that line and stick out far.
    """
    least, place = tolerance, -1
    for m in range(count):
        a, b = m - 1 if m > 0 else count - 1, m + 1 if m + 1 < count else 0
        x, y = verts[a, 0], verts[a, 1]
        dx, dy, _ = offset(verts[m, 0] - x, verts[m, 1] - y, verts[b, 0] - x, verts[b, 1] - y)
        height = np.hypot(dx, dy)
        if height < least:
            least, place = height, m
    return place


@lean
def drop_redundant(verts, counts, owner, tolerance):
    """Leave out vertices within `tolerance` of the chord of their neighbours, one by one, in place."""
    for s in range(len(counts)):
        while counts[s] > 1:
            place = slightest(verts[s], counts[s], tolerance)
            if place < 0:
                break
            for m in range(place, counts[s] - 1):
                verts[s, m, 0], verts[s, m, 1], owner[s, m] = verts[s, m + 1, 0], verts[s, m + 1, 1], owner[s, m + 1]
            counts[s] -= 1
