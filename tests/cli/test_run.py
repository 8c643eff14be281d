"""`negotiation run`, `report`, `compare` as a user meets them: what is written, refused, and the same twice."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from negotiation.cli.app import app
from tests.stored import STORED

runner = CliRunner()
FILES = {"index.html", "report.md", "report.json", "results.json", "scenario.toml", "run.json"}


def run(*words):
    return runner.invoke(app, ["run", *words], catch_exceptions=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A finished quick run of the textbook scenario."""
    out = tmp_path_factory.mktemp("runs") / "first"
    done = run("textbook", "--quick", "--jobs", "1", "--out", str(out))
    assert done.exit_code == 0, done.output
    return out


def test_everything_is_written_and_named(folder):
    assert {item.name for item in folder.iterdir()} == FILES
    page = (folder / "index.html").read_text()
    assert "<!doctype html" in page[:200].lower()
    assert "left out" in page  # one line instead of the sections that need the economics
    results = json.loads((folder / "results.json").read_text())
    assert results["headline"]["rows"][0]["outcome"] == "no_call"


def test_the_same_run_gives_the_same_bytes(folder, tmp_path):
    again = run("textbook", "--quick", "--jobs", "1", "--out", str(tmp_path / "again"))
    assert again.exit_code == 0
    for name in FILES - {"run.json"}:
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes(), name


def test_the_kept_scenario_runs_to_the_same_results(folder, tmp_path):
    kept = run(str(folder / "scenario.toml"), "--quick", "--jobs", "1", "--out", str(tmp_path / "kept"))
    assert kept.exit_code == 0
    assert (tmp_path / "kept" / "results.json").read_bytes() == (folder / "results.json").read_bytes()


def test_two_processes_give_the_same_results(tmp_path):
    """The break-evens that a second process computes are those that one process computes."""
    for jobs in ("1", "2"):
        done = run("textbook", "--call", "no_call", "--jobs", jobs, "--out", str(tmp_path / jobs))
        assert done.exit_code == 0, done.output
    assert (tmp_path / "1" / "results.json").read_bytes() == (tmp_path / "2" / "results.json").read_bytes()


def test_changes_open_the_report_with_before_and_after(folder, tmp_path):
    out = tmp_path / "changed"
    done = run("textbook", "--quick", "--jobs", "1", "--set", "payoffs.row.defect.cooperate=6", "--out", str(out))
    assert done.exit_code == 0
    assert "payoffs.row.defect.cooperate" in done.output
    page = (out / "index.html").read_text()
    assert page.index("What the changes do") < page.index("What each call changes")
    compared = runner.invoke(app, ["compare", str(folder), str(out), "--json"], catch_exceptions=False)
    answers = json.loads(compared.output)["headline"]
    assert {"outcome", "number", "before", "after"} == set(answers[0])


def test_a_folder_of_another_run_is_refused_and_kept(folder):
    before = (folder / "results.json").read_bytes()
    done = run("textbook", "--quick", "--seed", "8", "--out", str(folder))
    assert done.exit_code == 2
    assert "holds another run" in done.output
    assert (folder / "results.json").read_bytes() == before


@pytest.mark.parametrize("kind", ["file", "below a file"])
def test_an_output_that_is_a_file_is_refused_before_anything_is_computed(tmp_path, kind):
    blocking = tmp_path / "taken"
    blocking.write_text("mine")
    done = run("textbook", "--out", str(blocking if kind == "file" else blocking / "sub"))
    assert done.exit_code == 2
    assert "is a file" in done.output
    assert blocking.read_text() == "mine"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere.toml"], "nowhere.toml"),
        (["textbook", "--set", "payoffs.row.defect.coperate=1"], "payoffs.row.defect.cooperate"),
        (["textbook", "--set", "patience.discount=1.5"], "domain"),
        (["textbook", "--set", "patience.discount=nan"], "finite"),
        (["textbook", "--set", "patience.discount"], "path=value"),
        (["textbook", "--call", "breakdwn"], "breakdown"),
        (["textbook", "--require", "no_cal"], "no_call"),
        (["textbook", "--require", "no_call:grim"], "no regime 'grim'"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_two(words, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run(*words, "--quick")
    assert done.exit_code == 2
    assert said in done.output
    assert "Traceback" not in done.output


def test_a_required_claim_that_fails_gives_exit_code_one(tmp_path):
    done = run("textbook", "--quick", "--jobs", "1", "--require", "breakdown", "--out", str(tmp_path / "r"))
    assert done.exit_code == 1
    assert "required, but does not hold: breakdown" in done.output
    assert (tmp_path / "r" / "index.html").exists()


def test_json_is_one_object_and_the_page_is_there(tmp_path):
    done = run("textbook", "--quick", "--jobs", "1", "--json", "--out", str(tmp_path / "j"))
    data = json.loads(done.output)
    assert data["outcomes"]["no_call"]["holds"] is True
    assert Path(data["report"]).exists()


def test_both_figures_run_and_the_way_round_is_told(tmp_path):
    """Common lows excused: China slow-walks everyone, which is dear only where the others are angry enough."""
    words = ("two-figures-2025", "--quick", "--jobs", "1", "--call", "no_call", "--set", "monitoring.common_trigger=0")
    open_ = run(*words, "--out", str(tmp_path / "open"))
    assert "✗ no call" in open_.output
    assert "no response to a low month can deter 'slow-walk-everyone'" in open_.output
    text = (tmp_path / "open" / "report.md").read_text()
    assert "**Both figures are read.**" in text
    assert "sales forgone elsewhere" in text
    closed = run(*words, "--set", "minerals.others_anger=1.5", "--out", str(tmp_path / "closed"))
    assert "✓ no call" in closed.output
    clause = "fall below 80 % of normal while those to all others stay at 80 % of normal or above"
    assert clause in (tmp_path / "closed" / "report.md").read_text()


def test_report_renders_again_without_solving(folder):
    before = (folder / "index.html").read_bytes()
    (folder / "index.html").unlink()
    done = runner.invoke(app, ["report", str(folder)], catch_exceptions=False)
    assert done.exit_code == 0
    assert (folder / "index.html").read_bytes() == before


def test_names_with_markup_are_escaped_and_stay_inside_the_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "evil.toml"
    file.write_text('format = 1\nname = "evil"\nextends = "textbook"\ntitle = "<script>alert(1)</script> *x*"\n')
    done = run(str(file), "--quick", "--jobs", "1")
    assert done.exit_code == 0, done.output
    (page,) = tmp_path.glob("results/*/index.html")
    text = page.read_text()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; *x*" in text


def test_a_requirement_asks_for_every_share(tmp_path):
    words = (
        str(STORED / "frozen" / "june-2025.toml"),
        "--quick",
        "--jobs",
        "1",
        "--call",
        "clarification",
        "--require",
        "clarification",
    )
    done = run(*words, "--out", str(tmp_path / "r"))
    assert done.exit_code == 1
    assert "holds against the listed actions, not against every share" in done.output
    assert "China gains 0.0232 USD bn by withholding 48.5 %" in done.output
    data = json.loads((tmp_path / "r" / "results.json").read_text())
    row = next(row for row in data["headline"]["rows"] if row["outcome"] == "clarification")
    assert (row["holds"], row["holds_against_every_share"]) == (True, False)
    page = (tmp_path / "r" / "index.html").read_text()
    assert "no player gains by a deviation in any state" not in page
    assert "it does not hold against every share" in page
