"""Game files of other programs: published games, variants of each format, damage, and round trips through pygambit."""

import io
import random
from fractions import Fraction

import numpy as np
import pytest

from negotiation.errors import InputError
from negotiation.games import DynamicGame, OneShotGame
from negotiation.games.conversion import game_from, to_nfg
from negotiation.games.files.load import game_of_text, read_game
from negotiation.solve.stage.nash import stage_equilibria

# von Stengel (1999), Discrete and Computational Geometry 21: a 6 x 6 game with 75 equilibria, payoffs of the first
# player (row by row); the second has the transpose with the first two columns and the last two exchanged as below
STENGEL = """NFG 1 R "von Stengel's 6 x 6 game" { "1" "2" }
{ { "1" "2" "3" "4" "5" "6" } { "1" "2" "3" "4" "5" "6" } }

9504 72336 -111771 -461736 397584 1227336 171204 -1718376 1303104 1303104 737154 -453420
-660 48081 31680 -300036 -113850 774576 -45936 -1039236 -453420 737154 -227040 -227040
19976 29216 -130944 -178761 451176 451176 208626 -586476 1227336 397584 774576 -113850
-20526 14124 168124 -84436 -586476 208626 -263076 -263076 -1718376 171204 -1039236 -45936
1776 1776 -8514 -8976 29216 19976 14124 -20526 72336 9504 48081 -660
-8976 -8514 52764 52764 -178761 -130944 -84436 168124 -461736 -111771 -300036 31680
"""
# Gambit's sample 2x2const.nfg: constant sum 2, one equilibrium (1/3, 2/3) for both, worth 2/3 and 4/3
CONSTANT = """NFG 1 R "2 x 2 constant sum" { "Player 1" "Player 2" }
{ { "1" "2" } { "1" "2" } }
"a comment"
{ { "" 2, 0 } { "" 0, 2 } { "" 0, 2 } { "" 1, 1 } }
1 2 3 4
"""
SMALL = """NFG 1 D "with \\"quotes\\" and { braces }" { "the \\"first\\"" "" } { { "a" "b" } { "c" "" "c" } }
1/3 .5   -2e1 +4   5 6   7. 8   9 10   11 12"""


def told(text, origin="my.nfg", **kwargs):
    with pytest.raises(InputError) as caught:
        game_of_text(text, origin, **kwargs)
    return str(caught.value)


def test_a_published_game_in_payoffs():
    assert len(stage_equilibria(game_of_text(STENGEL, "stengel").stage).equilibria) == 75


def test_a_published_game_in_outcomes():
    (found,) = stage_equilibria(game_of_text(CONSTANT, "x.nfg").stage).equilibria
    assert found.mixes == ((Fraction(1, 3), Fraction(2, 3)),) * 2
    assert found.payoffs == (2 / 3, 4 / 3)


def test_names_and_numbers_mean_what_is_written():
    game = game_of_text(SMALL, "x.nfg")
    assert isinstance(game, OneShotGame)
    assert game.stage.players == ('the "first"', "player 2")
    assert game.stage.actions == (("a", "b"), ("c", "2", "c_1"))
    # the first player's action is fastest: (a, c), (b, c), (a, 2), ...
    assert game.exact_payoffs == ((Fraction(1, 3), 5, 9, -20, 7, 11), (Fraction(1, 2), 6, 10, 4, 8, 12))


def test_outcome_nought_is_worth_nothing_and_outcomes_repeat():
    text = 'NFG 1 R "" { "r" "c" } { 2 3 } { { "x" 1/3 .5 } { "y" 2 3 } } 1 2 0 1 2 1'
    game = game_of_text(text, "x.nfg")
    assert game.stage.actions == (("1", "2"), ("1", "2", "3"))
    assert game.exact_payoffs[0] == (Fraction(1, 3), 0, 2, 2, Fraction(1, 3), Fraction(1, 3))


def test_gametracer_lists_one_player_after_the_other():
    """GAMUT's format; QuantEcon's own test file minimum_effort_game.gam has u1 = 1, -9, -19 as its own effort rises."""
    game = game_of_text("2\n2 3\n\n1 2 3 4 5 6\n0.1 20 30 40 50 1/3\n", "x.gam")
    assert game.exact_payoffs == ((1, 3, 5, 2, 4, 6), (Fraction(1, 10), 30, 50, 20, 40, Fraction(1, 3)))
    assert game_of_text("2\n2 3\n\n1 2 3 4 5 6\n0.1 20 30 40 50 1/3\n", "standard input") == game


CELLS = (
    ',C,D\nC,"3, 3","0, 5"\nD,"5, 0","1, 1"\n',
    'row \\ column,C,D\nC,"3, 3","0, 5"\nD,"5, 0","1, 1"\n',
    ' , C, D\n C, "3, 3", "0; 5"\n\n D, "(5, 0)", "[1 1]"\n',
    ";C;D\nC;3,3;0,5\nD;5,0;1,1\n",
    "\tC\tD\r\nC\t3, 3\t0, 5\r\nD\t5, 0\t1, 1\r\n",
    'C,D\nC,"3, 3","0, 5"\nD,"5, 0","1, 1"\n',
    '\ufeff"",C,D\nC,3 3,0 5\nD,5 0,1.0 2/2\n'.removeprefix("\ufeff"),
)


