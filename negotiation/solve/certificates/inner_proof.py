"""Inner sets as plain data that an exact checker can verify: who plays what, and which vertices follow each signal.

Every vertex is a generated point or lies between at most three, which `holders` name; so the family generates itself
(Abreu, Pearce, Stacchetti 1990; format in docs/certificates.md). Where a set has no interior, its vertices solve the
linear system "vertex = generated point" exactly, and `generated` gives them back.
"""

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from negotiation._values import Bools, Ints
from negotiation.games import DynamicGame
from negotiation.solve.certificates.encoding import exact_game, ratio_text
from negotiation.solve.exact.rationals import coprime_integers, solve_square
from negotiation.solve.geometry.convex_hull import convex_hull
from negotiation.solve.perfect.fixed_point_test import contains
from negotiation.solve.public.incentive_constraints import Incentives
from negotiation.solve.public.operator import Application
from negotiation.solve.public.self_generation import SelfGeneratingFamily
from negotiation.verify.game import Lottery
from negotiation.verify.inner import GeneratedPoint, Point
from negotiation.verify.scaled import normalised_payoffs

InnerProof = list[dict[str, Any]]  # one entry a state
Vertices = list[list[Point]]  # of each state
Place = tuple[int, int]  # a state and the number of a vertex there

# Weights below this are rounding of the simplex method. Twice as much drops nothing that was meant.
DUST = 1e-13


def lottery(weights: list[tuple[int, float]]) -> Lottery:
    """Return weights as fractions that sum to one exactly; rounding dust is dropped."""
    exact: dict[int, Fraction] = {}
    for vertex, weight in weights:
        if weight > DUST:
            exact[vertex] = exact.get(vertex, Fraction(0)) + Fraction(weight)
    heaviest = max(exact, key=lambda vertex: exact[vertex])
    exact[heaviest] += 1 - sum(exact.values(), Fraction(0))
    return tuple(sorted(exact.items()))


def lotteries(
    inc: Incentives, sweep: Application, j: int, following: Ints, worst: list[list[int]]
) -> tuple[Lottery, ...]:  # fmt: skip
    """Return what follows each signal in direction j of an application: lotteries over the next state's vertices."""
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


def generated_data(actions: Ints, after: tuple[Lottery, ...]) -> dict[str, Any]:
    """Return a generated point as plain data."""
    continuation = [[[vertex, ratio_text(weight)] for vertex, weight in entry] for entry in after]
    return {"profile": [int(action) for action in actions], "continuation": continuation}


class ExactFamily:
    """The vertices of a family, each player's worst one, and the distinct generated points, in exact numbers."""

    def __init__(self, game: DynamicGame, inc: Incentives, family: SelfGeneratingFamily) -> None:
        self.game, self.units = exact_game(game, inc)
        corners = family.polygons.corners()
        self.vertices: Vertices = [[(Fraction(x), Fraction(y)) for x, y in verts.tolist()] for verts in corners]
        self.worst = [[int(verts[:, i].argmin()) for i in range(2)] for verts in corners]
        self.points: list[list[GeneratedPoint]] = [[] for _ in self.game.states]
        for j, state in enumerate(family.directions.state):
            _, profile = inc.place(family.application.best_profile[j])
            after = lotteries(inc, family.application, j, np.asarray(game.next_state[state]), self.worst)
            self.points[state].append(GeneratedPoint(profile, after))
        self.points = [list(dict.fromkeys(points)) for points in self.points]

    def weights(self, state: int, point: GeneratedPoint) -> Iterator[tuple[Place, Fraction]]:
        """Yield the vertices from which a point is made, each with its weight delta rho(y | a) times its chance."""
        here = self.game.states[state]
        rows = zip(here.chances[point.profile], here.following, point.continuation, strict=True)
        for chance, into, after in rows:
            for vertex, weight in after:
                yield (into, vertex), self.game.discount * chance * weight

    def value(self, state: int, point: GeneratedPoint, vertices: Vertices) -> Point:
        """Return the generated point itself, exactly."""
        total = [(1 - self.game.discount) * x for x in normalised_payoffs(self.game, self.units, state, point.profile)]
        for (into, vertex), weight in self.weights(state, point):
            total = [x + weight * y for x, y in zip(total, vertices[into][vertex], strict=True)]
        return total[0], total[1]

    def solve_thin_states(self, thin: Bools) -> dict[Place, int]:
        """Move the vertices of thin states to where they generate themselves exactly; return who generates which."""
        vertices = self.vertices
        unknown = [(s, m) for s, corners in enumerate(vertices) if thin[s] for m in range(len(corners))]
        number = {place: row for row, place in enumerate(unknown)}
        makers = {}
        for s, m in unknown:
            values = [self.value(s, point, vertices) for point in self.points[s]]
            distances = [max(abs(a - b) for a, b in zip(value, vertices[s][m], strict=True)) for value in values]
            makers[s, m] = distances.index(min(distances))
        constant = [list(corners) for corners in vertices]  # what does not depend on an unknown vertex
        for s, m in unknown:
            constant[s][m] = (Fraction(0), Fraction(0))
        system = []
        for row, (s, m) in enumerate(unknown):
            point = self.points[s][makers[s, m]]
            coefficients = [Fraction(int(row == column)) for column in range(len(unknown))]
            for place, weight in self.weights(s, point):
                if place in number:
                    coefficients[number[place]] -= weight
            system.append(coprime_integers([*coefficients, *self.value(s, point, constant)]))
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
    generated = ExactFamily(game, inc, family)
    makers = generated.solve_thin_states(family.thin)
    states = []
    for s, (places, points) in enumerate(zip(generated.vertices, generated.points, strict=True)):
        values = [generated.value(s, point, generated.vertices) for point in points]
        groups = [[makers[s, m]] for m in range(len(places))] if family.thin[s] else holders(places, values)
        if groups is None:
            return None
        used = sorted({number for group in groups for number in group})
        states.append(
            {
                "vertices": [[ratio_text(x), ratio_text(y)] for x, y in places],
                "worst": generated.worst[s],
                "generated": [
                    generated_data(inc.profiles[inc.first[s] + points[number].profile], points[number].continuation)
                    for number in used
                ],
                "holders": [[used.index(number) for number in group] for group in groups],
            }
        )
    return states
