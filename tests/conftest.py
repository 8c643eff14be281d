"""Fixtures shared by all tests: the default scenario and its game, the closed forms with known answers."""

import json
import os
import signal
import sys

import pytest
from filelock import FileLock

from tests.installed import built_wheel, environment_with
from tests.stored import STORED, frozen

# a shell that starts the tests in the background lets interruptions be ignored, and every child inherits that
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


CASES = STORED


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory):
    """Keep posteriors and the like in a folder of this run, common to its workers; compiled kernels stay in place."""
    run = tmp_path_factory.getbasetemp()
    home = (run.parent if "PYTEST_XDIST_WORKER" in os.environ else run) / "cache-home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(home))
        yield


@pytest.fixture(scope="session")
def closed_form():
    """Return a lookup: name -> (expected, tolerance, inputs) of a stored closed form."""
    forms = {entry["name"]: entry for entry in json.loads((CASES / "closed_forms.json").read_text())}

    def lookup(name):
        entry = forms[name]
        return entry["expected"], entry["tol"], entry["inputs"]

    return lookup


@pytest.fixture(scope="session")
def case():
    """Return a reader of stored cases: name without ending -> the case."""
    return lambda name: json.loads((CASES / f"{name}.json").read_text())


@pytest.fixture(scope="session")
def default_scenario():
    """Return the default scenario of version 0.1.0: its numbers stay when the shipped ones move."""
    return frozen("rollback-2025")


@pytest.fixture(scope="session")
def default_game(default_scenario):
    """Return the game of the default scenario."""
    from negotiation.trade.game.build import build_game

    return build_game(default_scenario)


@pytest.fixture(scope="session")
def installed(request, tmp_path_factory):
    """Return an environment with the package from a wheel; it stays for the next run, with its compiled kernels."""
    folder = request.config.cache.mkdir(f"installed-{sys.version_info.major}.{sys.version_info.minor}")
    with FileLock(folder.with_name(f"{folder.name}.lock")):
        return environment_with(built_wheel(tmp_path_factory.mktemp("wheel")), folder)
