"""Payoffs as two matrices or as cells: the same game either way, and the reading is said where it was not plain."""

import itertools
import random

import numpy as np
import pytest

from negotiation.errors import InputError
from negotiation.games.files.load import any_game_of


def tables(draw, rows, columns):
    matrices = [[[draw.randrange(-9, 9) for _ in range(columns)] for _ in range(rows)] for _ in range(2)]
    cells = [[[matrices[i][r][c] for i in range(2)] for c in range(columns)] for r in range(rows)]
    return matrices, cells


@pytest.mark.parametrize(("rows", "columns"), list(itertools.product((1, 2, 3, 4), repeat=2)))
def test_matrices_and_cells_give_the_same_game(rows, columns):
    matrices, cells = tables(random.Random(10 * rows + columns), rows, columns)
    right = any_game_of({"payoffs": matrices, "discount": "1/2", "layout": "matrices"})
    assert any_game_of({"payoffs": cells, "discount": "1/2", "layout": "cells"}) == right
    assert right.remarks == ()
    assert right.stage.payoffs.tolist() == matrices
    plain = any_game_of({"payoffs": cells, "discount": "1/2"})
    if rows != 2:
        assert plain.stage == right.stage
        assert "cell by cell" in plain.remarks[0]
    else:
        assert "as two matrices" in plain.remarks[0]
        assert 'write "layout": "cells"' in plain.remarks[0]
    assert ("fit" in " ".join(any_game_of({"payoffs": matrices, "discount": "1/2"}).remarks)) == (columns == 2)


def test_what_else_the_file_says_decides():
    matrices, cells = tables(random.Random(1), 2, 3)
    signals = [[["1/2", "1/2"]] * 3] * 2
    for more in ({"actions": [["a", "b"], ["x", "y", "z"]]}, {"signals": signals}, {"layout": "cells"}):
        game = any_game_of({"payoffs": cells, "discount": "1/2", **more})
        assert game.stage.payoffs.tolist() == matrices
        assert not any("fit the other" in remark for remark in game.remarks)


def test_each_state_has_a_layout_of_its_own():
    matrices, cells = tables(random.Random(2), 2, 2)
    states = [
        {"name": "a", "payoffs": matrices, "layout": "matrices", "next_state": "b"},
        {"name": "b", "payoffs": cells, "next_state": "a"},
    ]
    game = any_game_of({"discount": "1/2", "layout": "cells", "states": states})
    assert np.array_equal(game.stages[0].payoffs, game.stages[1].payoffs)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"layout": "cell"}, "layout: there is no layout 'cell' (did you mean 'cells'?)"),
        ({"layout": "cells", "payoffs": [[[1, 2], [3]]]}, "payoffs[0][1]: has 1 entries, needs 2"),
        ({"payoffs": [[[1, 2, 3]] * 3] * 3}, "payoffs: has 3 entries, needs 2"),
    ],
)
def test_mistakes_name_their_place(change, said):
    with pytest.raises(InputError) as caught:
        any_game_of({"payoffs": [[[1, 2], [3, 4]]] * 2, "discount": "1/2", **change})
    assert said in [problem.sentence() for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["0.3333333333333333"] * 3, "the chances of 4 distributions sum to 1 only when rounded"),
        (["1/3", "1/3", "1/3"], None),
        ([0.25, 0.5, 0.25], None),
    ],
)
def test_chances_that_are_rounded_are_said(row, said):
    game = any_game_of(
        {"payoffs": [[[1, 2], [3, 4]]] * 2, "layout": "cells", "discount": "1/2", "signals": [[row] * 2] * 2}
    )
    assert said is None or said in game.remarks[0]
    assert (said is None) == (game.remarks == ())


def test_chances_that_do_not_sum_to_one_are_refused():
    with pytest.raises(InputError, match=r"sums to 0\.9999, not to 1"):
        any_game_of({"payoffs": [[[1, 2], [3, 4]]] * 2, "discount": "1/2", "signals": [[["0.3333"] * 3] * 2] * 2})
