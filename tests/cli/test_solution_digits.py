"""What `solve` prints: digits that tell vertices apart, nothing of rounding, and the game it understood."""

import json
import random
from fractions import Fraction

import numpy as np
import pytest
from typer.testing import CliRunner

from negotiation._numbers import display_step, rounded_text
from negotiation.cli.app import app
from negotiation.cli.solution_text import solution_lines
from negotiation.games.files.load import any_game_of, read_game
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.solution import Status
from negotiation.report.text_table import brief
from negotiation.report.words import significant
from negotiation.solve.payoff_sets.solver import solve
from negotiation.solve.stage.equilibria import range_words
from tests.stored import STORED

FAILED = STORED / "failed"
DILEMMA = [[[9, 1], [10, 3]], [[9, 10], [1, 3]]]


@pytest.mark.parametrize("name", ["one_extreme_payoff", "dilemma_moved_by_1e9", "knife_edge_one_seventh"])
def test_inputs_that_failed_have_their_right_answer(name):
    expected = json.loads((FAILED / "expected.json").read_text())[f"{name}.json"]["right"]
    found = solve(read_game(FAILED / f"{name}.json"))
    assert found.inner[0].vertices.tolist() == found.outer[0].vertices.tolist()
    assert sorted(found.inner[0].vertices.tolist()) == sorted(expected)


def test_a_huge_number_in_a_short_text_is_refused():
    done = CliRunner().invoke(app, ["solve", str(FAILED / "short_text_huge_number.json")])
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert "payoffs[0][1][1]: '1e100000000' is too large for a number" in done.stderr


@pytest.mark.parametrize("move", [0, 10**6, 10**9, -(10**9), 10**12])
@pytest.mark.parametrize("unit", ["1", "1/1000", "1000000"])
def test_moved_and_scaled_payoffs_give_the_moved_set_and_distinct_vertices(move, unit):
    size = Fraction(unit)
    table = [[[f"{move + size * number}" for number in row] for row in own] for own in DILEMMA]
    found = solve(any_game_of({"payoffs": table, "discount": "3/4"}))
    right = [[move + size * Fraction(number) for number in point] for point in ((3, 3), (3, 9.75), (9, 9), (9.75, 3))]
    assert sorted(map(tuple, found.inner[0].vertices.tolist())) == sorted(tuple(map(float, point)) for point in right)
    for points in (
        found.inner[0].points(),
        next(line for line in solution_lines(found, "g") if "payoffs: " in line).split("payoffs: ")[1],
    ):
        read = [point.strip("() ").split(", ") for point in (points.split("  ") if isinstance(points, str) else points)]
        for point, exact in zip(sorted(read, key=lambda pair: [float(x) for x in pair]), sorted(right), strict=True):
            for number, wanted in zip(point, exact, strict=True):
                assert abs(Fraction(number) - wanted) <= 5 * size / 10**5 + abs(wanted) / 10**11


def test_a_number_is_shown_to_its_step():
    draw = random.Random(3)
    for _ in range(500):
        number, spread = draw.uniform(-1, 1) * 10 ** draw.uniform(-8, 12), 10 ** draw.uniform(-6, 9)
        step = display_step(spread, 0.0)
        assert abs(float(rounded_text(number, step)) - number) <= 0.5 * step * (1 + 1e-9) + 1e-15 * abs(number)
        assert step <= 1e-5 * spread * (1 + 1e-9)


def test_rounding_beside_the_range_is_nought():
    points = PayoffSet(np.array([[2.06e-12, 1.0], [20.0, -3e-13], [7.0, 9.0]])).points()
    assert points == ["(0, 1)", "(20, 0)", "(7, 9)"]
    assert PayoffSet(np.array([[3.0, 2.06e-12]])).points() == ["(3, 0)"]
    assert PayoffSet(np.array([[1e9 + 3, 7.25]])).points() == ["(1000000003, 7.25)"]


def test_solve_shows_the_game_it_understood(tmp_path):
    file = tmp_path / "game.json"
    file.write_text('{"payoffs": [[[3, 3], [0, 5.5]], [[5, 0], ["1/3", 1]]], "layout": "cells", "discount": 0.6}')
    done = CliRunner().invoke(app, ["solve", str(file)])
    assert "discount 3/5, every action seen" in done.stdout
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["0", "3,", "3", "0,", "5.5"] in rows
    assert ["1", "5,", "0", "1/3,", "1"] in rows
    answer = json.loads(CliRunner().invoke(app, ["solve", str(file), "--json", "--no-certificate"]).stdout)[
        "understood"
    ]
    assert answer["discount"] == "3/5"
    assert answer["payoffs"] == [[[3, 0], [5, 1 / 3]], [[3, 5.5], [0, 1]]]
    assert set(answer["numbers"].values()) == {"written"}


def test_a_double_is_called_one():
    found = solve(any_game_of({"payoffs": DILEMMA, "discount": 0.6}))
    assert "discount 0.6 (a double)" in "".join(solution_lines(found, "g"))


@pytest.mark.parametrize("discount", ["0.2", "0.1", "0.1428571", "0.1428572"])
def test_a_decimal_at_a_knife_edge_is_decided(discount):
    # (9, 9) needs 9 >= (1 - d) 10 + 3 d, so d >= 1/7: 0.1428... with any number of digits is below it
    found = solve(any_game_of({"payoffs": DILEMMA, "discount": discount}))
    top = 9.0 if Fraction(discount) >= Fraction(1, 7) else 3.0
    assert found.inner[0].vertices.max() == found.outer[0].vertices.max() == top


@pytest.mark.parametrize("seed", range(20))
def test_decimals_at_random_knife_edges_are_decided(seed):
    """Grim trigger in a symmetric dilemma c, d, p (cooperate, deviate, punish) binds at delta = (d - c) / (d - p)."""
    draw = random.Random(seed)
    digits = draw.choice((1, 2, 3))
    delta = Fraction(draw.randrange(1, 10**digits), 10**digits)
    p, c = Fraction(draw.randrange(-20, 20), 10), Fraction(draw.randrange(21, 60), 10)
    d = (c - delta * p) / (1 - delta)  # the deviation payoff at which delta is the edge
    text = [[[f"{x}" for x in row] for row in own] for own in ([[c, p - 50], [d, p]], [[c, d], [p - 50, p]])]
    found = solve(any_game_of({"payoffs": text, "discount": f"{float(delta)}"}))
    assert found.inner[0].vertices.tolist() == found.outer[0].vertices.tolist()
    assert found.status is Status.EXACT
    assert PayoffSet([[float(c), float(c)]]).within(found.inner[0], 1e-12)


@pytest.mark.parametrize("move", [0, 10**6, 10**9])
def test_numbers_in_words_keep_what_stands_before_the_point(move):
    texts = [f(move + 3) for f in (brief, significant, lambda x: range_words([x]))]
    assert texts == [str(move + 3)] * 3
    assert range_words([move + 1.0, move + 3.0]) == f"between {move + 1} and {move + 3}"
    assert brief(1 / 3) == "0.333333"
    assert range_words([1 / 3]) == "0.3333"
