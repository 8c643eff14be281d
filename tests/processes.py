"""Processes as tests see them on Linux, through /proc."""

import os
import time
from pathlib import Path

import pytest

linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")


def wait_until(condition, seconds=60):
    """Wait for a condition and return what it gives."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.005)
    return found


def state(pid):
    """Return the state of the main thread of a process, "" when it is gone or a zombie."""
    try:
        found = Path(f"/proc/{pid}/task/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""
    return "" if found == "Z" else found


def carrying(words, file):
    """Return the pids of living processes with `words` in a file of /proc: its `cmdline` or its `environ`."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and words in (entry / file).read_bytes() and state(entry.name):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def workers_of(driver):
    """Return the pids of the worker processes of a driver."""
    return [pid for pid in carrying(b"negotiation._processes import serve", "cmdline") if parent(pid) == driver]


def parent(pid):
    """Return the pid of the parent of a process, 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def die(*_arguments):
    """Be a task that always kills its worker."""
    os._exit(9)
