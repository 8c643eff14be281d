"""Game files: what they may hold, that numbers stay exact, and one clear sentence for each mistake."""

import json
from fractions import Fraction

import numpy as np
import pytest

from negotiation.errors import InputError
from negotiation.games.files.load import any_game_of, game_of_text, read_game

DILEMMA = {
    "players": ["US", "China"],
    "actions": [["C", "D"], ["C", "D"]],
    "payoffs": [[[3, 0], [5, 1]], [[3, 5], [0, 1]]],
    "discount": 0.5,
}
NOISE = [[[0.9, 0.1], [0.5, 0.5]], [[0.5, 0.5], [0.2, 0.8]]]
TWO = {
    "discount": "2/3",
    "states": [
        {"name": "low", "payoffs": [[[0, 2], [-1, 1]], [[0, -1], [2, 1]]], "next_state": [[0, 1], [1, "high"]]},
        {"name": "high", "payoffs": [[[2, 4], [1, 3]], [[2, 1], [4, 3]]], "signals": NOISE, "next_state": ["low", 1]},
    ],
}


def problems(data):
    with pytest.raises(InputError) as caught:
        any_game_of(data, "my.json")
    return [problem.sentence() for problem in caught.value.problems]


def test_without_signals_every_action_is_seen():
    game = any_game_of(DILEMMA)
    assert game.stage.players == ("US", "China")
    assert game.stage.payoff((1, 0)) == (5.0, 0.0)
    assert game.monitoring[0].observed == (0, 1)
    assert game.exact_discount is None


def test_text_is_meant_exactly():
    game = any_game_of({**DILEMMA, "discount": "1/3", "payoffs": [[["1/3", "0.1"], [5, 1]], [[3, 5], [0, 1]]]})
    assert game.exact_discount == Fraction(1, 3)
    assert game.exact_payoffs[0][0] == (Fraction(1, 3), Fraction(1, 10), 5, 1)
    assert game.discount == 1 / 3


def test_signals_replace_sight_and_a_player_may_be_seen_besides():
    game = any_game_of({**DILEMMA, "signals": NOISE, "observed": ["US"]})
    assert game.monitoring[0].observed == (0,)
    assert np.array_equal(game.monitoring[0].likelihood, NOISE)


def test_states_name_their_successors_by_profile_or_by_signal():
    game = any_game_of(TWO)
    assert game.states == ("low", "high")
    assert game.monitoring[0].likelihood[0, 0].tolist() == [1, 0]
    assert game.monitoring[0].likelihood[1, 1].tolist() == [0, 1]
    assert game.next_state.tolist() == [[0, 1], [0, 1]]


def test_a_file_is_read(tmp_path):
    path = tmp_path / "game.json"
    path.write_text(json.dumps(DILEMMA))
    assert read_game(path) == any_game_of({**DILEMMA, "discount": "0.5"})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"discount": 1.2}, "discount: must lie strictly between 0 and 1, got 1.2"),
        ({"discount": 0}, "discount: must lie strictly between 0 and 1, got 0"),
        ({"discount": "a half"}, 'discount: \'a half\' is not a number (write 0.5, "0.5" or "1/2")'),
        ({"discount": None}, "discount: is nothing (null), not a number"),
        ({"payofs": 1}, "payofs: unknown key (did you mean 'payoffs'?)"),
        ({"payoffs": [[[3, 0], [5]], [[3, 5], [0, 1]]]}, "payoffs[0][1]: has 1 entries, needs 2"),
        ({"payoffs": [[[3, 0], [5, float("nan")]], [[3, 5], [0, 1]]]}, "payoffs[0][1][1]: is nan, not a finite number"),
        ({"payoffs": [[[3, 0], [5, True]], [[3, 5], [0, 1]]]}, "payoffs[0][1][1]: is true or false, not a number"),
        ({"payoffs": []}, "payoffs: has 0 entries, needs 2"),
        ({"actions": [["C", "D"], []]}, "actions[1]: is empty: a player needs at least one action"),
        ({"actions": [["C", "C"], ["C", "D"]]}, "actions[0]: has the same action twice"),
        ({"players": ["a", "b", "c"]}, "players: names 3 players, this solver takes two"),
        (
            {"signals": [[[0.9, 0.2], [0.5, 0.5]], NOISE[1]]},
            "signals[0][0]: sums to 1.1, not to 1: chances must be a distribution",
        ),
        ({"signals": [[[1.1, -0.1], [0.5, 0.5]], NOISE[1]]}, "signals[0][0]: has a negative chance, -0.1"),
        ({"signals": [NOISE[0]]}, "signals: has 1 entries, needs 2"),
        ({"signals": NOISE, "observed": ["Chima"]}, "observed[0]: there is no player 'Chima' (did you mean 'China'?)"),
        ({"states": [{"payoffs": [[[1]], [[1]]]}]}, "payoffs: stands beside `states` (write payoffs into each state)"),
    ],
)
def test_each_mistake_is_one_clear_sentence(change, said):
    assert said in problems({**DILEMMA, **change})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"next_state": ["low"]}, "states[1].next_state: has 1 entries, one for each of 2 signals is needed"),
        ({"next_state": ["low", "hihg"]}, "states[1].next_state[1]: there is no state 'hihg' (did you mean 'high'?)"),
        ({"next_state": None}, "states[1].next_state: is missing (the state that follows each signal)"),
        ({"name": "low"}, "states: two states have the same name"),
    ],
)
def test_mistakes_in_states_name_the_state(change, said):
    assert said in problems({**TWO, "states": [TWO["states"][0], {**TWO["states"][1], **change}]})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not JSON"),
        ("[]", "is a list, not an object with the keys of a game"),
        ('{"discount": 0.5, "discount": 0.6}', "the key 'discount' appears twice in one object"),
        ("", "is not JSON"),
        ("{}", "payoffs: is missing"),
    ],
)
def test_what_is_no_game_is_refused(text, said):
    with pytest.raises(InputError, match=said.replace("[", r"\[")):
        game_of_text(text, "my.json")


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(InputError, match="there is no such file"):
        read_game(tmp_path / "none.json")
