"""The one decorator for compiled kernels: lazily typed, no fastmath, kept on disk, never stale and never damaged.

numba's own cache looks at the file of a function only: after an edit to a kernel that it calls in another file it goes
on running the old machine code; and it runs whatever bytes it reads, so that a damaged file is a crash. Here the cache
folder carries the digest of every kernel source, so that any edit starts a new, empty folder, and each file that of its
content. The folder lies where `NUMBA_CACHE_DIR` says, else beside the sources, else in the user's cache.
"""

import hashlib
import os
import pickle
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numba
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps

from negotiation._cache import cache_folder, read_cache, write_cache

# numba leaves `_nrt` out of its signatures, where no type checker sees it
njit: Any = numba.njit


@cache
def version() -> str:
    """Return a digest of the text of every kernel."""
    sources = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    return hashlib.sha256(sources).hexdigest()[:16]


@cache
def folder() -> Path | None:
    """Return the cache folder of this version of the kernels, which can be written to; None where there is none."""
    named = os.environ.get("NUMBA_CACHE_DIR")
    for parent in (Path(named) if named else None, Path(__file__).parent / "__pycache__", cache_folder()):
        if parent is None:
            continue
        place = parent / f"kernels-{version()}"
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(place, os.W_OK | os.X_OK):
            return place
    return None


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
    compiled = njit(nogil=True, error_model="numpy", **options)(function)
    compiled._cache = _Cache(function)
    return compiled


class _Cache:
    """What numba asks of the cache of one function: a file for each signature and processor, checked when read."""

    cache_path = property(lambda _: str(folder()))

    def __init__(self, function: Callable[..., Any]) -> None:
        self.stem = f"{function.__module__.rpartition('.')[2]}.{function.__qualname__}"

    def load_overload(self, signature: Any, target: Any) -> Any:
        """Return the compiled function, None when it is not there or not whole."""
        target.refresh()
        content = read_cache(folder(), self._name(signature, target))
        return None if content is None else CompileResult._rebuild(target, *pickle.loads(content))

    def save_overload(self, signature: Any, result: Any) -> None:
        """Keep a compiled function for other processes."""
        if not result.library.has_dynamic_globals:  # an address of this process means nothing to another
            write_cache(folder(), self._name(signature, result.target_context), dumps(result._reduce()))

    def _name(self, signature: Any, target: Any) -> str:
        kind = (signature, target.codegen().magic_tuple(), numba.__version__, sys.implementation.cache_tag)
        return f"{self.stem}-{hashlib.sha256(repr(kind).encode()).hexdigest()[:16]}.nbc"


def is_warm(name: str) -> bool:
    """Whether machine code of the kernel `module.function` is on disk (otherwise its first call takes seconds)."""
    place = folder()
    return place is not None and any(place.glob(f"{name}-*.nbc"))
