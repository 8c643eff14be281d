"""Messages that lead on: one mistake is said once, hints name what is meant, and `next` is a command that works."""

import json
import os
import shlex
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from negotiation.cli import messages
from negotiation.cli.app import app
from negotiation.cli.experiment import experiment
from negotiation.errors import InputError, nearest
from negotiation.evidence.data.shipment_row import DESTINATIONS, USUAL
from negotiation.evidence.data.shipments import load_shipments, read_shipments
from negotiation.report.document import Report
from negotiation.trade.files.load import embedded_scenarios, load_scenario
from negotiation.trade.parameters.changes import Change
from tests.trade.files.bad_files import AUTOMATON, EXTENDS, PAYOFFS, SIGNALS


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command line in an empty folder; return exit code and everything that was said."""
    monkeypatch.chdir(tmp_path)

    def runs(*words):
        result = CliRunner().invoke(app, list(words))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    return runs


def problems(tmp_path, text):
    file = tmp_path / "mine.toml"
    file.write_text(text)
    with pytest.raises(InputError) as caught:
        load_scenario(str(file))
    return caught.value.problems


@pytest.mark.parametrize(
    ("before", "after", "path"),
    [
        ('as_of = "2026"', "", "as_of"),
        ('as_of = "2026"', 'as_of = "tomorrow"', "as_of"),
        ("[payoffs]", '[payoffs]\nsource = "goldman"', "payoffs.source"),
        ("[payoffs]", '[payoffs]\ndated = "soon"', "payoffs.dated"),
        ("[payoffs]", '[payoffs]\nunit = "bushels"', "payoffs.unit"),
        ("[payoffs]", '[payoffs]\nplayers = ["us"]', "payoffs.players"),
    ],
)
@pytest.mark.parametrize("text", [PAYOFFS, SIGNALS])
def test_one_mistake_that_every_cell_shares_is_said_once(tmp_path, text, before, after, path):
    found = problems(tmp_path, text.replace(before, after, 1))
    assert [problem.path for problem in found if problem.path != "payoffs.china"] == [path]


def test_a_wrong_day_is_not_blamed_on_bare_numbers(tmp_path):
    (problem,) = problems(tmp_path, EXTENDS + 'as_of = "May"\n[minerals]\nleverage = 0.5\nweight = 0.03\n')
    assert problem.path == "as_of"


@pytest.mark.parametrize("word", ["Mars", "the moon", "ZZ", "Bavaria"])
def test_an_unknown_destination_lists_the_usual_ones_first(word):
    text = f"month,destination,tonnes,source,url,confidence\n2025-05,{word},1,a,b,found-in-source\n"
    with pytest.raises(InputError, match="allowed: WORLD, US, EU27, DE, IN, JP, KR, VN"):
        read_shipments("mine.csv", text)


def test_the_usual_destinations_are_those_of_the_shipped_figures():
    assert {row.destination for row in load_shipments().rows} == set(USUAL)


@pytest.mark.parametrize("word", ["world", "World", "eu27", "us", "Eu 27"])
def test_capital_letters_make_no_difference_to_what_is_meant(word):
    assert nearest(word, DESTINATIONS) == f"did you mean '{word.upper().replace(' ', '')}'?"


@pytest.mark.parametrize("values", ["0.2,0.3", "[0.2,0.3]", "0.2:0.9:3"])
def test_several_values_for_one_number_name_the_sweep(run, values):
    code, said = run("run", "rollback-2025", "--quick", "--set", f"minerals.leverage={values}")
    assert code == 2
    axis = said[said.index("--vary ") + 7 :].split(")")[0]
    assert axis.startswith("minerals.leverage=0.2")
    code, said = run("study", "run", "rollback-2025", "--vary", axis, "--engine", "serial")
    assert code == 0, said


def test_an_operation_is_named_by_its_sign(default_scenario):
    with pytest.raises(InputError, match="'\\+=' needs one number"):
        default_scenario.after([Change.parse("minerals.leverage+=0.1,0.2")])


def test_sums_that_are_not_one_name_their_terms(tmp_path):
    text = EXTENDS + '[[calls]]\nname = "no_call"\nprobability = 0.5\n'
    (problem,) = problems(tmp_path, text)
    for call in load_scenario("rollback-2025").calls:
        assert f"{call.name} 0." in problem.message
    lottery = AUTOMATON.replace('default = "good"', "default = { good = 0.5, war = 0.4 }")
    (problem,) = problems(tmp_path, EXTENDS + lottery)
    assert "(good 0.5 + war 0.4)" in problem.message
    (problem,) = problems(tmp_path, SIGNALS.replace("[0.9, 0.1]", "[0.9, 0.2]", 1))
    assert "(0.9 + 0.2)" in problem.message


def test_a_scenario_without_calls_has_one_in_which_nothing_is_said(run, tmp_path):
    (tmp_path / "mine.toml").write_text(PAYOFFS)
    assert "1 call\n" in run("check", "mine.toml")[1]
    code, said = run("run", "mine.toml", "--quick", "--out", "out")
    assert code == 0, said
    assert "no call: holds by mutual reversion" in said
    assert run("deliver", "mine.toml", "--quick")[0] == 0
    text = 'extends = "mine.toml"\n[[calls]]\nname = "deal"\nprobability = 1.0\nregime = "compensation"\n'
    (tmp_path / "child.toml").write_text(text)
    assert [call.name for call in load_scenario(tmp_path / "child.toml").calls] == ["deal"]


def test_a_scenario_from_which_every_call_is_dropped(tmp_path):
    names = [call.name for call in load_scenario("textbook").calls]
    drop = ", ".join(f'"calls.{name}"' for name in names)
    (tmp_path / "mine.toml").write_text(f'extends = "textbook"\ndrop = [{drop}]\n')
    assert [call.name for call in load_scenario(tmp_path / "mine.toml").calls] == ["no_call"]


def test_one_of_a_thing_is_in_the_singular(run, tmp_path):
    (tmp_path / "mine.toml").write_text('extends = "textbook"\nname = "textbook"\n[patience]\ndiscount = 0.8\n')
    _, said = run("compare", "textbook", "mine.toml")
    assert "1 difference\n" in said
    assert "0 differences\n" in run("compare", "textbook", "textbook")[1]


def asked(said):
    """Return the words of the command that `said` ends with."""
    line = said.rstrip().splitlines()[-1].strip()
    assert line.startswith("next "), said
    return shlex.split(line.removeprefix("next").strip().removeprefix(messages.program()))


@pytest.mark.parametrize(
    ("words", "verb"),
    [
        (("--vary", "minerals.leverage=0.2:0.9:9"), ("run", "rollback-2025")),
        (("--vary", "monitoring.noise=0.12"), ("deliver", "rollback-2025")),
        (("--vary", "monitoring.noise=0.12", "--set", "minerals.leverage=0.7"), ("deliver", "rollback-2025")),
    ],
)
def test_after_a_study_comes_a_question_that_can_be_asked(run, words, verb):
    code, said = run("study", "run", "rollback-2025", *words, "--engine", "serial")
    assert code == 0, said
    follow = asked(said)
    assert tuple(follow[:2]) == verb
    for word in follow[3::2]:
        load_scenario("rollback-2025").after([Change.parse(word)])
    if "--set" in words:
        assert follow[2:] == ["--set", "minerals.leverage=0.7"]


def test_after_a_study_of_many_numbers_comes_the_plane_of_two(run, tmp_path):
    (tmp_path / "mine.toml").write_text(
        'format = 1\nscenario = "rollback-2025"\n[sample]\npoints = 64\nvary = ["minerals.*"]\n'
    )
    code, said = run("study", "run", "mine.toml", "--engine", "serial", "--no-report")
    assert code == 0, said
    follow = asked(said)
    assert follow[:3] == ["study", "run", "rollback-2025"]
    assert follow.count("--vary") == 2
    assert run(*follow, "--engine", "serial", "--no-report")[0] == 0


def test_an_empty_folder_of_studies_names_a_study_that_runs(run, tmp_path):
    follow = asked(run("study", "status", str(tmp_path))[1])
    assert follow[:2] == ["study", "run"]
    assert follow[2] in embedded_scenarios()


def test_a_script_of_ones_own_is_called_by_its_own_name(tmp_path):
    """Usage and the command that reproduces a page name the file, not a folder that is not there."""
    script = tmp_path / "own.py"
    script.write_text(
        '"""Nothing much."""\n'
        "from negotiation.cli.experiment import experiment\n"
        "from negotiation.report.document import Report\n\n\n"
        "def run(scenario, quick=False):\n"
        '    return Report("Own", "Why?", "", ("Because.",))\n\n\n'
        'if __name__ == "__main__":\n    experiment(run)\n'
    )
    environment = {**os.environ, "COLUMNS": "100"}
    for words in (["--help"], ["--out", "out"]):
        command = [sys.executable, "own.py", *words]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "python3 experiments" not in done.stdout
    assert "python3 own.py --scenario rollback-2025" in (tmp_path / "out" / "report.md").read_text()


def test_an_experiment_ends_with_a_question_about_the_same_numbers(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def nothing(_scenario, quick):
        return Report("Own", f"Why? {quick}", "", ("Because.",))

    with pytest.raises(SystemExit):
        experiment(nothing, arguments=["--set", "minerals.leverage=0.7", "--out", "out"])
    assert asked(capsys.readouterr().out) == ["deliver", "rollback-2025", "--set", "minerals.leverage=0.7"]


@pytest.mark.parametrize(
    ("payoff", "said"),
    [
        (-3, "is no stage equilibrium: ROW gains 3 points in a month of it by playing cooperate"),
        (1, None),
    ],
)
def test_a_punishment_that_somebody_would_leave_is_said_by_every_verb_and_page(run, tmp_path, payoff, said):
    (tmp_path / "mine.toml").write_text(f'extends = "textbook"\npayoffs.row.defect.defect = {payoff}\n')
    told = [run("check", "mine.toml")[1], run("deliver", "mine.toml", "--quick")[1]]
    told.append(run("run", "mine.toml", "--quick", "--out", "out")[1])
    run("study", "run", "mine.toml", "--vary", "patience.discount=0.5,0.6", "--engine", "serial", "--out", "swept")
    told += [(tmp_path / page / "report.md").read_text() for page in ("out", "swept/report")]
    for text in told:
        flat = " ".join(text.split())
        assert "is no stage equilibrium" not in flat if said is None else said in flat
    notices = [
        json.loads(run(*words, "--json")[1])["notices"]
        for words in (("check", "mine.toml"), ("deliver", "mine.toml", "--quick"))
    ]
    assert all((said is None and not found) or said in found[0] for found in notices)
