"""Parameters of a scenario file and their sources: from nested tables to a flat mapping, checked against the registry.

An extending file may give a bare number: it replaces the value alone, or states an optional number. Since nobody can
tell where such a number comes from, its source becomes "judgement-own" and its date the `as_of` of the file; range,
unit and meaning stay.
"""

import functools
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from negotiation._files import data_text
from negotiation._tables import Key, kind_of
from negotiation._values import FrozenMap
from negotiation.errors import nearest
from negotiation.trade.files.problem_collector import ProblemCollector
from negotiation.trade.files.tables import ParameterTable, SourceTable, stated_or_inherited
from negotiation.trade.parameters.parameter import (
    OWN_KEY,
    Parameter,
    Source,
    first_day,
    interval,
    is_judgement_source,
    last_day,
)
from negotiation.trade.parameters.registry import ALTERNATIVES, REGISTRY, UNITS, Kind, RegistryEntry, lookup

PARAMETER_EXAMPLE = 'write { value = 0.5, source = "judgement", dated = "2025-11" }'


def parameter_sections(kind: Kind) -> tuple[str, ...]:
    """Return the top-level tables that hold parameters of this kind of scenario."""
    return tuple(dict.fromkeys(entry.path.split(".")[0] for entry in REGISTRY if kind in entry.kinds))


