"""Every experiment runs in its quick mode and answers its question in words that follow from its numbers."""

import importlib.util
import sys
from pathlib import Path

import pytest

from negotiation.report.render.html import render
from negotiation.report.runs.results import experiment_results
from negotiation.trade.files.load import load_scenario
from negotiation.trade.parameters.changes import Change
from tests.report.runs.numbers_shown import as_written, missing, schema_errors
from tests.stored import frozen

FOLDER = Path(__file__).parents[1] / "experiments"
SCRIPTS = sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))


def load(name):
    spec = importlib.util.spec_from_file_location(f"experiment_{name}", FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", SCRIPTS)
def test_quick_run_gives_a_page_and_its_numbers(name):
    module = load(name)
    scenario = load_scenario("textbook" if name == "own_payoffs" else "rollback-2025")
    report, values = module.run(scenario, quick=True)
    assert report.answer
    page = render(report)
    assert len(page) < 1_000_000
    assert module.__doc__.splitlines()[0].endswith("?") or "?" in module.__doc__ or name == "own_payoffs"
    results = as_written(experiment_results(scenario, report, values))
    assert missing(report, {**results, "report": None}) == []
    assert schema_errors(results) == []


def test_there_is_a_script_for_each_question():
    wanted = {"call_outcomes", "patience", "delay_noise", "snapback_design", "minerals_compared", "own_payoffs"}
    assert wanted <= set(SCRIPTS)


def test_twice_the_delays_need_the_printed_patience():
    """Printed with the model: .724 -> .919 as q goes .2 -> .4 (.916 here), back to .693 with verification."""
    report, _ = load("delay_noise").run(frozen("rollback-2025"), quick=True)
    (sentence,) = report.answer
    for number in ("0.724", "0.916", "0.693"):
        assert number in sentence


def test_a_change_changes_the_answer():
    module = load("patience")
    scenario = load_scenario("rollback-2025")
    more = scenario.after([Change.parse("minerals.leverage=0.85")])
    before, after = (module.run(one, quick=True)[0].answer for one in (scenario, more))
    assert before != after
