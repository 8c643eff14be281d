"""One step of the operator for perfect monitoring, two players: the points that every profile can generate.

The largest self-generating set V is bounded from outside by polygons W. With threats u (lower bounds of the worst
equilibrium payoffs), profile a needs a continuation w >= c(a) = u + (1 - delta)/delta h(a), where h is the largest
one-period gain from a deviation; at most four points a profile matter (Abreu, Sannikov 2014). Three shortcuts let the
step converge in a handful of iterations at any discount factor (proofs: docs/solver-perfect.md): w is sought in
co(K + g(a)), K being what the OTHER profiles generated; where player i's condition binds the threat rises to the
best-reply payoff b_i(a) at once; no threat lies below the smallest b_i among the profiles still possible.

Arrays: game = (g, kh, b, fixed, delta): g, kh, b (2, P) payoffs, (1 - delta)/delta h, best-reply payoffs; fixed (2, F)
payoffs that are always available (static equilibria). state = (live, u, w, mark, size): live (P,) profiles still
possible, u (2,), w (2, room) the polygon, mark (room,) the tag of each vertex, size = (live profiles, vertices,
points). cloud = (points, tag, order): points (2, room), tag = 8 profile + kind (-8: no profile), order by x, y, followed by the
vertices of the polygon. spare, scratch memory: 0 a polygon (2, room), 1 points (room,), 2 a hull (room,), 3 the polygon of
the step before, 4 pairs (6, 2), 5 flags (room,), false between calls. `relax` loosens every condition with a positive gain (tightens it when negative): rounding cannot turn an outer
step into an inner one.
"""

import numpy as np

from negotiation._kernels.compiled import lean
from negotiation._kernels.polygon import excess, hull, insert_sorted, sort_points

ALONE = 0  # the payoff of the profile itself, played for ever
CORNER = 1  # both conditions bind
LOW = 2  # LOW + 2 i: condition i binds, lower end of the chord; LOW + 2 i + 1: upper end
LIVE, CORNERS, POINTS = 0, 1, 2  # entries of `size`


@lean
def chord(i, c, gi, gj, w, count):
    """Cut co(w + g), g_i < c, by the line v_i = c; return the lower and the upper end (infinite if there is none)."""
    j = 1 - i
    low, high = np.inf, -np.inf
    steep, flat = -np.inf, np.inf
    for k in range(count):
        m = k + 1 if k + 1 < count else 0
        abscissa, over = w[i, k], w[j, k]
        if abscissa >= c:
            slope = (over - gj) / (abscissa - gi)
            steep, flat = max(steep, slope), min(flat, slope)
        if (abscissa < c) != (w[i, m] < c):
            over += (w[j, m] - over) * ((c - abscissa) / (w[i, m] - abscissa))
            low, high = min(low, over), max(high, over)
    if steep > -np.inf:
        low, high = min(low, gj + flat * (c - gi)), max(high, gj + steep * (c - gi))
    return low, high


@lean
def ends(i, a, c, v, value, game, w, count, cloud, made, least):
    """Add the ends of profile a's chord on line i; return the number of points."""
    g, delta = game[0], game[4]
    points, tag = cloud[0], cloud[1]
    j = 1 - i
    low, high = chord(i, c[i], g[i, a], g[j, a], w, count)
    if high < c[j]:
        return made
    least[i] = min(least[i], value[i])
    points[i, made], points[j, made] = v[i], (1.0 - delta) * g[j, a] + delta * high
    tag[made] = 8 * a + LOW + 2 * i + 1
    points[i, made + 1] = v[i]
    if low > c[j]:
        points[j, made + 1] = (1.0 - delta) * g[j, a] + delta * low
        tag[made + 1] = 8 * a + LOW + 2 * i
        least[j] = min(least[j], points[j, made + 1])
    else:
        points[j, made + 1] = v[j]
        tag[made + 1] = 8 * a + CORNER
        least[j] = min(least[j], value[j])
    return made + 2


@lean
def beside(a, p, q, cloud, made, wanted):
    """Mark as wanted the points to the right of the line from p to q (all, if p = q) that profile a did not make."""
    points, tag, _ = cloud
    px, py = points[0, p], points[1, p]
    dx, dy = points[0, q] - px, points[1, q] - py
    for t in range(made):
        if tag[t] // 8 != a and (p == q or dx * (points[1, t] - py) < dy * (points[0, t] - px)):
            wanted[t] = True


