"""Whatever stands in files and arguments: every verb ends, without a traceback, with a code that is documented.

Mutated scenarios, games, studies, draws, shipments, results, certificates, folders and words of commands; seeded.
"""

import json
import os
import random
import shutil
import signal
import tomllib
from contextlib import contextmanager

import numpy as np
import pytest
import tomli_w
from typer.testing import CliRunner

from negotiation._files import data_text
from negotiation.cli.app import app
from negotiation.errors import InputError
from negotiation.report.runs.folder import RUN
from negotiation.studies import study as study_module
from negotiation.studies.file import load_study
from negotiation.trade.files.load import embedded_scenarios
from tests.cli.mutations import ODD, WORDS, bent, json_of, toml_of, words_of
from tests.trade.files.bad_files import AUTOMATON, EXTENDS, PAYOFFS, SIGNALS

PATIENCE = 120  # seconds after which a command hangs
DILEMMA = {"payoffs": [[[3, 0], [5, 1]], [[3, 5], [0, 1]]], "discount": "1/2"}
FORMATS = {
    "nfg": 'NFG 1 R "dilemma" { "US" "China" } { { "C" "D" } { "C" "D" } }\n\n3 3 5 0 0 5 1 1\n',
    "gam": "2\n2 2\n3 5 0 1\n3 0 5 1\n",
    "csv": ',C,D\nC,"3, 3","0, 5"\nD,"5, 0","1, 1"\n',
}
NOISY = {
    "players": ["a", "b"],
    "actions": [["C", "D"], ["C", "D"]],
    "payoffs": [[[2, -1], [3, 0]], [[2, 3], [-1, 0]]],
    "discount": 0.9,
    "signals": [[[0.9, 0.1], [0.5, 0.5]], [[0.5, 0.5], [0.2, 0.8]]],
    "signal_names": ["good", "bad"],
}
DYNAMIC = {
    "discount": 0.5,
    "states": [
        {"name": "calm", "payoffs": DILEMMA["payoffs"], "next_state": [["calm", "calm"], ["storm", "storm"]]},
        {"name": "storm", "payoffs": [[[1, 0], [1, 0]], [[1, 0], [0, 0]]], "next_state": [[0, 0], [1, 1]]},
    ],
}
STUDY = """format = 1
name = "mine"
scenario = "rollback-2025"
set = ["legal.snapback_survival = 0.9"]
calls = ["no_call", "clarification"]
regimes = ["compensation", "mutual_reversion"]
seed = 3
[sample]
kind = "latin_hypercube"
points = 4
vary = ["minerals.*"]
[[vary]]
path = "monitoring.noise"
low = 0.1
high = 0.2
points = 2
scale = "log"
[[vary]]
path = "monitoring.verification"
values = [0, 0.6]
replaces_calls = true
"""
DRAWS = 'format = 1\nscenario = "textbook"\n[sample]\nkind = "draws"\nfile = "draws.csv"\n'
TABLE = "patience.discount\n0.5\n0.6\n0.7\n"
WRONG = (  # found by the seeds of this test
    ("regimes", [["compensation"]]),
    ("calls", [{"value": "no_call"}]),
    ("regimes", [3]),
)
SHIPMENTS = "month,destination,tonnes,source,url,confidence\n2025-06,US,353,customs,,found-in-source\n"


class HungError(BaseException):
    """A command did not end."""


@contextmanager
def patience(seconds):
    """Raise `HungError` in what takes longer; where the system has no alarms, wait."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def hung(*_):
        raise HungError

    before = signal.signal(signal.SIGALRM, hung)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return texts of real results (JSON of solve, by name) and the folders of a run and of a study."""
    home = tmp_path_factory.mktemp("made")
    here = os.getcwd()  # noqa: PTH109
    os.chdir(home)
    try:
        results = {}
        for name, game in (("dilemma", DILEMMA), ("noisy", NOISY), ("dynamic", DYNAMIC)):
            (home / "game.json").write_text(json.dumps(game))
            done = CliRunner().invoke(app, ["solve", "game.json", "--json", "--seconds", "5", "--jobs", "1"])
            assert done.exit_code == 0, done.output
            results[name] = done.stdout
        (home / "mine.toml").write_text(PAYOFFS)
        for words in (
            ["run", "mine.toml", "--quick", "--jobs", "1"],
            ["study", "run", "study.toml", "--engine", "serial"],
        ):
            (home / "study.toml").write_text(STUDY)
            done = CliRunner().invoke(app, [*words, "--out", words[0]])
            assert done.exit_code == 0, done.output
    finally:
        os.chdir(here)
    return results, home


