"""The one decorator for compiled kernels: lazily typed, no fastmath, cached on disk, never stale.

numba's own cache looks at the file of a function only: after an edit to a kernel that it calls in another file it goes
on running the old machine code. Here the cache folder carries the digest of every kernel source, so that any edit
starts a new, empty folder. It lies beside the sources, or in the user's cache folder where those are read-only.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numba
from numba.core import config as numba_config

# numba sets its options at run time, and leaves `_nrt` out of its signatures, where no type checker sees them
config: Any = numba_config
njit: Any = numba.njit


@cache
def folder() -> Path:
    """Return the cache folder of this version of the kernels; its parent exists and can be written to."""
    here = Path(__file__).parent
    sources = b"".join(path.read_bytes() for path in sorted(here.glob("*.py")))
    name = f"kernels-{hashlib.sha256(sources).hexdigest()[:16]}"
    user = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "negotiation"
    for parent in (here / "__pycache__", user):
        try:
            (parent / name).mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(parent / name, os.W_OK):
            return parent / name
    return Path(tempfile.mkdtemp(prefix="negotiation-"))


def kernel(function: Callable[..., Any]) -> Any:
    """Compile `function` on its first call, release the interpreter lock inside it, and keep the machine code on disk."""
    return _compiled(function, _nrt=True)  # else the caller decides


def lean(function: Callable[..., Any]) -> Any:
    """Compile as `kernel` does, without counting references to arrays; `function` makes no array and returns none.

    Reference counts are atomic, and are taken at every view and every tuple of arrays that is taken apart: they were
    half the time of small games. Making an array in such a function is refused when it is compiled; returning one, or
    a tuple with one, is not refused and must not be done (the caller would drop a reference that nobody took).
    """
    return _compiled(function, _nrt=False)


def _compiled(function: Callable[..., Any], **options: bool) -> Any:
    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder())
    try:
        return njit(cache=True, nogil=True, error_model="numpy", **options)(function)
    finally:
        config.CACHE_DIR = before


def is_warm(name: str) -> bool:
    """Whether machine code of the kernel `module.function` is on disk (otherwise its first call takes seconds)."""
    return any(folder().rglob(f"{name}-*.nbi"))
