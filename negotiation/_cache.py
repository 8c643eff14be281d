"""Files kept for the next time in a cache folder, with a digest of their content: one that is damaged is not there."""

import functools
import hashlib
import logging
import multiprocessing
import os
from pathlib import Path

from negotiation._files import replace_file

_SEAL = 32  # bytes of the digest before the content


def cache_folder() -> Path | None:
    """Return this package's folder in the user's cache, None for a user without a home; it need not exist."""
    named = Path(os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or "")
    if named.is_absolute():
        return named / "negotiation"
    try:
        home = Path.home()
        return home / ".cache" / "negotiation" if home.is_absolute() and home.is_dir() else None
    except (OSError, RuntimeError):  # RuntimeError: HOME is not set, and the system does not know the user
        return None


def write_cache(folder: Path | None, name: str, content: bytes) -> None:
    """Keep `content` in a cache folder, with its digest; where that cannot be done, one line says so."""
    try:
        if folder is None:
            raise OSError("no folder for it can be written to; XDG_CACHE_HOME names one")
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(folder / name, _seal(content) + content)
    except OSError as error:
        _say_unusable(folder, error)


def read_cache(folder: Path | None, name: str) -> bytes | None:
    """Return what `write_cache` was given, None where it is missing or (one line says so) damaged or unreadable."""
    if folder is None:
        return None
    file = folder / name
    try:
        # a named pipe would never end
        stored = file.read_bytes() if file.is_file() or not file.exists() else b""
    except FileNotFoundError:
        return None
    except OSError as error:
        _say_unusable(folder, error)
        return None
    if stored[:_SEAL] == _seal(stored[_SEAL:]):
        return stored[_SEAL:]
    _say_once(f"notice: the cache {folder} is damaged; what is wrong in it is computed again")
    return None


def _seal(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_SEAL).digest()


def _say_unusable(folder: Path | None, error: OSError) -> None:
    cache = f"cache {folder}" if folder else "cache"
    _say_once(f"notice: the {cache} cannot be used ({error.strerror or error}); the next call computes all again")


@functools.cache
def _say_once(text: str) -> None:
    """Write a line to standard error (or wherever the caller's logging goes), from the first process alone."""
    if multiprocessing.parent_process() is None:
        logging.getLogger("negotiation").warning(text)
