"""A plain, slow checker of sets and shares in fractions, written from docs/certificates.md alone, for the tests.

It shares nothing with `negotiation.verify`: no scaled integers, no rounding, half-planes paired by brute force.
"""

import json
from fractions import Fraction
from itertools import pairwise, product

STEP = 2**50


def F(value):
    if isinstance(value, str) and "x" in value:
        above, _, below = value.partition("/")
        return Fraction(int(above, 16), int(below or "1", 16))
    return Fraction(value)


class Plain:
    """The game of a certificate in normalised payoffs: dictionaries by state and profile."""

    def __init__(self, data):
        game = data["game"]
        offset, scale = ([F(x) for x in data["normalised"][key]] for key in ("offset", "scale"))
        self.delta = F(game["discount"])
        self.states = game["states"]
        self.profiles = [list(product(*(range(len(options)) for options in s["actions"]))) for s in self.states]
        self.g, self.rho = [], []
        for state, profiles in zip(self.states, self.profiles, strict=True):
            rows = state["payoffs"]
            self.g.append(
                {a: [(F(rows[i][at]) - offset[i]) / scale[i] for i in range(2)] for at, a in enumerate(profiles)}
            )
            self.rho.append({a: [F(x) for x in state["likelihood"][at]] for at, a in enumerate(profiles)})
            assert all(sum(row) == 1 and min(row) >= 0 for row in self.rho[-1].values())

    def deviations(self, s, a):
        for i in range(2):
            for other in range(len(self.states[s]["actions"][i])):
                if other != a[i]:
                    yield i, other, ((other, a[1]) if i == 0 else (a[0], other))


def check(data):
    """Raise AssertionError at the first condition that fails."""
    data = json.loads(json.dumps(data))
    if data["claim"] == "every share":
        check_shares(data)
    if data.get("inner") is not None:
        check_inner(Plain(data), data["inner"])
    if data.get("outer") is not None:
        check_outer(Plain(data), data["outer"])


def check_inner(plain, states):
    vertices = [[[F(x) for x in v] for v in state["vertices"]] for state in states]
    for s, state in enumerate(states):
        following, made = plain.states[s]["next_state"], []
        for entry in state["generated"]:
            a = tuple(entry["profile"])
            after = []
            for y, lottery in enumerate(entry["continuation"]):
                weights = [(m, F(w)) for m, w in lottery]
                assert sum(w for _, w in weights) == 1
                assert all(w >= 0 for _, w in weights)
                into = vertices[following[y]]
                after.append([sum(w * into[m][i] for m, w in weights) for i in range(2)])
            value = [
                (1 - plain.delta) * plain.g[s][a][i]
                + plain.delta * sum(r * w[i] for r, w in zip(plain.rho[s][a], after, strict=True))
                for i in range(2)
            ]
            for i, _, b in plain.deviations(s, a):
                then = [w[i] for w in after]
                if i in plain.states[s]["observed"]:
                    then = [vertices[into][states[into]["worst"][i]][i] for into in following]
                gain = (1 - plain.delta) * plain.g[s][b][i] + plain.delta * sum(
                    r * w for r, w in zip(plain.rho[s][b], then, strict=True)
                )
                assert value[i] >= gain, f"state {s}, profile {a}: player {i} gains"
            made.append(value)
        for v, held in zip(vertices[s], state["holders"], strict=True):
            assert inside(v, [made[h] for h in held]), f"state {s}: a vertex is not generated"


def inside(v, points):
    """Whether v is a convex combination of one to three points, by solving for the weights."""
    if len(points) == 1:
        return v == points[0]
    if len(points) == 2:
        (a, b) = points
        for i in range(2):
            if a[i] != b[i]:
                share = (v[i] - a[i]) / (b[i] - a[i])
                return 0 <= share <= 1 and all(v[k] == a[k] + share * (b[k] - a[k]) for k in range(2))
        return v == a
    a, b, c = points
    area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    if area == 0:
        return inside(v, [a, b]) or inside(v, [b, c]) or inside(v, [a, c])
    two = ((v[0] - a[0]) * (c[1] - a[1]) - (v[1] - a[1]) * (c[0] - a[0])) / area
    three = ((b[0] - a[0]) * (v[1] - a[1]) - (b[1] - a[1]) * (v[0] - a[0])) / area
    return two >= 0 and three >= 0 and two + three <= 1


def cross(a, b):
    return a[0] * b[1] - a[1] * b[0]


