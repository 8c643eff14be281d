"""Perfect monitoring in rational arithmetic: from a polygon in doubles to the exact set, where that is rational.

A vertex of the set is the payoff of a profile, or it binds an incentive condition: v_i = (1 - delta) b_i + delta u_i,
and its continuation w, w_i = c_i, lies on an edge of the set. The doubles say which profile, condition and edge; the
equations that follow are solved by Newton's method in fractions (one step where they are linear), and numbers of a
small denominator are recognised. Nothing here is trusted: `fixed_point_test` verifies the result.

Payoffs are measured from each player's smallest, in units of its range. Symbols as in `_kernels.perfect`: g payoffs, b
best-reply payoffs, kh = (1 - delta)/delta times the gain from the best deviation, u threats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from negotiation._time_limit import checkpoint
from negotiation.games.dynamic import DynamicGame, ratios
from negotiation.solve.exact.rationals import integer_multiple, solve_square

Point = tuple[Fraction, Fraction]
ALONE, CORNER, LOW = 0, 1, 2  # kinds of `_kernels.perfect`
BITS = (160, 320, 640)  # precision of successive Newton steps
SMALL = 1 << 200  # largest denominator that is recognised
RELAXED = Fraction(1, 1 << 20)  # how far conditions are relaxed to see which way the vertices move, of the payoff range
SAME_THREAT = 1e-9  # of the payoff range: vertices this near a player's worst payoff may be the threat
ON_EDGE = 1e-6  # of the payoff range: how near a continuation must lie to the edge that it is taken to lie on
FLAT_EDGE = 1e-9  # extent, of the payoff range, below which an edge does not cross a condition


@dataclass(frozen=True)
class ExactGame:
    """A repeated game in fractions: g, b, kh[i][a], fixed payoffs, delta, and the units low[i], scale[i]."""

    g: tuple[list[Fraction], list[Fraction]]
    b: tuple[list[Fraction], list[Fraction]]
    kh: tuple[list[Fraction], list[Fraction]]
    fixed: tuple[Point, ...]
    delta: Fraction
    low: Point
    scale: Point

    @property
    def n_profiles(self) -> int:
        """Number of profiles."""
        return len(self.g[0])

    def inside(self, point: Sequence[Fraction]) -> Point:
        """Return a payoff vector in units of the range."""
        return (point[0] - self.low[0]) / self.scale[0], (point[1] - self.low[1]) / self.scale[1]

    def outside(self, point: Point) -> Point:
        """Return a payoff vector in the units of the game."""
        return self.low[0] + self.scale[0] * point[0], self.low[1] + self.scale[1] * point[1]


def exact_game(game: DynamicGame, fixed: Sequence[Point] = ()) -> ExactGame:
    """Return the ratios of a one-state game, normalised; fixed: payoffs always available, in the game's units."""
    given = ratios(game)
    rows, columns = game.stages[0].shape
    low, scale, g, b, kh = [], [], [], [], []
    for i, numbers in enumerate(given.payoffs[0]):
        low.append(min(numbers))
        scale.append((max(numbers) - min(numbers)) or Fraction(1))
        g.append([(number - low[i]) / scale[i] for number in numbers])
        if i == 0:
            best = [max(g[0][c::columns]) for c in range(columns)]
            b.append([best[a % columns] for a in range(rows * columns)])
        else:
            best = [max(g[1][r * columns : (r + 1) * columns]) for r in range(rows)]
            b.append([best[a // columns] for a in range(rows * columns)])
        factor = (1 - given.discount) / given.discount
        kh.append([factor * (top - here) for top, here in zip(b[i], g[i], strict=True)])
    units = (low[0], low[1]), (scale[0], scale[1])
    plain = ExactGame((g[0], g[1]), (b[0], b[1]), (kh[0], kh[1]), (), given.discount, *units)
    points = tuple(plain.inside(point) for point in fixed)
    return ExactGame(plain.g, plain.b, plain.kh, points, plain.delta, plain.low, plain.scale)


@dataclass(frozen=True)
class Term:
    """A number constant + factor * unknown[at], at = -1: no unknown."""

    constant: Fraction
    factor: Fraction = Fraction(0)
    at: int = -1

    def value(self, unknown: Sequence[Fraction]) -> Fraction:
        """Return the number."""
        return self.constant if self.at < 0 else self.constant + self.factor * unknown[self.at]


@dataclass(frozen=True)
class Equation:
    """An unknown y = v_j at which player i's condition binds: the line through A and B, cut at w_i = c_i."""

    i: int
    constant: Fraction
    ends: tuple[tuple[Term, Term], tuple[Term, Term]]
    c: Term


def candidate_polygon(game: ExactGame, vertices: Sequence[Sequence[float]], marks: Sequence[int]) -> list[Point] | None:
    """Return the polygon that the structure of these vertices (normalised) determines, or None."""
    system = _system(game, vertices, marks)
    if system is None:
        return None
    terms, equations, unknowns = system
    solved = _newton(equations, [Fraction(float(vertices[k][j])) for k, j in unknowns], game.delta)
    return None if solved is None else [(x.value(solved), y.value(solved)) for x, y in terms]


def relaxed_polygon(
    game: ExactGame, vertices: Sequence[Sequence[float]], marks: Sequence[int], points: Sequence[Point]
) -> list[Point] | None:
    """Return where a step of Newton's method takes a candidate's points when every condition is relaxed by RELAXED."""
    less = RELAXED * game.delta / (1 - game.delta)
    b = [number - less for number in game.b[0]], [number - less for number in game.b[1]]
    kh = [number - RELAXED for number in game.kh[0]], [number - RELAXED for number in game.kh[1]]
    system = _system(replace(game, b=b, kh=kh), vertices, marks)
    if system is None:
        return None
    terms, equations, unknowns = system
    moved = _step(equations, [points[k][j] for k, j in unknowns], game.delta)
    return None if moved is None else [(x.value(moved), y.value(moved)) for x, y in terms]


def _system(
    game: ExactGame, vertices: Sequence[Sequence[float]], marks: Sequence[int]
) -> tuple[list[tuple[Term, Term]], list[Equation], list[tuple[int, int]]] | None:
    """Return the vertices as terms, the equations, and which coordinate of which vertex each unknown is."""
    count = len(vertices)
    owner = [int(mark) // 8 for mark in marks]
    kind = [int(mark) % 8 if mark >= 0 else -1 for mark in marks]
    unknowns = {k: n for n, k in enumerate(k for k in range(count) if kind[k] >= LOW)}
    threats = [_threat(game, i, vertices, owner, kind, unknowns) for i in (0, 1)]
    terms = [_terms(game, vertices[k], owner[k], kind[k], unknowns.get(k, -1), threats) for k in range(count)]
    equations = []
    for k in unknowns:
        equation = _equation(game, k, vertices, owner[k], kind[k], terms, threats)
        if equation is None:
            return None
        equations.append(equation)
    return terms, equations, [(k, 1 - (kind[k] - LOW) // 2) for k in unknowns]


def _binds(kind: int, i: int) -> bool:
    return kind == CORNER or (kind - LOW) // 2 == i


def _threat(
    game: ExactGame,
    i: int,
    vertices: Sequence[Sequence[float]],
    owner: Sequence[int],
    kind: Sequence[int],
    unknowns: dict[int, int],
) -> Term:
    """Return the worst payoff of player i as a term: b_i where its own condition binds, else that vertex's payoff."""
    worst = min(vertex[i] for vertex in vertices)
    near = [k for k, vertex in enumerate(vertices) if vertex[i] <= worst + SAME_THREAT]
    for k in near:
        if kind[k] == ALONE:
            return Term(game.g[i][owner[k]])
    for k in near:
        if kind[k] < 0:
            return Term(_nearest(game, vertices[k])[i])
    for k in near:
        if _binds(kind[k], i):
            return Term(game.b[i][owner[k]])
    return Term(Fraction(0), Fraction(1), unknowns[near[0]])


def _nearest(game: ExactGame, vertex: Sequence[float]) -> Point:
    """Return the fixed point nearest to a vertex (the vertex itself without fixed points)."""
    here = Fraction(float(vertex[0])), Fraction(float(vertex[1]))
    return min(game.fixed, key=lambda point: abs(point[0] - here[0]) + abs(point[1] - here[1]), default=here)


def _terms(
    game: ExactGame, vertex: Sequence[float], a: int, kind: int, unknown: int, threats: Sequence[Term]
) -> tuple[Term, Term]:
    if kind < 0:
        x, y = _nearest(game, vertex)
        return Term(x), Term(y)
    if kind == ALONE:
        return Term(game.g[0][a]), Term(game.g[1][a])
    delta, coordinates = game.delta, []
    for i in (0, 1):
        if _binds(kind, i):
            u = threats[i]
            coordinates.append(Term((1 - delta) * game.b[i][a] + delta * u.constant, delta * u.factor, u.at))
        else:
            coordinates.append(Term(Fraction(0), Fraction(1), unknown))
    return coordinates[0], coordinates[1]


def _equation(
    game: ExactGame,
    k: int,
    vertices: Sequence[Sequence[float]],
    a: int,
    kind: int,
    terms: Sequence[tuple[Term, Term]],
    threats: Sequence[Term],
) -> Equation | None:
    """Find the edge on which the continuation of vertex k lies; None when there is none that crosses the condition."""
    i, delta, count = (kind - LOW) // 2, float(game.delta), len(vertices)
    w = [(float(vertices[k][n]) - (1 - delta) * float(game.g[n][a])) / delta for n in (0, 1)]
    best, edge = ON_EDGE, None
    for m in range(count):
        p, q = vertices[m], vertices[(m + 1) % count]
        along = [q[0] - p[0], q[1] - p[1]]
        square = along[0] ** 2 + along[1] ** 2
        if abs(along[i]) < FLAT_EDGE:
            continue
        share = min(max(((w[0] - p[0]) * along[0] + (w[1] - p[1]) * along[1]) / square, 0.0), 1.0)
        off = max(abs(p[0] + share * along[0] - w[0]), abs(p[1] + share * along[1] - w[1]))
        if off < best:
            best, edge = off, (m, (m + 1) % count)
    if edge is None:
        return None
    j, u = 1 - i, threats[i]
    ends = [(terms[m][i], terms[m][j]) for m in edge]
    c = Term(u.constant + game.kh[i][a], u.factor, u.at)
    return Equation(i, (1 - game.delta) * game.g[j][a], (ends[0], ends[1]), c)


def _newton(equations: Sequence[Equation], start: list[Fraction], delta: Fraction) -> list[Fraction] | None:
    """Solve the equations: exactly where a step ends at a root, else to many digits, then by recognised fractions."""
    unknown = start
    for bits in BITS:
        moved = _step(equations, unknown, delta)
        if moved is None:
            return None
        after = _step(equations, moved, delta)
        if after == moved:
            return moved
        unknown = [Fraction(round(number * (1 << bits)), 1 << bits) for number in moved]
    return [number.limit_denominator(SMALL) for number in unknown]


def _step(equations: Sequence[Equation], unknown: Sequence[Fraction], delta: Fraction) -> list[Fraction] | None:
    """Take one Newton step; None when the system is singular."""
    n = len(unknown)
    rows = []
    checkpoint()
    for k, equation in enumerate(equations):
        row = [Fraction(0)] * (n + 1)
        (ai, aj), (bi, bj) = equation.ends
        pi, pj, qi, qj, c = (term.value(unknown) for term in (ai, aj, bi, bj, equation.c))
        if pi == qi:
            return None
        slope, share = (qj - pj) / (qi - pi), (c - pi) / (qi - pi)
        row[k] += 1
        weights = ((aj, 1 - share), (bj, share), (ai, -slope * (1 - share)), (bi, -slope * share), (equation.c, slope))
        for term, weight in weights:
            if term.at >= 0:
                row[term.at] -= delta * weight * term.factor
        row[n] = equation.constant + delta * (pj + share * (qj - pj)) - unknown[k]
        rows.append(row)
    steps = solve_square([integer_multiple(row)[0] for row in rows])
    return None if steps is None else [number + step for number, [step] in zip(unknown, steps, strict=True)]
