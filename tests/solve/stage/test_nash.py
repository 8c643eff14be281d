"""All extreme equilibria of known games; expected values from papers and from other tools, named in the case files."""

import json
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest

from negotiation.errors import InputError
from negotiation.games import StageGame
from negotiation.solve.stage.nash import pure_equilibria, stage_equilibria
from tests.stored import STORED

CASES = STORED
STAGE = json.loads((CASES / "stage_nash.json").read_text())
GAMBIT = json.loads((CASES / "gambit_extreme_equilibria.json").read_text())

# Savani, von Stengel 2006, "Hard-to-solve bimatrix games": the 6 x 6 game of von Stengel 1999 with small payoffs, as
# distributed with Gambit; player 2's matrix is player 1's with roles exchanged and neighbouring actions swapped.
SAVANI_VON_STENGEL = [
    [-81, 36, -126, 126, -36, 90],
    [-180, 72, -333, 297, -153, 270],
    [20, -3, 42, -33, 17, -30],
    [-30, 17, -33, 42, -3, 20],
    [270, -153, 297, -333, 72, -180],
    [90, -36, 126, -126, 36, -81],
]

# Gambit's contrib/games/8x8.nfg, "Random 8x8 game with 5 equilibria (3 pure)": payoff of player 1, payoff of player 2
# for each profile in thousandths, player 1's action fastest.
GAMBIT_8X8 = """
1131 1210 2426 2429 2326 2422 3222 3024 1223 1358 2234 2238 5255 5334 2643 2873 4452 4549 1655 1347 2747 2243 3518 3062
4564 4326 1762 1576 5634 5675 2455 6523 4225 5277 4837 5645 1478 2544 1973 7486 4483 5764 4995 5754 4383 1436 4864 5267
7566 4655 7076 4423 1759 2705 1735 4043 7247 4943 7362 4382 4642 1897 4042 3830 1335 1734 4434 4271 4120 4976 7324 7723
1428 1521 4248 4533 5231 5458 4486 4882 2537 2417 1427 1624 4542 4572 7577 7969 2675 2238 1132 1985 5369 5395 4669 4274
2164 5349 2243 5056 1473 4580 1740 4192 2236 5174 2355 5347 2798 1403 2832 1380 3803 2685 3464 2678 1323 4792 1214 4462
3974 2793 3575 2269 2778 1646 2342 1640
"""


def game_of(row, column, actions=None, players=("US", "China")):
    shape = np.shape(row)
    names = actions or tuple(tuple(f"{letter}{at}" for at in range(n)) for letter, n in zip("rc", shape, strict=True))
    tables = [[[float(Fraction(cell)) for cell in line] for line in table] for table in (row, column)]
    return StageGame(players, names, tables)


def fractions(mixes):
    return tuple(tuple(Fraction(weight) for weight in mix) for mix in mixes)


@pytest.mark.parametrize("case", STAGE, ids=lambda case: case["id"])
@pytest.mark.parametrize("literal", [True, False], ids=["text", "doubles"])
def test_published_and_constructed_games(case, literal):
    game = game_of(case["A"], case["B"], (tuple(case["rows"]), tuple(case["cols"])))
    found = stage_equilibria(game, exact=(case["A"], case["B"]) if literal else None)
    expected = {
        fractions((each["x"], each["y"])): fractions([each["payoffs"]])[0] for each in case["extreme_equilibria"]
    }
    assert {each.mixes for each in found.equilibria} == set(expected)
    for each in found.equilibria:
        for got, wanted in zip(each.payoffs, expected[each.mixes], strict=True):
            assert got == pytest.approx(float(wanted), rel=1e-15, abs=0)
    assert len(found.components) == case["n_components"]
    assert sorted(found.pure) == sorted(map(tuple, case["pure"])) == sorted(pure_equilibria(game))
    assert found.complete
    assert any(part.is_continuum for part in found.components) == (case["n_components"] < case["n_extreme"])


@pytest.mark.parametrize("case", GAMBIT["cases"], ids=range(len(GAMBIT["cases"])))
def test_degenerate_games_as_gambit_enumerates_them(case):
    """Gambit lists one equilibrium of case 39 twice, hence sets."""
    found = stage_equilibria(game_of(case["A"], case["B"]))
    assert {each.mixes for each in found.equilibria} == {fractions(mixes) for mixes in case["extreme_equilibria"]}


def test_the_gambit_cases_are_mostly_degenerate_and_name_their_tool():
    several = [case for case in GAMBIT["cases"] if len(case["extreme_equilibria"]) % 2 == 0]
    assert len(GAMBIT["cases"]) == 42
    assert len(several) >= 10  # an even number is impossible without degeneracy (Wilson 1971)
    assert GAMBIT["tool"].startswith("pygambit 16.7.0")