def parameter_leaves(collector: ProblemCollector, kind: Kind, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return path -> raw TOML value for every parameter below the sections in `raw`, recording unknown keys."""
    patterns = [tuple(entry.path.split(".")) for entry in REGISTRY if kind in entry.kinds]
    values: dict[str, Any] = {}
    for name in parameter_sections(kind):
        if name in raw:
            values |= _leaves(collector, raw[name], (name,), [parts for parts in patterns if parts[0] == name])
    return values


def _leaves(
    collector: ProblemCollector, raw: Any, key: tuple[str, ...], patterns: list[tuple[str, ...]]
) -> dict[str, Any]:
    depth = len(key)
    if any(len(parts) == depth for parts in patterns):
        return {".".join(key): raw}
    if not isinstance(raw, Mapping):
        collector.fault(key, f"is {kind_of(raw)}, not a table of parameters")
        return {}
    values: dict[str, Any] = {}
    for name, below in raw.items():
        fitting = [parts for parts in patterns if parts[depth] in ("*", name)]
        if fitting:
            values |= _leaves(collector, below, (*key, name), fitting)
        else:
            collector.fault((*key, name), "unknown key", nearest(name, {parts[depth] for parts in patterns}))
    return values


def read_parameters(
    collector: ProblemCollector, raw: Mapping[str, Any], base: Mapping[str, Parameter], as_of: str, payoff_unit: str
) -> dict[str, Parameter]:
    """Return the parameters stated in the file, completed from `base`; faults are recorded and left out.

    A bare number is dated `as_of`, and payoffs are counted in `payoff_unit`.
    """
    parameters: dict[str, Parameter] = {}
    for path, stated in raw.items():
        entry, key = lookup(path), tuple(path.split("."))
        table = _parameter_table(collector, key, stated, base.get(path), as_of) if entry else None
        if entry is not None and table is not None:
            unit = payoff_unit if entry.in_payoff_unit else entry.unit
            _check_fixed(collector, key, table, unit, entry.domain)
            parameter = _parameter(collector, key, partial(stated_or_inherited, table, base.get(path)), entry, unit)
            if not collector.is_spoiled(key):
                parameters[path] = parameter
    return parameters


def _parameter_table(
    collector: ProblemCollector, key: tuple[str, ...], stated: Any, base: Parameter | None, as_of: str
) -> ParameterTable | None:
    """Return what the file states of a parameter, a bare number with its source and date; None when it has a fault."""
    entry, bare = lookup(".".join(key)), not isinstance(stated, dict)
    table = collector.table(ParameterTable, {"value": stated} if bare else stated, key)
    if table is None or entry is None:
        return None
    if base is None and bare and entry.default is None:
        text = "is a bare number, but there is no parameter to take unit, source and date from"
        collector.fault(key, text, PARAMETER_EXAMPLE)
        return None
    value = stated_or_inherited(table, base, "value", None)
    if value is None or (isinstance(value, tuple) and not entry.vector):
        collector.fault((*key, "value"), "is missing" if value is None else "is a list, needs one number")
        return None
    update = {"value": (value,) if entry.vector and not isinstance(value, tuple) else value}
    if bare and (base is None or update["value"] != base.value):
        update |= {"source": OWN_KEY, "dated": as_of}
    return table.model_copy(update=update)


def _parameter(
    collector: ProblemCollector, key: Key, inherit: Callable[[str, Any], Any], entry: RegistryEntry, unit: str
) -> Parameter:
    """Return the parameter, what the file leaves out taken from its base and the registry; faults are recorded."""
    check_origin(collector, key, inherit("source", ""), inherit("dated", ""))
    range_source = inherit("range_source", "judgement")
    if range_source not in collector.sources:
        text = f"unknown source '{range_source}'"
        collector.fault((*key, "range_source"), text, nearest(range_source, collector.sources))
    instead_of, other = inherit("instead_of", None), ALTERNATIVES.get(".".join(map(str, key)))
    if instead_of not in (None, other):
        collector.fault(
            (*key, "instead_of"), f"is '{instead_of}', but that is no alternative", f"write '{other}'" if other else ""
        )
    parameter = Parameter._unchecked(
        **{name: inherit(name, "") for name in ("source", "dated")},
        **{name: inherit(name, None) for name in ("value", "low", "high")},
        unit=unit,
        meaning=inherit("meaning", entry.meaning),
        domain=entry.domain,
        range_source=range_source,
        instead_of=instead_of,
    )
    for leaf, text in parameter.faults() if not collector.is_spoiled(key) else ():
        collector.fault((*key, leaf) if leaf else key, text)
    return parameter


def _check_fixed(collector: ProblemCollector, key: Key, table: ParameterTable, unit: str, domain: str) -> None:
    if table.unit not in (None, unit, *UNITS):
        collector.fault((*key, "unit"), f"unknown unit '{table.unit}'", f"write '{unit}'")
    elif table.unit not in (None, unit):
        collector.fault((*key, "unit"), f"is '{table.unit}', but this parameter is counted in '{unit}'")
    if table.domain is not None and interval(table.domain) != interval(domain):
        collector.fault((*key, "domain"), f"is '{table.domain}', but the model fixes it", f"write '{domain}'")


def check_origin(collector: ProblemCollector, key: Key, source: str, dated: str) -> None:
    """Record a missing or unknown source, a missing date, and a number older than the source it is taken from."""
    if not source:
        collector.fault((*key, "source"), "is missing", 'write source = "judgement" when it is one')
    elif source not in collector.sources:
        collector.fault((*key, "source"), f"unknown source '{source}'", nearest(source, collector.sources))
    if not dated:
        collector.fault((*key, "dated"), "is missing", "when the number was known, such as 2025-11")
        return
    published = collector.sources[source].date if source in collector.sources else ""
    if published and last_day(dated) < first_day(published):
        collector.fault((*key, "dated"), f"is {dated}, before its source '{source}' of {published} was published")


def record_missing(collector: ProblemCollector, present: Iterable[str], wanted: Iterable[str]) -> None:
    """Record every wanted path that is neither present nor spoiled by another fault."""
    for path in dict.fromkeys(wanted):
        key: Key = tuple(path.split("."))
        if path not in present and not collector.is_spoiled(key):
            entry = lookup(path)
            other = f", or {ALTERNATIVES[path]} instead" if path in ALTERNATIVES else ""
            collector.fault(key, "is missing", f"{entry.meaning}{other}" if entry else "")


@functools.cache
def embedded_sources() -> FrozenMap[Source]:
    """Return the sources shipped with the package, by key."""
    text = data_text("sources.toml")
    collector = ProblemCollector("sources.toml", text, tomllib.loads(text))
    sources = read_sources(collector, collector.data, ())
    collector.finish()
    return FrozenMap(sources)


def read_sources(collector: ProblemCollector, raw: Any, place: Key = ("sources",)) -> dict[str, Source]:
    """Return the sources of a table key -> source that stands at `place`; faults are recorded.

    A key that starts with "judgement" or "assumption" is exactly a source of kind "judgement": what a table marks as
    judgement and what the file calls so cannot differ.
    """
    sources: dict[str, Source] = {}
    if not isinstance(raw, dict):
        collector.fault(place, f"is {kind_of(raw)}, not a table")
        return sources
    for name, stated in raw.items():
        table = collector.table(SourceTable, stated, (*place, name))
        if table is not None and is_judgement_source(name) != (table.kind == "judgement"):
            text = "a key that starts with judgement or assumption, and only such a key, is a judgement"
            collector.fault((*place, name), text)
        elif table is not None:
            sources[name] = Source(key=name, **table.model_dump())
    return sources
