"""Inner sets at a knife edge: with perfect monitoring, exact vertices are tried out profile by profile.

Conditions that hold with equality only leave no room for rounding. Where the vertices are ratios of small numbers they
can be read off their doubles; whether the set then generates itself is decided in exact arithmetic: profile a generates
vertex v if w = (v - (1 - delta) g(a)) / delta lies in the set and w_i >= u_i + (1 - delta)/delta gain_i for both
players, u the worst vertices (Abreu, Pearce, Stacchetti 1990; Abreu, Sannikov 2014). Repeated games only.
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

from negotiation._values import Floats
from negotiation.games import DynamicGame
from negotiation.solve.certify_data import text
from negotiation.solve.incentives import Incentives
from negotiation.solve.witness import Exact, Point, written

SMALL = 10**6
CLOSE = 1e-9

Mark = tuple[tuple[int, Fraction], ...]


def read_off(exact: Exact, vertices: Floats) -> list[Point]:
    """Return the vertices (V, 2), in units of the game, as normalised ratios: simple ones where they are close."""
    found = []
    for vertex in vertices:
        place = []
        for i in range(2):
            number = Fraction(float(vertex[i]))
            simple = number.limit_denominator(SMALL)
            near = abs(simple - number) <= CLOSE * exact.scale[i]
            place.append(((simple if near else number) - exact.offset[i]) / exact.scale[i])
        found.append((place[0], place[1]))
    return found


def exact_witness(game: DynamicGame, inc: Incentives, vertices: Floats) -> list[dict[str, Any]] | None:
    """Return the inner witness of a repeated game with perfect monitoring, None when a vertex has no generator."""
    exact = Exact(game, inc)
    places = hull(read_off(exact, vertices))
    worst = [min(range(len(places)), key=lambda m, i=i: places[m][i]) for i in range(2)]  # type: ignore[misc]
    low = [places[worst[i]][i] for i in range(2)]
    generated = []
    for place in places:
        entry = next(filter(None, (_by(exact, p, place, places, low) for p in range(len(inc.g)))), None)
        if entry is None:
            return None
        p, lottery = entry
        after = tuple(
            lottery if group >= 0 else ((worst[max(-1 - int(group), 0)] if group > -3 else 0, Fraction(1)),)
            for group in inc.group[p]
        )
        generated.append({"profile": [int(a) for a in inc.profiles[p]], "continuation": written(after)})
    return [
        {
            "vertices": [[text(x), text(y)] for x, y in places],
            "worst": worst,
            "generated": generated,
            "holders": [[m] for m in range(len(places))],
        }
    ]


def _by(exact: Exact, p: int, place: Point, places: list[Point], low: list[Fraction]) -> tuple[int, Mark] | None:
    """Return (p, lottery) when profile p generates the place, None otherwise."""
    rest, delta = 1 - exact.discount, exact.discount
    own = exact.payoff(0, p)
    w = tuple((place[i] - rest * own[i]) / delta for i in range(2))
    lottery = between((w[0], w[1]), places)
    if lottery is None:
        return None
    profile = exact.inc.profiles[p]
    width = int(exact.inc.profiles[:, 1].max()) + 1
    for i in range(2):
        for action in range(int(exact.inc.profiles[:, i].max()) + 1):
            to = action * width + int(profile[1]) if i == 0 else int(profile[0]) * width + action
            gain = exact.payoff(0, to)[i] - own[i]
            if action != profile[i] and rest * gain > delta * (w[i] - low[i]):
                return None
    return p, lottery


def hull(places: list[Point]) -> list[Point]:
    """Return the extreme points, counter-clockwise (Andrew 1979), by exact signs."""
    order = sorted(set(places))
    chains = []
    for run in (order, order[::-1]):
        chain: list[Point] = []
        for place in run:
            while len(chain) >= 2 and _area(chain[-2], chain[-1], place) <= 0:
                chain.pop()
            chain.append(place)
        chains.append(chain[:-1])
    return chains[0] + chains[1] if len(order) > 1 else order


def between(w: Point, places: list[Point]) -> Mark | None:
    """Return exact weights on at most three of the places, counter-clockwise, that give w; None outside their hull."""
    if w in places:
        return ((places.index(w), Fraction(1)),)
    if len(places) == 1:
        return None
    if len(places) == 2:
        a, b = places
        if _area(a, b, w) != 0:
            return None
        i = 0 if a[0] != b[0] else 1
        share = (w[i] - a[i]) / (b[i] - a[i])
        return ((0, 1 - share), (1, share)) if 0 < share < 1 else None
    for m, n in itertools.pairwise(range(1, len(places))):
        a, b, c = places[0], places[m], places[n]
        areas = (_area(b, c, w), _area(c, a, w), _area(a, b, w))
        if min(areas) >= 0:
            total = sum(areas, Fraction(0))
            return tuple((k, area / total) for k, area in zip((0, m, n), areas, strict=True) if area)
    return None


def _area(a: Point, b: Point, c: Point) -> Fraction:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
