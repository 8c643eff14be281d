"""Best replies and dominance: stored cases, HiGHS on random games, what elimination may and may not remove."""

import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from negotiation.games import StageGame
from negotiation.solve.stage.dominance import Kind, best_replies, dominated_actions, iterated_strict_dominance
from negotiation.solve.stage.nash import stage_equilibria
from tests.stored import STORED

CASES = json.loads((STORED / "dominance.json").read_text())


def game_of(*tables):
    shape = np.shape(tables[0])
    actions = tuple(tuple(f"a{player}{at}" for at in range(size)) for player, size in enumerate(shape))
    return StageGame(tuple(f"p{player}" for player in range(len(shape))), actions, tables)


def highs_slack(table, action):
    """The twin: the largest least gain that a mix of the other rows has over `action`, by HiGHS."""
    others = np.delete(table, action, axis=0)
    gains = others - table[action]
    found = linprog(
        [*np.zeros(len(others)), -1.0],
        A_ub=np.column_stack((-gains.T, np.ones(gains.shape[1]))),
        b_ub=np.zeros(gains.shape[1]),
        A_eq=[[*np.ones(len(others)), 0.0]],
        b_eq=[1.0],
        bounds=[(0, None)] * len(others) + [(None, None)],
    )
    return -found.fun


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_stored_eliminations(case):
    """Expected survivors from linear programmes; Gambit removes only what a pure action dominates."""
    found = iterated_strict_dominance(game_of(case["A"], case["B"]))
    assert found.survivors == (tuple(case["rows_left"]), tuple(case["cols_left"]))


def test_a_mix_dominates_where_no_action_does():
    """The second stored case: half and half of the first two rows earns 3/2 > 1 everywhere."""
    (found,) = dominated_actions(game_of([[3, 0], [0, 3], [1, 1]], [[1, 0], [0, 1], [1, 0]]))
    assert (found.player, found.action, found.kind) == (0, 2, Kind.STRICT)
    assert found.by == (Fraction(1, 2), Fraction(1, 2), 0)
    game = game_of([[3, 0], [0, 3], [1, 1]], [[1, 0], [0, 1], [1, 0]])
    assert found.sentence(game) == "p0: a02 is strictly dominated by 1/2 a00 + 1/2 a01."


def test_weak_dominance_by_an_action_and_by_a_mix():
    """Row 2 ties with the half-half mix in column 0 and 1 and loses in column 2; row 3 is tied or beaten by row 0."""
    row = [[4, 0, 2], [0, 4, 2], [2, 2, 1], [4, 0, 0]]
    found = dominated_actions(game_of(row, np.zeros((4, 3))))
    assert [(each.action, each.kind) for each in found] == [(2, Kind.WEAK), (3, Kind.WEAK)]
    assert found[0].by == (Fraction(1, 2), Fraction(1, 2), 0, 0)
    assert found[1].by == (1, 0, 0, 0)


def test_duplicates_do_not_dominate_each_other():
    assert dominated_actions(game_of([[1, 2], [1, 2]], [[0, 0], [0, 0]])) == ()


def test_default_game_after_removing_what_no_one_would_ever_do(closed_form):
    """Model defaults: slow-walk dominates for China, partial for the US, so dominance alone predicts the stage game."""
    values, _, _ = closed_form("default_stage_matrices")
    found = iterated_strict_dominance(game_of(*np.array(values).reshape(2, 3, 3)))
    assert found.survivors == ((1,), (1,))


def test_elimination_goes_on_for_several_rounds():
    """Guess half of the average of 0 to 3, payoff minus the squared miss: each round cuts the largest guesses."""
    size = range(4)
    row = [[-((2 * i - (i + j) / 2) ** 2) for j in size] for i in size]
    found = iterated_strict_dominance(game_of(row, np.array(row).T))
    assert found.survivors == ((0,), (0,))
    assert len(found.rounds) >= 2
    assert {each.action for each in found.rounds[0]} == {2, 3}


def test_three_players_are_eliminated_too():
    """Everyone's second action pays one more whatever the others do."""
    bonus = [np.indices((2, 2, 2))[player] for player in range(3)]
    found = iterated_strict_dominance(game_of(*bonus))
    assert found.survivors == ((1,), (1,), (1,))
    assert len(found.rounds) == 1


def test_best_replies_mark_the_right_axis():
    game = game_of([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    assert best_replies(game, 0).tolist() == [[False, False], [True, True]]
    assert best_replies(game, 1).tolist() == [[False, True], [False, True]]


def test_strict_dominance_equals_highs_on_random_games():
    rng = np.random.default_rng(4)
    seen = 0
    for _ in range(60):
        row = rng.integers(0, 6, (4, 3))
        strict = {
            each.action
            for each in dominated_actions(game_of(row, row))
            if each.player == 0 and each.kind is Kind.STRICT
        }
        for action in range(4):
            slack = highs_slack(row, action)
            assert (slack > 1e-9) == (action in strict)
        seen += len(strict)
    assert seen > 20


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_dominance_is_what_it_says_and_equilibria_survive_it(seed):
    rng = np.random.default_rng(seed)
    row, column = rng.integers(-3, 4, (2, 3, 4))
    game = game_of(row, column)
    for each in dominated_actions(game):
        table = (row if each.player == 0 else column.T).astype(object)
        gain = np.array(each.by, dtype=object) @ table - table[each.action]
        assert sum(each.by) == 1
        assert each.by[each.action] == 0
        assert min(gain) > 0 if each.kind is Kind.STRICT else min(gain) >= 0 < max(gain)
    kept = iterated_strict_dominance(game).survivors
    for found in stage_equilibria(game).equilibria:
        for mix, actions in zip(found.mixes, kept, strict=True):
            assert {at for at, weight in enumerate(mix) if weight} <= set(actions)
