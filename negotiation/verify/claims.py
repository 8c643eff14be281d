"""What a certificate says about sets: both bounds and their distance, a single bound, a profile in the first period.

Distances are measured in normalised payoffs (shares of the payoff range). All comparisons in ratios.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from negotiation.verify.chain import read_chain, read_multipliers
from negotiation.verify.game import Game, read_profile
from negotiation.verify.inner import InnerChecker, Point, read_family, read_generated
from negotiation.verify.outer import OuterChecker
from negotiation.verify.reading import (
    Count,
    FailedError,
    double,
    fault,
    field,
    part,
    ratio,
    ratios,
    short_repr,
    text,
    whole,
    wholes,
)
from negotiation.verify.scaled import HalfPlanes, Units


@dataclass(frozen=True, kw_only=True)
class ProvenSets:
    """The sets that a certificate proves, in normalised payoffs (`units`).

    inner: the vertices of each state, None without an inner set. planes: the final half-planes, None without an outer
    set. empty: states that are shown to have no equilibrium. gap: proven distance of the two, None if not claimed.
    """

    game: Game
    units: Units
    inner: Sequence[Sequence[Point]] | None
    planes: HalfPlanes | None
    empty: frozenset[int]
    gap: Fraction | None


@dataclass
class Tally(Count):
    """Conditions checked so far, what they prove in words, and the sets where the claim is about sets."""

    proven: str = ""
    sets: ProvenSets | None = None


def read_units(data: Mapping[str, Any]) -> Units:
    """Return the units in which a certificate normalises payoffs."""
    rows = part(field(data, "normalised", ""), "normalised")
    offset = ratios(field(rows, "offset", "normalised"), "normalised.offset", 2)
    scale = ratios(field(rows, "scale", "normalised"), "normalised.scale", 2)
    if min(scale) <= 0:
        raise fault("normalised.scale", "must be positive")
    return Units(offset, scale)


def outer_checker(game: Game, data: Mapping[str, Any], tally: Tally) -> tuple[OuterChecker, tuple[int, ...]]:
    """Check the outer chain; return it with the numbers of the final sides."""
    check = OuterChecker(game, read_units(data), read_chain(field(data, "outer", ""), game), tally)
    sides = wholes(field(data["outer"], "sides", "outer"), "outer.sides", below=len(check.chain.directions))
    check.run()
    return check, sides


def inner_checker(game: Game, data: Mapping[str, Any], tally: Tally) -> InnerChecker:
    """Check the inner family."""
    check = InnerChecker(game, read_units(data), read_family(field(data, "inner", ""), game), tally)
    check.run()
    return check


def check_sets(game: Game, data: Mapping[str, Any], tally: Tally) -> None:
    """Check inner set, outer set (either may be missing) and the gap between them."""
    has_inner, has_outer, gap = (field(data, key, "") is not None for key in ("inner", "outer", "gap"))
    if not (has_inner or has_outer):
        raise fault("", "holds neither an inner nor an outer set")
    inner = inner_checker(game, data, tally) if has_inner else None
    outer, sides = outer_checker(game, data, tally) if has_outer else (None, ())
    words: list[str] = []
    size: Fraction | None = None
    if inner is not None:
        words.append(f"every payoff of the inner set ({_corners(inner)}) is an equilibrium payoff")
    if outer is not None:
        words += _outside(game, outer)
    if gap:
        if inner is None or outer is None:
            raise fault("gap", "needs both an inner and an outer set")
        size = ratio(data["gap"], "gap")
        _check_gap(inner, outer, sides, size)
        words.append(f"the two differ by at most {double(size):.2g} of the payoff range")
    tally.proven = "; ".join(words)
    tally.sets = ProvenSets(
        game=game,
        units=read_units(data),
        inner=None if inner is None else inner.family.vertices,
        planes=None if outer is None else outer.planes(sides, outer.levels, None),
        empty=frozenset() if outer is None else frozenset(outer.empty),
        gap=size,
    )


def _corners(inner: InnerChecker) -> str:
    counts = [len(own) for own in inner.family.vertices]
    return " + ".join(str(count) for count in counts) + (" vertices" if sum(counts) > 1 else " vertex")


def _outside(game: Game, outer: OuterChecker) -> list[str]:
    if len(outer.empty) == len(game.states):
        return ["there is no equilibrium in pure strategies"]
    words = ["no pure equilibrium pays anything outside the outer set"]
    words += [f"there is none in state {game.states[s].name}" for s in sorted(outer.empty)]
    return words


def _check_gap(inner: InnerChecker, outer: OuterChecker, sides: Sequence[int], gap: Fraction) -> None:
    """No corner of the outer set is further than `gap` from the inner one.

    The corners of neighbouring sides that surround the plane span a polygon that contains the outer set, whether or not
    every side carries an edge: its support is at least mu_1 c_1 + mu_2 c_2 in every direction.
    """
    if gap < 0:
        raise FailedError("the gap is negative")
    game, planes = outer.game, outer.planes(sides, outer.levels, None)
    for s in range(len(game.states)):
        own, vertices = planes.sides[s], inner.family.vertices[s]
        if len(own) < 3:
            raise FailedError(f"the outer set{game.where(s)} is not bounded by the sides named")
        for a, b in zip(own, [*own[1:], own[0]], strict=True):
            cross = a.x * b.y - a.y * b.x
            outer.count.checked += 1
            if cross <= 0:
                raise FailedError(f"the outer set{game.where(s)} is not bounded by the sides named")
            corner = (
                Fraction(a.level * b.y - b.level * a.y, cross),
                Fraction(a.x * b.level - b.x * a.level, cross),
            )
            if _squared(corner, vertices) > gap * gap:
                raise FailedError(f"the inner and the outer set{game.where(s)} are further apart than the gap says")


def _squared(corner: Point, vertices: Sequence[Point]) -> Fraction:
    """Return the squared distance to a point between two vertices that doubles take to be the nearest."""
    x, y = double(corner[0]), double(corner[1])
    places = [(double(p[0]), double(p[1])) for p in vertices]
    best, nearest, share = math.inf, 0, 0.0
    for m, (ax, ay) in enumerate(places):
        bx, by = places[m - 1]
        length = (bx - ax) ** 2 + (by - ay) ** 2
        t = min(max(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length, 0.0), 1.0) if length else 0.0
        far = (x - ax - t * (bx - ax)) ** 2 + (y - ay - t * (by - ay)) ** 2
        if far < best:
            best, nearest, share = far, m, t
    a, b, part_way = vertices[nearest], vertices[nearest - 1], Fraction(share)
    first, second = (corner[i] - a[i] - part_way * (b[i] - a[i]) for i in range(2))
    return first * first + second * second


def check_bound(game: Game, data: Mapping[str, Any], tally: Tally) -> None:
    """Check that no equilibrium payoff v of a state has direction.v > level (units of the game)."""
    state = whole(field(data, "state", ""), "state", len(game.states))
    direction = ratios(field(data, "direction", ""), "direction", 2)
    level = ratio(field(data, "level", ""), "level")
    outer, sides = outer_checker(game, data, tally)
    offset, scale = outer.units
    tally.checked += 1
    if state not in outer.empty:
        d = [direction[i] * scale[i] for i in range(2)]
        common = d[0].denominator * d[1].denominator
        bound = outer.planes(sides, outer.levels, None).bound(state, int(d[0] * common), int(d[1] * common))
        fixed = sum((direction[i] * offset[i] for i in range(2)), Fraction(0))
        if bound is None or Fraction(bound[0], bound[2] * common) + fixed > level:
            raise FailedError(f"the outer set{game.where(state)} reaches beyond the bound")
    form = " + ".join(f"{double(x):g} x {name}" for x, name in zip(direction, game.players, strict=True))
    tally.proven = f"no pure equilibrium{game.where(state)} has {form} above {double(level):.6g}"


def check_play(game: Game, data: Mapping[str, Any], tally: Tally) -> None:
    """Check that a profile can, or cannot, be played in the first period of an equilibrium that starts in a state."""
    state = whole(field(data, "state", ""), "state", len(game.states))
    number = read_profile(data, "", game.states[state])
    name = game.states[state].words(number) + game.where(state)
    answer = text(field(data, "answer", ""), "answer")
    if answer == "yes":
        inner = inner_checker(game, data, tally)
        first = read_generated(field(data, "first", ""), "first", game, state, inner.family.vertices)
        if first.profile != number:
            raise FailedError(f"the continuation given is not for {name}")
        inner.point(state, first)
        tally.proven = f"{name} can be played in the first period of a pure equilibrium"
    elif answer == "no":
        outer, sides = outer_checker(game, data, tally)
        multipliers = read_multipliers(field(data, "multipliers", ""), "multipliers", game, state, number)
        tally.checked += 1
        open_ = (state, number) not in outer.unenforceable and state not in outer.empty
        planes = outer.planes(sides, outer.levels, None)
        if open_ and outer.enforceable(planes, state, number, multipliers):
            raise FailedError(f"{name} is not shown to be unenforceable")
        tally.proven = f"{name} cannot be played in the first period of any pure equilibrium"
    else:
        raise fault("answer", f"is {short_repr(answer)}", 'write "yes" or "no"')
