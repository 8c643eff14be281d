"""`negotiation threshold`: closed forms from the command line, for files with and without a discount, and mistakes."""

import json

import pytest
from typer.testing import CliRunner

from negotiation.cli.app import app
from tests.stored import STORED

FROZEN = str(STORED / "frozen" / "rollback-2025.toml")

DILEMMA = '{"actions": [["C", "D"], ["C", "D"]], "payoffs": [[[3, 0], [5, 1]], [[3, 5], [0, 1]]]%s}'


@pytest.fixture
def ask(tmp_path):
    def run(*words, text=DILEMMA % "", name="game.json"):
        (tmp_path / name).write_text(text)
        return CliRunner().invoke(
            app, ["threshold", *(str(tmp_path / name) if word == "GAME" else word for word in words)]
        )

    return run


@pytest.mark.parametrize("rest", ["", ', "discount": 0.9'])
def test_friedmans_threshold(ask, rest):
    """(T - R) / (T - P) = 1/2 (Friedman 1971), whatever discount factor stands in the file."""
    done = ask("GAME", "--profile", "C,C", "--json", text=DILEMMA % rest)
    answer = json.loads(done.stdout)
    no, _, yes = answer["stretches"]
    assert (no["answer"], yes["answer"]) == ("proven_no", "proven_yes")
    assert 0.5 - 2e-4 <= no["high"] < 0.5 <= yes["low"] <= 0.5 + 2e-4
    assert (answer["rises"], answer["tolerance"], answer["profile"]) == (True, 1e-4, ["C", "D"][:1] * 2)


def test_the_words_claim_no_more_than_what_is_proven(ask):
    """C/C in nine periods of ten, the second player tempted by 8: from 5/7 on (more tempted side binds)."""
    text = ',C,D\nC,"3, 3","0, 8"\nD,"5, 0","1, 1"\n'
    done = ask(
        "GAME", "--profile", "C, C", "--share", "1", "--tolerance", "1e-3", "--low", "0.5", text=text, name="g.csv"
    )
    assert done.exit_code == 0, done.output
    table = [line.split() for line in done.output.splitlines() if " to " in line and "proven" in line]
    no, yes = ([float(number) for number in (row[0], row[2])] for row in (table[0], table[-1]))
    assert no[1] < 5 / 7 <= yes[0] < 5 / 7 + 1e-2
    assert "C/C can fill 100% of the periods" in done.output
    assert "pure public strategies" in done.output
    assert "Searched from 0.5 to 0.99; changes are enclosed to 0.001" in done.output


def test_ends_are_checked_exactly(ask):
    done = ask("GAME", "--profile", "C,C", "--tolerance", "0.01", "--certify", "--json")
    assert json.loads(done.stdout)["checked"] is True


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("GAME",),
            "--profile: is missing: name an action of each player (player 1: allowed: C, D; player 2: allowed: C, D)",
        ),
        (("GAME", "--profile", "C,X"), "'C,X' is no action of each player (player 2: allowed: C, D)"),
        (("GAME", "--profile", "C,C", "--share", "2"), "must lie above 0 and at most at 1, got 2"),
        (("GAME", "--profile", "C,C", "--share", "1", "--loss", "1"), "leave one of them out"),
        (("GAME", "--profile", "C,C", "--low", "0"), "needs 0 < low < high < 1, got 0 and 0.99"),
        (("GAME", "--profile", "C,C", "--low", "nan"), "needs 0 < low < high < 1"),
        (("GAME", "--profile", "C,C", "--tolerance", "0"), "needs a width above 0"),
        (("GAME", "--profile", "C,C", "--state", "x"), "there is no state 'x' (allowed: always)"),
        (("GAME", "--profile", "C,C", "--call", "x"), "--call: means nothing for a game file"),
        (("rollback-2025",), "PATH: is missing: name a parameter of the scenario"),
        (("rollback-2025", "minerals.leverag"), "did you mean 'minerals.leverage'?"),
        (("rollback-2025", "minerals.leverage", "--profile", "C,C"), "means nothing for a scenario"),
        (("nowhere.nfg", "--profile", "C,C"), "there is no such file"),
    ],
)
def test_mistakes_are_one_sentence(ask, words, said):
    done = ask(*words)
    assert done.exit_code == 2
    assert said in done.stderr.replace("\n", " ")


def test_a_parameter_of_a_scenario():
    """The reference value of docs/thresholds.md: the deal can be played from a monthly discount factor of .4013 on."""
    words = [
        "threshold",
        FROZEN,
        "patience.expected_life_months",
        "--low",
        "1.2",
        "--high",
        "4",
        "--tolerance",
    ]
    done = CliRunner().invoke(app, [*words, "0.2", "--json"])
    answer = json.loads(done.stdout)
    life = 1 / (1 - 0.4013)  # an expected life of L months is a discount factor of 1 - 1/L
    assert answer["stretches"][0]["answer"] == "proven_no"
    assert answer["stretches"][0]["high"] < life < answer["stretches"][-1]["low"]