class Planes:
    """Supports of half-planes x v_0 + y v_1 <= level - t down from pairs with none in between; value and slope in t."""

    def __init__(self, outer, sides, level, down):
        by_state, self.neighbours = {}, {}
        for j in sides:
            s, x, y = outer["directions"][j]
            by_state.setdefault(s, []).append((x, y, F(level[j]) / STEP, F(down[j]) / STEP if down else F(0)))
        for s, lines in by_state.items():
            self.neighbours[s] = [
                (a, b)
                for a, b in product(lines, lines)
                if cross(a, b) > 0 and not any(cross(a, c) > 0 and cross(c, b) > 0 for c in lines)
            ]

    def pairs(self, s, d):
        """Return the bounds (value, slope) of the neighbouring pairs that enclose d."""
        found = []
        for a, b in self.neighbours[s]:
            mu, nu = cross(d, b) * STEP / cross(a, b), cross(a, d) * STEP / cross(a, b)
            if mu >= 0 and nu >= 0:
                found.append((mu * a[2] + nu * b[2], -(mu * a[3] + nu * b[3])))
        return found

    def support(self, s, d):
        if d == (0, 0):
            return F(0), F(0)
        return min(self.pairs(s, d))


def programme(plain, planes, s, a, lam, eta):
    """Return F(eta) as (value, slope)."""
    weight = {(i, b): F(w) / STEP for i, b, w in eta}
    total = (1 - plain.delta) * sum(x * g for x, g in zip(lam, plain.g[s][a], strict=True))
    slope, following = F(0), plain.states[s]["next_state"]
    wanted = [[into, [r * lam[0], r * lam[1]]] for into, r in zip(following, plain.rho[s][a], strict=True)]
    ahead = list(wanted)
    for i, other, b in plain.deviations(s, a):
        x = weight.get((i, other), F(0))
        total -= (1 - plain.delta) * x * (plain.g[s][b][i] - plain.g[s][a][i])
        for y, r in enumerate(plain.rho[s][b]):
            ahead[y][1][i] += x * plain.rho[s][a][y]
            if i in plain.states[s]["observed"]:
                wanted.append([following[y], [-x * r * (1 - i), -x * r * i]])
            else:
                ahead[y][1][i] -= x * r
    for into, d in wanted:
        value, tilt = planes.support(into, tuple(d))
        total, slope = total + plain.delta * value, slope + plain.delta * tilt
    return total, slope


def ruled_out(plain, places):
    """Raise AssertionError unless the loss of each profile exceeds what the profiles left can make good."""
    left = {(s, at): v for s, g in enumerate(plain.g) for at, v in enumerate(g.values())}
    best = {}
    for s, at in left:
        a = plain.profiles[s][at]
        best[s, at] = [
            max([left[s, at][i], *(plain.g[s][b][i] for who, _, b in plain.deviations(s, a) if who == i)])
            for i in range(2)
        ]
    for key in map(tuple, places):
        room = [max(v[i] for v in left.values()) - min(best[k][i] for k in left) for i in range(2)]
        loss = [best[key][i] - left[key][i] for i in range(2)]
        assert any((1 - plain.delta) * loss[i] > plain.delta * room[i] for i in range(2))
        del left[key]
    return set(map(tuple, places))


def check_outer(plain, outer):
    """Raise AssertionError at the first condition that fails; states with no profile left are empty (one state)."""
    lines, gone = outer["directions"], ruled_out(plain, outer.get("ruled_out", []))
    held = list(outer["first"])
    for (_, x, y), level in zip(lines, held, strict=True):
        for s, g in enumerate(plain.g):
            assert all(x * v[0] + y * v[1] <= level for at, v in enumerate(g.values()) if (s, at) not in gone)
    for link in outer["links"]:
        before = Planes(outer, link["sides"], held, None)
        for (s, x, y), level, proven in zip(lines, link["level"], held, strict=True):
            assert level >= proven or min(before.pairs(s, (F(x), F(y))))[0] <= level
        base = Planes(outer, link["sides"], link["level"], link["down"])
        length, ruled = F(link["length"]) / STEP, {}
        for proof in link["proofs"]:
            at = F(proof["at"]) / STEP
            level = [
                c - (at * d if link["down"] else 0) for c, d in zip(link["level"], link["down"] or held, strict=True)
            ]
            planes = Planes(outer, proof.get("sides", link["sides"]), level, None)
            for s, number, eta in proof["unenforceable"]:
                assert programme(plain, planes, s, plain.profiles[s][number], (F(0), F(0)), eta)[0] < 0
                ruled[s, number] = min(at, ruled.get((s, number), at))
        gone |= {key for key, at in ruled.items() if link["down"] is None or at == 0}
        for j, (s, x, y) in enumerate(lines):
            lam = (F(x) / STEP, F(y) / STEP)
            for number, a in enumerate(plain.profiles[s]):
                if (s, number) in gone:
                    continue
                bounds = []
                for proof in link["proofs"]:
                    named = [eta for k, p, eta in proof["multipliers"] if (k, p) == (j, number)]
                    bounds.append(programme(plain, base, s, a, lam, named[0] if named else []))
                if link["down"] is None:
                    assert min(bounds)[0] <= F(link["reached"][j]) / STEP, (j, a)
                else:
                    level, down = F(link["level"][j]) / STEP, F(link["down"][j]) / STEP
                    assert covers(bounds, ruled.get((s, number)), level, down, length), (j, a)
        gone |= {key for key, at in ruled.items() if at <= length or link["down"] is None}
        if link["down"] is not None:
            assert min(link["down"]) >= 0
            for c, d, end in zip(link["level"], link["down"], link["reached"], strict=True):
                assert F(c) - length * d <= end
        held = [c if end is None else min(c, end) for c, end in zip(held, link["reached"], strict=True)]
        empty = {s for s, profiles in enumerate(plain.profiles) if all((s, a) in gone for a in range(len(profiles)))}
        for three in link["void"]:
            contradict([lines[j] for j in three], [held[j] for j in three])
            empty.add(lines[three[0]][0])
            gone |= {(lines[three[0]][0], a) for a in range(len(plain.profiles[lines[three[0]][0]]))}
        assert all(end is not None or s in empty for (s, _, _), end in zip(lines, link["reached"], strict=True))
    return [F(c) / STEP for c in held], gone


