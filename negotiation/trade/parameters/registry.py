"""The registry of parameters: look a path up, list what a scenario needs, put paths in order.

The table is `data/parameters.csv`, one row a parameter: path (`*` stands for one name: an action, a third party, a
player), symbol of docs/model.md, unit, domain, kinds of scenario, meaning. A scenario file may not contradict it. The
value and the plausible range belong to a scenario: they are findings, the domain is mathematics.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, cast

from negotiation._files import data_text

Kind = Literal["economy", "payoffs"]

MONEY = "USD bn/month"  # in the table: the unit of the payoffs, whatever a scenario counts them in
PLAYERS = ("us", "china")  # whose actions a scenario of kind "economy" names, in this order


@dataclass(frozen=True, kw_only=True)
class RegistryEntry:
    """What is fixed about a parameter: its path (with `*`), symbol, unit, domain, meaning, and where it belongs.

    kinds: the kinds of scenario that may have it; the first must have it when it is `required`. A unit of
    `MONEY` or "" is that of the payoffs. default: what an optional parameter counts as in a scenario that leaves it
    out, a number or the path of the parameter whose value it takes.
    """

    path: str
    symbol: str
    unit: str
    domain: str
    kinds: tuple[Kind, ...]
    vector: bool
    required: bool
    default: float | str | None
    meaning: str

    @property
    def in_payoff_unit(self) -> bool:
        """Whether it is counted in the unit of the payoffs."""
        return self.unit in ("", MONEY)

    def matches(self, path: str) -> bool:
        """Return whether a path is this entry's, with one name in place of each `*`."""
        pattern, names = self.path.split("."), path.split(".")
        return len(pattern) == len(names) and all(
            part in ("*", name) for part, name in zip(pattern, names, strict=True)
        )


def _table() -> Iterator[RegistryEntry]:
    for row in csv.DictReader(data_text("parameters.csv").splitlines()):
        default = row["default"]
        yield RegistryEntry(
            **{name: row[name] for name in ("path", "symbol", "unit", "domain", "meaning")},
            kinds=tuple(cast(Kind, kind) for kind in row["kinds"].split()),
            vector=row["vector"] == "yes",
            required=row["required"] == "yes",
            default=(default if "." in default and not default[0].isdigit() else float(default)) if default else None,
        )


REGISTRY = tuple(_table())
_EXACT = {entry.path: entry for entry in REGISTRY if "*" not in entry.path}
THIRD_PARTY_FIELDS = tuple(
    entry.path.rsplit(".", 1)[1] for entry in REGISTRY if entry.path.startswith("third_parties.")
)


@functools.lru_cache(maxsize=4096)
def lookup(path: str) -> RegistryEntry | None:
    """Return the entry of a parameter path, None when there is no such parameter."""
    return _EXACT.get(path) or next((entry for entry in REGISTRY if "*" in entry.path and entry.matches(path)), None)


def required_paths(kind: Kind) -> tuple[str, ...]:
    """Return the paths without `*` that a scenario of this kind must have."""
    return tuple(path for path, entry in _EXACT.items() if entry.kinds[0] == kind and entry.required)


def default_of(path: str) -> float | str | None:
    """Return what an optional parameter counts as where it is left out: a number, another path, None when neither."""
    entry = lookup(path)
    return entry.default if entry else None


@functools.lru_cache(maxsize=256)
def optional_paths(kind: Kind, actions: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """Return the paths that a scenario of this kind may leave out and that count as something even then."""
    paths: list[str] = []
    for entry in REGISTRY:
        if kind in entry.kinds and entry.default is not None:
            names = actions[PLAYERS.index(entry.path.split(".")[1])] if "*" in entry.path else ("*",)
            paths += [entry.path.replace("*", name) for name in names]
    return tuple(paths)


def registry_order(paths: Iterable[str]) -> list[str]:
    """Return paths in the order of the registry (ties in the order given), as files and tables show them."""
    rank = {entry.path: index for index, entry in enumerate(REGISTRY)}

    def place(path: str) -> int:
        entry = lookup(path)
        return rank[entry.path] if entry else len(rank)

    return sorted(paths, key=place)
