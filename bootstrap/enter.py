"""Enter the project's environment: what `python3 experiments` and `python3 tests` load first.

Standard library only, and loaded by its file path, because it runs before anything is installed. `enter(root, extras)`
returns in an interpreter that imports the package from the checkout `root` and has what `pyproject.toml` asks for. An
active environment of that kind is used as it is. Otherwise `.venv` beside `pyproject.toml` is made or mended, with
`installer.py`, and the command starts again inside it; no other environment is touched.

`.venv/setup.json` is the stamp: root, Python version, hash of `pyproject.toml` and extras, or `{}` while an
installation is under way, so that a killed one is built anew. An environment without a stamp was made by hand: it is
used when it has everything, and completed when it has not.

The file parses on Python 3.6; its callers check the version before they load it.
"""

import hashlib
import importlib.util
import json
import os
import re
import runpy
import signal
import subprocess
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
LACKING = 3  # exit code of this file run as a script: the interpreter works, but something required is not installed
RESTARTED = "NEGOTIATION_RESTARTED_IN"
WINDOWS = os.name == "nt"


def enter(root: Path, extras: Sequence[str] = ()) -> None:
    """Return in an environment for `root` with `extras`, or start this command again in `.venv`, or exit with a reason.

    Exit codes: 1 when the environment cannot be made, 130 when interrupted, 143 when terminated.
    """
    root = root.resolve()
    venv = root / ".venv"
    restarted = os.environ.pop(RESTARTED, "") == str(venv)
    inside = Path(sys.prefix).resolve() == venv.resolve()
    if (inside and is_current(read_stamp(venv), root, extras)) or has_requirements(root, extras):
        return
    if restarted:
        sys.exit("negotiation: Python started in .venv does not use it; unset PYTHONHOME, or remove .venv")
    python = interpreter(venv)
    tools = runpy.run_path(str(Path(__file__).with_name("installer.py")))
    try:
        if not venv.is_dir():
            tools["require_installer"]()
            venv.mkdir(exist_ok=True)
        with tools["setup_lock"](venv / "setup.lock"):
            # Not the interpreter of the environment that may be replaced.
            base = getattr(sys, "_base_executable", sys.executable) if inside else sys.executable
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that steps are ended too
            make_ready(root, extras, tools["Installer"](venv, python, base))
    except KeyboardInterrupt:
        sys.stderr.write("\ninterrupted; the next run sets up again\n")
        sys.exit(130)
    except OSError as error:
        sys.exit(f"negotiation: cannot set up {venv}: {error}")
    restart([str(python), *sys.argv], {**os.environ, RESTARTED: str(venv)})


def make_ready(root: Path, extras: Sequence[str], install: Any) -> None:
    """Bring `.venv` up to date: nothing, an installation in place, or a rebuild. The caller holds the lock."""
    venv = install.venv
    python, stamp = interpreter(venv), read_stamp(venv)
    if is_current(stamp, root, extras):
        return
    if stamp is None:
        state = probe(python, extras)
        if state == 0:
            return
        rebuild = state != LACKING
    else:
        rebuild = (stamp.get("root"), stamp.get("python")) != (str(root), VERSION) or not python.exists()
        extras = sorted({*extras, *stamp.get("extras", [])})
    write_stamp(venv, {})
    install.project(root, extras, rebuild)
    write_stamp(venv, current_stamp(root, extras))


def interpreter(venv: Path) -> Path:
    """Return the path of the interpreter of an environment."""
    return venv / "Scripts" / "python.exe" if WINDOWS else venv / "bin" / "python"


def restart(command: "list[str]", environment: "dict[str, str]") -> None:
    """Become another command; on Windows run it and end as it ends, as `exec` returns to the shell at once there."""
    if not WINDOWS:
        os.execve(command[0], command, environment)
    process = subprocess.Popen(command, env=environment)
    while True:
        try:
            sys.exit(process.wait())
        except KeyboardInterrupt:  # it got the same Ctrl-C and says so
            continue


def current_stamp(root: Path, extras: Sequence[str]) -> "dict[str, Any]":
    """Return the stamp of an environment that is up to date."""
    digest = hashlib.sha256((root / "pyproject.toml").read_bytes()).hexdigest()
    return {"root": str(root), "python": VERSION, "pyproject": digest, "extras": sorted(extras)}


def is_current(stamp: "dict[str, Any] | None", root: Path, extras: Sequence[str]) -> bool:
    """Whether a stamp is that of an up-to-date environment with at least `extras`, whose Python still exists."""
    if not stamp or not {*extras} <= {*stamp.get("extras", [])} or not interpreter(root / ".venv").exists():
        return False
    return stamp == current_stamp(root, stamp["extras"])


def read_stamp(venv: Path) -> "dict[str, Any] | None":
    """Return the stamp, `{}` if the last installation did not end (or the stamp is damaged), None if there is none."""
    try:
        stamp = json.loads((venv / "setup.json").read_text("utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(venv: Path, stamp: "dict[str, Any]") -> None:
    """Write the stamp in one step."""
    part = venv / "setup.json.part"
    part.write_text(json.dumps(stamp, indent=1) + "\n", "utf-8")
    part.replace(venv / "setup.json")


def has_requirements(root: Path, extras: Sequence[str]) -> bool:
    """Whether this interpreter imports the package from `root` and has the distributions `pyproject.toml` asks for."""
    import tomllib

    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    spec = importlib.util.find_spec(project["name"])
    if spec is None or not spec.origin or root not in Path(spec.origin).resolve().parents:
        return False
    optional = [requirement for extra in extras for requirement in project["optional-dependencies"][extra]]
    return all(at_least(requirement) for requirement in [*project.get("dependencies", []), *optional])


def at_least(requirement: str) -> bool:
    """Whether a distribution is installed, and not older than the `>=` of its requirement if it has one."""
    name, floor = re.match(r"[\w.-]+", requirement), re.search(r">=\s*([\d.]+)", requirement)
    try:
        version = metadata.version(name.group() if name else "")
    except (metadata.PackageNotFoundError, ValueError):
        return False
    have, least = ([int(part) for part in re.findall(r"\d+", text)] for text in (version, floor[1] if floor else "0"))
    return have >= least


def probe(python: Path, extras: Sequence[str]) -> int:
    """Ask another interpreter whether it has all: 0 yes, `LACKING` no, anything else: it does not work."""
    try:
        return subprocess.call([str(python), "-P", __file__, *extras], stderr=subprocess.DEVNULL)
    except OSError:
        return -1


if __name__ == "__main__":
    sys.exit(0 if has_requirements(Path(__file__).resolve().parents[1], sys.argv[1:]) else LACKING)
