"""Minmax payoffs: textbook games, HiGHS on random games, duality, invariance."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from negotiation.errors import InputError
from negotiation.games import StageGame
from negotiation.solve.exact.linear_programme import UnboundedError, maximise
from negotiation.solve.stage.minmax import minmax


def game_of(*tables):
    shape = np.shape(tables[0])
    actions = tuple(tuple(f"a{player}{at}" for at in range(size)) for player, size in enumerate(shape))
    return StageGame(tuple(f"p{player}" for player in range(len(shape))), actions, tables)


def highs_minmax(payoff):
    """The twin: min v subject to payoff @ y <= v, y a distribution, by HiGHS."""
    rows, columns = payoff.shape
    found = linprog(
        [*np.zeros(columns), 1.0],
        A_ub=np.column_stack((payoff, -np.ones(rows))),
        b_ub=np.zeros(rows),
        A_eq=[[*np.ones(columns), 0.0]],
        b_eq=[1.0],
        bounds=[(0, None)] * columns + [(None, None)],
    )
    return found.fun


def test_abreus_cournot_game():
    """Abreu 1988: L, M, H with payoffs 10, 15, 7, ... ; the harshest punishment holds a firm to 0."""
    own = np.array([[10, 3, 0], [15, 7, -4], [7, 5, -15]])
    found = minmax(game_of(own, own.T), 0)
    assert (found.pure, found.mixed) == (0.0, 0.0)


def test_matching_pennies_pure_and_mixed_differ():
    found = minmax(game_of([[1, -1], [-1, 1]], [[-1, 1], [1, -1]]), 1)
    assert (found.pure, found.mixed) == (1.0, 0.0)


def test_default_game_holds_each_side_to_its_worst_cell_of_defiance(closed_form):
    """Withhold against the US, full tariffs against China; each then takes its best reply (model defaults)."""
    values, tolerance, _ = closed_form("default_stage_matrices")
    row, column = np.array(values).reshape(2, 3, 3)
    first, second = (minmax(game_of(row, column), player) for player in (0, 1))
    assert (first.mixed, second.mixed) == pytest.approx((-4.701708848, -1.8413325671), abs=tolerance)
    assert (first.pure, second.pure) == pytest.approx((-4.701708848, -1.8413325671), abs=tolerance)


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (2, 5), (6, 3), (8, 8)])
def test_mixed_minmax_equals_highs(shape):
    rng = np.random.default_rng(list(shape))
    for _ in range(8):
        row, column = rng.integers(-9, 10, (2, *shape))
        first, second = (minmax(game_of(row, column), player) for player in (0, 1))
        assert first.mixed == pytest.approx(highs_minmax(row), abs=1e-9)
        assert second.mixed == pytest.approx(highs_minmax(column.T), abs=1e-9)
        assert row.min(axis=1).max() <= first.mixed <= first.pure
        assert first.pure == row.max(axis=0).min()


def test_three_players_punish_with_a_correlated_mix():
    """Player 0 must guess whether the two others chose alike (1) or not (0); correlation leaves it a half."""
    own = np.array([[[1, 0], [0, 1]], [[0, 1], [1, 0]]])
    found = minmax(game_of(own, own, own), 0)
    assert (found.pure, found.mixed) == (1.0, 0.5)


def test_exact_payoffs_give_exact_levels():
    row = [["1/3", "0"], ["0", "1/7"]]
    game = game_of([[1 / 3, 0], [0, 1 / 7]], [[0, 0], [0, 0]])
    found = minmax(game, 0, exact=[row, [[0, 0], [0, 0]]])
    assert found.mixed == 0.1
    with pytest.raises(InputError, match="players are 0 to 1, got 2"):
        minmax(game, 2)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.lists(st.integers(-9, 9), min_size=3, max_size=3), min_size=2, max_size=4),
    st.sampled_from([1e9, 1e-9, 0.1, 3.0]),
    st.integers(-5, 5),
)
def test_affine_payoffs_move_the_value(table, scale, offset):
    row = np.array(table, dtype=float)
    plain = minmax(game_of(row, row), 0)
    moved = minmax(game_of(scale * (row + offset), row), 0)
    assert moved.mixed == pytest.approx(scale * (plain.mixed + offset), rel=1e-12, abs=1e-13 * scale)


def test_linear_programmes_that_have_no_largest_value_are_refused():
    with pytest.raises(UnboundedError):
        maximise([1, 1], [[1, -1]], [1])


def test_beales_cycling_example_ends():
    """Beale 1955: the usual rule cycles for ever; optimum 1/20, all data multiplied to integers."""
    found = maximise([75, -15000, 2, -600], [[25, -6000, -4, 900], [50, -9000, -2, 300], [0, 0, 1, 0]], [0, 0, 1])
    assert found.value == 5  # 1/20 in units of 1/100
    assert found.point == (Fraction(1, 25), 0, 1, 0)
