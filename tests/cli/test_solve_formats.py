"""`negotiation solve` on what people have: other formats, standard input, games played once, strategies, patience."""

import json

import pytest
from typer.testing import CliRunner

from negotiation.cli.app import app
from negotiation.games import StageGame
from negotiation.solve.stage.nash import stage_equilibria

NFG = 'NFG 1 R "dilemma" { "US" "China" } { { "C" "D" } { "C" "D" } }\n\n3 3 5 0 0 5 1 1\n'
GAM = "2\n2 2\n3 5 0 1\n3 0 5 1\n"
CSV = 'US \\ China,C,D\nC,"3, 3","0, 5"\nD,"5, 0","1, 1"\n'
JSON = '{"payoffs": [[[3, 0], [5, 1]], [[3, 5], [0, 1]]]}'
ALL = {"nfg": NFG, "gam": GAM, "csv": CSV, "json": JSON}


@pytest.fixture
def solve(tmp_path):
    def run(*words, text=None, name=None):
        if name:
            (tmp_path / name).write_text(text)
        names = [str(tmp_path / name) if word == "GAME" else word for word in words]
        return CliRunner().invoke(app, ["solve", *names], input=None if name else text)

    return run


@pytest.mark.parametrize("kind", ALL)
def test_every_kind_is_the_same_game_from_a_file_and_from_standard_input(solve, kind):
    """At 1/2 and above C/C holds (Friedman 1971); no payoff is below 1, so that (13/3, 1) ends the edge."""
    for words, name in ((["GAME"], f"game.{kind}"), (["-"], None)):
        done = solve(*words, "--discount", "1/2", "--json", text=ALL[kind], name=name)
        answer = json.loads(done.stdout)
        assert answer["status"] == "exact"
        assert answer["understood"]["discount"] == "1/2"
        wanted = [pytest.approx(corner) for corner in ([1, 1], [1, 13 / 3], [3, 3], [13 / 3, 1])]
        assert sorted(answer["inner"]) == wanted
        assert answer["stage_nash"]["second_opinion"]["agrees"] is True
        assert answer["game"].endswith(f"game.{kind}" if name else "standard input")


def test_without_a_discount_the_game_is_played_once(solve):
    done = solve("-", text=CSV)
    assert "played once" in done.output
    assert "US plays D while China plays D" in done.output
    assert "US: C is strictly dominated by D." in done.output
    assert "pure minmax: US 1, China 1" in done.output
    answer = json.loads(solve("-", "--json", text=CSV).stdout)
    assert answer["status"] == "one_shot"
    assert answer["stage_nash"]["equilibria"] == [{"mixes": [["0", "1"], ["0", "1"]], "payoffs": [1, 1]}]
    assert answer["dominance"]["undominated"] == {"US": ["D"], "China": ["D"]}
    assert answer["minmax"]["US"] == {"pure": 1, "mixed": 1}


def test_once_and_repeated_games_answer_in_order(solve, tmp_path):
    (tmp_path / "once.gam").write_text(GAM)
    (tmp_path / "again.json").write_text(JSON.replace("]]}", ']], "discount": 0.5}'))
    names = [str(tmp_path / name) for name in ("once.gam", "again.json", "once.gam")]
    found = [json.loads(line) for line in solve(*names, "--json", "--no-certificate").stdout.splitlines()]
    assert [answer["status"] for answer in found] == ["one_shot", "exact", "one_shot"]


def test_a_strategy_that_supports_a_payoff(solve):
    """Grim trigger with a public lottery: (2, 2) is half C/C for ever, half D/D for ever."""
    done = solve("-", "--discount", "2/3", "--support", "2,2", text=CSV)
    assert "worth 2 to US and 2 to China" in done.output
    assert "No single deviation pays." in done.output
    assert "if US is seen to deviate: plan" in done.output
    found = json.loads(solve("-", "--discount", "2/3", "--support", "2,2", "--json", text=CSV).stdout)["strategy"]
    assert found["holds"] is True
    assert found["value"] == pytest.approx([2, 2])
    assert sum(found["starts"].values()) == pytest.approx(1)
    # what each plan is worth follows from what it plays and what comes next: V = (1 - d) g + d E V
    payoffs = {("C", "C"): (3, 3), ("C", "D"): (0, 5), ("D", "C"): (5, 0), ("D", "D"): (1, 1)}
    for plan in found["plans"]:
        (after,) = plan["next"].values()
        onward = [sum(p * found["plans"][int(to) - 1]["value"][i] for to, p in after.items()) for i in (0, 1)]
        stage = payoffs[tuple(plan["plays"])]
        assert plan["value"] == pytest.approx([stage[i] / 3 + 2 * onward[i] / 3 for i in (0, 1)])


def test_what_patience_can_reach(solve):
    done = solve("-", "--patient-limit", text=CSV)
    assert "(13/3, 1)  (3, 3)  (1, 13/3)  (1, 1)" in done.output
    answer = json.loads(solve("-", "--patient-limit", "--json", text=CSV).stdout)
    assert sorted(answer["patient_limit"]["vertices"]) == [["1", "1"], ["1", "13/3"], ["13/3", "1"], ["3", "3"]]


@pytest.mark.parametrize(
    ("words", "text", "said"),
    [
        (("--support", "2,2"), CSV, "discount: is missing: a strategy needs one (add --discount 0.9)"),
        (("--support", "9,9", "--discount", ".9"), CSV, "is not in the proven set of equilibrium payoffs"),
        (("--support", "2"), CSV, "is no payoff for each of the two players"),
        (("--discount", "1"), CSV, "--discount: 1: must lie strictly between 0 and 1"),
        (("--discount", "x"), CSV, "is not a number"),
        (("-",), CSV, "is named twice"),
        ((), "EFG 2 R", "is an extensive form"),
        ((), "", "is not JSON"),
        ((), "\0", "is a binary file"),
    ],
)
def test_mistakes_are_one_sentence(solve, words, text, said):
    done = solve("-", *words, text=text)
    assert done.exit_code == 2
    assert said in done.stderr.replace("\n", " ").replace("  ", ": ", 1)


def test_a_second_opinion_that_differs_says_how():
    """A degenerate game with a segment of equilibria: the exact list stands, and what nashpy lacks is said."""
    payoffs = [[[1, 0, 1], [0, 1, 0]], [[1, 1, 1], [0, 1, 0]]]
    game = StageGame(("a", "b"), (("T", "B"), ("L", "M", "R")), payoffs)
    found = stage_equilibria(game, cross_check=True)
    assert found.second_opinion.confirmed < len(found.equilibria)
    assert found.agrees is False
    assert (
        f"{found.second_opinion.confirmed} of the {len(found.equilibria)} extreme equilibria" in found.opinion_words()
    )
    large = StageGame(("a", "b"), (tuple("abcdefg"),) * 2, [[[0] * 7] * 7] * 2)
    asked = stage_equilibria(large, cross_check=True)
    assert asked.agrees is None
    assert "No second opinion" in asked.opinion_words()
    assert stage_equilibria(game).agrees is None
