"""`negotiation study run` and `study status`, as a user meets them."""

import json

import pytest
from typer.testing import CliRunner

from negotiation.cli.app import app
from negotiation.cli.waiting import study_progress

FILE = """format = 1
name = "mine"
scenario = "rollback-2025"
calls = ["no_call", "clarification"]
[sample]
points = 300
vary = ["minerals.*"]
"""


@pytest.fixture
def call(tmp_path, monkeypatch):
    """Return a function that runs the command line in a fresh folder with a study file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(FILE)

    def run(*words, code=0):
        done = CliRunner().invoke(app, ["study", *words])
        assert done.exit_code == code, done.output
        return done.output

    return run


def test_a_run_says_what_stands_and_where_it_is(call, tmp_path):
    told = call("run", "mine.toml")
    assert "300 points × 2 outcomes × 5 regimes" in told
    assert "after no call, the deal enforces itself" in told
    (folder,) = (tmp_path / "results").iterdir()
    assert str(folder.relative_to(tmp_path)) in told
    page = (folder / "report" / "index.html").read_text()
    assert page.lower().startswith("<!doctype html")
    assert "Where the deal fails" in page
    assert len(page) < 1_000_000
    assert (folder / "table.csv").exists()


def test_running_again_resumes_and_gives_the_same_page(call, tmp_path):
    call("run", "mine.toml")
    (folder,) = (tmp_path / "results").iterdir()
    before = (folder / "report" / "index.html").read_bytes()
    assert "1 of 1 chunks were there already" in call("run", "mine.toml")
    assert (folder / "report" / "index.html").read_bytes() == before
    assert "were there already" not in call("run", "mine.toml", "--fresh")
    assert (folder / "report" / "index.html").read_bytes() == before


def test_a_grid_without_a_file_and_json(call, tmp_path):
    words = ("run", "rollback-2025", "--vary", "minerals.leverage=0.5,0.9", "--vary", "monitoring.noise=0.05:0.2:3")
    found = json.loads(call(*words, "--json", "--out", "here"))
    assert found["points"] == 6
    shares = {item["key"]: item["share"] for item in found["conclusions"]}
    assert 0 < shares["enforced:no_call"] < 1
    page = (tmp_path / "here" / "report" / "index.html").read_text()
    assert "Which call makes the deal hold" in page
    assert "--vary minerals.leverage=0.5,0.9" in page
    other = json.loads(call(*words, "--set", "minerals.weight=0.02", "--json"))
    assert other["digest"] != found["digest"]


def test_status_of_one_of_all_and_of_a_damaged_one(call, tmp_path):
    assert "no study in" in call("status", str(tmp_path))
    call("run", "mine.toml", "--no-report")
    assert "complete: 300 of 300 points, 1 of 1 chunks" in call("status")
    (folder,) = (tmp_path / "results").iterdir()
    (part,) = (folder / "parts").iterdir()
    part.write_bytes(part.read_bytes()[:50])
    told = call("status", str(folder))
    assert "0 % done: 0 of 300 points" in told
    assert "damaged: chunk 0; running the study again mends it" in told
    assert json.loads(call("status", str(folder), "--json"))[0]["damaged"] == [0]
    assert "computed again: 1 damaged part" in call("run", "mine.toml")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("run", "mine.toml", "--vary", "minerals.leverge=0:1:2"), "did you mean 'minerals.leverage'?"),
        (("run", "mine.toml", "--vary", "minerals.leverage=0:1:0"), "the grid is empty"),
        (("run", "none.toml"), "there is no such file"),
        (("run", "mine.toml", "--engine", "embeded"), "did you mean 'embedded'?"),
        (("run", "mine.toml", "--table", "xls"), "is no format of a table"),
        (("status", "nowhere"), "nowhere is not a folder"),
        (("run", "rollback-2025"), "is a scenario, and nothing varies"),
    ],
)
def test_mistakes_end_with_two_and_one_sentence(call, words, told):
    assert told in call(*words, code=2)


def test_anothers_folder_is_left_alone(call, tmp_path):
    call("run", "mine.toml", "--out", "here", "--no-report")
    told = call("run", "mine.toml", "--set", "minerals.convex_cost=0.9", "--out", "here", code=2)
    assert "minerals.convex_cost" in told or "another study" in told
    (tmp_path / "other.toml").write_text(FILE.replace("300", "200"))
    assert "holds another study ('mine'" in call("run", "other.toml", "--out", "here", code=2)


def test_on_a_terminal_a_line_shows_points_rate_and_time_left(monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with study_progress(100) as step:
        for done in (10, 50, 100):
            step(done, 100, "a worker died" if done == 50 else "")
    shown = capsys.readouterr().err
    assert "100/100" in shown
    assert "left" in shown
    assert "a worker died" in shown


def test_without_a_terminal_only_notes_are_written(capsys):
    with study_progress(100) as step:
        step(10, 100, "")
        step(20, 100, "a worker died")
    assert capsys.readouterr().err == "a worker died\n"
