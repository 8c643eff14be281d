"""The registry of parameters: look a path up, list what a scenario needs, put paths in order.

The table is `data/parameters.csv`, one row a parameter: path (`*` stands for one name: an action, a third party, a
player), symbol of docs/model.md, unit, domain, kinds of scenario, meaning. A scenario file may not contradict it. The
value and the plausible range belong to a scenario: they are findings, the domain is mathematics. The list of units is
closed; payoffs given directly may use a part of them.
"""

import csv
import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar, cast

from negotiation._files import data_text
from negotiation.trade.parameters.labels import bin_names
from negotiation.trade.parameters.parameter import OWN_KEY, Parameter

UNITS = {
    "USD bn/month": "billions of US dollars a month",
    "USD m/month": "millions of US dollars a month",
    "USD bn/year": "billions of US dollars a year",
    "EUR bn/month": "billions of euros a month",
    "% of GDP": "per cent of gross domestic product",
    "points": "points of a game, no money behind them",
    "utils": "utility, up to an affine change",
    "ad valorem": "share of the value of the goods",
    "share": "share between 0 and 1",
    "ratio": "ratio to normal",
    "multiple": "how many times as large",
    "elasticity": "per cent by per cent",
    "probability": "chance",
    "factor": "factor by which a period counts less than the one before",
    "months": "months",
    "choice": "one of a few, by name or number",
}
PAYOFF_UNITS = ("USD bn/month", "USD m/month", "USD bn/year", "EUR bn/month", "% of GDP", "points", "utils")

V = TypeVar("V")
Kind = Literal["economy", "payoffs"]

MONEY = "USD bn/month"  # in the table: the unit of the payoffs, whatever a scenario counts them in
CHINA_CHOICE = "china_choice"
CHOICES = {CHINA_CHOICE: ("listed", "any share")}  # the names that stand for 0, 1, ... at a path
# the number that may be given instead of another one -> that one; the other follows (`derived`)
INSTEAD_OF = {
    "minerals.leverage_per_damage": "minerals.leverage",
    "politics.us.revenue_weight": "politics.us.preferred_tariff",
    "monitoring.delay_entry": "monitoring.delay_probability",
}
ALTERNATIVES = {**INSTEAD_OF, **{other: path for path, other in INSTEAD_OF.items()}}
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
THIRD_PARTY_FIELDS = tuple(each.path.split(".")[2] for each in REGISTRY if each.path.startswith("third_parties."))


@functools.lru_cache(maxsize=4096)
def lookup(path: str) -> RegistryEntry | None:
    """Return the entry of a parameter path, None when there is no such parameter."""
    return _EXACT.get(path) or next((entry for entry in REGISTRY if "*" in entry.path and entry.matches(path)), None)


def required_paths(kind: Kind) -> tuple[str, ...]:
    """Return the paths without `*` that a scenario of this kind must have."""
    return tuple(path for path, entry in _EXACT.items() if entry.kinds[0] == kind and entry.required)


def same_number(one: str, other: str) -> bool:
    """Return whether two paths set the same number: they are one path, or the two of a pair."""
    return other in (one, ALTERNATIVES.get(one))


def without_alternatives(given: Mapping[str, V], paths: Iterable[str]) -> dict[str, V]:
    """Return what is given, less what gives way where numbers at `paths` are given instead."""
    gone = {ALTERNATIVES.get(path) for path in paths}
    return {path: given[path] for path in given if path not in gone}


def domain_of(path: str) -> str:
    """Return what is possible at all at a path, as an interval; anything where there is no such parameter."""
    entry = lookup(path)
    return entry.domain if entry else "(-inf, inf)"


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


OTHERS_TRIGGER, COMMON_TRIGGER = "monitoring.others_trigger", "monitoring.common_trigger"
DELAY_SEEN, DELAY_PUBLISHED = "monitoring.delay_seen_by_china", "monitoring.delay_published"
READ = 2  # of `DELAY_PUBLISHED`: the clause reads what is published


@functools.lru_cache(maxsize=1024)
def default_parameter(path: str, value: float, unit: str, as_of: str) -> Parameter:
    """Return an optional parameter that a scenario leaves out, with what it counts as; once set, it is one's own."""
    entry = lookup(path)
    assert entry is not None
    own_unit = unit if entry.in_payoff_unit else entry.unit
    return Parameter(
        value=value, unit=own_unit, meaning=entry.meaning, source=OWN_KEY, dated=as_of, domain=entry.domain
    )


def economy_signals(parameters: Mapping[str, Parameter]) -> tuple[str, ...]:
    """Return the signals of an economy with these parameters."""
    edges, figure = parameters["monitoring.edges"].value, parameters.get(OTHERS_TRIGGER)
    published = parameters.get(DELAY_PUBLISHED)
    return bin_names(
        edges if isinstance(edges, tuple) else (edges,),
        others=figure is not None and figure.value != 0,
        delays=published is not None and published.value == READ,
    )
