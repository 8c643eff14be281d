"""A page as PDF, printed by a Chromium that is already installed; nothing is downloaded, nothing is sent.

The browser runs headless with an empty profile of its own and without network services, reads the page from the file,
and writes the PDF beside it, which then replaces an older one in one step.
"""

import os
import shutil
import tempfile
from pathlib import Path
from subprocess import TimeoutExpired

from negotiation._processes import run_to_end
from negotiation.errors import MachineError, OutputError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 90  # for one page, after which the browser counts as stuck
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--disable-extensions",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pdf-header-footer",
)


def print_pdf(page: Path, target: Path | None = None) -> Path:
    """Print the HTML file `page` to `target` (default: the same name with .pdf beside it) and return its path.

    Raises `OutputError` when there is no Chromium, when it fails, and when the target cannot be written.
    """
    target = target or page.with_suffix(".pdf")
    if not page.is_file():
        raise OutputError(f"There is no page to print: {page} does not exist.")
    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if program is None:
        raise OutputError(
            "No Chromium was found to print the PDF: install one (on Debian: apt install chromium), "
            "or open index.html in any browser and print it to a file."
        )
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".pdf-") as room:
            fresh = Path(room) / "page.pdf"
            _run(program, page, fresh, Path(room) / "profile")
            fresh.replace(target)
    except OSError as error:
        raise MachineError.unwritable(target, error) from error
    return target


def _run(program: str, page: Path, fresh: Path, profile: Path) -> None:
    # As root Chromium refuses to start inside its sandbox; the page is our own and may not run anything else.
    sandbox = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
    command = [program, *FLAGS, *sandbox, f"--user-data-dir={profile}", f"--print-to-pdf={fresh}"]
    try:
        done = run_to_end([*command, page.resolve().as_uri()], SECONDS)
    except TimeoutExpired as error:
        raise OutputError(f"{Path(program).name} did not finish the PDF within {SECONDS} seconds.") from error
    if done.returncode != 0 or not fresh.is_file() or fresh.read_bytes()[:5] != b"%PDF-":
        lines = done.stderr.strip().splitlines() or ["it said nothing"]
        raise OutputError(f"{Path(program).name} did not print the PDF (exit code {done.returncode}): {lines[-1]}")
