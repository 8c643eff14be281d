"""What a benchmark prints, kept in `docs/measurements/` with its command and the versions it ran on."""

import contextlib
import io
import os
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "measurements"
LIBRARIES = ("numpy", "scipy", "numba", "highspy")


class Tee(io.StringIO):
    """Keeps what is written, and passes it on."""

    def write(self, text: str) -> int:
        """Write to both."""
        sys.__stdout__.write(text)
        sys.__stdout__.flush()
        return super().write(text)


@contextlib.contextmanager
def measurement(name: str, title: str) -> Iterator[None]:
    """Run a benchmark; with `--write` in its command, keep what it prints as `docs/measurements/NAME.md`.

    The word is taken out of `sys.argv`.
    """
    if "--write" not in sys.argv:
        yield
        return
    sys.argv.remove("--write")
    words = " ".join(["python -m tests.benchmarks." + name, *sys.argv[1:]])
    page = FOLDER / ("-".join([name, *sys.argv[1:]]).replace("_", "-") + ".md")
    with contextlib.redirect_stdout(Tee()) as printed:
        yield
    libraries = ", ".join(f"{library} {version(library)}" for library in LIBRARIES)
    made = f"Python {platform.python_version()}, {libraries}, {platform.machine()}, {os.cpu_count()} processors."
    FOLDER.mkdir(exist_ok=True)
    page.write_text(f"# {title}\n\n    {words} --write\n\n{made}\n\n{printed.getvalue().strip()}\n", encoding="utf-8")
