"""The verbs for scenario files: what they print, what they write, and their exit codes."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from negotiation import __version__
from negotiation.cli import messages
from negotiation.cli.app import VERBS, app
from negotiation.cli.compare import differences
from negotiation.errors import InputError, NegotiationError, Problem
from negotiation.report.text_table import table
from negotiation.trade.files.load import embedded_scenarios, load_scenario
from negotiation.trade.files.write import scenario_toml
from negotiation.trade.parameters.changes import Change


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command line in an empty folder; return exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()

    def runs(*words):
        result = runner.invoke(app, list(words))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.stdout, result.stderr

    return runs


def last(text):
    return text.rstrip().splitlines()[-1]


def test_version(run):
    assert run("--version") == (0, f"negotiation {__version__}\n", "")


def test_help_teaches(run):
    code, out, _ = run("--help")
    assert code == 0
    for word in ("list", "show", "check", "new", "compare", "First steps", "Exit codes"):
        assert word in out


@pytest.mark.parametrize("verb", ["list", "show", "check", "new", "compare"])
def test_every_verb_has_help(run, verb):
    assert run(verb, "--help")[0] == 0


def test_list(run):
    code, out, _ = run("list")
    assert code == 0
    assert all(name in out for name in embedded_scenarios())
    assert last(out).startswith("next ")
    assert set(json.loads(run("list", "--json")[1])) == set(embedded_scenarios())


def test_show_one_number(run):
    code, out, _ = run("show", "rollback-2025", "tariffs.us.import_value")
    assert code == 0
    assert "tariffs.us.import_value = 28.5 USD bn/month" in out
    for word in ("23.4 to 37", "Census", "2025-12", "https://", "(0, inf)"):
        assert word in out
    assert "[judgement]" not in out
    assert "[judgement]" in run("show", "rollback-2025", "minerals.convex_cost")[1]


def test_show_a_part_lists_what_is_below(run):
    code, out, _ = run("show", "rollback-2025", "pledges")
    assert code == 0
    assert out.count("pledges.") >= 6
    assert "minerals." not in out.rsplit("next", 1)[0]


def test_show_everything_and_the_calls(run):
    out = run("show", "rollback-2025")[1]
    assert all(path in out for path in load_scenario("rollback-2025").parameters)
    assert "monitoring.delay_probability *= 1.5" in run("show", "rollback-2025", "calls")[1]
    assert "clarification" not in run("show", "rollback-2025", "calls.breakdown")[1]


def test_show_as_json(run):
    data = json.loads(run("show", "rollback-2025", "minerals.leverage", "--json")[1])
    assert data["minerals.leverage"]["value"] == pytest.approx(0.68)
    assert data["minerals.leverage"]["is_judgement"] is True
    data = json.loads(run("show", "june-2025", "--json")[1])
    assert data["as_of"] == "2025-06-01"
    assert json.loads(run("show", "june-2025", "calls.no_call", "--json")[1])["no_call"]["regime"] == "mutual_reversion"


def test_show_an_unknown_path(run):
    code, out, err = run("show", "rollback-2025", "minerals.levrage")
    assert (code, out) == (2, "")
    assert "did you mean 'minerals.leverage'?" in err


def test_check(run):
    code, out, _ = run("check", "rollback-2025", "--as-of", "2026-04-30")
    assert code == 0
    assert "every number was known by 2026-04-30" in out
    code, out, _ = run("check", "rollback-2025", "--as-of", "2025-06-01")
    assert code == 1
    assert "actions.us.keep.tariff" in out
    code, out, _ = run("check", "june-2025", "--as-of", "2025-06-01")
    assert code == 1
    assert "18 numbers not yet known on 2025-06-01, 15 of them judgement that carries hindsight" in out
    assert "minerals.leverage" in out
    assert "actions.us.keep.tariff" not in out
    assert json.loads(run("check", "rollback-2025", "--as-of", "2025-06-01", "--json")[1])["holds"] is False
    assert run("check", "rollback-2025", "--as-of", "today")[0] == 2


def test_check_and_show_say_what_has_overtaken_a_scenario_and_what_it_knows_too_early(run):
    overtaken = load_scenario("rollback-2025").overtaken
    for verb in ("check", "show"):
        assert f"overtaken: {overtaken}\n" in run(verb, "rollback-2025")[1]
        assert "overtaken" not in run(verb, "extension-2026")[1]
    assert (
        "5 numbers not yet known on 2025-12, 3 of them judgement that carries hindsight: "
        in run("check", "rollback-2025")[1]
    )
    data = json.loads(run("check", "rollback-2025", "--json")[1])
    assert data["overtaken"] == overtaken
    assert "minerals.dependent_output" in data["hindsight"]
    assert data["later"] == []


def test_check_shows_notices(run):
    Path("mine.toml").write_text('extends = "rollback-2025"\n[minerals]\nleverage = 1.5\n')
    code, out, _ = run("check", "mine.toml")
    assert code == 0
    assert "outside its plausible range 0.2 to 0.9" in out


def test_check_says_that_nobody_can_go_round_the_others_figure(run):
    Path("mine.toml").write_text('extends = "rollback-2025"\n[monitoring]\nothers_trigger = 0.8\n')
    code, out, _ = run("check", "mine.toml")
    assert code == 0
    assert "upper bound" in out
    assert "upper bound" not in run("check", "two-figures-2025")[1]
    assert any("upper bound" in text for text in json.loads(run("check", "mine.toml", "--json")[1])["notices"])


def test_show_says_what_an_optional_number_counts_as(run):
    out = run("show", "rollback-2025", "monitoring.others_noise")[1]
    assert "monitoring.others_noise is not stated and counts as 0.1 ratio" in out
    assert "monitoring.others_trigger = 0.8 ratio" in run("show", "two-figures-2025", "monitoring.others_trigger")[1]
    assert "did you mean 'monitoring.others_trigger'?" in run("show", "rollback-2025", "monitoring.others_triger")[2]


def test_a_mistake_is_shown_with_line_and_caret(run):
    Path("my.toml").write_text('extends = "rollback-2025"\n[minerals]\nleverage = { value = "0.68" }\nlevrage = 1\n')
    code, out, err = run("check", "my.toml")
    assert (code, out) == (2, "")
    assert err == (
        "my.toml: 2 problems, nothing was run\n\n"
        "  minerals.leverage.value  is text, not a number\n"
        '    3 │ leverage = { value = "0.68" }\n'
        "      │              ^ write value = 0.68 without the quotes\n"
        "  minerals.levrage  unknown key\n"
        "    4 │ levrage = 1\n"
        "      │ ^ did you mean 'leverage'?\n"
    )


@pytest.mark.parametrize("words", [("check", "nothing.toml"), ("show", "."), ("compare", "rollback-2025", "x.toml")])
def test_what_is_not_there(run, words):
    code, _, err = run(*words)
    assert code == 2
    assert "Traceback" not in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("words", [("shwo",), ("show",), ("check", "a", "--as-off", "x"), ("compare", "a")])
def test_wrong_usage_is_exit_code_two(run, words):
    assert run(*words)[0] == 2


def test_new_writes_a_file_that_loads(run):
    code, out, _ = run("new", "mine", "--from", "june-2025")
    assert code == 0
    assert "next" in last(out)
    assert "check mine.toml" in last(out)
    mine = load_scenario("mine.toml")
    assert mine.parameters == load_scenario("june-2025").parameters
    assert run("check", "mine.toml")[0] == 0


@pytest.mark.parametrize("parent", ["rollback-2025", "textbook"])
def test_the_examples_of_a_new_file_are_valid(run, parent):
    """Each block of commented lines, uncommented, gives a valid file."""
    run("new", "mine", "--from", parent)
    text = Path("mine.toml").read_text(encoding="utf-8")
    head, examples = text.split("# A bare number", 1)
    blocks = [[]]
    for line in examples.splitlines()[1:]:
        if line.startswith("# ") and line.endswith(":"):
            blocks.append([])
        else:
            blocks[-1].append(line.removeprefix("#").removeprefix(" "))
    assert len(blocks) == 3
    for block in blocks:
        body = "\n".join(block)
        assert tomllib.loads(body)
        Path("tried.toml").write_text(head + body, encoding="utf-8")
        assert run("check", "tried.toml")[0] == 0


def test_new_never_overwrites(run):
    Path("mine.toml").write_text("precious")
    code, _, err = run("new", "mine")
    assert code == 2
    assert "exists already" in err
    assert Path("mine.toml").read_text() == "precious"


TIED = 'extends = "rollback-2025"\n[minerals]\nleverage_per_damage = 1.0\n[politics.us]\nrevenue_weight = 1.5\n'


def test_a_number_that_follows_from_another_one_is_listed_and_shown(run, tmp_path):
    (tmp_path / "tied.toml").write_text(TIED)
    leverage = load_scenario("tied.toml")["minerals.leverage"]
    assert (
        f"minerals.leverage = {leverage:.12g} USD bn/month, tied: kappa x D(.40)"
        in run("show", "tied.toml", "minerals.leverage")[1]
    )
    assert "minerals.leverage_per_damage = 1\n" in run("show", "tied.toml", "minerals.leverage")[1]
    assert "tied: kappa x D(.40)" in run("show", "tied.toml", "minerals")[1]
    untied = [
        path for path in load_scenario("rollback-2025").parameters if "tied: " in run("show", "rollback-2025", path)[1]
    ]
    assert untied == []
    Path("own.toml").write_text('extends = "rollback-2025"\n[minerals]\nleverage = 0.68\n')
    assert "tied: Lambda / D(.40)" in run("show", "own.toml", "minerals.leverage_per_damage")[1]
    data = json.loads(run("show", "tied.toml", "politics", "--json")[1])["politics.us.preferred_tariff"]
    supply = load_scenario("rollback-2025")["tariffs.us.inverse_supply_elasticity"]
    assert data["value"] == pytest.approx((1 + supply) / 0.7 - 1)
    assert data["origin"].startswith("tied: the tariff that maximises")
    assert (
        "did you mean 'minerals.leverage_per_damage'" in run("show", "rollback-2025", "minerals.leverage_per_damag")[2]
    )
    rows = {row[0]: row[1:3] for row in differences(load_scenario("rollback-2025"), load_scenario("tied.toml"))}
    assert rows["minerals.leverage_per_damage"][1] == "1"
    assert rows["politics.us.revenue_weight"][1] == "1.5"


def test_new_from_a_tied_one(run, tmp_path):
    (tmp_path / "tied.toml").write_text(TIED)
    assert run("new", "mine", "--from", "tied.toml")[0] == 0
    assert load_scenario("mine.toml").parameters == load_scenario("tied.toml").parameters


@pytest.mark.parametrize("name", ["../mine", "a/b", "a\\b", "", ".hidden", "a\x1b[2J", "rollback-2025", ".toml"])
def test_new_refuses_names_that_are_none(run, name, tmp_path):
    assert run("new", name)[0] == 2
    assert list(tmp_path.iterdir()) == []
    assert list(tmp_path.parent.glob("mine*")) == []


def test_new_from_a_file_elsewhere(run, tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "base.toml").write_text('extends = "rollback-2025"\n[minerals]\nleverage = 0.5\n')
    assert run("new", "mine", "--from", "deep/base.toml")[0] == 0
    assert load_scenario("mine.toml").value("minerals.leverage") == 0.5


def test_compare(run):
    code, out, _ = run("compare", "rollback-2025", "june-2025")
    assert code == 0
    assert "actions.us.keep.tariff" in out
    assert "0.511" in out
    assert "calls.breakdown: patience.expected_life_months" in out
    data = json.loads(run("compare", "rollback-2025", "june-2025", "--json")[1])
    assert {"path": "actions.us.keep.tariff", "before": "0.47", "after": "0.511", "unit": "ad valorem"} in data[
        "differences"
    ]
    assert "0 differences" in run("compare", "textbook", "textbook")[1]


def test_compare_reads_the_scenario_of_a_result_folder(run, tmp_path):
    folder = tmp_path / "result"
    folder.mkdir()
    changed = load_scenario("rollback-2025").after([Change.parse("minerals.leverage=0.85")])
    (folder / "scenario.toml").write_text(scenario_toml(changed), encoding="utf-8")
    data = json.loads(run("compare", "rollback-2025", "result", "--json")[1])
    assert {row["path"] for row in data["differences"]} == {"minerals.leverage", "minerals.leverage_per_damage"}


def test_differences_of_different_kinds():
    found = {row[0]: row for row in differences(load_scenario("textbook"), load_scenario("rollback-2025"))}
    assert found["minerals.convex_cost"][1:3] == ("(none)", "1")
    assert found["payoffs.row.defect.cooperate"][1:3] == ("5", "(none)")
    assert found["calls.greater_temptation"][2] == "(none)"
    assert found["kind"][1:3] == ("payoffs", "economy")


def test_an_interruption_is_exit_code_130(run, monkeypatch):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("negotiation.cli.scenarios.load_scenario", interrupted)
    assert run("show", "rollback-2025")[0] == 130


def test_the_reference_is_printed(run):
    code, out, _ = run("reference")
    assert code == 0
    assert out.startswith("# Scenario reference")


def test_control_characters_never_reach_the_terminal(run):
    Path("mine.toml").write_text('extends = "rollback-2025"\ntitle = "a\\u001b[31mb"\n[minerals]\n"\\u001b[2J" = 1\n')
    assert "\x1b" not in run("check", "mine.toml")[2]
    text = messages.problem_text(Problem("a\x1b", "b\x1b", "c\x1b", line=1, column=0, text="\x1b[2J\tx"))
    assert "\x1b" not in text


def test_a_long_line_is_cut_around_the_caret():
    text = messages.problem_text(Problem("a", "b", "here", line=7, column=250, text="x" * 250 + "Y" + "z" * 250))
    shown, caret = text.splitlines()[1:]
    assert shown[caret.index("^")] == "Y"
    assert len(shown) < 130


def test_errors_without_lines_are_sentences():
    error = InputError("x.toml", [Problem("a", "is bad"), Problem("b", "is worse", "write c")])
    assert messages.error_text(error) == "x.toml: a: is bad\nx.toml: b: is worse (write c)"
    assert messages.error_text(NegotiationError("It failed.")) == "It failed."


def test_a_table_wraps_its_last_column():
    text = table(("n", "words"), [("1", "a b c " * 20)], width=40)
    assert max(len(line) for line in text.splitlines()) <= 40


def test_the_printed_command_works_as_pasted(tmp_path):
    """Run as a module from another folder; the last line, given to a shell, runs."""
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    first = subprocess.run(
        [sys.executable, "-m", "negotiation", "new", "my own"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert first.returncode == 0, first.stderr
    command = last(first.stdout).removeprefix("next").strip()
    second = subprocess.run(command, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert second.returncode == 0, second.stderr
    assert "a valid scenario" in second.stdout


def test_help_and_refusals_import_nothing_heavy():
    """One process gives every help, the version, and what it says of an unknown verb and a wrong option."""
    verbs = [[], *([name] for name in VERBS), ["evidence", "score"], ["study", "run"], ["study", "status"]]
    asked = [["--version"], *([*verb, "--help"] for verb in verbs), ["nonsense"], *([*v, "--nonsense"] for v in verbs)]
    code = (
        "import sys\nfrom negotiation.cli.app import app\n"
        f"for words in {asked}:\n"
        "    try:\n        app(words)\n"
        "    except SystemExit as end:\n        assert bool(end.code) == ('nonsense' in words[-1]), words\n"
        "    light = {'numpy', 'pydantic'} if words in (['--version'], ['--help']) else set()\n"
        "    heavy = {'scipy', 'numba', 'matplotlib', 'nashpy', 'networkx', 'jinja2', *light} & set(sys.modules)\n"
        "    assert not heavy, (words, heavy)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
