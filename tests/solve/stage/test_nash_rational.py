"""Payoffs read as integers: simplest fractions against brute force, and the identity u = offset + unit * table."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiation.games import StageGame
from negotiation.solve.exact.payoffs import integer_payoffs
from negotiation.solve.exact.rationals import simplest_between


@settings(max_examples=100, deadline=None)
@given(st.fractions(0, 40, max_denominator=90), st.fractions(0, 2, max_denominator=900))
def test_simplest_fraction_equals_the_first_found_by_trying_every_denominator(low, width):
    high = low + width
    first = next(q for q in itertools.count(1) if Fraction(math.ceil(low * q), q) <= high)
    assert simplest_between(low, high) == Fraction(math.ceil(low * first), first)


@pytest.mark.parametrize("player", [0, 1, 2])
def test_table_puts_own_actions_first_and_gives_back_the_payoffs(player):
    rng = np.random.default_rng(player)
    names = tuple(tuple(f"{letter}{at}" for at in range(size)) for letter, size in zip("abc", (2, 3, 4), strict=True))
    for draw in (
        rng.integers(-9, 10, (3, 2, 3, 4)),
        rng.normal(size=(3, 2, 3, 4)),
        rng.integers(-9, 10, (3, 2, 3, 4)) / 7,
    ):
        game = StageGame(("a", "b", "c"), names, draw)
        payoffs = integer_payoffs(game, player)
        back = [[float(payoffs.value(Fraction(cell))) for cell in row] for row in payoffs.table]
        expected = np.moveaxis(game.payoffs[player], player, 0).reshape(game.shape[player], -1)
        assert back == pytest.approx(expected, rel=1e-14, abs=1e-15)
        assert math.gcd(*(cell for row in payoffs.table for cell in row)) == 1
        assert min(cell for row in payoffs.table for cell in row) == 0


def test_sevenths_are_recognised_and_irregular_numbers_are_not():
    names = (("x", "y", "z"), ("u",))
    sevenths = StageGame(("a", "b"), names, [[[1 / 7], [2 / 7], [5 / 7]], [[0], [0], [0]]])
    payoffs = integer_payoffs(sevenths, 0)
    assert payoffs.simplified
    assert payoffs.table == ((0,), (1,), (4,))
    irregular = StageGame(("a", "b"), names, [[[0.0], [2**0.5], [2.0]], [[0], [0], [0]]])
    payoffs = integer_payoffs(irregular, 0)
    assert not payoffs.simplified
    assert payoffs.value(Fraction(payoffs.table[1][0])) == Fraction(2**0.5)
