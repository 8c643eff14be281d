"""Perfect monitoring in rational arithmetic: from a polygon in doubles to the exact set, where that is rational.

A vertex of the set is the payoff of a profile, or it binds an incentive condition: v_i = (1 - delta) b_i + delta u_i,
and its continuation w, w_i = c_i, lies on an edge of the set. The doubles say which profile, condition and edge; the
equations that follow are solved by Newton's method in fractions (one step where they are linear), and numbers of a
small denominator are recognised. Nothing here is trusted: `fixed_point_test` verifies the result.
Symbols as in `_kernels.perfect`: g payoffs, b best-reply payoffs, kh = (1 - delta)/delta times the gain from the best
deviation, u threats; payoffs from each player's smallest, in units of its range.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

import numpy as np

from negotiation._kernels.perfect import ALONE, CORNER, LOW
from negotiation._time_limit import checkpoint
from negotiation.games.dynamic import DynamicGame, ratios
from negotiation.solve.exact.rationals import integer_multiple, solve_square

Point = tuple[Fraction, Fraction]
Real = TypeVar("Real", float, Fraction)
NEWTON_BITS = (160, 320, 640)  # precision of successive Newton steps
SIMPLE_DENOMINATOR = 1 << 200  # largest denominator that is recognised
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
    factor = (1 - given.discount) / given.discount
    low, scale, g, b, kh = [], [], [], [], []
    for i, numbers in enumerate(given.payoffs[0]):
        low.append(min(numbers))
        scale.append((max(numbers) - min(numbers)) or Fraction(1))
        table = np.array([(number - low[i]) / scale[i] for number in numbers], dtype=object)
        best = table.reshape(game.stages[0].shape)
        best = np.broadcast_to(best.max(axis=i, keepdims=True), best.shape).ravel()
        g.append(table.tolist())
        b.append(best.tolist())
        kh.append((factor * (best - table)).tolist())
    plain = ExactGame(
        g=(g[0], g[1]), b=(b[0], b[1]), kh=(kh[0], kh[1]), fixed=(), delta=given.discount,
        low=(low[0], low[1]), scale=(scale[0], scale[1]),
    )  # fmt: skip
    return replace(plain, fixed=tuple(plain.inside(point) for point in fixed))


@dataclass(frozen=True)
class Term:
    """A number constant + factor * unknown[index], index = -1: no unknown."""

    constant: Fraction
    factor: Fraction = Fraction(0)
    index: int = -1

    def value(self, unknown: Sequence[Fraction]) -> Fraction:
        """Return the number."""
        return self.constant if self.index < 0 else self.constant + self.factor * unknown[self.index]


@dataclass(frozen=True)
class Equation:
    """An unknown v_j at which the other player i's condition binds: the line through two points, cut at w_i = c.

    ends: coordinates i and j of both points. constant: (1 - delta) g_j.
    """

    constant: Fraction
    ends: tuple[tuple[Term, Term], tuple[Term, Term]]
    c: Term


def candidate_polygon(game: ExactGame, vertices: Sequence[Sequence[float]], marks: Sequence[int]) -> list[Point] | None:
    """Return the polygon that the structure of these vertices (normalised) determines, or None."""
    structure = _Structure(game, vertices, marks)
    equations = structure.equations()
    if equations is None:
        return None
    return structure.polygon(_newton(equations, [Fraction(x) for x in structure.free(vertices)], game.delta))


def relaxed_polygon(
    game: ExactGame, vertices: Sequence[Sequence[float]], marks: Sequence[int], points: Sequence[Point]
) -> list[Point] | None:
    """Return where a step of Newton's method takes a candidate's points when every condition is relaxed by RELAXED."""
    less = RELAXED * game.delta / (1 - game.delta)
    b = [number - less for number in game.b[0]], [number - less for number in game.b[1]]
    kh = [number - RELAXED for number in game.kh[0]], [number - RELAXED for number in game.kh[1]]
    structure = _Structure(replace(game, b=b, kh=kh), vertices, marks)
    equations = structure.equations()
    return None if equations is None else structure.polygon(_step(equations, structure.free(points), game.delta))


class _Structure:
    """What the marks of a polygon in doubles say: the vertices as terms, and an equation for each unknown in them."""

    def __init__(self, game: ExactGame, vertices: Sequence[Sequence[float]], marks: Sequence[int]) -> None:
        self.game, self.vertices = game, vertices
        self.owner = [mark // 8 for mark in marks]
        self.kind = [mark % 8 if mark >= 0 else -1 for mark in marks]
        self.unknowns = {k: n for n, k in enumerate(k for k, kind in enumerate(self.kind) if kind >= LOW)}
        self.threats = [self._threat(i) for i in (0, 1)]
        self.terms = [self._terms(k) for k in range(len(vertices))]

    def polygon(self, solution: Sequence[Fraction] | None) -> list[Point] | None:
        """Return the vertices for a solution of the equations."""
        return None if solution is None else [(x.value(solution), y.value(solution)) for x, y in self.terms]

    def free(self, points: Sequence[Sequence[Real]]) -> list[Real]:
        """Return the coordinates of the points that are unknowns."""
        return [points[k][1 - (self.kind[k] - LOW) // 2] for k in self.unknowns]

    def _binds(self, k: int, i: int) -> bool:
        return self.kind[k] == CORNER or (self.kind[k] - LOW) // 2 == i

    def _threat(self, i: int) -> Term:
        """Return the worst payoff of player i as a term: b_i where its condition binds, else the vertex's payoff."""
        worst = min(vertex[i] for vertex in self.vertices)
        near = [k for k, vertex in enumerate(self.vertices) if vertex[i] <= worst + SAME_THREAT]
        for k in near:
            if self.kind[k] == ALONE:
                return Term(self.game.g[i][self.owner[k]])
        for k in near:
            if self.kind[k] < 0:
                return Term(self._nearest(k)[i])
        for k in near:
            if self._binds(k, i):
                return Term(self.game.b[i][self.owner[k]])
        return Term(Fraction(0), Fraction(1), self.unknowns[near[0]])

    def _nearest(self, k: int) -> Point:
        """Return the fixed point nearest to a vertex (the vertex itself without fixed points)."""
        x, y = (Fraction(number) for number in self.vertices[k])
        return min(self.game.fixed, key=lambda point: abs(point[0] - x) + abs(point[1] - y), default=(x, y))

    def _terms(self, k: int) -> tuple[Term, Term]:
        """Return the coordinates of a vertex as terms."""
        game, a = self.game, self.owner[k]
        if self.kind[k] < 0:
            x, y = self._nearest(k)
            return Term(x), Term(y)
        if self.kind[k] == ALONE:
            return Term(game.g[0][a]), Term(game.g[1][a])
        coordinates = []
        for i, u in enumerate(self.threats):
            if self._binds(k, i):
                constant = (1 - game.delta) * game.b[i][a] + game.delta * u.constant
                coordinates.append(Term(constant, game.delta * u.factor, u.index))
            else:
                coordinates.append(Term(Fraction(0), Fraction(1), self.unknowns[k]))
        return coordinates[0], coordinates[1]

    def equations(self) -> list[Equation] | None:
        """Return the equation of each unknown; None when an edge is missing that crosses the condition."""
        equations = []
        for k in self.unknowns:
            i, a = (self.kind[k] - LOW) // 2, self.owner[k]
            edge = self._edge(k, i)
            if edge is None:
                return None
            (p, q), u = ((self.terms[m][i], self.terms[m][1 - i]) for m in edge), self.threats[i]
            c = Term(u.constant + self.game.kh[i][a], u.factor, u.index)
            equations.append(Equation((1 - self.game.delta) * self.game.g[1 - i][a], (p, q), c))
        return equations

    def _edge(self, k: int, i: int) -> tuple[int, int] | None:
        """Return the ends of the edge, not flat for player i, on which the continuation of vertex k lies; else None."""
        delta, count = float(self.game.delta), len(self.vertices)
        w = [(self.vertices[k][n] - (1 - delta) * float(self.game.g[n][self.owner[k]])) / delta for n in (0, 1)]
        best, edge = ON_EDGE, None
        for m in range(count):
            p, q = self.vertices[m], self.vertices[(m + 1) % count]
            along = [q[0] - p[0], q[1] - p[1]]
            if abs(along[i]) < FLAT_EDGE:
                continue
            share = ((w[0] - p[0]) * along[0] + (w[1] - p[1]) * along[1]) / (along[0] ** 2 + along[1] ** 2)
            share = min(max(share, 0.0), 1.0)
            off = max(abs(p[n] + share * along[n] - w[n]) for n in (0, 1))
            if off < best:
                best, edge = off, (m, (m + 1) % count)
        return edge


def _newton(equations: Sequence[Equation], start: list[Fraction], delta: Fraction) -> list[Fraction] | None:
    """Solve the equations: exactly where a step ends at a root, else to many digits, then by recognised fractions."""
    unknown = start
    for bits in NEWTON_BITS:
        moved = _step(equations, unknown, delta)
        if moved is None:
            return None
        after = _step(equations, moved, delta)
        if after == moved:
            return moved
        unknown = [Fraction(round(number * (1 << bits)), 1 << bits) for number in moved]
    return [number.limit_denominator(SIMPLE_DENOMINATOR) for number in unknown]


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
            if term.index >= 0:
                row[term.index] -= delta * weight * term.factor
        row[n] = equation.constant + delta * (pj + share * (qj - pj)) - unknown[k]
        rows.append(row)
    steps = solve_square([integer_multiple(row)[0] for row in rows])
    return None if steps is None else [number + step for number, [step] in zip(unknown, steps, strict=True)]
