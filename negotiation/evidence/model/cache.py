"""Posteriors kept on disk, in the user's cache folder, so that a report does not sample what has been sampled.

The key is a digest of everything the draws depend on: history, priors, effort, kernels. Sampling is deterministic, so a
report has the same bytes whether its posterior was read or computed; the folder may be deleted at any time.
"""

import inspect
import io
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from negotiation._cache import cache_folder, read_cache, write_cache
from negotiation._kernels import compiled
from negotiation._values import digest, plain
from negotiation._version import __version__
from negotiation.evidence.model import posterior, priors
from negotiation.evidence.model.history import History
from negotiation.evidence.model.posterior import FULL, Effort, Posterior, Step, posteriors
from negotiation.evidence.model.priors import PRIORS


def cached_posteriors(
    history: History, names: tuple[str, ...] = tuple(PRIORS), effort: Effort = FULL, step: Step | None = None
) -> tuple[Posterior, ...]:
    """Return the posteriors under several priors, from the cache where they are there, else computed and kept."""
    name = _file_name("posterior", [history, names, effort, compiled.version(), _model_digest()])
    content = read_cache(folder(), name)
    if content is not None:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            rows = [(stored[f"z_{prior}"], stored[f"w_{prior}"], float(stored[f"e_{prior}"])) for prior in names]
        return tuple(Posterior(history, prior, *row) for prior, row in zip(names, rows, strict=True))
    sampled = posteriors(history, names, effort, step)
    arrays: dict[str, Any] = {}
    for post in sampled:
        arrays |= {f"z_{post.prior}": post.z, f"w_{post.prior}": post.weights, f"e_{post.prior}": post.log_evidence}
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    write_cache(folder(), name, stream.getvalue())
    return sampled


def cached_json(kind: str, state: Any, compute: Callable[[], Any]) -> Any:
    """Return plain JSON data from the cache where `state` is known, else what `compute` returns, kept for next time."""
    name = _file_name(kind, state)
    content = read_cache(folder(), name)
    if content is None:
        content = json.dumps(plain(compute())).encode()
        write_cache(folder(), name, content)
    return json.loads(content)


def _file_name(kind: str, state: Any) -> str:
    return f"{kind}-{digest([state, __version__])[:24]}"


@cache
def _model_digest() -> str:
    """Return a digest of the model's own text: draws of another version of it are not taken for those of this one."""
    return digest([inspect.getsource(module) for module in (posterior, priors)])[:16]


def folder() -> Path | None:
    """Return the folder of kept posteriors, None for a user without a home; it need not exist."""
    user = cache_folder()
    return user and user / "evidence"
