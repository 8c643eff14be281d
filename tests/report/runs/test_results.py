"""results.json holds every number of the page, in the form that its published schema describes."""

import copy
import json

import pytest

from negotiation.analysis.scenario_analysis import AnalysisOptions, analyse
from negotiation.report.pages.main import main_report
from negotiation.report.runs.results import experiment_results, results
from negotiation.trade.files.load import embedded_scenarios, load_scenario
from negotiation.trade.parameters.changes import Change
from tests.report.runs.numbers_shown import as_written, missing, schema_errors, shown, tables
from tests.stored import frozen
from tests.tools import results_schema

GATE = ("textbook", "rollback-2025")


def scenarios(*fast):
    """Every shipped scenario, all but the `fast` ones marked slow."""
    return [pytest.param(n, marks=() if n in fast else pytest.mark.slow) for n in embedded_scenarios()]


def check(analysis):
    report, written = main_report(analysis, "digest", "command"), as_written(results(analysis))
    assert len(list(shown(report))) > 300
    assert [name for name, table in tables(report) if not table.rows] == []
    assert missing(report, written) == []
    assert schema_errors(written) == []
    return written


@pytest.fixture(scope="module")
def textbook():
    return analyse(frozen("textbook"), AnalysisOptions(quick=True))


@pytest.mark.parametrize("name", scenarios(*GATE))
def test_a_quick_run_writes_every_number_it_shows(name):
    check(analyse(load_scenario(name), AnalysisOptions(quick=True)))


@pytest.mark.parametrize("name", scenarios("textbook"))
def test_a_full_run_writes_every_number_it_shows(name):
    check(analyse(load_scenario(name)))


@pytest.mark.parametrize("certify", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_so_does_a_run_of_a_changed_scenario_with_fewer_outcomes(certify):
    scenario = frozen("textbook").after([Change.parse("patience.discount=0.9")])
    written = check(analyse(scenario, AnalysisOptions(calls=("breakdown",), certify=certify)))
    assert written["before"]["rows"][0]["joint"] == sum(written["before"]["rows"][0]["values"])
    assert (written["outcomes"][0]["proven"]["patience"] is not None) == certify


def test_a_number_that_is_left_out_is_noticed(textbook):
    report, written = main_report(textbook, "digest", "command"), as_written(results(textbook))
    for key in ("outcomes", "call", "headline"):
        assert missing(report, {name: value for name, value in written.items() if name != key}), key


def test_the_schema_is_that_of_the_types():
    """Run `python -m tests.tools.results_schema` when a key has come or gone."""
    import jsonschema

    assert results_schema.FILE.read_text("utf-8") == results_schema.text()
    jsonschema.Draft202012Validator.check_schema(results_schema.schema())


def test_the_schema_notices_any_key_that_comes_or_goes(textbook):
    written = as_written(results(textbook))
    written["outcomes"] = [{**written["outcomes"][1], "paths": [], "regimes": written["outcomes"][1]["regimes"][:1]}]
    places = [(), ("headline", "rows", 0), ("outcomes", 0), ("outcomes", 0, "regimes", 0), ("game", "levels", 0),
              ("call", "game", "equilibria", 0), ("call", "delivery", "instruments", 0), ("call", "worth")]  # fmt: skip
    for place in places:
        for key in [*_at(written, place), "new"]:
            other = copy.deepcopy(written)
            changed = _at(other, place)
            if key in changed:
                del changed[key]
            else:
                changed[key] = 1
            assert schema_errors(other), (place, key)


def _at(data, place):
    for step in place:
        data = data[step]
    return data


def test_an_experiment_of_ones_own_may_hold_values_of_any_name(textbook):
    report = main_report(textbook, "digest", "command")
    written = as_written(experiment_results(textbook.scenario, report, {"mine": [1.5, {"x": 2}]}))
    assert written["results"] == {"mine": [1.5, {"x": 2}]}
    assert written["report"]["title"] == report.title
    assert schema_errors(written) == []
    assert schema_errors({**written, "more": 1})
    assert json.dumps(written["report"]["sections"]) == "[]"
