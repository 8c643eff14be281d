"""The operator for perfect monitoring in fractions, from its definition alone: is a polygon its own image?

B(W) = co of {(1 - delta) g(a) + delta w: w in W, w_i >= min W_i + (1 - delta)/delta (gain of i's best deviation at a)}.
"""


def best_gains(payoffs):
    """Gain of the best deviation of each player at each profile; payoffs[i][r][c]."""
    rows, columns = len(payoffs[0]), len(payoffs[0][0])
    first = [
        [max(payoffs[0][k][c] for k in range(rows)) - payoffs[0][r][c] for c in range(columns)] for r in range(rows)
    ]
    second = [[max(payoffs[1][r]) - payoffs[1][r][c] for c in range(columns)] for r in range(rows)]
    return first, second


def cut(polygon, axis, level):
    """Part of a polygon with coordinate `axis` >= level."""
    kept = []
    for p, q in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        if p[axis] >= level:
            kept.append(p)
        if (p[axis] >= level) != (q[axis] >= level):
            t = (level - p[axis]) / (q[axis] - p[axis])
            kept.append(tuple(x + t * (y - x) for x, y in zip(p, q, strict=True)))
    return kept


def corners(points):
    """Extreme points, counter-clockwise from the smallest."""
    points = sorted(set(points))
    if len(points) < 3:
        return points
    chain = []
    for half in (points, points[::-1]):
        own = []
        for r in half:
            while len(own) > 1:
                (ax, ay), (bx, by) = own[-2:]
                if (bx - ax) * (r[1] - ay) - (by - ay) * (r[0] - ax) > 0:
                    break
                own.pop()
            own.append(r)
        chain += own[:-1]
    return chain


def image(payoffs, delta, polygon):
    """B(polygon) in fractions."""
    first, second = best_gains(payoffs)
    worst = [min(v[i] for v in polygon) for i in (0, 1)]
    made = []
    for r, row in enumerate(first):
        for c, gain in enumerate(row):
            level = [worst[i] + (1 - delta) / delta * (gain, second[r][c])[i] for i in (0, 1)]
            here = payoffs[0][r][c], payoffs[1][r][c]
            after = cut(cut(polygon, 0, level[0]), 1, level[1])
            made += [tuple((1 - delta) * here[i] + delta * w[i] for i in (0, 1)) for w in after]
    return corners(made)
