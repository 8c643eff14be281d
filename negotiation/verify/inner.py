"""Checks that a family of sets generates itself: then every payoff in it is an equilibrium payoff.

Conditions and proof are in docs/certificates.md ("Inner sets"; Abreu, Pearce, Stacchetti 1990). Ratios throughout:
nothing is rounded. Payoffs normalised as the certificate says.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from negotiation._time_limit import checkpoint
from negotiation.verify.game import Game, Lottery, is_distribution, read_lottery, read_profile
from negotiation.verify.reading import Count, Entry, FailedError, double
from negotiation.verify.scaled import Units, normalised_payoffs

Point = tuple[Fraction, Fraction]


class GeneratedPoint(NamedTuple):
    """A profile, by number, and the lottery over vertices that follows each signal."""

    profile: int
    continuation: tuple[Lottery, ...]


class InnerFamily(NamedTuple):
    """One set of vertices a state, each player's `worst` vertex, generated points, and who holds each vertex."""

    vertices: tuple[tuple[Point, ...], ...]
    worst: tuple[tuple[int, ...], ...]
    generated: tuple[tuple[GeneratedPoint, ...], ...]
    holders: tuple[tuple[tuple[int, ...], ...], ...]


def read_family(inner: Entry, game: Game) -> InnerFamily:
    """Return an inner certificate as read; `InputError` names what is wrong."""
    rows = inner.items(len(game.states))
    vertices: list[tuple[Point, ...]] = []
    for row in rows:
        pairs = [vertex.ratios(2) for vertex in row.field("vertices").items()]
        if not pairs:
            raise row.field("vertices").fault("an inner set needs at least one vertex")
        vertices.append(tuple((x, y) for x, y in pairs))
    worst, generated, holders = [], [], []
    for s, (row, corners) in enumerate(zip(rows, vertices, strict=True)):
        worst.append(row.field("worst").wholes(2, len(corners)))
        points = row.field("generated").items()
        generated.append(tuple(read_generated(point, game, s, vertices) for point in points))
        groups = row.field("holders").items(len(corners))
        holders.append(tuple(group.wholes(below=len(points)) for group in groups))
    return InnerFamily(tuple(vertices), tuple(worst), tuple(generated), tuple(holders))


def read_generated(point: Entry, game: Game, state: int, vertices: Sequence[Sequence[Point]]) -> GeneratedPoint:
    """Return a generated point as read."""
    following = game.states[state].following
    after = zip(point.field("continuation").items(len(following)), following, strict=True)
    lotteries = tuple(read_lottery(row, len(vertices[into])) for row, into in after)
    return GeneratedPoint(read_profile(point, game.states[state]), lotteries)


class InnerChecker:
    """Checks a family vertex by vertex."""

    def __init__(self, game: Game, units: Units, family: InnerFamily, count: Count) -> None:
        self.game, self.units, self.family, self.count = game, units, family, count

    def run(self) -> InnerChecker:
        """Check every condition and return the checker; `FailedError` names the first that does not hold."""
        for s, entries in enumerate(self.family.generated):
            points = [self.point(s, entry) for entry in entries]
            for m, (vertex, group) in enumerate(zip(self.family.vertices[s], self.family.holders[s], strict=True)):
                self.count.checked += 1
                if not inside(vertex, [points[number] for number in group]):
                    payoffs = (low + size * x for low, size, x in zip(*self.units, vertex, strict=True))
                    place = ", ".join(f"{double(payoff):.6g}" for payoff in payoffs)
                    raise FailedError(
                        f"vertex {m + 1} of the inner set{self.game.where(s)}, ({place}), does not lie between the "
                        "points that generate it"
                    )
        return self

    def point(self, state: int, entry: GeneratedPoint) -> Point:
        """Return a generated point; `FailedError` when a lottery is none or somebody gains by a deviation."""
        checkpoint()
        here, rest, delta = self.game.states[state], 1 - self.game.discount, self.game.discount
        name = self.game.profile_words(state, entry.profile)
        lotteries = zip(here.following, entry.continuation, strict=True)
        after = [self._mean(into, lottery, name) for into, lottery in lotteries]

        def payoff(player: int, profile: int, then: Sequence[Fraction]) -> Fraction:
            now = normalised_payoffs(self.game, self.units, state, profile)[player]
            chances = zip(here.chances[profile], then, strict=True)
            return rest * now + delta * sum((chance * later for chance, later in chances if chance), Fraction(0))

        family = zip(self.family.vertices, self.family.worst, strict=True)
        worst = [[vertices[m][i] for i, m in enumerate(numbers)] for vertices, numbers in family]
        value = payoff(0, entry.profile, [w[0] for w in after]), payoff(1, entry.profile, [w[1] for w in after])
        for move in here.deviations(entry.profile):
            i = move.player
            self.count.checked += 1
            punished = i in here.observed
            then = [worst[into][i] for into in here.following] if punished else [w[i] for w in after]
            gain = payoff(i, move.to, then) - value[i]
            if gain > 0:
                more, deviation = double(gain * self.units.scale[i]), self.game.deviation_words(state, move)
                raise FailedError(f"{name}: {deviation} instead gains {more:.3g} under the continuation given")
        return value

    def _mean(self, into: int, lottery: Lottery, name: str) -> Point:
        if not is_distribution(lottery):
            raise FailedError(f"{name}: the lottery over continuations is no distribution")
        corners = self.family.vertices[into]
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
    turns = [
        (b[0] - a[0]) * (vertex[1] - a[1]) - (b[1] - a[1]) * (vertex[0] - a[0])
        for a, b in itertools.pairwise([*points, points[0]])
    ]
    return min(turns) >= 0 or max(turns) <= 0