class Case:
    """One command with damaged input: `words`, and the exit codes that it may end with."""

    def __init__(self, seed, made, folder):
        self.rng, self.folder = random.Random(seed), folder
        self.results, self.home = made
        kinds = (self.scenario, self.scenario, self.game, self.study, self.result, self.folders, self.evidence)
        self.codes = {0, 2}
        self.words = kinds[seed % len(kinds)]()

    def write(self, name, content):
        (self.folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return name

    def scenario(self):
        rng = self.rng
        shipped = data_text("scenarios", f"{rng.choice(embedded_scenarios())}.toml")
        text = rng.choice(
            (shipped, PAYOFFS, SIGNALS, EXTENDS + AUTOMATON, EXTENDS + 'name = "n"\n[minerals]\nweight = 0.03')
        )
        file = self.write("mine.toml", toml_of(rng, text))
        parent = self.write(
            "child.toml", toml_of(rng, 'extends = "mine.toml"\ntitle = "x"\n[[calls]]\nname = "no_call"\n')
        )
        verb = rng.randrange(12)
        odd = rng.choice(WORDS)
        if verb < 3:
            self.codes = {0, 1, 2}
            return words_of(rng, ["check", file, "--as-of", rng.choice(("2025-01-01", odd))], 2)
        if verb < 5:
            return words_of(rng, ["show", rng.choice((file, parent)), rng.choice(("", "minerals", "calls", odd))], 2)
        if verb < 7:
            return words_of(rng, ["compare", file, rng.choice((file, parent, "rollback-2025", "textbook"))], 2)
        if verb < 8:
            self.codes = {0, 2, 3}
            return ["new", rng.choice((odd, "mine", "fresh", "x" * 300)), "--from", file]
        if verb < 9:
            return ["run", file, "--quick", "--jobs", "1", "--call", rng.choice(WORDS), "--out", "out"]
        if verb < 10:
            return ["deliver", file, "--quick", rng.choice(("--cap", "--price", "--set", "--call")), odd]
        swept = rng.choice(("patience.discount=0.2:0.9:3", "monitoring.noise=0.1,0.12", odd))
        return ["study", "run", "rollback-2025", "--vary", swept, "--set", rng.choice(WORDS), "--engine", "serial",
                "--no-report", "--out", "out"]  # fmt: skip

    def game(self):
        rng = self.rng
        file = self.write("game.json", json_of(rng, json.dumps(rng.choice((DILEMMA, NOISY, DYNAMIC)))))
        options = [rng.choice(("--gap", "--seconds", "--iterations")), rng.choice(("0", "-1", "nan", "1e-9", "1", "x"))]
        limits = ["--seconds", "1", "--iterations", "20", "--jobs", "1"]
        if rng.random() < 0.2:
            words = ["--profile", rng.choice(("C,C", "0,1", *WORDS)), "--tolerance", "0.3"]
            return ["threshold", file, *words, rng.choice(("--share", "--low", "--state")), rng.choice(WORDS)]
        if rng.random() < 0.3:
            kind = rng.choice(list(FORMATS))
            file = self.write(f"game.{kind}", bent(rng, FORMATS[kind].encode()))
            more = ("--discount", "--support"), (rng.choice(WORDS), "0.9", "1,1")
            options = [rng.choice(words) for words in more] if rng.random() < 0.7 else ["--patient-limit"]
        return ["solve", file, "--json", *(options if rng.random() < 0.2 else ()), *limits]

    def study(self):
        rng = self.rng
        file = self.write("study.toml", toml_of(rng, rng.choice((STUDY, STUDY, DRAWS))))
        self.write("draws.csv", rng.choice((TABLE, TABLE.replace("0.6", str(rng.choice(ODD))))))
        if rng.random() < 0.1:
            np.savez(self.folder / "draws.npz", **{"patience.discount": np.linspace(0.4, 0.6, 3)})
            content = (self.folder / "draws.npz").read_bytes()
            at = rng.randrange(len(content))
            self.write("draws.npz", content[:at] + rng.randbytes(4) + content[at + 4 :])
            file = self.write("study.toml", DRAWS.replace("csv", "npz"))
        self.codes = {0, 2, 3}
        words = ["study", "run", file, "--engine", "serial", "--no-report", "--out", "out"]
        return [*words, "--set", rng.choice(WORDS)] if rng.random() < 0.2 else words

    def result(self):
        self.codes = {0, 1, 2}
        return [
            "verify",
            self.write("answer.json", json_of(self.rng, self.results[self.rng.choice(list(self.results))])),
        ]

    def folders(self):
        """Damage one JSON or TOML file of a result folder or a study's folder, and read the folder."""
        rng = self.rng
        which = rng.choice(("run", "study"))
        shutil.copytree(self.home / which, self.folder / which)
        known = [path for path in sorted((self.folder / which).rglob("*")) if path.suffix in (".json", ".toml")]
        file = rng.choice(known)
        text = file.read_text()
        file.write_bytes(json_of(rng, text) if file.suffix == ".json" else toml_of(rng, text))
        if which == "study":
            self.codes = {0, 2, 3}
            study = self.write("study.toml", STUDY)
            again = ["study", "run", study, "--engine", "serial", "--no-report", "--out", "study"]
            return rng.choice((["study", "status", "study"], again))
        self.codes = {0, 1, 2, 3} if file.name == RUN else {0, 1, 2}
        return rng.choice(
            (
                ["verify", "run"],
                ["report", "run"],
                ["compare", "run", "rollback-2025"],
                ["compare", "run", str(self.home / "run")],
            )
        )

    def evidence(self):
        rng = self.rng
        file = self.write("rows.csv", toml_of(rng, SHIPMENTS))
        # a prior that there is none of: nothing is computed once everything has been read
        self.codes = {2}
        if rng.random() < 0.3:
            return [
                "evidence",
                "score",
                rng.choice((file + "x", rng.choice([word for word in WORDS if word not in ("", "-h")]))),
            ]
        return ["evidence", "--data", file, "--as-of", rng.choice(WORDS), "--prior", "none-such"]


def judge(case):
    with patience(PATIENCE):
        done = CliRunner().invoke(app, case.words)
    said = f"{case.words}: exit {done.exit_code}\n{done.output[-2000:]}"
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise AssertionError(said) from done.exception
    assert done.exit_code in case.codes, said
    assert "Traceback" not in done.output, said
    assert done.exit_code in (0, 1) or done.stderr.strip() or done.stdout.strip(), said


def tried(seed, made, folder, monkeypatch):
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(
        study_module, "MOST_POINTS", 500
    )  # what is large and legal takes hours, and proves nothing here
    judge(Case(seed, made, folder))
    monkeypatch.undo()
    shutil.rmtree(folder)


@pytest.mark.parametrize(("key", "value"), WRONG)
def test_lists_of_what_are_no_names_are_refused_with_their_line(tmp_path, key, value):
    data = {**tomllib.loads(STUDY), key: value}
    (tmp_path / "study.toml").write_text(tomli_w.dumps(data))
    with pytest.raises(InputError) as caught:
        load_study(str(tmp_path / "study.toml"))
    assert [problem.path for problem in caught.value.problems] == [f"{key}.0"]
    assert caught.value.problems[0].line


@pytest.mark.parametrize("key", ["format", "study", "digest", "versions", "points", "chunk", "scenario"])
@pytest.mark.parametrize("value", [None, "x", -1, [], {}, 1e300, 10**40])
def test_a_manifest_that_is_none_is_said_to_be_none(made, tmp_path, key, value):
    manifest = json.loads((made[1] / "study" / "study.json").read_text())
    (tmp_path / "study.json").write_text(json.dumps({**manifest, key: value}))
    done = CliRunner().invoke(app, ["study", "status", str(tmp_path)])
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert done.exit_code == 2 or type(value) is type(manifest[key])


@pytest.mark.parametrize("block", range(8))
def test_two_hundred_damaged_inputs(made, tmp_path, monkeypatch, block):
    for seed in range(25 * block, 25 * (block + 1)):
        tried(seed, made, tmp_path / str(seed), monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(80))
def test_two_thousand_damaged_inputs(made, tmp_path, monkeypatch, block):
    for seed in range(1000 + 25 * block, 1000 + 25 * (block + 1)):
        tried(seed, made, tmp_path / str(seed), monkeypatch)
