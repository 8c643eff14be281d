"""A checker in fractions for the certificates of public sets, written from their description alone, for the tests."""

from fractions import Fraction

F = Fraction


class Exact:
    """The game, normalised, in fractions: payoffs g[s][a] (pairs), chances rho[s][a], observed players, successors."""

    def __init__(self, game, data):
        offset, scale = [F(x) for x in data["offset"]], [F(x) for x in data["scale"]]
        self.delta = game.exact_discount or F(game.discount)
        self.next = game.next_state
        self.profiles, self.g, self.rho, self.seen = [], [], [], []
        for stage, monitoring in zip(game.stages, game.monitoring, strict=True):
            profiles = list(stage.profiles())
            self.profiles.append(profiles)
            self.g.append({a: [(F(stage.payoffs[(i, *a)]) - offset[i]) / scale[i] for i in range(2)] for a in profiles})
            rows = {a: [F(x) for x in monitoring.likelihood[a]] for a in profiles}
            self.rho.append({a: [x / sum(row) for x in row] for a, row in rows.items()})
            self.seen.append(monitoring.observed)

    def deviations(self, s, a):
        size = [1 + max(b[i] for b in self.profiles[s]) for i in range(2)]
        for i in range(2):
            for other in range(size[i]):
                if other != a[i]:
                    yield i, other, ((other, a[1]) if i == 0 else (a[0], other))


def check_inner(game, data):
    """Raise AssertionError at the first condition of the inner certificate that fails; return the number checked."""
    exact, states, checked = Exact(game, data), data["inner"], 0
    vertices = [[[F(x) for x in v] for v in state["vertices"]] for state in states]
    for s, state in enumerate(states):
        made = []
        for entry in state["generated"]:
            a = tuple(entry["profile"])
            after = []
            for y, lottery in enumerate(entry["continuation"]):
                weights = [(m, F(w)) for m, w in lottery]
                assert sum(w for _, w in weights) == 1
                assert all(w >= 0 for _, w in weights)
                into = vertices[exact.next[s, y]]
                after.append([sum(w * into[m][i] for m, w in weights) for i in range(2)])
            rho, delta = exact.rho[s][a], exact.delta
            value = [
                (1 - delta) * exact.g[s][a][i] + delta * sum(r * w[i] for r, w in zip(rho, after, strict=True))
                for i in range(2)
            ]
            for i, _, b in exact.deviations(s, a):
                if i in exact.seen[s]:
                    other = [
                        vertices[exact.next[s, y]][states[exact.next[s, y]]["worst"][i]][i] for y in range(len(rho))
                    ]
                else:
                    other = [w[i] for w in after]
                gain = (1 - delta) * exact.g[s][b][i] + delta * sum(
                    r * w for r, w in zip(exact.rho[s][b], other, strict=True)
                )
                assert value[i] >= gain, f"state {s}, profile {a}: player {i} gains {float(gain - value[i]):.3g}"
                checked += 1
            made.append(value)
        for v, held in zip(vertices[s], state["holders"], strict=True):
            assert inside(v, [made[h] for h in held]), f"state {s}: a vertex is not generated"
            checked += 1
    return checked


def inside(v, points):
    """Whether v lies in the hull of one, two or three points."""
    if len(points) == 1:
        return v == points[0]
    if len(points) == 2:
        points = [points[0], points[1], points[1]]
    a, b, c = points
    signs = [(q[0] - p[0]) * (v[1] - p[1]) - (q[1] - p[1]) * (v[0] - p[0]) for p, q in ((a, b), (b, c), (c, a))]
    box = all(min(p[i] for p in points) <= v[i] <= max(p[i] for p in points) for i in range(2))
    return box and (all(x >= 0 for x in signs) or all(x <= 0 for x in signs))


class Bounds:
    """Supports of {v : lam_j.v <= level_j - t down_j} as affine functions of t, by neighbouring directions."""

    def __init__(self, directions, level, down):
        self.lines = {}
        for j, entry in enumerate(directions):
            lam = tuple(F(x) for x in entry["direction"])
            self.lines.setdefault(entry["state"], []).append((lam, F(level[j]), F(down[j]) if down else F(0)))
        self.sides = {s: self._sides(lines) for s, lines in self.lines.items()}

    def _sides(self, lines):
        """Return the pairs of lines that meet in a corner of the polygon at t = 0."""
        corners = []
        for i, (a, ha, _) in enumerate(lines):
            low, high, ends = None, None, [None, None]  # where the other lines cut this one, along (-a1, a0)
            for k, (b, hb, _) in enumerate(lines):
                cross = a[0] * b[1] - a[1] * b[0]
                if i != k and cross:
                    at = (hb - ha * (a[0] * b[0] + a[1] * b[1]) / (a[0] ** 2 + a[1] ** 2)) / cross
                    if cross > 0 and (high is None or at < high):
                        high, ends[1] = at, k
                    if cross < 0 and (low is None or at > low):
                        low, ends[0] = at, k
            if low is not None and high is not None and low <= high:
                corners += [(ends[0], i), (i, ends[1])]
        return list(dict.fromkeys(corners))

    def support(self, s, d):
        """Return (value, slope) of the tightest bound on d.v at t = 0."""
        if d == (0, 0):
            return F(0), F(0)
        best = None
        lines = self.lines[s]
        for i, k in self.sides[s]:
            (a, ha, da), (b, hb, db) = lines[i], lines[k]
            cross = a[0] * b[1] - a[1] * b[0]
            mu, nu = (d[0] * b[1] - d[1] * b[0]) / cross, (a[0] * d[1] - a[1] * d[0]) / cross
            if mu >= 0 and nu >= 0:
                found = (mu * ha + nu * hb, -(mu * da + nu * db))
                best = found if best is None or found[0] < best[0] else best
        assert best is not None, "no corner covers this direction"
        return best


