"""What a certificate says about sets: both bounds and their distance, a single bound, a profile in the first period.

Distances are measured in normalised payoffs (shares of the payoff range). All comparisons in ratios.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from negotiation._values import Floats
from negotiation.verify.chain import read_chain, read_multipliers
from negotiation.verify.game import Game, read_profile
from negotiation.verify.inner import InnerChecker, Point, read_family, read_generated
from negotiation.verify.outer import OuterChecker
from negotiation.verify.reading import Count, Entry, FailedError, double, short_repr
from negotiation.verify.scaled import HalfPlanes, Units

LEAST_SQUARE = np.finfo(float).tiny  # stands for the squared length of a side that has none


class ProvenSets(NamedTuple):
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


Proven = tuple[str, ProvenSets | None]
"""What a claim proves in words, and the sets where the claim is about sets."""


def read_units(data: Entry) -> Units:
    """Return the units in which a certificate normalises payoffs."""
    offset, scale = (data.field("normalised").field(key) for key in ("offset", "scale"))
    units = Units(offset.ratios(2), scale.ratios(2))
    if min(units.scale) <= 0:
        raise scale.fault("must be positive")
    return units


def outer_checker(game: Game, data: Entry, count: Count) -> OuterChecker:
    """Check the outer chain."""
    return OuterChecker(game, read_units(data), read_chain(data.field("outer"), game), count).run()


def inner_checker(game: Game, data: Entry, count: Count) -> InnerChecker:
    """Check the inner family."""
    return InnerChecker(game, read_units(data), read_family(data.field("inner"), game), count).run()


def check_sets(game: Game, data: Entry, count: Count) -> Proven:
    """Check inner set, outer set (either may be missing) and the gap between them."""
    has_inner, has_outer, has_gap = (data.field(key).value is not None for key in ("inner", "outer", "gap"))
    if not (has_inner or has_outer):
        raise data.fault("holds neither an inner nor an outer set")
    if has_gap and not (has_inner and has_outer):
        raise data.field("gap").fault("needs both an inner and an outer set")
    inner = inner_checker(game, data, count) if has_inner else None
    outer = outer_checker(game, data, count) if has_outer else None
    gap = data.field("gap").ratio() if has_gap else None
    words: list[str] = []
    if inner is not None:
        counts = [len(vertices) for vertices in inner.family.vertices]
        corners = " + ".join(map(str, counts)) + (" vertices" if sum(counts) > 1 else " vertex")
        words.append(f"every payoff of the inner set ({corners}) is an equilibrium payoff")
    if outer is not None and len(outer.empty) == len(game.states):
        words.append("there is no equilibrium in pure strategies")
    elif outer is not None:
        words.append("no pure equilibrium pays anything outside the outer set")
        words += [f"there is none in state {game.states[s].name}" for s in sorted(outer.empty)]
    if inner is not None and outer is not None and gap is not None:
        _check_gap(inner, outer, gap)
        words.append(f"the two differ by at most {double(gap):.2g} of the payoff range")
    sets = ProvenSets(
        game=game,
        units=read_units(data),
        inner=None if inner is None else inner.family.vertices,
        planes=None if outer is None else outer.final_planes(),
        empty=frozenset() if outer is None else frozenset(outer.empty),
        gap=gap,
    )
    return "; ".join(words), sets


def _check_gap(inner: InnerChecker, outer: OuterChecker, gap: Fraction) -> None:
    """No corner of the outer set is further than `gap` from the inner one.

    The corners of neighbouring sides that surround the plane span a polygon that contains the outer set, whether or not
    every side carries an edge: its support is at least mu_1 c_1 + mu_2 c_2 in every direction.
    """
    if gap < 0:
        raise FailedError("the gap is negative")
    for s, (sides, vertices) in enumerate(zip(outer.final_planes().sides, inner.family.vertices, strict=True)):
        where, corners = outer.game.where(s), list(zip(sides, [*sides[1:], *sides[:1]], strict=True))
        if len(sides) < 3 or any(a.x * b.y <= a.y * b.x for a, b in corners):
            raise FailedError(f"the outer set{where} is not bounded by the sides named")
        unit = max(abs(x) for vertex in vertices for x in vertex) or Fraction(1)
        places = np.array([[double(x / unit) for x in vertex] for vertex in vertices])
        for a, b in corners:
            cross = a.x * b.y - a.y * b.x
            outer.count.checked += 1
            x, y = a.level * b.y - b.level * a.y, a.x * b.level - b.x * a.level
            if _squared((Fraction(x, cross), Fraction(y, cross)), vertices, places, unit) > gap * gap:
                raise FailedError(f"the inner and the outer set{where} are further apart than the gap says")


@np.errstate(over="ignore", invalid="ignore")  # a corner may lie further out than any double: any vertex will do
def _squared(corner: Point, vertices: Sequence[Point], places: Floats, unit: Fraction) -> Fraction:
    """Return the squared distance to a point between two vertices that doubles take to be the nearest.

    places (V, 2): the vertices over `unit`, so that they have squares.
    """
    away = np.array([double(x / unit) for x in corner]) - places
    along = away - np.roll(away, 1, axis=0)
    share = np.clip((away * along).sum(axis=1) / np.maximum((along**2).sum(axis=1), LEAST_SQUARE), 0.0, 1.0)
    nearest = int(((away - share[:, None] * along) ** 2).sum(axis=1).argmin())
    a, b, part_way = vertices[nearest], vertices[nearest - 1], Fraction(np.nan_to_num(share[nearest]))
    first, second = (corner[i] - a[i] - part_way * (b[i] - a[i]) for i in range(2))
    return first * first + second * second


def proven_support(planes: HalfPlanes, units: Units, state: int, direction: Sequence[Fraction]) -> Fraction | None:
    """Return a bound on direction.v (units of the game) over a state's half-planes, None where they do not bound it."""
    d = [x * scale for x, scale in zip(direction, units.scale, strict=True)]
    common = d[0].denominator * d[1].denominator
    bound = planes.bound(state, int(d[0] * common), int(d[1] * common))
    fixed = sum((x * offset for x, offset in zip(direction, units.offset, strict=True)), Fraction(0))
    return None if bound is None else Fraction(bound[0], bound[2] * common) + fixed


