"""The pool of worker processes: killed workers, killed drivers, half a result, and a system that is not POSIX."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from negotiation._processes import STRIKES, Processes
from negotiation.errors import InputError, MachineError
from tests.processes import carrying, linux, state, wait_until

BIG = 3_000_000  # bytes: many times what a pipe takes without a reader
NO_POSIX = """
import os, signal, sys
sys.modules.update(fcntl=None, resource=None)
sys.platform = "win32"
for place, names in (
    (os, ("fork", "killpg", "getuid", "geteuid", "setsid", "sched_getaffinity")),
    (signal, ("pthread_sigmask",)),
):
    for name in names:
        delattr(place, name)
"""


def script(tmp_path, text, **extra):
    """Start a driver: a script that makes a pool and has no guard."""
    file = tmp_path / "driver.py"
    file.write_text("import os, sys, time\nfrom negotiation._processes import Processes\n" + text)
    return subprocess.Popen(
        [sys.executable, str(file)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])},
        **extra,
    )


@linux
def test_a_command_ends_with_its_killed_driver(tmp_path):
    words = [sys.executable, "-c", f"import time; time.sleep(600)  # {tmp_path}"]
    text = f"from negotiation._processes import run_to_end\nrun_to_end({words!r})"
    driver = script(tmp_path, text)
    mark = f"# {tmp_path}".encode()
    wait_until(lambda: carrying(mark, "cmdline"))
    driver.kill()
    driver.communicate()
    wait_until(lambda: not carrying(mark, "cmdline"), 20)


def test_results_errors_and_prints_come_as_they_should():
    with Processes(2) as pool:
        futures = [pool.submit(pow, 3, n) for n in range(40)]
        wrong = pool.submit(InputError.single, "a.toml", "x", "is wrong")
        raised = pool.submit(exec, "from negotiation.errors import InputError; raise InputError.single('f', 'x', 'no')")
        local = pool.submit(exec, "class Odd(Exception): pass\nraise Odd('cannot be pickled')")
        said = pool.submit(exec, "import os; print('noise'); os.write(1, b'more noise')")
        assert [future.result() for future in futures] == [3**n for n in range(40)]
        assert str(wrong.result()) == "a.toml: x: is wrong"
        with pytest.raises(InputError, match=r"^f: x: no$"):
            raised.result()
        with pytest.raises(RuntimeError, match="Odd: cannot be pickled"):
            local.result()
        assert said.result() is None
        assert len(pool.submit(bytes, BIG).result()) == BIG
        with pytest.raises((TypeError, AttributeError), match="pickle"):
            pool.submit(lambda: None).result()


def test_a_task_that_kills_its_worker_is_given_up_and_spoils_no_other():
    with Processes(2) as pool:
        before = [pool.submit(pow, 2, n) for n in range(10)]
        doomed = pool.submit(os._exit, 7)
        after = [pool.submit(pow, 2, n) for n in range(10)]
        with pytest.raises(MachineError, match=f"died {STRIKES} times over the same task .exit code 7.") as told:
            doomed.result()
        assert told.value.exit_code == 3
        assert [future.result() for future in before + after] == [2**n for n in range(10)] * 2


def test_a_worker_that_dies_once_costs_nothing_but_time(tmp_path):
    once = tmp_path / "once"
    code = f"import os, pathlib; p = pathlib.Path({str(once)!r}); p.exists() or (p.touch(), os._exit(9))"
    with Processes(1) as pool:
        assert pool.submit(exec, code).result() is None
        assert once.exists()


def test_an_idle_worker_that_is_killed_is_replaced():
    with Processes(1) as pool:
        first = pool.submit(os.getpid).result()
        os.kill(first, signal.SIGTERM)
        assert pool.submit(os.getpid).result() != first


def test_leaving_the_block_ends_workers_at_once():
    with Processes(2) as pool:
        futures = [pool.submit(time.sleep, 600) for _ in range(8)]
        wait_until(lambda: len(pool._workers) == 2)
    assert all(future.done() for future in futures)
    assert all(worker.process.returncode is not None for worker in pool._workers)


def test_a_process_that_cannot_be_started_is_said(monkeypatch):
    monkeypatch.setattr(sys, "executable", str(Path(sys.executable).with_name("no-such-python")))
    with Processes(1) as pool, pytest.raises(MachineError, match=r"cannot be started: No such file"):
        pool.submit(os.getpid).result()


@linux
def test_a_worker_killed_amid_a_result_is_asked_again(tmp_path):
    """The driver is stopped until the worker blocks in writing; then the worker is killed and the driver goes on."""
    go = tmp_path / "go"
    spin = f"[__import__('os').getpid()] + [0 for _ in iter(__import__('pathlib').Path({str(go)!r}).exists, True)]"
    driver = script(
        tmp_path,
        f"""
with Processes(1) as pool:
    print(pool.submit(os.getpid).result(), flush=True)
    print(*map(len, [pool.submit(eval, "bytes({BIG} + 0 * len({spin}))").result()]), flush=True)
""",
    )
    worker = int(driver.stdout.readline())
    wait_until(lambda: state(worker) == "R")
    driver.send_signal(signal.SIGSTOP)
    wait_until(lambda: state(driver.pid) == "T")
    go.touch()
    for _ in range(5):  # it spins until it writes: asleep means that the pipe is full
        wait_until(lambda: state(worker) == "S")
        time.sleep(0.02)
    os.kill(worker, signal.SIGKILL)
    driver.send_signal(signal.SIGCONT)
    out, _ = driver.communicate(timeout=60)
    assert (driver.returncode, out) == (0, f"{BIG}\n")


@linux
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("work", ["time.sleep(600)", "sum(range(10**12))", "[0 for _ in iter(int, 1)]"])
def test_a_driver_that_ends_leaves_no_process_behind(tmp_path, how, work):
    """Asleep, in compiled code that never lets go of the interpreter lock, and in Python."""
    driver = script(
        tmp_path,
        f"""
with Processes(2) as pool:
    print(*[pool.submit(os.getpid).result() for _ in range(1)], flush=True)
    pool.submit(exec, "import time; {work}").result()
""",
    )
    worker = int(driver.stdout.readline())
    time.sleep(0.2)
    driver.send_signal(how)
    driver.communicate(timeout=60)
    wait_until(lambda: not state(worker), 10)


def test_without_posix_without_a_guard_and_without_standard_error(tmp_path):
    """Nothing that exists on POSIX alone is called, in the driver or in the workers."""
    (tmp_path / "sitecustomize.py").write_text(NO_POSIX)
    driver = script(
        tmp_path,
        """
from negotiation._cores import cores
assert sys.platform == "win32" and sys.stderr is None and cores() > 0
with Processes(2) as pool:
    print(pool.submit(eval, "__import__('sys').platform").result(), pool.submit(pow, 2, 10).result())
""",
        preexec_fn=lambda: os.close(2),
    )
    out, _ = driver.communicate(timeout=60)
    assert (driver.returncode, out) == (0, "win32 1024\n")