def programme(exact, bounds, s, a, lam, multipliers):
    """Return (value, slope) in t of the dual bound of profile a in direction lam (lam = None: enforceability alone)."""
    delta, eta = exact.delta, {(int(i), int(b)): F(x) for i, b, x in multipliers}
    assert all(x >= 0 for x in eta.values())
    rho = exact.rho[s][a]
    lam_or_zero = lam or (F(0), F(0))
    total = (1 - delta) * sum(x * g for x, g in zip(lam_or_zero, exact.g[s][a], strict=True))
    slope = F(0)
    on_path = [[r * lam_or_zero[i] for i in range(2)] for r in rho]
    for i, other, b in exact.deviations(s, a):
        x = eta.get((i, other), F(0))
        if not x:
            continue
        total -= (1 - delta) * x * (exact.g[s][b][i] - exact.g[s][a][i])
        for y, r in enumerate(exact.rho[s][b]):
            on_path[y][i] += x * rho[y]
            if i in exact.seen[s]:
                low = [F(0), F(0)]
                low[i] = -x * r
                value, tilt = bounds.support(exact.next[s, y], tuple(low))
                total, slope = total + delta * value, slope + delta * tilt
            else:
                on_path[y][i] -= x * r
    for y, d in enumerate(on_path):
        value, tilt = bounds.support(exact.next[s, y], tuple(d))
        total, slope = total + delta * value, slope + delta * tilt
    return total, slope


def check_outer(game, data):
    """Raise AssertionError at the first condition of the outer certificate that fails; return the final levels."""
    exact, outer = Exact(game, data), data["outer"]
    directions = outer["directions"]
    lam = [tuple(F(x) for x in entry["direction"]) for entry in directions]
    held = [F(x) for x in outer["first"]]
    for j in range(len(lam)):
        for payoffs in exact.g:
            assert all(sum(x * g for x, g in zip(lam[j], v, strict=True)) <= held[j] for v in payoffs.values())
    for link in outer["links"]:
        level, down = [F(x) for x in link["level"]], link["down"] and [F(x) for x in link["down"]]
        before = Bounds(directions, held, None)
        for j, entry in enumerate(directions):  # what is proven so far lies within the link's start
            assert before.support(entry["state"], lam[j])[0] <= level[j]
        base = Bounds(directions, level, down)
        reached = [None if x is None else F(x) for x in link["reached"]]
        if down is not None:
            assert all(x >= 0 for x in down)
            for j in range(len(level)):
                assert level[j] - F(link["length"]) * down[j] <= reached[j]
        for j, entry in enumerate(directions):
            for number, a in enumerate(exact.profiles[entry["state"]]):
                covers = []
                for proof in link["proofs"]:
                    if gone(exact, directions, link, proof, entry["state"], number, a):
                        covers.append((F(proof["at"]), None))
                        continue
                    named = [m for k, p, m in proof["multipliers"] if k == j and p == number]
                    covers.append(programme(exact, base, entry["state"], a, lam[j], named[0] if named else []))
                assert covered(covers, level[j], down and down[j], F(link["length"]), reached[j]), (j, a)
        if any(x is None for x in reached):
            return None
        held = [min(x, y) for x, y in zip(held, reached, strict=True)]
    return held


def gone(exact, directions, link, proof, s, number, a):
    """Whether the proof shows that profile a cannot be enforced at its place on the link."""
    for entry in proof["unenforceable"]:
        if entry["state"] == s and entry["profile"] == number:
            at, down = F(proof["at"]), link["down"]
            levels = [F(x) - (at * F(down[j]) if down else 0) for j, x in enumerate(link["level"])]
            value, _ = programme(exact, Bounds(directions, levels, None), s, a, None, entry["multipliers"])
            return value < 0
    return deviation_never_deterred(exact, s, a)


def deviation_never_deterred(exact, s, a):
    """Whether some gainful deviation leaves every public outcome as likely as before."""
    return any(
        i not in exact.seen[s] and exact.rho[s][b] == exact.rho[s][a] and exact.g[s][b][i] > exact.g[s][a][i]
        for i, _, b in exact.deviations(s, a)
    )


def covered(covers, level, down, length, reached):
    """Whether the bounds (value, slope) hold on the whole link: at one point for a step, on [0, length] for a slide."""
    if down is None:
        return any(c[1] is None or (reached is not None and c[0] <= reached) for c in covers)
    spans = []
    for value, slope in covers:
        if slope is None:
            spans.append((value, None))
            continue
        excess, tilt = value - level, slope + down
        if down == 0 and excess <= 0 and tilt <= 0:
            spans.append((F(0), None))
        elif excess < 0:
            spans.append((F(0), None if tilt <= 0 else -excess / tilt))
        elif tilt < 0:
            spans.append((-excess / tilt, None))
    at = F(0)
    for start, end in sorted(spans, key=lambda span: span[0]):
        if start <= at:
            if end is None or end >= length:
                return True
            at = max(at, end)
    return at >= length