def check_bound(game: Game, data: Entry, count: Count) -> Proven:
    """Check that no equilibrium payoff v of a state has direction.v > level (units of the game)."""
    state = data.field("state").whole(len(game.states))
    direction, level = data.field("direction").ratios(2), data.field("level").ratio()
    outer = outer_checker(game, data, count)
    count.checked += 1
    if state not in outer.empty:
        bound = proven_support(outer.final_planes(), outer.units, state, direction)
        if bound is None or bound > level:
            raise FailedError(f"the outer set{game.where(state)} reaches beyond the bound")
    form = " + ".join(f"{double(x):g} x {name}" for x, name in zip(direction, game.players, strict=True))
    return f"no pure equilibrium{game.where(state)} has {form} above {double(level):.6g}", None


def check_play(game: Game, data: Entry, count: Count) -> Proven:
    """Check that a profile can, or cannot, be played in the first period of an equilibrium that starts in a state."""
    state = data.field("state").whole(len(game.states))
    profile, answer = read_profile(data, game.states[state]), data.field("answer").text()
    name = game.profile_words(state, profile)
    if answer == "yes":
        inner = inner_checker(game, data, count)
        first = read_generated(data.field("first"), game, state, inner.family.vertices)
        if first.profile != profile:
            raise FailedError(f"the continuation given is not for {name}")
        inner.point(state, first)
        return f"{name} can be played in the first period of a pure equilibrium", None
    if answer == "no":
        outer = outer_checker(game, data, count)
        multipliers = read_multipliers(data.field("multipliers"), game, state, profile)
        count.checked += 1
        open_ = (state, profile) not in outer.unenforceable and state not in outer.empty
        if open_ and outer.enforceable(outer.final_planes(), state, profile, multipliers):
            raise FailedError(f"{name} is not shown to be unenforceable")
        return f"{name} cannot be played in the first period of any pure equilibrium", None
    raise data.field("answer").fault(f"is {short_repr(answer)}", 'write "yes" or "no"')
