"""Results introduce themselves: short texts, the verdict first; rows of plain values; tables of the page's making."""

import html
import json
import re
import sys
from fractions import Fraction

import nashpy
import numpy as np
import pytest
from typer.testing import CliRunner

import negotiation as ng
from negotiation._results import Result
from negotiation.api import game_views, record_views, scenario_views
from negotiation.api.rendering import LINES
from negotiation.cli.app import app

DILEMMA = [[3, 0], [5, 1]], [[3, 5], [0, 1]]


@pytest.fixture(scope="module")
def results():
    """Return one result of every kind that needs no seconds of work, with words that its first line must have."""
    game = ng.game(*DILEMMA, discount="1/2")
    solution = ng.solve(game)
    scenario = ng.load_scenario("textbook")
    comparison = ng.compare_calls(scenario)
    return [
        (ng.game(*DILEMMA), "2 × 2 game of player 1 and player 2, played once"),
        (game, "discount 1/2, every action seen"),
        (solution, "Solved exactly"),
        (solution.inner[0], "a polygon with 4 vertices"),
        (ng.stage_equilibria(game), "Exactly one Nash equilibrium"),
        (ng.iterated_dominance(game), "After 1 round of strict dominance"),
        (ng.patient_limit(game), "At every discount factor"),
        (ng.support(solution, (3, 3)), "worth 3 to player 1 and 3 to player 2"),
        (ng.threshold(game, ng.CanPlay("0,0")), "proven no (pure strategies) from 0.01 to 0.49"),
        (scenario, "textbook: "),
        (comparison, "the deal"),
        (comparison.calls[0].outcome, "the deal"),
        (ng.regimes(scenario, scenario.calls[0].name), "textbook, after "),
        (ng.requirements("rollback-2025"), "The call need deliver nothing new"),
        (ng.call_game("rollback-2025", prior=0.5), "equilibria of the call game at P(strategic) 0.50"),
        (ng.call_value("rollback-2025"), "the call"),
        (ng.analyse(scenario, quick=True), "the deal"),
    ]


def test_every_result_is_short_has_its_verdict_first_and_plain_rows(results):
    for result, words in results:
        lines = repr(result).splitlines()
        assert len(lines) <= LINES
        assert max(map(len, lines)) <= 140
        assert words in " ".join(lines[:6])
        rows = result.rows()
        assert rows
        assert json.loads(json.dumps(rows)) == rows
        assert {tuple(row) for row in rows} == {tuple(rows[0])}
        assert "negotiation." not in repr(result)


def test_a_notebook_shows_the_verdict_and_every_row(results):
    for result, words in results:
        page = result._repr_html_()
        assert words in html.unescape(re.sub("<[^>]*>", "", page))
        assert page.count("<tr>") == len(result.rows())


def test_every_kind_of_result_has_a_view():
    def kinds(base):
        return {base, *(kind for sub in base.__subclasses__() for kind in kinds(sub))}

    ng.verify, ng.run_study, ng.analyse, ng.patient_limit  # noqa: B018
    assert {kind.__name__ for kind in kinds(Result) - {Result}} == {
        *game_views.VIEWS,
        *scenario_views.VIEWS,
        *record_views.VIEWS,
    }


def test_names_with_markup_stay_text_in_html():
    hostile = ng.game({"payoffs": [[[1]], [[1]]], "players": ["<script>x</script>", "*b* [c](d)"], "discount": "1/2"})
    page = hostile._repr_html_()
    assert "<script" not in page
    assert "*b* [c](d)" in html.unescape(re.sub("<[^>]*>", "", page))


def test_a_frame_needs_pandas_and_says_so(monkeypatch):
    solution = ng.solve(ng.game(*DILEMMA), discount=0.5)
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ng.InputError, match=r"pip install 'negotiation\[notebook\]'"):
        solution.to_frame()


def test_a_frame_has_the_rows():
    pandas = pytest.importorskip("pandas")
    solution = ng.solve(ng.game(*DILEMMA), discount=0.5)
    pandas.testing.assert_frame_equal(solution.to_frame(), pandas.DataFrame(solution.rows()))


def test_python_and_the_command_line_give_the_same_numbers(tmp_path):
    words = ["run", "textbook", "--quick", "--json", "--seed", "3", "--out", str(tmp_path / "one")]
    printed = json.loads(CliRunner().invoke(app, words).stdout)
    found = ng.analyse("textbook", quick=True, seed=3)
    rows = {row.pop("outcome"): {key: row[key] for key in row if key != "label"} for row in found.rows()}
    assert rows == printed["outcomes"]
    page = ng.write_report(found, tmp_path / "two")
    first, second = ((tmp_path / name / "results.json").read_bytes() for name in ("one", "two"))
    assert first == second
    assert page == tmp_path / "two" / "index.html"


def test_equal_results_are_equal_fast_and_without_a_digest(results, monkeypatch):
    comparison = next(result for result, _ in results if type(result).__name__ == "Comparison")
    again = ng.compare_calls("textbook")
    monkeypatch.setattr("negotiation._values.digest", None)
    assert comparison == again
    assert hash(comparison) == hash(again)
    assert comparison != ng.compare_calls(ng.load_scenario("textbook").set("patience.discount", 0.5))


def test_games_are_read_from_what_people_have(tmp_path):
    wanted = ng.game(*DILEMMA, discount="1/2")
    path = tmp_path / "game.json"
    path.write_text(json.dumps({"payoffs": DILEMMA, "layout": "matrices", "discount": "1/2"}))
    cells = [[[a, b] for a, b in zip(*pair, strict=True)] for pair in zip(*DILEMMA, strict=True)]
    arrays = [np.array(table) for table in DILEMMA]
    plain = {"payoffs": list(DILEMMA), "layout": "matrices"}
    pairs = {"payoffs": cells, "layout": "cells"}
    for given in (path, str(path), nashpy.Game(*arrays), arrays, wanted, wanted.stage, plain, pairs):
        found = ng.game(given, discount="1/2")
        np.testing.assert_array_equal(found.stage.payoffs, wanted.stage.payoffs)
        assert found.exact_discount == Fraction(1, 2)


def test_a_scenario_is_read_and_changed_by_path():
    scenario = ng.load_scenario("rollback-2025")
    changed = scenario.after("minerals.leverage=0.85", ["monitoring.delay_max*=0.5"])
    assert changed["minerals.leverage"] == 0.85
    assert changed["monitoring.delay_max"] == pytest.approx(0.5 * scenario["monitoring.delay_max"])
    assert scenario.set("minerals.leverage", 0.85) == scenario.after("minerals.leverage=0.85")
    assert (
        scenario.set("monitoring.edges", scenario["monitoring.edges"])["monitoring.edges"]
        == scenario["monitoring.edges"]
    )
    with pytest.raises(ng.InputError, match=r"did you mean 'minerals\.leverage'"):
        scenario["minerals.leverag"]
    with pytest.raises(TypeError):
        iter(scenario)


def test_thresholds_of_scenarios_and_functions_are_proven():
    # grim trigger of a dilemma with gain 2 and loss 2: (5 - 3) / (5 - 1) is the closed form (Friedman 1971)
    found = ng.threshold(lambda x: ng.game(*DILEMMA, discount=x), ng.CanPlay((0, 0)), 0.1, 0.9)
    ((low, high, rises),) = found.changes
    assert rises
    assert low <= 0.5 <= high + 1e-4
    same = ng.threshold(ng.game(*DILEMMA), ng.CanPlay("0/0"), 0.1, 0.9)
    assert same.changes == found.changes
