"""Posteriors kept on disk, in the user's cache folder, so that a report does not sample what has been sampled.

The key is a digest of everything the draws depend on: history, priors, effort, kernels. Sampling is deterministic, so a
report has the same bytes whether its posterior was read or computed; the folder may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from negotiation import __version__
from negotiation._kernels.compiled import folder
from negotiation._values import digest, plain
from negotiation.evidence import posterior
from negotiation.evidence.history import History
from negotiation.evidence.parameters import (
    LEVEL_CENTRE,
    LEVEL_WIDTH,
    LEVELS,
    PRIORS,
    SUBSTEPS,
    SWITCH,
    WITHHOLD_SHARE,
    priors,
)
from negotiation.evidence.posterior import FULL, Effort, Posterior, Step, posteriors


def known_posteriors(
    history: History, names: tuple[str, ...] = tuple(PRIORS), effort: Effort = FULL, step: Step | None = None
) -> tuple[Posterior, ...]:
    """Return the posteriors under several priors, from the cache where they are there, else computed and kept."""
    constants = [LEVELS, LEVEL_CENTRE, LEVEL_WIDTH, SUBSTEPS, SWITCH, WITHHOLD_SHARE]
    state = [
        history,
        names,
        [priors(name) for name in names],
        effort,
        constants,
        folder().name,
        _sampler(),
        __version__,
    ]
    path = cache_folder() / f"posterior-{digest(state)[:24]}.npz"
    found = _read(path, history, names)
    if found is None:
        found = posteriors(history, names, effort, step)
        _write(path, found)
    return found


def remembered(kind: str, state: Any, compute: Callable[[], Any]) -> Any:
    """Return plain JSON data from the cache where `state` is known, else what `compute` returns, kept for next time."""
    path = cache_folder() / f"{kind}-{digest([state, __version__])[:24]}.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = plain(compute())
        _replace(path, json.dumps(found).encode())
        return found


@cache
def _sampler() -> str:
    """Return a digest of the sampler's own text: draws of another version of it are not taken for those of this one."""
    return hashlib.sha256(Path(posterior.__file__).read_bytes()).hexdigest()[:16]


def cache_folder() -> Path:
    """Return the folder of kept posteriors; it need not exist."""
    user = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return user / "negotiation" / "evidence"


def _read(path: Path, history: History, names: tuple[str, ...]) -> tuple[Posterior, ...] | None:
    try:
        with np.load(path) as stored:
            rows = [(stored[f"z_{name}"], stored[f"w_{name}"], float(stored[f"e_{name}"])) for name in names]
    except (OSError, ValueError, KeyError, EOFError):
        return None
    return tuple(Posterior(history, name, *row) for name, row in zip(names, rows, strict=True))


def _write(path: Path, found: tuple[Posterior, ...]) -> None:
    arrays: dict[str, Any] = {}
    for item in found:
        arrays |= {f"z_{item.prior}": item.z, f"w_{item.prior}": item.weights, f"e_{item.prior}": item.log_evidence}
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    _replace(path, stream.getvalue())


def _replace(path: Path, content: bytes) -> None:
    """Write a file in one step; where the folder cannot be written to, nothing is kept."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
            file.write(content)
        Path(file.name).replace(path)
    except OSError:
        return
