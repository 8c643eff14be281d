"""The wheel in fresh environments: with the oldest versions that `pyproject.toml` allows, and on other Pythons."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.installed import ROOT, built_wheel, folder_of_commands

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
GAME = {"payoffs": [[[3, 0], [5, 1]], [[3, 5], [0, 1]]], "discount": "1/2"}
EXTRAS = ("tables", "cluster")
# every verb that computes, at its cheapest; --table parquet needs the extra `tables`
VERBS = (
    "list",
    "show rollback-2025 minerals.leverage",
    "run textbook --quick --out run",
    "solve game.json --json > answer.json",
    "verify answer.json",
    "deliver --quick",
    "evidence --as-of 2025-06-01 --prior neutral",
    "study run textbook --vary patience.discount=0.3:0.9:4 --engine serial --out study --table parquet",
)
# a study on a cluster of one worker, which needs the extra `cluster`
CLUSTER = """
import subprocess, sys
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        words = "study run textbook --vary patience.discount=0.3:0.9:4 --no-report --out far --engine".split()
        sys.exit(subprocess.run([sys.argv[1], *words, f"dask:{cluster.scheduler_address}"]).returncode)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return built_wheel(tmp_path_factory.mktemp("wheel"))


def floors(requirements):
    """Return requirements with each lower bound as the one version: "numpy>=1.26" is "numpy==1.26"."""
    assert all(text.count(">=") == 1 and "," not in text for text in requirements), requirements
    return [text.replace(">=", "==") for text in requirements]


def smoke(python, wheel, folder, requirements):
    """Install the wheel into an environment of `python` and ask every verb something small."""
    subprocess.run([python, "-m", "venv", folder / "environment"], check=True)
    commands = folder_of_commands(folder / "environment")
    install = [commands / "python", "-m", "pip", "install", "-q", "--only-binary", ":all:", *requirements, wheel]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    (folder / "game.json").write_text(json.dumps(GAME), encoding="utf-8")
    variables = {key: text for key, text in os.environ.items() if key not in ("PYTHONPATH", "PYTHONHOME")}
    for verb in VERBS:
        done = subprocess.run(
            f"{commands / 'negotiation'} {verb}",
            shell=True, cwd=folder, env=variables, capture_output=True, text=True, timeout=900, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{verb}\n{done.stdout[-1000:]}\n{done.stderr[-3000:]}"
    assert (folder / "study" / "table.parquet").stat().st_size > 0
    return commands, variables


def python_of(version):
    """Return a Python of that version that runs, from the path or of pyenv (whose shims may run none), or None."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    for folder in [None, *sorted(pyenv.glob(f"{version}.*/bin"))]:
        found = shutil.which(f"python{version}", path=folder)
        probe = [found or "", "-c", "import venv"]
        if found and subprocess.run(probe, capture_output=True, check=False).returncode == 0:
            return found
    return None


def test_the_wheel_holds_the_package_and_nothing_of_the_checkout(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"negotiation"}
    here = {path.relative_to(ROOT).as_posix() for path in (ROOT / "negotiation").rglob("*.py")}
    assert here <= set(names)


@pytest.mark.slow
def test_the_oldest_versions_allowed_work(wheel, tmp_path):
    wanted = [*PROJECT["dependencies"], *(text for extra in EXTRAS for text in PROJECT["optional-dependencies"][extra])]
    commands, variables = smoke(sys.executable, wheel, tmp_path, floors(wanted))
    done = subprocess.run(
        [commands / "python", "-c", CLUSTER, commands / "negotiation"],
        cwd=tmp_path, env=variables, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout[-1000:]}\n{done.stderr[-3000:]}"


@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.12", "3.13"])
def test_other_pythons_work(wheel, tmp_path, version):
    python = python_of(version)
    if python is None:
        pytest.skip(f"there is no Python {version} that runs")
    smoke(python, wheel, tmp_path, PROJECT["optional-dependencies"]["tables"])
