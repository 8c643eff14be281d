"""Numbers as written: exact, and refused at once where a few characters stand for more digits than anyone can use."""

import json
import random
from fractions import Fraction

import pytest

from negotiation._numbers import Unreadable, double_in_toml, number_in_json, ratio_of_text, size_fault
from negotiation.errors import InputError
from negotiation.games.files.load import any_game_of, game_of_text

HUGE = ["1e100000000", "1e-300000000", "1e999999999", "-1E+999999999999999999999", "9" * 5000, "1." + "3" * 5000,
        "1e301", "1e-301", "-2e300", "0.0001e-299", f"{10**380}/{10**15}", f"1/{10**301}", "1e400"]  # fmt: skip


@pytest.mark.parametrize("text", HUGE)
def test_a_number_beyond_the_limits_is_refused_before_it_is_computed(text):
    with pytest.raises(ValueError, match=r"^(is too|has too)"):
        ratio_of_text(text)
    assert isinstance(number_in_json(text), Unreadable)


@pytest.mark.parametrize("shown", [*map(json.dumps, HUGE), *(text for text in HUGE if "/" not in text)])
def test_a_game_file_names_the_place_of_such_a_number(shown):
    for discount, payoff, place in ((shown, "1", "discount"), ('"1/2"', shown, "payoffs[0][0][1]")):
        file = f'{{"payoffs": [[[1, {payoff}], [2, 0]], [[1, 2], [0, 1]]], "discount": {discount}}}'
        with pytest.raises(InputError) as caught:
            game_of_text(file, "my.json")
        [problem] = caught.value.problems
        assert problem.path == place
        assert len(problem.sentence()) < 150


def test_texts_of_numbers_mean_what_their_digits_say():
    draw = random.Random(5)
    for _ in range(300):
        top, scale = draw.randrange(-(10**9), 10**9), draw.randrange(0, 12)
        size = str(abs(top)).zfill(scale + 1)
        digits = f"{size[: len(size) - scale]}.{size[len(size) - scale :]}" if scale else size
        text, right = ("-" if top < 0 else "") + digits, Fraction(top, 10**scale)
        assert ratio_of_text(text) == right == number_in_json(text)
        assert ratio_of_text(f"{text}e-7") == right / 10**7
        assert double_in_toml(text) == float(right)


@pytest.mark.parametrize(
    "text", ["", " ", ".", "e5", "1/0", "1/00", "1/2/3", "0x10", "1_000", "١", "nan", "inf", "1e", "--1"]
)
def test_other_texts_are_no_numbers(text):
    with pytest.raises(ValueError, match="is not a number"):
        ratio_of_text(text)


def test_nought_needs_no_limit():
    assert ratio_of_text("0e999999999") == ratio_of_text("-0.000e-99999") == 0
    assert size_fault(0.0) == ""


def test_a_file_means_its_decimals_and_python_its_doubles():
    text = '{"payoffs": [[[3, 0.1], [5, 1]], [[3, 5], [0.25, 1]]], "discount": 0.6}'
    written, python = game_of_text(text, "my.json"), any_game_of(json.loads(text))
    assert (written.exact_discount, written.exact_payoffs[0][0][1]) == (Fraction(3, 5), Fraction(1, 10))
    assert python.exact_discount is None
    assert python.exact_payoffs is None
    assert python == written.replace(exact_discount=None, exact_payoffs=None)
    mixed = any_game_of({**json.loads(text), "discount": "0.6"})
    assert mixed.exact_discount == Fraction(3, 5)
    assert mixed.exact_payoffs is None


def test_ratios_from_python_are_exact():
    game = any_game_of({"payoffs": [[[Fraction(1, 3), 0], [1, 1]], [[3, 5], [0, 1]]], "discount": Fraction(1, 7)})
    assert game.exact_discount == Fraction(1, 7)
    assert game.exact_payoffs[0][0][0] == Fraction(1, 3)


@pytest.mark.parametrize("text", ["1e100000000", "1e-300000000", "1" * 400 + ".5"])
def test_a_scenario_refuses_them_too(text, tmp_path):
    from negotiation.trade.files.load import load_scenario

    file = tmp_path / "mine.toml"
    file.write_text(f'extends = "june-2025"\n[monitoring]\nnoise = {text}\n')
    with pytest.raises(InputError, match=r"monitoring.noise.*: (is|has) too"):
        load_scenario(file)
