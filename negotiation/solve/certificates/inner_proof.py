"""Inner sets as plain data that an exact checker can verify: who plays what, and which vertices follow each signal.

All payoffs are normalised, payoff = offset + scale * number, and every number is the text of a ratio. A state's set
is the hull of its `vertices`. Each entry of `generated` is a point

    (1 - delta) g(profile) + delta sum_y rho(y | profile) sum_m weight_ym vertex_m

that satisfies every incentive condition when an observed deviation is answered with the deviator's worst vertex
(`worst`). `holders` names, for each vertex, at most three generated points whose hull contains it. So the family
generates itself (Abreu, Pearce, Stacchetti 1990). Where a set has no interior, its vertices solve the linear system
"vertex = generated point" exactly, and `generated` gives them back.
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from negotiation._values import Ints
from negotiation.games import DynamicGame
from negotiation.games.ratios import ratios
from negotiation.solve.certificates.encoding import ratio_text
from negotiation.solve.geometry.convex_hull import orientation
from negotiation.solve.public.incentive_constraints import Incentives
from negotiation.solve.public.operator import Application
from negotiation.solve.public.self_generation import SelfGeneratingFamily

Point = tuple[Fraction, Fraction]
Lottery = list[tuple[int, Fraction]]


class RationalPoint(NamedTuple):
    """One generated point of a state: number of the profile within the state, and one lottery a signal."""

    profile: int
    after: tuple[tuple[tuple[int, Fraction], ...], ...]


class NormalisedGame:
    """The game in exact normalised numbers."""

    def __init__(self, game: DynamicGame, inc: Incentives) -> None:
        self.numbers = ratios(game)
        self.discount = self.numbers.discount
        self.offset = [Fraction(float(number)) for number in inc.offset]
        self.scale = [Fraction(float(number)) for number in inc.scale]
        self.inc = inc
        self.next_state = np.asarray(game.next_state)

    def payoff(self, state: int, profile: int) -> Point:
        """Return the exact normalised stage payoffs."""
        own = self.numbers.payoffs[state]
        first, second = ((own[i][profile] - self.offset[i]) / self.scale[i] for i in range(2))
        return first, second

    def chances(self, state: int, profile: int) -> tuple[Fraction, ...]:
        """Return rho(. | profile)."""
        return self.numbers.chances[state][profile]


def lottery(columns: list[tuple[int, float]]) -> Lottery:
    """Return weights as fractions that sum to one exactly; rounding dust is dropped."""
    kept = [(mark, Fraction(weight)) for mark, weight in columns if weight > 1e-13]
    total = sum((weight for _, weight in kept), Fraction(0))
    largest = max(range(len(kept)), key=lambda at: kept[at][1])
    mark, weight = kept[largest]
    kept[largest] = (mark, weight + 1 - total)
    return sorted(kept)


def generated_points(
    exact: NormalisedGame, family: SelfGeneratingFamily, worst: list[list[int]]
) -> list[list[RationalPoint]]:
    """Return the distinct generated points of each state."""
    inc = exact.inc
    found: list[dict[RationalPoint, None]] = [{} for _ in range(inc.n_states)]
    for j, state in enumerate(family.directions.state):
        after = lotteries(inc, family.application, j, exact.next_state[state], worst)
        found[state][RationalPoint(int(family.application.best_profile[j]) - int(inc.first[state]), after)] = None
    return [list(entries) for entries in found]


def lotteries(
    inc: Incentives, sweep: Application, j: int, following: Ints, worst: list[list[int]]
) -> tuple[tuple[tuple[int, Fraction], ...], ...]:
    """Return what follows each signal in direction j of a sweep: lotteries over the vertices of the next state."""
    p = int(sweep.best_profile[j])
    columns: dict[int, list[tuple[int, float]]] = {}
    size = inc.ny[p] + inc.nk[p]
    for c, mark, x in zip(
        sweep.basis_block[j, :size], sweep.basis_vertex[j, :size], sweep.basis_weight[j, :size], strict=True
    ):
        if c < inc.ny[p]:
            columns.setdefault(int(c), []).append((int(mark), float(x)))
    after = []
    for signal, group in enumerate(inc.group[p]):
        into = int(following[signal])
        if group >= 0:
            after.append(tuple(lottery(columns[int(group)])))
        else:
            after.append(((worst[into][-1 - group] if group >= -2 else 0, Fraction(1)),))
    return tuple(after)


def lotteries_data(after: tuple[tuple[tuple[int, Fraction], ...], ...]) -> list[list[list[Any]]]:
    """Return lotteries as plain data."""
    return [[[mark, ratio_text(weight)] for mark, weight in entry] for entry in after]


def generated_value(exact: NormalisedGame, state: int, point: RationalPoint, vertices: list[list[Point]]) -> Point:
    """Return the generated point itself, exactly."""
    total = [(1 - exact.discount) * number for number in exact.payoff(state, point.profile)]
    for signal, chance in enumerate(exact.chances(state, point.profile)):
        into = vertices[exact.next_state[state, signal]]
        for mark, weight in point.after[signal]:
            for i in range(2):
                total[i] += exact.discount * chance * weight * into[mark][i]
    return total[0], total[1]


def solve(matrix: list[list[Fraction]], right: list[list[Fraction]]) -> list[list[Fraction]]:
    """Solve a linear system with several right-hand sides in fractions (Gauss-Jordan)."""
    size = len(matrix)
    rows = [list(matrix[i]) + list(right[i]) for i in range(size)]
    for j in range(size):
        pivot = next(i for i in range(j, size) if rows[i][j])
        rows[j], rows[pivot] = rows[pivot], rows[j]
        rows[j] = [entry / rows[j][j] for entry in rows[j]]
        for i in range(size):
            if i != j and rows[i][j]:
                rows[i] = [a - rows[i][j] * b for a, b in zip(rows[i], rows[j], strict=True)]
    return [row[size:] for row in rows]


def solve_thin_states(
    exact: NormalisedGame, family: SelfGeneratingFamily, vertices: list[list[Point]], points: list[list[RationalPoint]]
) -> dict[tuple[int, int], int]:
    """Move the vertices of thin states to where they generate themselves exactly; return who generates which."""
    unknown = [(s, m) for s in range(len(vertices)) if family.thin[s] for m in range(len(vertices[s]))]
    number = {key: at for at, key in enumerate(unknown)}
    makers = {}
    for s, m in unknown:
        away = [
            max(abs(a - b) for a, b in zip(generated_value(exact, s, point, vertices), vertices[s][m], strict=True))
            for point in points[s]
        ]
        makers[s, m] = away.index(min(away))
    matrix = [[Fraction(int(i == j)) for j in range(len(unknown))] for i in range(len(unknown))]
    right = []
    for at, (s, m) in enumerate(unknown):
        point = points[s][makers[s, m]]
        known = [list(corners) for corners in vertices]
        for other, corner in unknown:
            known[other][corner] = (Fraction(0), Fraction(0))
        right.append(list(generated_value(exact, s, point, known)))
        for signal, chance in enumerate(exact.chances(s, point.profile)):
            for mark, weight in point.after[signal]:
                key = (int(exact.next_state[s, signal]), mark)
                if key in number:
                    matrix[at][number[key]] -= exact.discount * chance * weight
    for (s, m), (first, second) in zip(unknown, solve(matrix, right), strict=True):
        vertices[s][m] = (first, second)
    return makers


def holders(corners: list[Point], points: list[Point]) -> list[list[int]] | None:
    """Return for each corner up to three points whose hull contains it (exactly); None where there are none."""
    floats = [(float(x), float(y)) for x, y in points]
    order = _hull_numbers(floats)
    found = []
    for corner in corners:
        if corner in points:
            found.append([points.index(corner)])
            continue
        for b, c in itertools.pairwise(order[1:]):
            triple = [order[0], b, c]
            if all(_left(points[p], points[q], corner) >= 0 for p, q in itertools.pairwise([*triple, triple[0]])):
                found.append(triple)
                break
        else:
            return None
    return found


def _left(a: Point, b: Point, c: Point) -> Fraction:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _hull_numbers(points: list[tuple[float, float]]) -> list[int]:
    """Return the numbers of the hull's corners, counter-clockwise (Andrew 1979)."""
    order = sorted(range(len(points)), key=lambda at: points[at])
    chains: list[list[int]] = []
    for run in (order, order[::-1]):
        chain: list[int] = []
        for at in run:
            while len(chain) >= 2 and orientation(points[chain[-2]], points[chain[-1]], points[at]) <= 0:
                chain.pop()
            chain.append(at)
        chains.append(chain)
    return chains[0][:-1] + chains[1][:-1] if len(order) > 1 else order