def contradict(lines, levels):
    """Positive weights on three half-planes add up to 0 <= something negative."""
    (s, ax, ay), (t, bx, by), (u, cx, cy) = lines
    assert s == t == u
    weights = (bx * cy - by * cx, cx * ay - cy * ax, ax * by - ay * bx)
    assert min(weights) >= 0
    assert sum(w * c for w, c in zip(weights, levels, strict=True)) < 0


def covers(bounds, ruled, level, down, length):
    """Whether at every t in [0, length) a bound lies strictly below level - t down: tried between all crossings."""
    crossings = {F(0), length}
    for value, slope in bounds:
        tilt = slope + down
        if tilt:
            crossings.add((level - value) / tilt)
    if ruled is not None:
        crossings.add(ruled)
    marks = sorted(t for t in crossings if 0 <= t <= length)
    tried = marks[:-1] + [(a + b) / 2 for a, b in pairwise(marks)]
    for t in tried:
        room = [level - t * down - (value + t * slope) for value, slope in bounds]
        good = max(room) > 0 or (down == 0 and max(room) >= 0)
        if not (good or (ruled is not None and t >= ruled)):
            return False
    return True


def check_shares(data):
    """Bounds on what any share gains, as the lower of two lines at the ends of each cell and where they cross."""
    (stage,), delta, values = data["game"]["states"], F(data["game"]["discount"]), [F(x) for x in data["values"]]
    columns, states = len(stage["actions"][1]), data["automaton"]["states"]
    pieces = data["pieces"]
    assert pieces[0]["shares"] == ["0"]
    covered = F(0)
    for piece in pieces:
        shares = [F(x) for x in piece["shares"]]
        assert shares[0] == covered
        assert all(one < other for one, other in pairwise(shares))
        covered = shares[-1]
    assert covered == 1
    for w, state in enumerate(states):
        row, column = state["profile"]
        here = row * columns + column
        rho = [[F(x) for x in stage["likelihood"][row * columns + x]] for x in range(columns)]
        after = [sum(F(p) * values[to] for to, p in lottery) for lottery in state["after"]]
        extra = [F(x) for x in state["adjustments"][1]] if state["adjustments"] else [F(0)] * len(stage["likelihood"])
        flow = F(stage["payoffs"][1][here]) + extra[here]
        assert values[w] == (1 - delta) * flow + delta * sum(p * v for p, v in zip(rho[column], after, strict=True))
        charges, bound = [F(x) for x in data["charges"][w]], F(data["bounds"][w])
        due = [
            extra[row * columns + x] + sum(p * c for p, c in zip(rho[x], charges, strict=True)) for x in range(columns)
        ]
        assert max(due) - min(due) <= 2 * F(data["tolerance"])
        assert bound <= F(data["tolerance"])
        worth = [delta / (1 - delta) * v - c for v, c in zip(after, charges, strict=True)]
        base = F(stage["payoffs"][1][here]) + sum(p * v for p, v in zip(rho[column], worth, strict=True)) - worth[-1]
        steps, place = [one - other for one, other in pairwise(worth)], data["rows"].index(row)

        def most(payoffs, cumulative, steps=steps, place=place, side=1):
            ends = [payoffs[place][side] * F(1)]
            ends += [step * pair[side if step > 0 else 1 - side] for step, pair in zip(steps, cumulative, strict=True)]
            return sum(ends) / STEP

        for piece in pieces:
            tops = [most(*each) - base for each in zip(piece["payoffs"], piece["cumulative"], strict=True)]
            slopes = list(zip(piece["payoff_slopes"], piece["cumulative_slopes"], strict=True))
            assert len(tops) > 1 or tops[0] <= bound
            for n, (one, other) in enumerate(pairwise(F(x) for x in piece["shares"])):
                high, low, width = most(*slopes[n]), most(*slopes[n], side=0), other - one
                crossing = (tops[n + 1] - low * width - tops[n]) / (high - low) if high > low else F(0)
                for t in (F(0), width, min(max(crossing, F(0)), width)):
                    assert min(tops[n] + high * t, tops[n + 1] - low * (width - t)) <= bound, (state["name"], one, t)
