"""Parameters of a scenario file: from nested tables to a flat mapping, checked against the registry.

An extending file may give a bare number: it replaces the value alone, or states an optional number. Since nobody can
tell where such a number comes from, its source becomes "judgement-own" and its date the `as_of` of the file; range,
unit and meaning stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from negotiation.errors import nearest
from negotiation.trade.files.problem_collector import ProblemCollector
from negotiation.trade.files.tables import ParameterTable, kind_of, validate_table
from negotiation.trade.files.toml_positions import Key
from negotiation.trade.parameters.dates import first_day, last_day
from negotiation.trade.parameters.interval import interval
from negotiation.trade.parameters.parameter import OWN_KEY, Number, Parameter
from negotiation.trade.parameters.registry import REGISTRY, Kind, RegistryEntry, lookup
from negotiation.trade.parameters.units import UNITS

FIELDS = tuple(ParameterTable.model_fields)


def parameter_sections(kind: Kind) -> tuple[str, ...]:
    """Return the top-level tables that hold parameters of this kind of scenario."""
    return tuple(dict.fromkeys(known.path.split(".")[0] for known in REGISTRY if kind in known.kinds))


def parameter_leaves(reading: ProblemCollector, kind: Kind, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return path -> raw TOML value for every parameter below the sections in `raw`, recording unknown keys."""
    patterns = [tuple(known.path.split(".")) for known in REGISTRY if kind in known.kinds]
    found: dict[str, Any] = {}
    for name in parameter_sections(kind):
        if name in raw:
            _descend(reading, raw[name], (name,), [parts for parts in patterns if parts[0] == name], found)
    return found


def _descend(
    reading: ProblemCollector, raw: Any, key: tuple[str, ...], patterns: list[tuple[str, ...]], found: dict[str, Any]
) -> None:
    depth = len(key)
    if any(len(parts) == depth for parts in patterns):
        found[".".join(key)] = raw
        return
    if not isinstance(raw, Mapping):
        reading.fault(key, f"is {kind_of(raw)}, not a table of parameters")
        return
    for name, below in raw.items():
        fitting = [parts for parts in patterns if parts[depth] in ("*", name)]
        if fitting:
            _descend(reading, below, (*key, name), fitting, found)
        else:
            reading.fault((*key, name), "unknown key", nearest(name, {parts[depth] for parts in patterns}))


def read_parameters(
    reading: ProblemCollector, raw: Mapping[str, Any], base: Mapping[str, Parameter], as_of: str, payoff_unit: str
) -> dict[str, Parameter]:
    """Return the parameters stated in the file, completed from `base`; faults are recorded and left out."""
    found: dict[str, Parameter] = {}
    for path, stated in raw.items():
        known = lookup(path)
        if known is None:
            continue
        parameter = _parameter(reading, path, stated, known, base.get(path), as_of, payoff_unit)
        if parameter is not None:
            found[path] = parameter
    return found


def _parameter(
    reading: ProblemCollector,
    path: str,
    stated: Any,
    known: RegistryEntry,
    base: Parameter | None,
    as_of: str,
    payoff_unit: str,
) -> Parameter | None:
    key: Key = tuple(path.split("."))
    bare = not isinstance(stated, dict)
    table = validate_table(reading, ParameterTable, {"value": stated} if bare else stated, key)
    if table is None:
        return None
    if base is None and bare and known.default is None:
        reading.fault(key, "is a bare number, but there is no parameter to take unit, source and date from", _example())
        return None
    value = table.value if table.value is not None else (base.value if base else None)
    if value is None:
        reading.fault((*key, "value"), "is missing")
        return None
    if known.vector and not isinstance(value, tuple):
        value = (value,)
    if isinstance(value, tuple) and not known.vector:
        reading.fault((*key, "value"), "is a list, needs one number")
        return None
    own = bare and (base is None or value != base.value)
    parameter = _merged_parameter(
        reading, key, table, value, known, base, payoff_unit, (OWN_KEY, as_of) if own else None
    )
    return parameter if not reading.is_spoiled(key) else None