@pytest.mark.parametrize("text", CELLS)
def test_cells_however_a_spreadsheet_saves_them(text):
    game = game_of_text(text, "x.csv")
    assert game.stage.actions == (("C", "D"), ("C", "D"))
    assert game.exact_payoffs == ((3, 0, 5, 1), (3, 5, 0, 1))
    assert game.stage.players == (("row", "column") if "\\" in text else ("player 1", "player 2"))


def test_cells_without_names():
    assert game_of_text('"1, 2","1/3, 0.1"', "x.csv").stage.actions == (("0",), ("0", "1"))
    assert game_of_text('L,M\n"1, 2","3, 4"', "x.csv").stage.actions == (("0",), ("L", "M"))
    assert game_of_text('T,"1, 2"\nB,"3, 4"', "x.csv").stage.actions == (("T", "B"), ("0",))


def test_a_discount_makes_it_repeated(tmp_path):
    (tmp_path / "GAME.NFG").write_text(CONSTANT)
    game = read_game(tmp_path / "GAME.NFG", "9/10")
    assert isinstance(game, DynamicGame)
    assert game.exact_discount == Fraction(9, 10)
    assert game.exact_payoffs is not None
    assert told(CONSTANT, discount="1") == "my.nfg: discount: must lie strictly between 0 and 1, got 1"


def test_a_json_game_without_a_discount_is_played_once_unless_it_has_signals():
    text = '{"payoffs": [[[1, 0]], [[0, 1]]]'
    assert isinstance(game_of_text(text + "}", "x.json"), OneShotGame)
    assert "discount: is missing" in told(text + ', "signals": [[[1], [1]]]}', "x.json")
    assert "nothing (null)" in told(text + ', "discount": null}', "x.json")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('NFG 2 R "" { "a" "b" } { 1 1 } 1 1', "line 1: 2 stands where 1 is needed"),
        ('NFG 1 R "" { "a" "b" "c" }\n{ 1 1 1 } 1 1 1', "a list of 3 players: this solver takes two"),
        ('NFG 1 R "" { "a" "b" }\n{ 1 1 }\n1 x', "line 3: x is not a number"),
        ('NFG 1 R "" { "a" "b" }\n{ 1 1 }\n1', "line 3: the end of the file stands where a payoff of the second"),
        ('NFG 1 R "" { "a" "b" }\n{ 1 1 }\n1 2 3', "line 3: 3 stands after the last number"),
        ('NFG 1 R "" { "a" "b" }\n{ { "x" } { "y }', 'line 2: " opens a quoted name that never ends'),
        ('NFG 1 R "" { "a" "b" }\n{ 1 1 }\n{ { "o" 1 2 } }\n2', "line 4: 2 is no outcome: the file lists 1"),
        ('NFG 1 R "" { "a" "b" } { 1000000000 1000000000 } 1 1', "profiles are needed and 3 words are left"),
        ('NFG 1 R "" { "a" "b" } { { } { "x" } } 1 1', "each player needs at least one"),
        ('EFG 2 R "" { "a" "b" }', "is an extensive form (.efg), which is not read"),
        ("3\n2 2 2\n" + "0 " * 24, "line 1: 3 players: this solver takes two"),
        ("2\n2 2\n1 2 3", "2 × 2 × 2 payoffs are needed and 3 words are left"),
        (
            "2\n2.5 2\n1 2 3",
            "line 2: 2.5 stands where the first player's number of actions, a whole",
        ),
        (',C\nC,"3, x"', "line 2, cell 2: '3, x' is not a number"),
        ('"1, 2","3, 4"\n"5, 6"', "line 2: has 1 cells, the first line of payoffs has 2"),
        ('A,B,C\n"1, 2","3, 4"', "the first line: names 3 columns, the first line of payoffs has 2 cells"),
    ],
)
def test_each_mistake_is_one_clear_sentence(text, said):
    origin = "x.gam" if text[0] in "23" else "x.nfg" if text[1:3] == "FG" else "x.csv"
    assert said in told(text, origin).replace("\n", " ")


def test_damaged_files_are_refused_in_a_sentence():
    """A few hundred damaged copies of each format: each is a game or an `InputError`, and nothing else."""
    rng = random.Random(5)
    for text in (SMALL, CONSTANT, "2\n2 2\n1 2 3 4\n5 6 7 8\n", *CELLS[:4]):
        for _ in range(120):
            damaged = list(text)
            for _ in range(rng.randint(1, 4)):
                at = rng.randrange(len(damaged))
                damaged[at] = rng.choice(['"', "{", "}", "", "9" * 500, "1e999999999", "\n", ",", "x", "/0", "-", "\\"])
            for origin in ("x.nfg", "x.gam", "x.csv", "standard input"):
                try:
                    game = game_of_text("".join(damaged), origin, rng.choice([None, "0.5"]))
                except InputError:
                    continue
                assert game.stage.n_players == 2


def test_games_survive_gambit():
    """Random games written by us, read and written by pygambit, read by us: names, ratios and all."""
    pygambit = pytest.importorskip("pygambit")
    rng = np.random.default_rng(3)
    for _ in range(20):
        shape = rng.integers(1, 5, 2)
        numbers = [[[f"{a}/{b}" for a, b in row] for row in rng.integers(1, 30, (*shape, 2))] for _ in range(2)]
        game = game_from(*numbers)
        known = pygambit.read_nfg(io.StringIO(to_nfg(game, 'a "title"')))
        again = game_of_text(known.to_nfg(), "again.nfg")
        assert again == game
        assert game_of_text(to_nfg(game), "ours.nfg") == game