def test_seventy_five_equilibria_of_von_stengels_six_by_six_game():
    row = np.array(SAVANI_VON_STENGEL)
    swap = [1, 0, 3, 2, 5, 4]
    found = stage_equilibria(game_of(row, row.T[np.ix_(swap, swap)]))
    assert len(found.equilibria) == len(found.components) == 75
    assert not any(part.is_continuum for part in found.components)


def test_gambits_eight_by_eight_game_has_five_equilibria_three_of_them_pure():
    numbers = np.array(GAMBIT_8X8.split(), dtype=int).reshape(8, 8, 2)
    found = stage_equilibria(game_of(numbers[:, :, 0].T / 1000, numbers[:, :, 1].T / 1000))
    assert (len(found.equilibria), len(found.pure), found.complete) == (5, 3, True)


def test_default_game_has_one_equilibrium_in_which_both_let_the_deal_slip(closed_form):
    """Matrices of the model's default game; slow-walk is dominant, so (partial, slow-walk) is all there is."""
    values, _, _ = closed_form("default_stage_matrices")
    row, column = np.array(values).reshape(2, 3, 3)
    names = (("keep", "partial", "full"), ("license", "slow-walk", "withhold"))
    found = stage_equilibria(game_of(row, column, names))
    assert found.pure == ((1, 1),)
    assert len(found.equilibria) == 1
    assert found.describe() == (
        "Exactly one Nash equilibrium. US plays partial while China plays slow-walk. "
        "Payoffs: US -0.2644 and China -0.3616 (payoff per period)."
    )


def test_a_continuum_is_described_in_words():
    """Nashpy's issue 222: the row player may mix in any way that keeps its first action at or below 2/7."""
    game = game_of([[-3, 3], [-3, 5]], [[2, 7], [4, 2]], (("keep", "full"), ("license", "withhold")))
    found = stage_equilibria(game)
    assert found.sentences() == (
        "A continuum: US plays any mix of (2/7 keep + 5/7 full) and full while China plays license. "
        "Payoffs: US -3 and China between 3.429 and 4 (payoff per period).",
    )
    assert found.describe().startswith(
        "Infinitely many Nash equilibria in one connected set, spanned by 2 extreme ones."
    )


def test_joined_pieces_are_numbered():
    """US indifferent everywhere, China wants to match: three pieces that share end points."""
    found = stage_equilibria(game_of([[1, 1], [1, 1]], [[1, 0], [0, 1]]))
    assert len(found.components) == 1
    assert len(found.components[0].subsets) == 3
    assert found.sentences()[0].startswith("A continuum of 3 joined pieces: (1) US plays any mix of r0 and (1/2 r0")


def test_exact_text_decides_where_doubles_cannot():
    """As text the row player is exactly indifferent, or not by less than any double could tell."""
    column = [["1", "1"], ["1", "1"]]
    tie = [["1/3", "1/7"], ["1/3", "1/7"]]
    nudged = [["1/3", "1/7"], [str(Fraction(1, 3) + Fraction(1, 10**30)), "1/7"]]
    game = game_of(tie, column)
    assert len(stage_equilibria(game, exact=(tie, column)).equilibria) == 4
    assert len(stage_equilibria(game, exact=(nudged, column)).equilibria) == 3
    assert len(stage_equilibria(game).equilibria) == 4


def test_decimal_payoffs_keep_the_ties_that_their_doubles_lose():
    """x = 1/2 makes the column player indifferent among all three columns: (.1+.5)/2 = (.2+.4)/2 = .3."""
    column = [[0.1, 0.2, 0.3], [0.5, 0.4, 0.3]]
    exact = [["1/10", "2/10", "3/10"], ["5/10", "4/10", "3/10"]]
    row = [[1, 0, 0], [0, 1, 1]]
    game = game_of(row, column)
    read = stage_equilibria(game)
    bits = [[[Fraction(cell) for cell in line] for line in table] for table in (row, column)]
    assert read.simplified
    assert len(read.equilibria) == 2
    assert len(stage_equilibria(game, exact=bits).equilibria) == 1
    assert {each.mixes for each in read.equilibria} == {
        each.mixes for each in stage_equilibria(game, exact=(row, exact)).equilibria
    }


def test_irregular_doubles_are_taken_as_they_are():
    rng = np.random.default_rng(3)
    tables = rng.normal(size=(2, 3, 3))
    found = stage_equilibria(game_of(*tables))
    assert not found.simplified
    exact = [[[Fraction(cell) for cell in line] for line in table] for table in tables.tolist()]
    assert found.equilibria == stage_equilibria(game_of(*tables), exact=exact).equilibria