def _merged_parameter(
    reading: ProblemCollector,
    key: Key,
    table: ParameterTable,
    value: Number,
    known: RegistryEntry,
    base: Parameter | None,
    payoff_unit: str,
    own: tuple[str, str] | None,
) -> Parameter | None:
    """Return the parameter with what the file leaves out taken from `base` and the registry."""
    unit = payoff_unit if known.in_payoff_unit else known.unit
    _check_fixed(reading, key, table, unit, known.domain)
    source = own[0] if own else table.source or (base.source if base else "")
    dated = own[1] if own else table.dated or (base.dated if base else "")
    check_origin(reading, key, source, dated)
    range_source = table.range_source or (base.range_source if base else "judgement")
    if range_source not in reading.sources:
        reading.fault(
            (*key, "range_source"), f"unknown source '{range_source}'", nearest(range_source, reading.sources)
        )
    low = table.low if table.low is not None else (base.low if base else None)
    high = table.high if table.high is not None else (base.high if base else None)
    if low is not None and high is not None and low > high:
        shown = "" if isinstance(value, tuple) else f" <= {value:g}"
        reading.fault(key, f"needs low <= value <= high, got {low:g}{shown} <= {high:g}")
    legal = interval(known.domain)
    for name, numbers in (("value", value), ("low", low), ("high", high)):
        for number in numbers if isinstance(numbers, tuple) else (numbers,):
            if number is not None and number not in legal:
                text = f"{number:g} is outside its domain {known.domain}: it must be {legal.sentence()}"
                reading.fault((*key, name), text)
    if reading.is_spoiled(key):
        return None
    meaning = table.meaning or (base.meaning if base else known.meaning)
    return Parameter(value, unit, meaning, source, dated, low, high, known.domain, range_source)


def _check_fixed(reading: ProblemCollector, key: Key, table: ParameterTable, unit: str, domain: str) -> None:
    """Record a stated unit or domain that is not that of the registry."""
    if table.unit is not None and table.unit != unit:
        if table.unit in UNITS:
            reading.fault((*key, "unit"), f"is '{table.unit}', but this parameter is counted in '{unit}'")
        else:
            reading.fault((*key, "unit"), f"unknown unit '{table.unit}'", f"write '{unit}'")
    if table.domain is not None:
        try:
            same = interval(table.domain) == interval(domain)
        except ValueError as error:
            reading.fault((*key, "domain"), str(error))
            return
        if not same:
            reading.fault((*key, "domain"), f"is '{table.domain}', but the model fixes it", f"write '{domain}'")


def check_origin(reading: ProblemCollector, key: Key, source: str, dated: str) -> None:
    """Record a missing or unknown source, a date that is none, and a number older than the source it is taken from."""
    if not source:
        reading.fault((*key, "source"), "is missing", 'write source = "judgement" when it is one')
    elif source not in reading.sources:
        reading.fault((*key, "source"), f"unknown source '{source}'", nearest(source, reading.sources))
    if not dated:
        reading.fault((*key, "dated"), "is missing", "when the number was known, such as 2025-11")
        return
    try:
        known_on = last_day(dated)
    except ValueError as error:
        reading.fault((*key, "dated"), str(error))
        return
    published = reading.sources[source].date if source in reading.sources else ""
    if published and known_on < first_day(published):
        reading.fault((*key, "dated"), f"is {dated}, before its source '{source}' of {published} was published")


def record_missing(reading: ProblemCollector, present: Iterable[str], wanted: Iterable[str]) -> None:
    """Record every wanted path that is neither present nor spoiled by another fault."""
    have = set(present)
    for path in wanted:
        key: Key = tuple(path.split("."))
        if path not in have and not reading.is_spoiled(key):
            known = lookup(path)
            reading.fault(key, "is missing", known.meaning if known else "")


def _example() -> str:
    return 'write { value = 0.5, source = "judgement", dated = "2025-11" }'
