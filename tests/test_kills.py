"""Kills at seeded moments over `run`, `solve` and `study`: the same bytes or exit code 3, and no process is left."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from typer.testing import CliRunner

from negotiation.cli.app import app
from tests.processes import carrying, die, linux, wait_until, workers_of

pytestmark = linux
TWO_CHUNKS = ["--vary", "minerals.leverage=0.2:0.9:300", "--vary", "monitoring.noise=0.05:0.2:27"]
VERBS = {
    "run": ["run", "rollback-2025", "--call", "clarification", "--jobs", "2", "--out", "out"],
    "solve": ["solve", *(f"game{n}.json" for n in range(16)), "--json", "--no-certificate", "--jobs", "2"],
    "study": ["study", "run", "rollback-2025", "--no-report", "--jobs", "2", "--out", "out", *TWO_CHUNKS],
}


def games(folder):
    """Write games with noisy monitoring, each a tenth of a second of work or so."""
    rng = np.random.default_rng(3)
    for n in range(16):
        signals = rng.dirichlet(np.ones(4), (3, 3)).tolist()
        game = {"payoffs": rng.integers(-5, 6, (2, 3, 3)).tolist(), "discount": 0.8, "signals": signals}
        (folder / f"game{n}.json").write_text(json.dumps(game))


class Command:
    """One verb in one folder: started, killed, compared."""

    def __init__(self, verb, folder):
        self.verb, self.folder, self.mark = verb, folder, uuid.uuid4().hex
        folder.mkdir()
        games(folder)

    def start(self):
        pipe, environment = subprocess.PIPE, {**os.environ, "NEGOTIATION_KILLED": self.mark}
        command = [sys.executable, "-m", "negotiation", *VERBS[self.verb]]
        return subprocess.Popen(command, cwd=self.folder, env=environment, stdout=pipe, stderr=pipe)

    def killed_driver(self, after, how):
        """Kill the driver after some seconds; nothing that it started is left."""
        driver = self.start()
        time.sleep(after)
        driver.send_signal(how)
        driver.communicate(timeout=60)
        wait_until(lambda: not carrying(self.mark.encode(), "environ"), 20)

    def finished(self, kills=()):
        """Run to the end, killing a worker at each of the moments; return exit code, answer and number of kills."""
        driver, began, done = self.start(), time.monotonic(), 0
        outputs = []
        reader = Thread(target=lambda: outputs.append(driver.communicate()))
        reader.start()
        for at in sorted(kills):
            time.sleep(max(0, at - (time.monotonic() - began)))
            wait_until(lambda: workers_of(driver.pid) or driver.poll() is not None)
            for worker in workers_of(driver.pid)[:1]:
                os.kill(worker, signal.SIGKILL)
                done += 1
        reader.join(300)
        wait_until(lambda: not carrying(self.mark.encode(), "environ"), 20)
        ((out, err),) = outputs
        if driver.returncode == 3:
            assert re.search(rb"Worker processes died|workers died", err)
            assert b"Traceback" not in err
            assert self.verb != "run" or json.loads((self.folder / "out/run.json").read_text())["state"] == "failed"
        else:
            assert driver.returncode == 0, err.decode()
        return driver.returncode, self.answer(out), done

    def answer(self, out):
        """Return all that has to be the same: the files, or what was printed, without times."""
        if self.verb == "solve":
            return re.sub(rb'"seconds": [0-9.e-]+', b"", out)
        files = sorted(path for path in (self.folder / "out").rglob("*") if path.is_file())
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in files if path.name != "run.json"}


def killed_over_and_over(verb, folder, seed, wanted, kills):
    """Kill the driver, run again under kills of workers, and so on until there were as many kills as wanted."""
    rng = random.Random(seed)
    plain = Command(verb, folder / "plain")
    began = time.monotonic()
    _, want, _ = plain.finished()
    seconds = time.monotonic() - began
    total = 0
    while total < wanted:
        command = Command(verb, folder / f"{total}")
        command.killed_driver(rng.uniform(0.3, 1) * seconds, rng.choice([signal.SIGTERM, signal.SIGKILL]))
        code, found, done = command.finished([rng.uniform(0.2, 0.8) * seconds for _ in range(kills)])
        if code == 3:
            code, found, _ = command.finished()
        assert (code, found == want) == (0, True)
        total += 1 + done


@pytest.mark.parametrize(
    ("verb", "work"),
    [
        ("run", "negotiation.analysis.scenario_analysis.break_evens"),
        ("solve", "negotiation.solve.payoff_sets.solver._solve_noisy"),
        ("study", "negotiation.studies.run.compute_task"),
    ],
)
def test_workers_that_always_die_end_with_one_sentence_and_code_3(tmp_path, monkeypatch, verb, work):
    games(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(work, die)
    done = CliRunner().invoke(app, VERBS[verb])
    assert done.exit_code == 3
    assert done.stdout == ""
    (said,) = [line for line in done.stderr.splitlines() if not line.startswith("compiling for the first time")]
    assert re.search("orkers died 3 times over chunk 0|Worker processes died 3 times over .* .exit code 9.", said)
    if verb == "run":
        run = json.loads(Path("out/run.json").read_text())
        assert run["state"] == "failed"
        assert run["error"] == said


@pytest.mark.parametrize("verb", VERBS)
def test_a_killed_driver_and_a_killed_worker_change_nothing(tmp_path, verb):
    killed_over_and_over(verb, tmp_path, seed=1, wanted=1, kills=1)


@pytest.mark.slow
@pytest.mark.parametrize("verb", VERBS)
def test_thirty_kills_change_nothing(tmp_path, verb):
    """Ten a verb and more: in each round one driver and two workers."""
    killed_over_and_over(verb, tmp_path, seed=2, wanted=10, kills=2)
