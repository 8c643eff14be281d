"""Make or mend `.venv`: the slow part of `enter.py`, loaded by its file path only when something is to be done.

Standard library only. An environment is made without pip first and then gets it from ensurepip; where Python comes
without ensurepip (Debian without python3-venv), the pip of the starting interpreter installs into it. With neither
nothing is written, and the message names the one package that helps.

Each step runs in a process group of its own, which is ended as a whole when the set-up ends, however that comes: pip
starts processes that build. (On Windows a step outlives a set-up that is killed, not one that is interrupted.)
`.venv/setup.lock` is held while installing; `.venv/setup.log` is what the steps said.
"""

import contextlib
import errno
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
WINDOWS = os.name == "nt"
GRACE = 5  # seconds that an interrupted step has to clean up
# leads the group of a step, and ends it when the pipe from the set-up ends
LEADER = """import os, signal, subprocess, sys, threading
def watch():
    sys.stdin.read()
    os.killpg(0, signal.SIGKILL)
threading.Thread(target=watch, daemon=True).start()
sys.exit(subprocess.call(sys.argv[1:], stdin=subprocess.DEVNULL))
"""


class Installer:
    """Sets up one environment `venv` from the interpreter `base`, under a line that shows the time.

    `python` is the interpreter that the environment has or will have; `log` takes what the steps print.
    """

    def __init__(self, venv: Path, python: Path, base: str) -> None:
        self.venv, self.python, self.base = venv, str(python), base
        self.log, self.began = venv / "setup.log", time.monotonic()

    def project(self, root: Path, extras: Sequence[str], rebuild: bool) -> None:
        """Install the project at `root` with its extras in editable form, into a new environment if `rebuild`."""
        if rebuild:
            require_installer()
        options = f"[{','.join(extras)}]" if extras else ""
        self.began = time.monotonic()
        self.log.write_text("", "utf-8")
        sys.stderr.write(f"setting up {self.venv} for Python {VERSION}, once: a minute or two\n")
        if rebuild:
            clear(self.venv)
            self.run([self.base, "-m", "venv", "--without-pip", str(self.venv)], options)
        pip = [self.python, "-m", "pip"]
        also = []
        if self.call([*pip, "--version"]) and self.call([self.python, "-m", "ensurepip", "--default-pip"]):
            pip, also = [self.base, "-m", "pip", "--python", self.python], ["pip"]
        quiet = ["--no-input", "--disable-pip-version-check", "--no-compile"]
        self.run([*pip, "install", *quiet, *also, "-e", f"{root}{options}"], options)
        # pip would compile on one core, and the tests of every package too. A file that cannot be compiled is fine.
        everything = ["-q", "-j", "0", "-x", r"[\\/]tests?[\\/]", str(self.venv / "lib")]
        self.call([self.python, "-m", "compileall", *everything])
        self.show("ready", last=True)

    def run(self, command: Sequence[str], options: str) -> None:
        """Run one step; when it fails, exit with the end of its output and the way by hand."""
        if self.call(command) == 0:
            return
        self.show("failed", last=True)
        tail = "".join(f"\n  {line}" for line in self.lines()[-12:])
        by_hand = f"python3 -m venv .venv && .venv/bin/pip install -e '.{options}'"
        if WINDOWS:
            by_hand = f'py -{VERSION} -m venv .venv, then .venv\\Scripts\\pip install -e ".{options}"'
        sys.exit(f"negotiation: the set-up failed; the end of {self.log}:{tail}\nThe same by hand: {by_hand}")

    def call(self, command: Sequence[str]) -> int:
        """Run a command to its end, showing the time, and return its exit code."""
        environment = {**os.environ, "PIP_USER": "0"}  # a configured `--user` cannot work in an environment
        words: list[str] = [self.base, "-c", LEADER, *command]
        how: dict[str, Any] = {"start_new_session": True, "stdin": subprocess.PIPE}
        if WINDOWS:
            group = subprocess.CREATE_NEW_PROCESS_GROUP  # type: ignore[attr-defined, unused-ignore]
            words, how = [*command], {"creationflags": group, "stdin": subprocess.DEVNULL}
        with (
            self.log.open("ab") as log,
            subprocess.Popen(words, stdout=log, stderr=log, env=environment, **how) as process,
        ):
            try:
                while process.poll() is None:
                    self.show((self.lines() or [""])[-1])
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        process.wait(0.3)
            finally:
                if process.returncode is None:
                    end(process)
        return int(process.returncode)

    def lines(self) -> "list[str]":
        """Return the lines of the log so far."""
        return self.log.read_text("utf-8", "replace").splitlines()

    def show(self, text: str, last: bool = False) -> None:
        """Rewrite the progress line on a terminal; elsewhere print only the last one."""
        line = f"  {time.monotonic() - self.began:3.0f} s  {text.strip()[:60]}"
        if sys.stderr.isatty():
            sys.stderr.write("\r\033[K" + line + ("\n" if last else ""))
            sys.stderr.flush()
        elif last:
            sys.stderr.write(line + "\n")


def require_installer() -> None:
    """Exit with the one line that helps when this Python cannot make an environment, before anything is written."""
    if not importlib.util.find_spec("venv") or not any(map(importlib.util.find_spec, ("ensurepip", "pip"))):
        helps = f"On Debian or Ubuntu, once:\n  sudo apt install python{VERSION}-venv"
        helps = "Install Python anew, with pip" if WINDOWS else helps
        sys.exit(
            f"negotiation: {sys.executable} has neither ensurepip nor pip. {helps}\nthen run the same command again"
        )


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a step and all that it started, with a moment to clean up where the system has a signal for that."""
    if WINDOWS:
        subprocess.call(
            ["taskkill", "/F", "/T", "/PID", str(process.pid)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        process.wait()
        return
    try:
        os.killpg(process.pid, signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
    finally:
        with contextlib.suppress(OSError):  # nobody is left
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextlib.contextmanager
def setup_lock(path: Path) -> "Iterator[None]":
    """Hold the lock file at `path`; say so when someone else has it."""
    with path.open("a") as file:
        if not try_lock(file.fileno()):
            sys.stderr.write("waiting for another set-up of this checkout to end\n")
            while not try_lock(file.fileno()):
                time.sleep(0.2)
        yield


def try_lock(file: int) -> bool:
    """Lock an open file unless someone else has; whether it is locked now."""
    how: tuple[Any, ...]
    try:
        import fcntl
    except ImportError:
        import msvcrt

        os.lseek(file, 0, os.SEEK_SET)  # the first byte stands for the file
        lock, how = msvcrt.locking, (msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
    else:
        lock, how = fcntl.flock, (fcntl.LOCK_EX | fcntl.LOCK_NB,)
    try:
        lock(file, *how)
    except OSError as error:
        if error.errno in {errno.EACCES, errno.EAGAIN, errno.EDEADLK}:
            return False
        raise
    return True


def clear(venv: Path) -> None:
    """Empty `venv` but for the stamp, the lock and the log, so that a kill while clearing is noticed too."""
    for child in venv.iterdir():
        if child.is_dir() and not child.is_symlink():
            shutil.rmtree(child)
        elif child.name not in {"setup.json", "setup.lock", "setup.log"}:
            child.unlink()
