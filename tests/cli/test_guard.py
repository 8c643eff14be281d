"""What every verb does when the machine fails it: one sentence, the right exit code, no traceback, no half file."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from negotiation.cli.guard import _counterpart

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the cases are forks")
GAME = {"payoffs": [[[2, 2], [-1, 3]], [[3, -1], [0, 0]]], "discount": 0.6}
SWEEP = ["study", "run", "rollback-2025", "--vary", "minerals.leverage=0.2:0.9:40", "--jobs", "1"]
VERBS = {
    "list": ["list"],
    "show": ["show", "rollback-2025"],
    "check": ["check", "rollback-2025"],
    "compare": ["compare", "rollback-2025", "june-2025"],
    "new": ["new", "{way}"],
    "reference": ["reference"],
    "solve": ["solve", "game.json"],
    "solve json": ["solve", "game.json", "--json"],
    "verify": ["verify", "answer.json"],
    "deliver": ["deliver", "--quick"],
    "report": ["report", "result"],
    "study run": [*SWEEP, "--out", "{way}-study"],
    "study status": ["study", "status", "."],
    "help": ["--help"],
    "version": ["--version"],
}  # fmt: skip
LONG = {
    "run": ["run", "--quick", "--out", "{way}-run"],
    "brief": ["brief", "--out", "{way}-brief"],
    "evidence": ["evidence", "--prior", "neutral"],
}
CLOSED = ("help", "version")  # what opens no file
WRITES = ("new", "report", "study run", "run", "brief")
WAYS = ("", "full", "closed", "reader gone", "quiet", "quiet full", "ascii", "latin-1", "files", "disk", "memory")
WAYS += ("no file",)  # none can be opened


@pytest.fixture(scope="module")
def run_cases(tmp_path_factory):
    """Return a function: cases of (verb, way) -> the answer to each, all run in one folder."""
    place = tmp_path_factory.mktemp("machine")
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache")), "COLUMNS": "100"}
    (place / "game.json").write_text(json.dumps(GAME))

    def runs(cases):
        words = [[[part.format(way=way.replace(" ", "-") or "plain") for part in {**VERBS, **LONG}[verb]], way] for verb, way in cases]  # fmt: skip  # noqa: E501
        first = [] if (place / "result").exists() else [[["run", "--quick", "--out", "result"], ""]]
        driver = Path(__file__).with_name("machine.py")
        text = subprocess.run(
            [sys.executable, str(driver), str(place)], input=json.dumps(first + words), capture_output=True, text=True,
            env=environment, check=True,
        ).stdout  # fmt: skip
        return dict(zip(cases, json.loads(text)[len(first) :], strict=True))

    answer = subprocess.run([sys.executable, "-m", "negotiation", *VERBS["solve json"]], cwd=place, capture_output=True)
    (place / "answer.json").write_bytes(answer.stdout)
    return runs


GATE = [(verb, "full") for verb in VERBS] + [("show", way) for way in WAYS if way != "full"]
GATE += [(verb, "disk") for verb in WRITES if verb in VERBS] + [("solve json", "ascii")]
GATE += [(verb, "no file") for verb in VERBS if verb not in (*CLOSED, "show")]
GATE += [("verify", way) for way in ("ascii", "latin-1")]
REST = [(verb, way) for way in WAYS for verb in [*VERBS, *LONG] if (verb, way) not in GATE]


@pytest.fixture(scope="module")
def gate(run_cases):
    return run_cases(GATE)


@pytest.fixture(scope="module")
def rest(run_cases):
    return run_cases(REST)


def as_it_should(verb, way, found):
    """Assert what must be so of one answer."""
    assert "Traceback" not in found["out"] + found["err"]
    assert "Aborted" not in found["out"] + found["err"]
    assert not [name for name in found["new"] if name.endswith(".part")]
    sentences = found["err"].splitlines()
    if way in ("full", "closed", "reader gone"):
        reason = {"full": "No space left on device", "closed": "Bad file descriptor", "reader gone": "Broken pipe"}[way]
        assert found["code"] == 3
        assert sentences[-1] == f"The output could not be written: {reason}."
    elif way == "memory" or (way == "disk" and verb in WRITES):
        assert found["code"] == 3
        assert ("not enough memory" if way == "memory" else "File too large") in sentences[-1]
    elif way == "no file" and verb not in CLOSED:
        assert found["code"] == 3
        assert "Too many open files" in sentences[-1]
    elif way == "files" and found["code"]:
        assert found["code"] == 3
        assert sentences
    else:
        assert found["code"] == 0
        assert found["out"]
        assert way != "ascii" or found["out"].isascii()


@pytest.mark.parametrize(("verb", "way"), GATE)
def test_each_verb_under_each_failure(gate, verb, way):
    as_it_should(verb, way, gate[verb, way])


@pytest.mark.slow
@pytest.mark.parametrize(("verb", "way"), REST)
def test_each_other_verb_under_each_failure(rest, verb, way):
    as_it_should(verb, way, rest[verb, way])


def test_characters_have_ascii_counterparts():
    counterparts = {"✓": "yes", "δ": "delta", "Σ": "sigma", "→": "->", "é": "e", "½": "12", "中": "?"}
    assert {character: _counterpart(character) for character in counterparts} == counterparts


@pytest.mark.parametrize("way", ["ascii", "latin-1"])
def test_a_tick_is_a_word_where_the_terminal_has_none(gate, way):
    said = gate["verify", way]["out"]
    assert said.startswith("yes ")
    assert said.isascii()


def test_json_stays_json_on_an_ascii_terminal(gate):
    assert json.loads(gate["solve json", "ascii"]["out"])["timing"]


def interrupted(words, seconds, tmp_path, cold=False):
    """Run a command, interrupt it after some time, and return its exit code and standard error."""
    (tmp_path / "game.json").write_text(json.dumps(GAME))
    environment = {**os.environ, **({"NUMBA_CACHE_DIR": str(tmp_path / "cold")} if cold else {})}
    process = subprocess.Popen(
        [sys.executable, *words], cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    return process.returncode, said


@pytest.mark.parametrize("seconds", [0.4, 1.5, 3.0])
def test_an_interrupted_compilation_ends_with_130(tmp_path, seconds):
    code, said = interrupted(["-m", "negotiation", "solve", *["game.json"] * 20], seconds, tmp_path, cold=True)
    assert (code, said.splitlines()[-1], "Traceback" in said) == (130, "interrupted", False)


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["show", "solve", "deliver", "study run", "run", "evidence"])
def test_an_interruption_at_any_moment_ends_with_130(tmp_path, verb):
    """From the first line of the package on; before that, Python itself dies of the signal."""
    chance = random.Random(verb)
    words = [part.format(way="here") for part in {**VERBS, **LONG}[verb]]
    for _ in range(12):
        code, said = interrupted(["-m", "negotiation", *words], 0.15 + chance.random() * 3, tmp_path)
        assert code in (0, 130)
        assert "Traceback" not in said