def test_nashpy_is_recorded_with_what_it_misses():
    """QuantEcon.py's pull request 326 and nashpy's issue 222: support enumeration leaves out extreme equilibria."""
    case = next(case for case in STAGE if case["id"] == "von_stengel_3x2_degenerate")
    ours, nashpy = stage_equilibria(game_of(case["A"], case["B"]), cross_check=True).findings
    assert (ours.method, ours.count, ours.confirmed) == ("exact vertex enumeration", 3, 3)
    assert nashpy.method.startswith("nashpy ")
    assert (nashpy.count, nashpy.confirmed) == (2, 2)
    assert nashpy.note == "misses 1 of 3 extreme equilibria"


def test_nashpy_agrees_on_an_ordinary_game_of_any_scale():
    case = next(case for case in STAGE if case["id"] == "chicken_US_x1e9_CN_x1e-9")
    _, nashpy = stage_equilibria(game_of(case["A"], case["B"]), cross_check=True).findings
    assert (nashpy.count, nashpy.confirmed, nashpy.note) == (3, 3, "")


def test_the_exact_path_does_not_import_nashpy():
    code = (
        "import sys; from negotiation.games import StageGame;"
        "from negotiation.solve.stage.nash import stage_equilibria;"
        "stage_equilibria(StageGame(('a', 'b'), (('x',), ('y',)), [[[1]], [[1]]]));"
        "sys.exit('nashpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_beyond_eight_by_eight_the_list_is_called_incomplete():
    rng = np.random.default_rng(5)
    row, column = rng.integers(-9, 10, (2, 9, 9))
    found = stage_equilibria(game_of(row, column), cross_check=True)
    assert not found.complete
    assert found.describe().startswith(f"At least {len(found.equilibria)} Nash equilibri")
    assert [each.method for each in found.findings] == ["all pure profiles", "exact Lemke-Howson paths"]
    assert set(pure_equilibria(found.game)) <= set(found.pure)
    assert found.equilibria
    for each in found.equilibria:
        x, y = each.mixes
        to_row = row.astype(object) @ np.array(y, dtype=object)
        to_column = np.array(x, dtype=object) @ column.astype(object)
        assert sum(x) == sum(y) == 1
        assert x @ to_row == max(to_row)
        assert to_column @ np.array(y, dtype=object) == max(to_column)


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 2), (-9, 9)])
def test_lemke_howson_paths_end_in_exact_equilibria_of_degenerate_games(low, high):
    rng = np.random.default_rng(high)
    for shape in ((9, 9), (10, 8), (3, 14)):
        row, column = rng.integers(low, high + 1, (2, *shape))
        for each in stage_equilibria(game_of(row, column)).equilibria:
            x, y = (np.array(mix, dtype=object) for mix in each.mixes)
            assert sum(x) == sum(y) == 1
            assert min(*x, *y) >= 0
            assert x @ (row.astype(object) @ y) == max(row.astype(object) @ y)
            assert (x @ column.astype(object)) @ y == max(x @ column.astype(object))


def test_pure_equilibria_of_three_players():
    """McKelvey, McLennan 1997: the 2 x 2 x 2 game with nine equilibria has four pure ones."""
    payoffs = [
        [[[9, 0], [0, 3]], [[0, 3], [9, 0]]],
        [[[8, 0], [0, 4]], [[0, 4], [8, 0]]],
        [[[12, 0], [0, 6]], [[0, 6], [2, 0]]],
    ]
    game = StageGame(("a", "b", "c"), (("0", "1"),) * 3, payoffs)
    # probabilities of the first action in the case file: (0,0,1), (0,1,0), (1,0,0), (1,1,1)
    assert set(pure_equilibria(game)) == {(1, 1, 0), (1, 0, 1), (0, 1, 1), (0, 0, 0)}
    with pytest.raises(InputError, match="3 players, mixed equilibria need two"):
        stage_equilibria(game)


def test_exact_payoffs_of_the_wrong_shape_are_refused():
    game = game_of([[1, 0], [0, 1]], [[1, 0], [0, 1]])
    good = [["1", "0"], ["0", "1"]]
    for bad, where in (
        ([good], "exact payoffs need one table"),
        ([good, [["1", "0"]]], "payoffs.China: needs 2 entries here"),
        ([good, [["1", "0"], ["0", "1/0"]]], "'1/0' is not a number"),
        ([good, [["1", "0"], ["0", "one"]]], "'one' is not a number"),
        ([good, [["1", "0"], "01"]], "needs 2 entries here"),
        ([good, [["1", "0"], [0, float("nan")]]], "nan is not a number"),
    ):
        with pytest.raises(InputError, match=where):
            stage_equilibria(game, exact=bad)


def test_results_are_values():
    game = game_of([[3, 1], [5, 0]], [[3, 5], [1, 0]])
    one, other = stage_equilibria(game), stage_equilibria(game)
    assert one == other
    assert hash(one) == hash(other)
    assert one.equilibria[1].mixes[0] == (Fraction(1, 3), Fraction(2, 3))
    assert one.equilibria[1].profile is None
