"""Games from Python's libraries and back: every object that stands for the same game gives the same game."""

from fractions import Fraction

import nashpy
import numpy as np
import pytest

from negotiation.errors import InputError
from negotiation.games import DynamicGame, OneShotGame, StageGame
from negotiation.games.conversion import game_from, to_nashpy, to_nfg
from negotiation.games.files.load import game_of_text

ROW, COLUMN = [[3, 0], [5, 1], [2, 7]], [[3, 5], [0, 1], [1, 4]]
WANTED = game_from(ROW, COLUMN)


class Gambit:
    """What pygambit's games have in common: a text."""

    def to_nfg(self):
        return to_nfg(WANTED)


class QuantEcon:
    """The attributes of QuantEcon's NormalFormGame, each player's own action first."""

    nums_actions = (3, 2)
    payoff_arrays = (np.array(ROW), np.array(COLUMN).T)


@pytest.mark.parametrize(
    "given",
    [
        (np.array(ROW), np.array(COLUMN)),
        (np.array([ROW, COLUMN], dtype=float),),
        ([[tuple(pair) for pair in zip(*rows, strict=True)] for rows in zip(ROW, COLUMN, strict=True)],),
        (np.stack([ROW, COLUMN], axis=-1),),
        (nashpy.Game(ROW, COLUMN),),
        (QuantEcon(),),
        ({"payoffs": np.array([ROW, COLUMN])},),
        (WANTED.stage,),
        (WANTED,),
    ],
)
def test_every_kind_of_object_gives_the_same_stage_game(given):
    assert game_from(*given).stage == WANTED.stage
    repeated = game_from(*given, discount="1/2")
    assert isinstance(repeated, DynamicGame)
    assert repeated.exact_discount == Fraction(1, 2)


def test_text_is_exact_and_names_may_be_given():
    assert np.array_equal(game_from(Gambit()).stage.payoffs, WANTED.stage.payoffs)
    game = game_from([["1/3"]], [[0.5]], players=["a", "b"], actions=[["x"], ["y"]])
    assert game.stage == StageGame(("a", "b"), (("x",), ("y",)), [[[1 / 3]], [[0.5]]])
    assert game.exact_payoffs is None  # the second number is a double
    assert game_from([["1/3"]], [[Fraction(1, 2)]]).exact_payoffs == ((Fraction(1, 3),), (Fraction(1, 2),))


def test_there_and_back():
    assert game_from(to_nashpy(WANTED)) == game_from(np.array(ROW, float), np.array(COLUMN, float))
    named = game_from([["1/3", 2]], [[-1, 10**20]], players=['the "first"', "b"], actions=[["é"], ["{", "}"]])
    assert game_of_text(to_nfg(named), "x.nfg") == named


def test_quantecon_itself():
    theory = pytest.importorskip("quantecon.game_theory")
    there = theory.NormalFormGame([theory.Player(np.array(ROW)), theory.Player(np.array(COLUMN).T.copy())])
    assert there[0, 1].tolist() == [0, 5]
    assert game_from(there).stage == WANTED.stage


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((3,), "is a number, not a game"),
        ((object(),), "is of type object, not a game"),
        ((ROW,), "has one matrix only (give the second player's as well)"),
        ((ROW, [[1]]), "has 1 entries, needs 3"),
        (([],), "needs two matrices"),
        ((ROW, [["a"] * 2] * 3), "'a' is not a number"),
        (("there-is-none.nfg",), "there is no such file"),
        (({"payofs": 1},), "did you mean 'payoffs'?"),
        ((np.ones((3, 2, 2, 2)),), "not a number"),
        ((np.array([[[np.nan, 1]]]),), "nan"),
    ],
)
def test_what_is_no_game_is_refused_in_a_sentence(given, said):
    with pytest.raises(InputError) as caught:
        game_from(*given)
    assert said in str(caught.value)


def test_a_one_shot_game_compares_its_ratios():
    with pytest.raises(InputError, match="ratios"):
        OneShotGame(WANTED.stage, ((1, 2), (3, 4)))
