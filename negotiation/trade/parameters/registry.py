"""The registry of known parameters: look a path up, list what a scenario needs, put paths in order.

A scenario file may not contradict the registry (`REGISTRY`). A `*` in a path of the table stands for one name: an
action, a third party, a player.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable

from negotiation.trade.parameters.known import REGISTRY, Kind, RegistryEntry

PLAYERS = ("us", "china")  # whose actions a scenario of kind "economy" names, in this order

_EXACT = {known.path: known for known in REGISTRY if "*" not in known.path}
_PATTERNS = tuple((known.path.split("."), known) for known in REGISTRY if "*" in known.path)
THIRD_PARTY_FIELDS = tuple(
    known.path.rsplit(".", 1)[1] for known in REGISTRY if known.path.startswith("third_parties.")
)


@functools.lru_cache(maxsize=4096)
def lookup(path: str) -> RegistryEntry | None:
    """Return what is known about a parameter path, None when there is no such parameter."""
    if path in _EXACT:
        return _EXACT[path]
    parts = path.split(".")
    for pattern, known in _PATTERNS:
        if len(pattern) == len(parts) and all(
            wanted in ("*", part) for wanted, part in zip(pattern, parts, strict=True)
        ):
            return known
    return None


def required_paths(kind: Kind) -> tuple[str, ...]:
    """Return the paths without `*` that a scenario of this kind must have."""
    return tuple(
        known.path for known in REGISTRY if known.kinds[0] == kind and known.required and "*" not in known.path
    )


def default_of(path: str) -> float | str | None:
    """Return what an optional parameter counts as where it is left out: a number, another path, None when neither."""
    known = lookup(path)
    return known.absent if known else None


@functools.lru_cache(maxsize=256)
def optional_paths(kind: Kind, actions: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """Return the paths that a scenario of this kind may leave out and that count as something even then."""
    found: list[str] = []
    for known in REGISTRY:
        if kind in known.kinds and known.absent is not None:
            names = actions[PLAYERS.index(known.path.split(".")[1])] if "*" in known.path else ("*",)
            found += [known.path.replace("*", name) for name in names]
    return tuple(found)


def registry_order(paths: Iterable[str]) -> list[str]:
    """Return paths in the order of the registry (ties in the order given), as files and tables show them."""
    rank = {known.path: index for index, known in enumerate(REGISTRY)}

    def key(path: str) -> int:
        known = lookup(path)
        return rank[known.path] if known else len(rank)

    return sorted(paths, key=key)