def inner_proof(game: DynamicGame, inc: Incentives, family: SelfGeneratingFamily) -> list[dict[str, Any]] | None:
    """Return the data of an inner family, one entry a state; None when exact arithmetic does not bear it out."""
    exact = NormalisedGame(game, inc)
    hull = family.polygons
    corners = [hull.verts[s, :count] for s, count in enumerate(hull.counts)]
    vertices: list[list[Point]] = [[(Fraction(float(x)), Fraction(float(y))) for x, y in own] for own in corners]
    worst = [[int(own[:, i].argmin()) for i in range(2)] for own in corners]
    points = generated_points(exact, family, worst)
    makers = solve_thin_states(exact, family, vertices, points)
    states = []
    for s, places in enumerate(vertices):
        values = [generated_value(exact, s, point, vertices) for point in points[s]]
        held = [[makers[s, m]] for m in range(len(places))] if family.thin[s] else holders(places, values)
        if held is None:
            return None
        used = sorted({at for group in held for at in group})
        states.append(
            {
                "vertices": [[ratio_text(x), ratio_text(y)] for x, y in places],
                "worst": worst[s],
                "generated": [
                    {
                        "profile": [int(a) for a in inc.profiles[inc.first[s] + point.profile]],
                        "continuation": lotteries_data(point.after),
                    }
                    for point in (points[s][at] for at in used)
                ],
                "holders": [[used.index(at) for at in group] for group in held],
            }
        )
    return states
