"""Files read within limits, files that are whole or not there (renamed into place), safe names, and shipped data."""

from __future__ import annotations

import json
import os
import re
import stat
import unicodedata
import uuid
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from negotiation.errors import InputError

if TYPE_CHECKING:
    from filelock import FileLock

UNFINISHED_SUFFIX, LOCK = ".part", ".lock"
LARGEST_FILE = 500_000_000  # bytes of a result, by far the largest file that is read as a whole
# characters of a file name made from a user's text: with suffixes well below the 255 of file systems
_LONGEST_NAME = 60
_SPECIAL = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}  # all others are devices


def mode_of(path: Path) -> int:
    """Return the mode of what stands at `path`; 0 where nothing does, or where the name is none that can be looked up.

    `Path.exists` and its like raise for a name that is too long.
    """
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return 0


def read_bytes(
    path: Path, what: str, largest: int = LARGEST_FILE, absent: str = "there is no such file", hint: str = ""
) -> bytes:
    """Return the content of a regular file of at most `largest` bytes; `what` ("a scenario") names it in messages.

    absent, hint: what is said where there is no such file. Raises `InputError`, in one sentence, for that, for a
    folder, a pipe, a socket or a device (which may never end), and for what is too large or cannot be read.
    """
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            special = _SPECIAL.get(stat.S_IFMT(facts.st_mode), "a device")
            tip = "" if special == "a folder" else "write its content into a file, and name that"
            raise InputError.single(str(path), "", f"is {special}, not {what}", tip)
        if facts.st_size > largest:
            raise InputError.single(str(path), "", f"is larger than {largest // 1_000_000} MB: too large for {what}")
        with path.open("rb") as file:
            content = file.read(facts.st_size + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise InputError.single(str(path), "", absent, hint) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError.single(str(path), "", f"cannot be read: {reason}") from None
    if len(content) > facts.st_size:  # a log that grows, or a file of the system that says it is empty and never ends
        raise InputError.single(str(path), "", f"grows while it is read, so it is not {what}")
    return content


def read_text(
    path: Path, what: str, largest: int = LARGEST_FILE, absent: str = "there is no such file", hint: str = ""
) -> str:
    """Return the text in UTF-8 of a file, as `read_bytes` reads it; `InputError` also for what is not such a text."""
    return as_text(read_bytes(path, what, largest, absent, hint), str(path), what)


def as_text(content: bytes, origin: str, what: str) -> str:
    """Return bytes as the text in UTF-8 that they are; raise `InputError` for what is not such a text."""
    if b"\0" in content:
        raise InputError.single(origin, "", f"is a binary file, not {what}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError.single(origin, "", f"is not text in UTF-8 (byte {error.start + 1} is not)") from None


def read_json(path: Path, what: str, largest: int = LARGEST_FILE) -> Any:
    """Return the data of a JSON file, read as by `read_text`; `InputError` also for what is not JSON."""
    text = read_text(path, what, largest)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError.single(str(path), "", f"is not JSON: {error}") from None


def replace_file(target: Path, content: bytes) -> None:
    """Write `content` to `target` so that a reader, or a kill at any moment, sees the old file or the new one.

    Raises `OSError` when it cannot be written; nothing is left behind then.
    """
    fresh = target.with_name(f".{target.name}-{os.getpid()}-{uuid.uuid4().hex[:8]}{UNFINISHED_SUFFIX}")
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


def lock_folder(folder: Path) -> FileLock:
    """Return a lock that keeps other processes from holding `folder` until it is released, or its process ends.

    Raises `BlockingIOError` while another process holds it.
    """
    from filelock import FileLock, Timeout  # slow to import: few commands lock

    lock = FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise BlockingIOError(f"{folder} is in use") from None
    return lock
