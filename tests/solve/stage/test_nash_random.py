"""All extreme equilibria of random games against an enumeration that shares nothing with the package.

The twin here tries every support and every equally large set of replies, solves the square indifference system in
fractions (support enumeration on each side alone; Dickhaut, Kaplan 1993), keeps the best-response vertices, and then
tests every pair of them by its regret.
"""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiation.games import StageGame
from negotiation.solve.stage.nash import stage_equilibria

SHAPES = ((2, 2), (2, 3), (3, 2), (3, 3), (3, 4), (4, 3), (4, 4))
RANGES = ((0, 2), (-9, 9))


def game_of(row, column):
    shape = np.shape(row)
    actions = tuple(tuple(f"{letter}{at}" for at in range(size)) for letter, size in zip("rc", shape, strict=True))
    return StageGame(("row", "column"), actions, [row, column])


def solve(matrix, right):
    """Solve a square integer system: numerators over one positive denominator (last), or None when it is singular."""
    lines = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    size, scale = len(lines), 1
    for at in range(size):
        pick = next((k for k in range(at, size) if lines[k][at]), None)
        if pick is None:
            return None
        lines[at], lines[pick] = lines[pick], lines[at]
        chosen = lines[at]
        for k in range(size):
            if k != at:
                factor = lines[k][at]
                lines[k] = [(chosen[at] * a - factor * b) // scale for a, b in zip(lines[k], chosen, strict=True)]
        scale = chosen[at]
    sign = 1 if scale > 0 else -1
    return [sign * line[-1] for line in lines], sign * scale


def vertices(payoff):
    """Mixes x, determined by their support and best replies, where payoff[i][j] goes to the player who replies j."""
    rows, columns = len(payoff), len(payoff[0])
    found = set()
    for size in range(1, min(rows, columns) + 1):
        for support in itertools.combinations(range(rows), size):
            for replies in itertools.combinations(range(columns), size):
                matrix = [[*(payoff[i][j] for i in support), -1] for j in replies] + [[1] * size + [0]]
                answer = solve(matrix, [0] * size + [1])
                if answer is None or min(answer[0][:-1]) <= 0:
                    continue
                (*weights, level), scale = answer
                earned = [sum(w * payoff[i][j] for i, w in zip(support, weights, strict=True)) for j in range(columns)]
                if max(earned) <= level:
                    mix = [Fraction(0)] * rows
                    for i, weight in zip(support, weights, strict=True):
                        mix[i] = Fraction(weight, scale)
                    found.add(tuple(mix))
    return found


def twin(row, column):
    """The set of extreme equilibria by the twin."""
    mixes_x = vertices(column)
    mixes_y = vertices([list(line) for line in zip(*row, strict=True)])
    found = set()
    for x in mixes_x:
        for y in mixes_y:
            to_row = [sum(w * u for w, u in zip(y, line, strict=True)) for line in row]
            to_column = [sum(x[i] * column[i][j] for i in range(len(x))) for j in range(len(y))]
            best_row, best_column = max(to_row), max(to_column)
            if all(u == best_row for w, u in zip(x, to_row, strict=True) if w) and all(
                u == best_column for w, u in zip(y, to_column, strict=True) if w
            ):
                found.add((x, y))
    return found


def random_games(count, seed):
    rng = np.random.default_rng(seed)
    for at in range(count):
        shape = SHAPES[at % len(SHAPES)]
        low, high = RANGES[(at // len(SHAPES)) % len(RANGES)]
        yield rng.integers(low, high + 1, (2, *shape)).tolist()


def check(count, seed):
    for row, column in random_games(count, seed):
        found = stage_equilibria(game_of(row, column))
        assert found.complete
        assert {each.mixes for each in found.equilibria} == twin(row, column), (row, column)
        check_subsets(found)


def check_subsets(found):
    """Two extreme equilibria share a maximal Nash subset exactly when swapping their parts gives equilibria too."""
    every = {each.mixes for each in found.equilibria}
    together, in_component = set(), set()
    for component in found.components:
        members = [found.equilibria[at].mixes for at in component.members]
        in_component |= set(itertools.product(members, members))
        for subset in component.subsets:
            pairs = list(itertools.product(subset.rows, subset.columns))
            assert set(pairs) <= set(members)
            together |= set(itertools.product(pairs, pairs))
    for one, other in itertools.product(every, every):
        swapped = {(one[0], other[1]), (other[0], one[1])} <= every
        assert ((one, other) in together) == swapped
        if one[0] == other[0] or one[1] == other[1]:
            assert (one, other) in in_component
    assert sum(len(component.members) for component in found.components) == len(every)


def test_equal_an_independent_enumeration_on_300_random_games():
    check(300, seed=1)


@pytest.mark.slow
def test_equal_an_independent_enumeration_on_1000_more_random_games():
    check(1000, seed=2)


def matrices(low=-3, high=3):
    def pair(shape):
        return st.lists(
            st.lists(st.integers(low, high), min_size=shape[1], max_size=shape[1]),
            min_size=shape[0],
            max_size=shape[0],
        )

    return st.sampled_from(SHAPES).flatmap(lambda shape: st.tuples(pair(shape), pair(shape)))


@settings(max_examples=60, deadline=None)
@given(matrices())
def test_every_equilibrium_has_regret_zero_in_exact_arithmetic(tables):
    row, column = tables
    for each in stage_equilibria(game_of(row, column)).equilibria:
        x, y = each.mixes
        assert sum(x) == sum(y) == 1
        assert min(x) >= 0
        assert min(y) >= 0
        to_row = [sum(w * u for w, u in zip(y, line, strict=True)) for line in row]
        to_column = [sum(w * u for w, u in zip(x, line, strict=True)) for line in zip(*column, strict=True)]
        assert each.payoffs == (float(max(to_row)), float(max(to_column)))
        assert sum(w * u for w, u in zip(x, to_row, strict=True)) == max(to_row)
        assert sum(w * u for w, u in zip(y, to_column, strict=True)) == max(to_column)


@settings(max_examples=60, deadline=None)
@given(matrices(), st.sampled_from([1e9, 1e-9, 0.1, 1 / 3, 7.3e5]), st.sampled_from([0.0, 1.0, -0.7]))
def test_mixes_survive_any_scale_and_offset_in_doubles(tables, scale, offset):
    row, column = np.array(tables, dtype=float)
    plain = stage_equilibria(game_of(row, column))
    moved = stage_equilibria(game_of(scale * (row + offset), column))
    assert [each.mixes for each in moved.equilibria] == [each.mixes for each in plain.equilibria]
    assert len(moved.components) == len(plain.components)
    for new, old in zip(moved.equilibria, plain.equilibria, strict=True):
        assert new.payoffs[0] == pytest.approx(scale * (old.payoffs[0] + offset), rel=1e-12, abs=1e-13 * scale)


@settings(max_examples=40, deadline=None)
@given(matrices())
def test_mixes_survive_a_shift_by_a_billion(tables):
    row, column = np.array(tables, dtype=float)
    plain = stage_equilibria(game_of(row, column))
    moved = stage_equilibria(game_of(row / 4 + 1e9, column * 1e-9 - 3.0))
    assert [each.mixes for each in moved.equilibria] == [each.mixes for each in plain.equilibria]


@settings(max_examples=60, deadline=None)
@given(matrices(), st.randoms(use_true_random=False))
def test_relabelling_actions_and_players_relabels_the_equilibria(tables, draw):
    row, column = np.array(tables)
    order = [draw.sample(range(size), size) for size in row.shape]
    shuffled = stage_equilibria(game_of(row[np.ix_(*order)], column[np.ix_(*order)]))
    swapped = stage_equilibria(game_of(column.T, row.T))
    plain = {each.mixes for each in stage_equilibria(game_of(row, column)).equilibria}
    assert {each.mixes[::-1] for each in swapped.equilibria} == plain
    assert {each.mixes for each in shuffled.equilibria} == {
        (tuple(x[i] for i in order[0]), tuple(y[j] for j in order[1])) for x, y in plain
    }
