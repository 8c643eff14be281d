"""Parameters of a scenario file: from nested tables to a flat mapping, checked against the registry.

An extending file may give a bare number: it replaces the value alone, or states an optional number. Since nobody can
tell where such a number comes from, its source becomes "judgement-own" and its date the `as_of` of the file; range,
unit and meaning stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from negotiation.errors import nearest
from negotiation.trade.files.problem_collector import Key, ProblemCollector
from negotiation.trade.files.tables import ParameterTable, kind_of, stated_or_inherited, validate_table
from negotiation.trade.parameters.parameter import OWN_KEY, Parameter, first_day, interval, last_day
from negotiation.trade.parameters.registry import REGISTRY, UNITS, Kind, RegistryEntry, lookup

EXAMPLE = 'write { value = 0.5, source = "judgement", dated = "2025-11" }'


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
    """Return the parameters stated in the file, completed from `base`; faults are recorded and left out."""
    reader = _ParameterReader(collector, as_of, payoff_unit)
    read = {path: reader.parameter(path, stated, base.get(path)) for path, stated in raw.items()}
    return {path: parameter for path, parameter in read.items() if parameter is not None}


@dataclass(frozen=True)
class _ParameterReader:
    """Reads the parameters of one file: a bare number is dated `as_of`, and payoffs are counted in `payoff_unit`."""

    collector: ProblemCollector
    as_of: str
    payoff_unit: str

    def parameter(self, path: str, stated: Any, base: Parameter | None) -> Parameter | None:
        """Return the parameter at a path, None when it has a fault."""
        entry = lookup(path)
        if entry is None:
            return None
        fault, key = self.collector.fault, tuple(path.split("."))
        bare = not isinstance(stated, dict)
        table = validate_table(self.collector, ParameterTable, {"value": stated} if bare else stated, key)
        if table is None:
            return None
        if base is None and bare and entry.default is None:
            fault(key, "is a bare number, but there is no parameter to take unit, source and date from", EXAMPLE)
            return None
        value = stated_or_inherited(table, base, "value", None)
        if value is None:
            fault((*key, "value"), "is missing")
            return None
        if entry.vector and not isinstance(value, tuple):
            value = (value,)
        if isinstance(value, tuple) and not entry.vector:
            fault((*key, "value"), "is a list, needs one number")
            return None
        if bare and (base is None or value != base.value):
            table = table.model_copy(update={"source": OWN_KEY, "dated": self.as_of})
        return self._completed(key, table.model_copy(update={"value": value}), entry, base)

    def _completed(
        self, key: tuple[str, ...], table: ParameterTable, entry: RegistryEntry, base: Parameter | None
    ) -> Parameter | None:
        """Return the parameter with what the file leaves out taken from `base` and the registry."""
        collector, inherit = self.collector, partial(stated_or_inherited, table, base)
        unit = self.payoff_unit if entry.in_payoff_unit else entry.unit
        _check_fixed(collector, key, table, unit, entry.domain)
        source, dated = inherit("source", ""), inherit("dated", "")
        check_origin(collector, key, source, dated)
        range_source = inherit("range_source", "judgement")
        if range_source not in collector.sources:
            text = f"unknown source '{range_source}'"
            collector.fault((*key, "range_source"), text, nearest(range_source, collector.sources))
        value, low, high = (inherit(name, None) for name in ("value", "low", "high"))
        if low is not None and high is not None and low > high:
            shown = "" if isinstance(value, tuple) else f" <= {value:g}"
            collector.fault(key, f"needs low <= value <= high, got {low:g}{shown} <= {high:g}")
        legal = interval(entry.domain)
        for name, numbers in (("value", value), ("low", low), ("high", high)):
            for number in numbers if isinstance(numbers, tuple) else (numbers,):
                if number is not None and number not in legal:
                    text = f"{number:g} is outside its domain {entry.domain}: it must be {legal.sentence()}"
                    collector.fault((*key, name), text)
        if collector.is_spoiled(key):
            return None
        return Parameter(
            value=value,
            unit=unit,
            meaning=inherit("meaning", entry.meaning),
            source=source,
            dated=dated,
            low=low,
            high=high,
            domain=entry.domain,
            range_source=range_source,
        )


def _check_fixed(collector: ProblemCollector, key: Key, table: ParameterTable, unit: str, domain: str) -> None:
    """Record a stated unit or domain that is not that of the registry."""
    if table.unit is not None and table.unit != unit:
        if table.unit in UNITS:
            collector.fault((*key, "unit"), f"is '{table.unit}', but this parameter is counted in '{unit}'")
        else:
            collector.fault((*key, "unit"), f"unknown unit '{table.unit}'", f"write '{unit}'")
    if table.domain is not None:
        try:
            same = interval(table.domain) == interval(domain)
        except ValueError as error:
            collector.fault((*key, "domain"), str(error))
            return
        if not same:
            collector.fault((*key, "domain"), f"is '{table.domain}', but the model fixes it", f"write '{domain}'")


def check_origin(collector: ProblemCollector, key: Key, source: str, dated: str) -> None:
    """Record a missing or unknown source, a date that is none, and a number older than the source it is taken from."""
    if not source:
        collector.fault((*key, "source"), "is missing", 'write source = "judgement" when it is one')
    elif source not in collector.sources:
        collector.fault((*key, "source"), f"unknown source '{source}'", nearest(source, collector.sources))
    if not dated:
        collector.fault((*key, "dated"), "is missing", "when the number was known, such as 2025-11")
        return
    try:
        known_on = last_day(dated)
    except ValueError as error:
        collector.fault((*key, "dated"), str(error))
        return
    published = collector.sources[source].date if source in collector.sources else ""
    if published and known_on < first_day(published):
        collector.fault((*key, "dated"), f"is {dated}, before its source '{source}' of {published} was published")


def record_missing(collector: ProblemCollector, present: Iterable[str], wanted: Iterable[str]) -> None:
    """Record every wanted path that is neither present nor spoiled by another fault."""
    have = set(present)
    for path in wanted:
        key: Key = tuple(path.split("."))
        if path not in have and not collector.is_spoiled(key):
            entry = lookup(path)
            collector.fault(key, "is missing", entry.meaning if entry else "")
