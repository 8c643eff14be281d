"""What a result folder says of itself: the digest of each file in run.json, and the command that made it."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from negotiation._files import read_bytes
from negotiation.errors import InputError
from negotiation.report.runs.folder import RUN
from negotiation.report.runs.write import load_run


@dataclass(frozen=True)
class Recorded:
    """files: name and recorded SHA-256. command: what was run, as words; empty when it is not said."""

    files: Mapping[str, str]
    command: tuple[str, ...]


def recorded(folder: Path) -> Recorded:
    """Return what run.json of a result folder records; `InputError` when there is no finished run in it."""
    run = load_run(folder)
    files = run.get("files")
    if not isinstance(files, dict) or not files or not all(isinstance(item, str) for item in files.values()):
        raise InputError.single(str(folder / RUN), "files", "records no files: the run is not complete", "run it again")
    try:
        command = tuple(shlex.split(str(run.get("command", ""))))
    except ValueError as error:
        raise InputError.single(str(folder / RUN), "command", f"is no command: {error}", "run it again") from None
    return Recorded(dict(files), command)


def differing(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Return the names of the files that are missing or have another digest than recorded."""
    return [name for name, digest in files.items() if digest_of(folder, name) != digest]


def digest_of(folder: Path, name: str) -> str:
    """Return the SHA-256 of a file of the folder, "" when it cannot be read or lies elsewhere."""
    if Path(name).name != name:
        return ""
    try:
        return hashlib.sha256(read_bytes(folder / name, "a file of a run")).hexdigest()
    except InputError:
        return ""
