"""Knife edges whose sets have edges that turn about a fixed vertex: decided exactly, and a smaller fixed point refused.

In a dilemma (c both cooperate, d alone defects against s, p both defect) at the patience at which cooperation just
holds, d - c = (c - p) delta / (1 - delta). Threats are p. After a lone defection the sucker's continuation is at least
p + (p - s)(1 - delta)/delta = c + h, which is on the edge from (c, c) to (p, c + z), so that z = A - A h / z with A =
(1 - delta)(d - c). Both roots give polygons that are their own image; the larger root gives the set.
"""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from negotiation.games.dynamic import DynamicGame
from negotiation.games.solution import Status
from negotiation.games.stage import StageGame
from negotiation.solve.payoff_sets.solver import solve
from negotiation.solve.perfect.fixed_point_test import exact_hull, generates_itself
from negotiation.solve.perfect.germs import Germ, UndecidedError
from negotiation.solve.perfect.rational_polygon import exact_game
from negotiation.solve.perfect.shrinking_polygon import encloses
from tests.solve.perfect import exact_perfect


def game(c, d, p, s, delta):
    table = [[[c, s], [d, p]], [[c, d], [s, p]]]
    names = (("c", "d"), ("c", "d"))
    stage = StageGame(("row", "column"), names, np.array(table, dtype=object).astype(float))
    exact = tuple(tuple(number for row in own for number in row) for own in table)
    return DynamicGame.repeated(stage, delta).replace(exact_payoffs=(exact,)), table


def drawn(seed):
    """Return (c, d, p, s, delta) with a rational root, and the two roots, the larger one first."""
    rng = np.random.default_rng(seed)
    delta = Fraction(int(rng.integers(3, 19)), 20)
    c, p = Fraction(int(rng.integers(16, 40)), 10), Fraction(int(rng.integers(0, 15)), 10)
    most = delta * (c - p)
    z = most * Fraction(int(rng.integers(11, 20)), 20)
    patience = delta / (1 - delta)
    h = z * (most - z) / most
    return (c, c + (c - p) * patience, p, p - (h + c - p) * patience, delta), (z, most - z)


def polygon(numbers, z):
    c, _, p, _, _ = numbers
    return [(p, p), (c + z, p), (c, c), (p, c + z)]


def test_a_dilemma_in_decimals_at_its_knife_edge():
    """By hand: A = .48, h = 1/15, z = (.48 + .32) / 2 = .4."""
    dilemma, _ = game(*(Fraction(text) for text in ("2.1", "3.3", "1.3", "0", "0.6")))
    found = solve(dilemma)
    assert found.status is Status.EXACT
    assert found.inner[0].vertices.tolist() == [[1.3, 1.3], [2.5, 1.3], [2.1, 2.1], [1.3, 2.5]]


@pytest.mark.parametrize("seed", range(20))
def test_the_larger_root_is_the_set(seed):
    numbers, (z, _) = drawn(seed)
    dilemma, _ = game(*numbers)
    found = solve(dilemma)
    assert found.status is Status.EXACT
    assert found.inner[0].vertices.tolist() == [[float(x) for x in vertex] for vertex in polygon(numbers, z)]


@pytest.mark.parametrize("seed", range(20))
def test_what_generates_itself_and_is_smaller_is_refused(seed):
    numbers, (z, less) = drawn(seed)
    dilemma, table = game(*numbers)
    exact = exact_game(dilemma)
    c, _, p, _, delta = numbers
    whole = [exact.inside(vertex) for vertex in polygon(numbers, z)]
    outer = np.array([[float(number) for number in vertex] for vertex in whole])

    def proven(vertices, moves):
        moved = [(x + a, y + b) for (x, y), (a, b) in zip(vertices, moves, strict=True)]
        return encloses(exact, vertices, moved, outer)

    tiny = Fraction(1, 1 << 20)
    steps = [(0, 0), (tiny, 0), (0, 0), (0, tiny)]
    assert proven(whole, steps)
    small = polygon(numbers, less)
    assert exact_perfect.image(table, delta, exact_perfect.corners(small)) == exact_perfect.corners(small)
    for smaller in (small, [(p, p), (c, c)], [(p, p)]):
        vertices = [exact.inside(vertex) for vertex in smaller]
        assert generates_itself(exact, exact_hull(vertices))
        for factor in (1, 1 << 10, 1 << 20):  # to within what the set reaches, and beyond
            grown = [(x * factor, y * factor) for x, y in (steps if len(vertices) == 4 else [(-tiny, tiny)] * 4)]
            assert not proven(vertices, grown[: len(vertices)])


@pytest.mark.parametrize("seed", range(20))
def test_signs_hold_on_the_whole_interval(seed):
    rng = np.random.default_rng(seed)
    scale = [Fraction(1, 8) ** n for n in range(3)]
    first, second, third = (
        Germ(tuple(Fraction(int(x)) * s for x, s in zip(rng.integers(-3, 4, 3), scale, strict=True))) for _ in range(3)
    )

    def at(germ, t):
        upper, lower = (sum(x * t**n for n, x in enumerate(part)) for part in (germ.numerator, germ.denominator))
        return upper / lower

    over = ((first + second) * third - first) / third
    signs = [over < first, over > first, over == first]
    for t in (Fraction(1, 1000), Fraction(1, 3), Fraction(1)):
        value = ((at(first, t) + at(second, t)) * at(third, t) - at(first, t)) / at(third, t)
        assert at(over, t) == value
        assert signs == [value < at(first, t), value > at(first, t), value == at(first, t)]
    assert over.at_one == at(over, Fraction(1))


def test_a_sign_that_changes_is_refused():
    half = Germ((Fraction(-1), Fraction(2)))
    assert all(low < high for low, high in pairwise([Fraction(-2), Germ((Fraction(-1), Fraction(1, 2))), Fraction(0)]))
    with pytest.raises(UndecidedError):
        assert half > 0
