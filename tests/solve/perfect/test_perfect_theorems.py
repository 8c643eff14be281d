"""Theorems that hold for every repeated game with perfect monitoring and public randomisation."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiation.games.dynamic import DynamicGame
from negotiation.games.solution import Status
from negotiation.games.stage import StageGame
from negotiation.solve.options import Options
from negotiation.solve.payoff_sets.solver import solve
from negotiation.solve.stage.nash import pure_equilibria

CLOSE = 1e-8
SETTINGS = settings(max_examples=40, deadline=None, derandomize=True)
DELTAS = st.sampled_from([Fraction(1, 20), Fraction(3, 10), Fraction(1, 2), Fraction(2, 3), Fraction(9, 10)])


@st.composite
def tables(draw):
    """Integer payoffs (2, rows, columns)."""
    shape = (2, draw(st.integers(1, 4)), draw(st.integers(1, 4)))
    numbers = st.lists(st.integers(-6, 6), min_size=int(np.prod(shape)), max_size=int(np.prod(shape)))
    return np.array(draw(numbers), dtype=float).reshape(shape)


def game(table, delta):
    names = tuple(tuple(map(str, range(size))) for size in table.shape[1:])
    return DynamicGame.repeated(StageGame(("row", "column"), names, table), delta)


def covers(large, small, tolerance=CLOSE):
    """Whether one set contains another."""
    return small.is_empty or (not large.is_empty and large.distances(small.vertices).max() <= tolerance)


@SETTINGS
@given(tables(), DELTAS)
def test_outer_holds_inner_holds_pure_static_equilibria(table, delta):
    solved = solve(game(table, delta))
    assert covers(solved.outer[0], solved.inner[0])
    for profile in pure_equilibria(solved.game.stage):
        assert solved.inner[0].distances(np.array([solved.game.stage.payoff(profile)]))[0] <= CLOSE


@SETTINGS
@given(tables())
def test_the_set_grows_with_patience(table):
    chain = [solve(game(table, Fraction(k, 10))) for k in (1, 4, 7, 9)]
    for less, more in itertools.pairwise(chain):
        assert covers(more.outer[0], less.inner[0])


@SETTINGS
@given(tables(), DELTAS, st.integers(1, 9), st.integers(1, 9), st.integers(-50, 50))
def test_units_do_not_matter(table, delta, first, second, shift):
    factors = np.array([first, second], dtype=float)
    plain = solve(game(table, delta))
    other = solve(game(table * factors[:, None, None] + shift, delta))
    assert other.status is plain.status
    for mine, theirs in ((plain.outer[0], other.outer[0]), (plain.inner[0], other.inner[0])):
        assert len(mine.vertices) == len(theirs.vertices)
        if len(mine.vertices):
            assert (theirs.vertices - shift) / factors == pytest.approx(mine.vertices, abs=CLOSE)


@SETTINGS
@given(tables(), DELTAS, st.randoms(use_true_random=False))
def test_names_do_not_matter(table, delta, chance):
    plain = solve(game(table, delta))
    rows, columns = (list(range(size)) for size in table.shape[1:])
    chance.shuffle(rows)
    chance.shuffle(columns)
    turned = solve(game(table[:, rows][:, :, columns], delta))
    swapped = solve(game(np.stack([table[1].T, table[0].T]), delta))
    assert turned.status is plain.status is swapped.status
    for part in ("outer", "inner"):
        mine, other, mirror = (getattr(found, part)[0] for found in (plain, turned, swapped))
        flipped = type(mirror)(mirror.vertices[::-1, ::-1])
        for theirs in (other, flipped):
            assert covers(mine, theirs)
            assert covers(theirs, mine)


@SETTINGS
@given(tables(), DELTAS)
def test_static_equilibria_only_add(table, delta):
    plain, more = (solve(game(table, delta), Options(static_nash=extra)) for extra in (False, True))
    assert more.solved
    assert not more.inner[0].is_empty  # every finite game has a static equilibrium
    assert covers(more.outer[0], plain.inner[0])


@SETTINGS
@given(tables(), DELTAS)
def test_doubles_and_ratios_agree_unless_at_a_knife_edge(table, delta):
    exact, rounded = solve(game(table, delta)), solve(game(table, float(delta)))
    assert covers(rounded.outer[0], exact.inner[0])
    if rounded.status is Status.SOLVED:
        assert covers(exact.outer[0], rounded.inner[0])
