"""Result folders: one folder a result, never another's, each file whole or not there.

A folder belongs to the digest in its `run.json`, written first and naming the state of the run. The same digest
resumes and replaces; a folder of another digest, or one that holds other files, is refused and left as it is. Each
file is written to a temporary file beside it, flushed to the disk, and renamed. Names that come from a scenario are
made safe before they become part of a path.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from negotiation._files import read_json, replace_file, safe_name
from negotiation._values import digest as content_digest
from negotiation.errors import InputError, MachineError, OutputError
from negotiation.report.runs.saved import canonical

RUN = "run.json"
INDEX, PLAIN_PAGE, DATA, RESULTS, SCENARIO = "index.html", "report.md", "report.json", "results.json", "scenario.toml"
DIGEST_DIGITS = (6, 8, 12)  # of the digest in a folder's name: more where another run's begins alike
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")


def run_digest(*, scenario: Any, changes: Any, seed: int, options: Any, version: str) -> str:
    """Return the SHA-256 hex digest of all that decides a result: nothing else may change a number in it.

    `scenario` is its digest or its value, `changes` the changes in order, `options` the tolerances and choices.
    """
    parts = {"scenario": scenario, "changes": changes, "seed": seed, "options": options, "version": version}
    return content_digest(parts)


@dataclass(frozen=True)
class ResultFolder:
    """An open result folder: its `path`, and the digest of the `run` it belongs to."""

    path: Path
    run: str

    @classmethod
    def open(
        cls, job: str, name: str, digest: str, *, base: Path = Path("results"), out: Path | None = None
    ) -> ResultFolder:
        """Make or take up the folder of a run and return it; `OutputError` when it cannot be had.

        Without `out` the folder is `base/<job>-<name>-<digest>`, with as many digits as keep it apart from others;
        `out` is the folder itself.
        """
        if out is None:
            places = [base / f"{safe_name(job)}-{safe_name(name)}-{digest[:digits]}" for digits in DIGEST_DIGITS]
            out = next((place for place in places if owner(place) in (None, digest)), places[-1])
        folder = cls(out, digest)
        folder._claim()
        return folder

    def write(self, name: str, text: str) -> Path:
        """Write `text` (UTF-8) to the file `name` of this folder, whole or not at all, and return its path."""
        if not _FILE.match(name):
            raise OutputError(f"'{name}' cannot be the name of a file in a result folder.")
        target = self.path / name
        try:
            replace_file(target, text.encode("utf-8", "backslashreplace"))
        except OSError as error:
            raise MachineError.unwritable(target, error) from error
        return target

    def write_run(self, state: str, run: Mapping[str, Any]) -> Path:
        """Write `run.json`, the only file that holds times: `run` with this folder's digest and `state`."""
        return self.write(RUN, canonical({**run, "digest": self.run, "state": state}))

    def _claim(self) -> None:
        """Make the folder this run's own, or raise the one sentence that says why it cannot be."""
        path = self.path
        try:
            blocking = next((part for part in (path, *path.parents) if part.exists() and not part.is_dir()), None)
            if blocking is not None:
                raise OutputError(f"Nothing was written: the output folder {path} needs {blocking}, which is a file.")
            path.mkdir(parents=True, exist_ok=True)
            if not os.access(path, os.W_OK | os.X_OK):
                raise MachineError(f"Nothing was written: the output folder {path} is not writable.")
            holder = owner(path)
            strangers = sorted(file.name for file in path.iterdir() if not file.name.startswith("."))
        except (OSError, ValueError) as error:
            kind = MachineError if isinstance(error, OSError) else OutputError
            reason = getattr(error, "strerror", None) or error
            raise kind(f"The output folder {path} cannot be used: {reason}.") from error
        if holder is None and strangers:
            some = ", ".join(strangers[:3])
            raise OutputError(f"Nothing was written: {path} holds other files ({some}); name an empty folder.")
        if holder is None:
            self.write_run("started", {})
        elif holder != self.run:
            raise OutputError(
                f"Nothing was written: {path} holds another run ({holder[:6] or 'with an unreadable run.json'}, "
                f"this is {self.run[:6]}); name another folder, or delete that one first."
            )


def owner(path: Path) -> str | None:
    """Return the digest of the run that a folder belongs to; None when it belongs to none, "" when unreadable."""
    if not (path / RUN).exists():
        return None
    try:
        data = read_json(path / RUN, "the record of a run")
    except InputError:
        return ""
    digest = data.get("digest") if isinstance(data, dict) else None
    return digest if isinstance(digest, str) else ""