@lean
def without(a, cloud, made, corners, spare):
    """Write the hull of the points that other profiles generated into spare = (w, some, ring, ...); return its size.

    It differs from the hull of all points only where a vertex of profile a is gone. Points are taken in the sorted
    order of the cloud; `wanted` (the last of `spare`) is false throughout before and after.
    """
    points, tag, order = cloud
    w, some, ring, wanted = spare[0], spare[1], spare[2], spare[5]
    left, p = np.int64(0), np.int64(0)
    for k in range(corners):
        if tag[order[made + k]] // 8 != a:
            wanted[order[made + k]] = True
            left += 1
    if left == 0:
        beside(a, p, p, cloud, made, wanted)
    elif left < corners:
        for k in range(corners):
            after = k + 1 if k + 1 < corners else 0
            if tag[order[made + k]] // 8 != a and tag[order[made + after]] // 8 == a:
                while tag[order[made + after]] // 8 == a:
                    after = after + 1 if after + 1 < corners else 0
                beside(a, order[made + k], order[made + after], cloud, made, wanted)
    count = np.int64(0)
    for k in range(made):
        if wanted[order[k]]:
            some[count], wanted[order[k]] = order[k], False
            count += 1
    count = hull(points[0], points[1], some, count, ring)
    for k in range(count):
        w[0, k], w[1, k] = points[0, ring[k]], points[1, ring[k]]
    return count


@lean
def generate(game, state, old, new, relax, spare, least):
    """Write every profile's points into `new` and drop for good the profiles that w cannot make worth playing.

    Returns their number; `least` (2,) becomes the threats that they justify.
    """
    g, kh, b, fixed, delta = game
    live, u, w, mark, size = state
    points, tag, _ = new
    made, living, count = np.int64(0), 0, size[CORNERS]
    small = spare[4]
    c, v, value, top, best = small[0], small[1], small[2], small[3], small[4]
    top[0], top[1], best[0], best[1] = -np.inf, -np.inf, np.inf, np.inf
    least[0], least[1] = np.inf, np.inf
    later = max(0.0, -relax) * delta / (1.0 - delta)  # what tightening adds to b_i in the end
    for k in range(count):
        top[0], top[1] = max(top[0], w[0, k]), max(top[1], w[1, k])
    for k in range(fixed.shape[1]):
        for i in range(2):
            points[i, made] = fixed[i, k]
            least[i], best[i] = min(least[i], fixed[i, k]), min(best[i], fixed[i, k])
        tag[made] = -8
        made += 1
    for k in range(size[LIVE]):
        a = live[k]
        for i in range(2):
            slack = relax if kh[i, a] > 0.0 else 0.0
            c[i] = u[i] + kh[i, a] - slack if kh[i, a] > 0.0 or relax > 0.0 else -np.inf
            v[i] = (1.0 - delta) * b[i, a] + delta * (u[i] - slack)
            value[i] = max(v[i], b[i, a] + (later if slack < 0.0 else 0.0))
        if c[0] > top[0] or c[1] > top[1]:
            continue
        if g[0, a] >= c[0] and g[1, a] >= c[1]:
            points[0, made], points[1, made], tag[made] = g[0, a], g[1, a], 8 * a + ALONE
            least[0], least[1] = min(least[0], g[0, a]), min(least[1], g[1, a])
            made += 1
        else:
            other, corners = w, count
            for m in range(count):
                if mark[m] // 8 == a:
                    other, corners = spare[0], without(a, old, size[POINTS], count, spare)
                    break
            before = made
            for i in range(2):
                if g[i, a] < c[i]:
                    made = ends(i, a, c, v, value, game, other, corners, new, made, least)
            if made == before:
                continue
        for i in range(2):
            best[i] = min(best[i], b[i, a] + (later if kh[i, a] > 0.0 else 0.0))
        live[living] = a
        living += 1
    size[LIVE] = living
    least[0], least[1] = max(least[0], best[0]), max(least[1], best[1])
    return made


@lean
def close(state, cloud, made, again, spare):
    """Make the hull of the cloud the polygon of the state; return how far the old polygon reached outside it.

    again: 1 where `order` holds that of as many points from the step before, which hardly changes; 0 elsewhere.
    """
    _, _, w, mark, size = state
    points, tag, order = cloud
    new, ring = spare[0], spare[2]
    if again > 0:
        insert_sorted(points[0], points[1], order, made, np.int64(1))
    else:
        for k in range(made):
            order[k] = k
        sort_points(points[0], points[1], order, made)
    count = hull(points[0], points[1], order, made, ring)
    for k in range(count):
        new[0, k], new[1, k], mark[k] = points[0, ring[k]], points[1, ring[k]], tag[ring[k]]
    moved = excess(w, size[CORNERS], new, count) if count > 0 else np.inf
    for k in range(count):
        w[0, k], w[1, k], order[made + k] = new[0, k], new[1, k], ring[k]
    size[CORNERS], size[POINTS] = count, made
    return moved


@lean
def step(game, state, old, new, relax, spare, least):
    """Apply the operator once, reading cloud `old` and writing cloud `new`; return how far anything moved."""
    u = state[1]
    made = generate(game, state, old, new, relax, spare, least)
    again = np.int64(0)
    if made == state[4][POINTS]:
        again = np.int64(1)
        for k in range(made):
            new[2][k] = old[2][k]
    moved = close(state, new, made, again, spare)
    for i in range(2):
        moved = max(moved, least[i] - u[i])
        u[i] = max(u[i], least[i])
    return moved
