"""The same study on a real Dask scheduler with several worker processes on this machine, one of which is killed."""

import os
import random
import signal
import socket
import subprocess
import sys
import time

import pytest

from negotiation.errors import MachineError, OutputError
from negotiation.studies.run import run_study
from negotiation.studies.store import Store
from tests.studies.small import digests, small_study

pytest.importorskip("distributed")
POINTS, CHUNK = 8192, 128


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def started(*words):
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([sys.executable, "-m", "dask", *words], **quiet)


def stopped(process):
    process.kill()
    process.wait()


@pytest.fixture(scope="module")
def cluster():
    """A scheduler and three workers, each a process of its own; gives the address and the workers."""
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    where = ("--host", "127.0.0.1", "--port", str(port), "--no-dashboard", "--no-jupyter")
    scheduler = started("scheduler", *where)
    options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1", "--death-timeout", "120")
    workers = [started("worker", address, *options) for _ in range(3)]
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield address, scheduler, workers
    for process in (*workers, scheduler):
        stopped(process)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "study"
    run_study(small_study(POINTS, CHUNK), folder, engine="serial")
    return digests(folder)


def test_the_death_of_a_worker_loses_nothing(tmp_path, cluster, whole):
    address, _, workers = cluster
    victim, killed = random.Random(2).choice(workers), []

    def watch(done, total, _note):
        if done > total // 4 and not killed:
            os.kill(victim.pid, signal.SIGKILL)
            killed.append(done)

    done = run_study(small_study(POINTS, CHUNK), tmp_path / "study", engine=f"dask:{address}", progress=watch)
    assert killed
    assert killed[0] < POINTS
    victim.wait()
    assert done.resumed == 0
    assert digests(tmp_path / "study") == whole


def test_a_scheduler_that_dies_loses_nothing_but_what_was_in_flight(tmp_path, cluster, whole):
    address, scheduler, _ = cluster
    gone = []

    def watch(done, total, _note):
        if done > total // 4 and not gone:
            stopped(scheduler)
            gone.append(done)

    folder = tmp_path / "study"
    with pytest.raises(MachineError, match="chunks are kept; run again to compute only the rest"):
        run_study(small_study(POINTS, CHUNK), folder, engine=f"dask:{address}", progress=watch)
    store = Store.open_to_read(folder)
    assert 0 < len(store.parts) < store.chunks
    done = run_study(small_study(POINTS, CHUNK), folder, engine="serial")
    assert done.resumed == len(store.parts)
    assert digests(folder) == whole


def test_an_engine_that_cannot_be_reached_is_said_and_nothing_is_lost(tmp_path, monkeypatch, whole):
    monkeypatch.setattr("negotiation.studies.engine.CONNECT_SECONDS", 2)
    folder = tmp_path / "study"
    study = small_study(POINTS, CHUNK)
    run_study(study, folder, engine="serial")
    for file in sorted((folder / "parts").iterdir())[3:]:
        file.unlink()
    with pytest.raises(OutputError, match=r"The engine at tcp://127\.0\.0\.1:\d+ cannot be reached"):
        run_study(study, folder, engine=f"dask:tcp://127.0.0.1:{free_port()}")
    assert len(Store.open_to_read(folder).parts) == 3
    run_study(study, folder, engine="serial")
    assert digests(folder) == whole
