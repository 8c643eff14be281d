"""Make or mend `.venv`: the slow part of `_bootstrap.py`, loaded by its file path only when something is to be done.

Standard library only. An environment is made without pip first and then gets it from ensurepip; where Python comes
without ensurepip (Debian without python3-venv), the pip of the starting interpreter installs into it. With neither
nothing is written, and the message names the one package that helps.

`.venv/setup.lock` is held while installing and inherited by the installer, so that the orphan of a killed set-up is
waited for. `.venv/setup.log` is what the installer said.
"""

import contextlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"


class Installer:
    """Sets up one environment `venv` from the interpreter `base`, under a line that shows the time.

    `lock` is the descriptor of the held lock; `log` takes what the steps print.
    """

    def __init__(self, venv: Path, base: str, lock: int) -> None:
        self.venv, self.base, self.lock = venv, base, lock
        self.python, self.log, self.began = str(venv / "bin" / "python"), venv / "setup.log", time.monotonic()

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
        sys.exit(
            f"negotiation: the set-up failed; the end of {self.log}:{tail}\n"
            f"The same by hand: python3 -m venv .venv && .venv/bin/pip install -e '.{options}'"
        )

    def call(self, command: Sequence[str]) -> int:
        """Run a command to its end, showing the time, and return its exit code."""
        environment = {**os.environ, "PIP_USER": "0"}  # a configured `--user` cannot work in an environment
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, pass_fds=[self.lock]
            )
        try:
            while process.poll() is None:
                self.show((self.lines() or [""])[-1])
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(0.3)
        finally:
            if process.returncode is None:
                process.terminate()
                process.wait()
        return process.returncode

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
    if os.name == "nt":
        sys.exit(
            "negotiation: on Windows the environment is made by hand, in the checkout:\n"
            '  py -m venv .venv && .venv\\Scripts\\pip install -e ".[test]"\n'
            "then run the same command with .venv\\Scripts\\python"
        )
    if not importlib.util.find_spec("venv") or not any(map(importlib.util.find_spec, ("ensurepip", "pip"))):
        sys.exit(
            f"negotiation: {sys.executable} has neither ensurepip nor pip. On Debian or Ubuntu, once:\n"
            f"  sudo apt install python{VERSION}-venv\nthen run the same command again"
        )


@contextlib.contextmanager
def locked(path: Path) -> "Iterator[int]":
    """Hold the lock file at `path` and yield its descriptor; say so when someone else has it."""
    import fcntl

    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stderr.write("waiting for another set-up of this checkout to end\n")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()


def clear(venv: Path) -> None:
    """Empty `venv` but for the stamp, the lock and the log, so that a kill while clearing is noticed too."""
    for child in venv.iterdir():
        if child.is_dir() and not child.is_symlink():
            shutil.rmtree(child)
        elif child.name not in {"setup.json", "setup.lock", "setup.log"}:
            child.unlink()
