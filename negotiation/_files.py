"""Files that are whole or not there (written beside, flushed, renamed into place), safe names, and shipped data."""

from __future__ import annotations

import os
import re
import unicodedata
import uuid
from importlib import resources
from pathlib import Path

UNFINISHED, LOCK = ".part", ".lock"
_LONGEST_NAME = 60


def replace_file(target: Path, content: bytes) -> None:
    """Write `content` to `target` so that a reader, or a kill at any moment, sees the old file or the new one.

    Raises `OSError` when it cannot be written; nothing is left behind then.
    """
    fresh = target.with_name(f".{target.name}-{os.getpid()}-{uuid.uuid4().hex[:8]}{UNFINISHED}")
    try:
        with fresh.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def data_text(*parts: str) -> str:
    """Return the text of a file shipped in `negotiation/data/`."""
    return resources.files("negotiation").joinpath("data", *parts).read_text(encoding="utf-8")


def safe_name(name: str) -> str:
    r"""Return `name` as one harmless part of a path: letters, digits, dots, hyphens; never empty, hidden or "..".

    >>> safe_name("../../etc/passwd"), safe_name("a b\x00<c>"), safe_name("..")
    ('etc-passwd', 'a-b-c', 'unnamed')
    """
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"(?:[^A-Za-z0-9_.]|\.{2,})+", "-", letters).strip("-._")[:_LONGEST_NAME].strip("-._") or "unnamed"


def hold(folder: Path) -> int:
    """Return a handle that keeps other processes from holding `folder` until it is closed, or its process ends.

    Raises `BlockingIOError` while another process holds it. Where the system has no such locks, nothing is kept out.
    """
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:
        return handle
    except BaseException:
        os.close(handle)
        raise
    return handle
