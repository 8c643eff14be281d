"""Checks that a family of sets generates itself: then every payoff in it is an equilibrium payoff.

A state's set is the hull of its vertices. A generated point is (1 - delta) g(a) + delta sum_y rho(y | a) w_y, where
each w_y is a lottery over the vertices of the state that signal y leads to, and no player gains by a deviation: an
unseen one is followed by the same w_y, drawn with other chances; a seen one by the deviator's `worst` vertex. Every
vertex must be a generated point or lie between at most three of them (Abreu, Pearce, Stacchetti 1990). Ratios
throughout: nothing is rounded. Payoffs normalised as the certificate says.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from negotiation._time_limit import checkpoint
from negotiation.verify.game import Game, Lottery, is_distribution, read_lottery, read_profile
from negotiation.verify.reading import Count, FailedError, double, entries, fault, field, part, ratios, wholes
from negotiation.verify.scaled import Units, normalised_payoffs

Point = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class GeneratedPoint:
    """A profile, by number, and the lottery over vertices that follows each signal."""

    profile: int
    continuation: tuple[Lottery, ...]


@dataclass(frozen=True)
class InnerFamily:
    """One set of vertices a state, each player's `worst` vertex, generated points, and who holds each vertex."""

    vertices: tuple[tuple[Point, ...], ...]
    worst: tuple[tuple[int, ...], ...]
    generated: tuple[tuple[GeneratedPoint, ...], ...]
    holders: tuple[tuple[tuple[int, ...], ...], ...]


def read_family(data: Any, game: Game, path: str = "inner") -> InnerFamily:
    """Return an inner certificate as read; `InputError` names what is wrong."""
    rows = [part(row, f"{path}[{s}]") for s, row in enumerate(entries(data, path, len(game.states)))]
    vertices: list[tuple[Point, ...]] = []
    for s, row in enumerate(rows):
        places = entries(field(row, "vertices", f"{path}[{s}]"), f"{path}[{s}].vertices")
        pairs = [ratios(place, f"{path}[{s}].vertices[{m}]", 2) for m, place in enumerate(places)]
        if not pairs:
            raise fault(f"{path}[{s}].vertices", "an inner set needs at least one vertex")
        vertices.append(tuple((x, y) for x, y in pairs))
    worst, generated, holders = [], [], []
    for s, row in enumerate(rows):
        where, count = f"{path}[{s}]", len(vertices[s])
        worst.append(wholes(field(row, "worst", where), f"{where}.worst", 2, count))
        made = entries(field(row, "generated", where), f"{where}.generated")
        generated.append(
            tuple(
                read_generated(entry, f"{where}.generated[{number}]", game, s, vertices)
                for number, entry in enumerate(made)
            )
        )
        groups = entries(field(row, "holders", where), f"{where}.holders", count)
        holders.append(tuple(wholes(group, f"{where}.holders", below=len(made)) for group in groups))
    return InnerFamily(tuple(vertices), tuple(worst), tuple(generated), tuple(holders))


def read_generated(data: Any, path: str, game: Game, state: int, vertices: Sequence[Sequence[Point]]) -> GeneratedPoint:
    """Return a generated point as read."""
    entry = part(data, path)
    own = game.states[state]
    rows = entries(field(entry, "continuation", path), f"{path}.continuation", len(own.signals))
    after = (
        read_lottery(row, f"{path}.continuation[{y}]", len(vertices[own.following[y]])) for y, row in enumerate(rows)
    )
    return GeneratedPoint(read_profile(entry, path, own), tuple(after))


class InnerChecker:
    """Checks a family vertex by vertex."""

    def __init__(self, game: Game, units: Units, family: InnerFamily, count: Count) -> None:
        self.game, self.units, self.family, self.count = game, units, family, count

    def run(self) -> None:
        """Check every condition; `FailedError` names the first that does not hold."""
        for s, made in enumerate(self.family.generated):
            points = [self.point(s, entry) for entry in made]
            for m, (vertex, group) in enumerate(zip(self.family.vertices[s], self.family.holders[s], strict=True)):
                self.count.checked += 1
                if not inside(vertex, [points[number] for number in group]):
                    payoffs = (low + size * x for low, size, x in zip(*self.units, vertex, strict=True))
                    place = ", ".join(f"{double(payoff):.6g}" for payoff in payoffs)
                    raise FailedError(
                        f"vertex {m + 1} of the inner set{self.game.where(s)}, ({place}), does not lie between the "
                        "points that generate it"
                    )

    def point(self, state: int, entry: GeneratedPoint) -> Point:
        """Return a generated point; `FailedError` when a lottery is none or somebody gains by a deviation."""
        own, rest, delta = self.game.states[state], 1 - self.game.discount, self.game.discount
        checkpoint()
        name = own.words(entry.profile) + self.game.where(state)
        after = [self._mean(own.following[y], lottery, name) for y, lottery in enumerate(entry.continuation)]
        here = normalised_payoffs(self.game, self.units, state, entry.profile)
        chance = own.chances[entry.profile]
        value = [
            rest * here[i] + delta * sum((p * w[i] for p, w in zip(chance, after, strict=True) if p), Fraction(0))
            for i in range(2)
        ]
        for move in own.deviations(entry.profile):
            i = move.player
            self.count.checked += 1
            there = normalised_payoffs(self.game, self.units, state, move.to)[i]
            then = [self._worst(into, i) for into in own.following] if i in own.observed else [w[i] for w in after]
            gain = rest * there + delta * sum(
                (p * w for p, w in zip(own.chances[move.to], then, strict=True) if p), Fraction(0)
            )
            if gain > value[i]:
                more = double((gain - value[i]) * self.units.scale[i])
                deviation = self.game.deviation_words(state, move)
                raise FailedError(f"{name}: {deviation} instead gains {more:.3g} under the continuation given")
        return value[0], value[1]

    def _worst(self, state: int, player: int) -> Fraction:
        return self.family.vertices[state][self.family.worst[state][player]][player]

    def _mean(self, into: int, lottery: Lottery, name: str) -> Point:
        if not is_distribution(lottery):
            raise FailedError(f"{name}: the lottery over continuations is no distribution")
        corners = self.family.vertices[into]
        if len(lottery) == 1:
            return corners[lottery[0][0]]
        first, second = (sum((weight * corners[m][i] for m, weight in lottery), Fraction(0)) for i in range(2))
        return first, second


def inside(vertex: Point, points: Sequence[Point]) -> bool:
    """Whether a point lies in the hull of one, two or three points.

    >>> inside((Fraction(1), Fraction(1)), [(Fraction(0), Fraction(0)), (Fraction(2), Fraction(2))])
    True
    """
    if not 1 <= len(points) <= 3:
        return False
    if any(not min(p[i] for p in points) <= vertex[i] <= max(p[i] for p in points) for i in range(2)):
        return False
    signs = {_turn(a, b, vertex) for a, b in itertools.pairwise([*points, points[0]])}
    return not {1, -1} <= signs


def _turn(a: Point, b: Point, c: Point) -> int:
    area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (area > 0) - (area < 0)
