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
from negotiation.games.dynamic import ratios
from negotiation.solve.certificates.encoding import ratio_text
from negotiation.solve.exact.rationals import coprime_integers, solve_square
from negotiation.solve.geometry.convex_hull import convex_hull
from negotiation.solve.perfect.fixed_point_test import contains
from negotiation.solve.public.incentive_constraints import Incentives
from negotiation.solve.public.operator import Application
from negotiation.solve.public.self_generation import SelfGeneratingFamily

Point = tuple[Fraction, Fraction]
Lottery = tuple[tuple[int, Fraction], ...]  # (number of a vertex, weight)
InnerProof = list[dict[str, Any]]  # one entry a state

# Weights below this are rounding of the simplex method. Twice as much drops nothing that was meant.
DUST = 1e-13


class RationalPoint(NamedTuple):
    """One generated point of a state: number of the profile within the state, and one lottery a signal."""

    profile: int
    after: tuple[Lottery, ...]


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


def lottery(weights: list[tuple[int, float]]) -> Lottery:
    """Return weights as fractions that sum to one exactly; rounding dust is dropped."""
    exact: dict[int, Fraction] = {}
    for vertex, weight in weights:
        if weight > DUST:
            exact[vertex] = exact.get(vertex, Fraction(0)) + Fraction(weight)
    heaviest = max(exact, key=lambda vertex: exact[vertex])
    exact[heaviest] += 1 - sum(exact.values(), Fraction(0))
    return tuple(sorted(exact.items()))


def generated_points(
    exact: NormalisedGame, family: SelfGeneratingFamily, worst: list[list[int]]
) -> list[list[RationalPoint]]:
    """Return the distinct generated points of each state."""
    inc = exact.inc
    points: list[dict[RationalPoint, None]] = [{} for _ in range(inc.n_states)]
    for j, state in enumerate(family.directions.state):
        after = lotteries(inc, family.application, j, exact.next_state[state], worst)
        points[state][RationalPoint(int(family.application.best_profile[j]) - int(inc.first[state]), after)] = None
    return [list(entries) for entries in points]


def lotteries(
    inc: Incentives, sweep: Application, j: int, following: Ints, worst: list[list[int]]
) -> tuple[Lottery, ...]:  # fmt: skip
    """Return what follows each signal in direction j of a sweep: lotteries over the vertices of the next state."""
    p = int(sweep.best_profile[j])
    weights: dict[int, list[tuple[int, float]]] = {}
    size = inc.ny[p] + inc.nk[p]
    for block, vertex, x in zip(
        sweep.basis_block[j, :size], sweep.basis_vertex[j, :size], sweep.basis_weight[j, :size], strict=True
    ):
        if block < inc.ny[p]:
            weights.setdefault(int(block), []).append((int(vertex), float(x)))
    after: list[Lottery] = []
    for signal, group in enumerate(inc.group[p]):
        into = int(following[signal])
        if group >= 0:
            after.append(lottery(weights[int(group)]))
        else:
            after.append(((worst[into][-1 - group] if group >= -2 else 0, Fraction(1)),))
    return tuple(after)


def lotteries_data(after: tuple[Lottery, ...]) -> list[list[list[Any]]]:
    """Return lotteries as plain data."""
    return [[[vertex, ratio_text(weight)] for vertex, weight in entry] for entry in after]


def generated_value(exact: NormalisedGame, state: int, point: RationalPoint, vertices: list[list[Point]]) -> Point:
    """Return the generated point itself, exactly."""
    total = [(1 - exact.discount) * number for number in exact.payoff(state, point.profile)]
    for signal, chance in enumerate(exact.chances(state, point.profile)):
        into = vertices[exact.next_state[state, signal]]
        for vertex, weight in point.after[signal]:
            for i in range(2):
                total[i] += exact.discount * chance * weight * into[vertex][i]
    return total[0], total[1]


def solve_thin_states(
    exact: NormalisedGame, family: SelfGeneratingFamily, vertices: list[list[Point]], points: list[list[RationalPoint]]
) -> dict[tuple[int, int], int]:
    """Move the vertices of thin states to where they generate themselves exactly; return who generates which."""
    unknown = [(s, m) for s in range(len(vertices)) if family.thin[s] for m in range(len(vertices[s]))]
    number = {key: row for row, key in enumerate(unknown)}
    makers = {}
    for s, m in unknown:
        distances = [
            max(abs(a - b) for a, b in zip(generated_value(exact, s, point, vertices), vertices[s][m], strict=True))
            for point in points[s]
        ]
        makers[s, m] = distances.index(min(distances))
    constant = [list(corners) for corners in vertices]  # what does not depend on an unknown vertex
    for s, m in unknown:
        constant[s][m] = (Fraction(0), Fraction(0))
    system = []
    for row, (s, m) in enumerate(unknown):
        point = points[s][makers[s, m]]
        coefficients = [Fraction(int(row == column)) for column in range(len(unknown))]
        for signal, chance in enumerate(exact.chances(s, point.profile)):
            for vertex, weight in point.after[signal]:
                key = (int(exact.next_state[s, signal]), vertex)
                if key in number:
                    coefficients[number[key]] -= exact.discount * chance * weight
        system.append(coprime_integers([*coefficients, *generated_value(exact, s, point, constant)]))
    solution = solve_square(system)
    assert solution is not None  # 1 - delta times probabilities: diagonally dominant
    for (s, m), (first, second) in zip(unknown, solution, strict=True):
        vertices[s][m] = (first, second)
    return makers


def holders(corners: list[Point], points: list[Point]) -> list[list[int]] | None:
    """Return for each corner up to three points whose hull contains it (exactly); None where there are none."""
    doubles = [(float(x), float(y)) for x, y in points]
    number = {place: m for m, place in reversed(list(enumerate(doubles)))}
    ring = [number[x, y] for x, y in convex_hull(np.array(doubles)).tolist()]
    triangles = [(ring[0], b, c) for b, c in itertools.pairwise(ring[1:])]
    groups: list[list[int]] = []
    for corner in corners:
        if corner in points:
            groups.append([points.index(corner)])
            continue
        around = next((t for t in triangles if contains([points[m] for m in t], corner)), None)
        if around is None:
            return None
        groups.append(list(around))
    return groups


def inner_proof(game: DynamicGame, inc: Incentives, family: SelfGeneratingFamily) -> InnerProof | None:
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
        groups = [[makers[s, m]] for m in range(len(places))] if family.thin[s] else holders(places, values)
        if groups is None:
            return None
        used = sorted({number for group in groups for number in group})
        states.append(
            {
                "vertices": [[ratio_text(x), ratio_text(y)] for x, y in places],
                "worst": worst[s],
                "generated": [
                    {
                        "profile": [int(a) for a in inc.profiles[inc.first[s] + points[s][number].profile]],
                        "continuation": lotteries_data(points[s][number].after),
                    }
                    for number in used
                ],
                "holders": [[used.index(number) for number in group] for group in groups],
            }
        )
    return states
