"""A report as plain JSON data and back, so that a page can be written again without solving anything again.

Every block is an object with its type in "type" and its fields beside it; figures carry their SVG. What is read is
checked like anything else: an unknown kind, a missing or an unknown field gives one sentence that says where.
"""

import dataclasses
import functools
import json
import math
from collections.abc import Mapping
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError

from negotiation._values import Value, plain
from negotiation.errors import InputError
from negotiation.report import document
from negotiation.report.document import Report

FORMAT = 2  # of report.json: another one is not read
_KINDS: dict[str, type] = {
    name: kind for name, kind in vars(document).items() if isinstance(kind, type) and Value in kind.__bases__
}
_NOT_NUMBERS = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


def canonical(data: Any) -> str:
    """Return `data` as JSON text that is the same whenever the data are: keys sorted, shortest exact floats."""
    return json.dumps(plain(data), sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def fields_of(value: Any, *names: str) -> dict[str, Any]:
    """Return attributes of a value as plain data by name."""
    return {name: plain(getattr(value, name)) for name in names}


def with_properties(value: Any, *names: str) -> dict[str, Any]:
    """Return a value as plain data, with these of its properties beside its fields."""
    return {**plain(value), **fields_of(value, *names)}


def to_plain(report: Report) -> dict[str, Any]:
    """Return the report as plain data: {"format": 2, "report": {...}}."""
    return {"format": FORMAT, "report": _down(report)}


def from_plain(data: Any, origin: str = "report.json") -> Report:
    """Return the report that `to_plain` made; `InputError` naming `origin` when it is not one."""
    if not isinstance(data, Mapping) or "report" not in data:
        raise InputError.single(origin, "", "is not a saved report", "an object with format and report")
    if data.get("format") != FORMAT:
        raise InputError.single(origin, "format", f"is {data.get('format')!r}", f"this version reads format {FORMAT}")
    report = _up(data["report"], "report", origin)
    if not isinstance(report, Report):
        raise InputError.single(origin, "report", "is not a report")
    return report


def _down(value: Any) -> Any:
    if isinstance(value, Value):
        fields = {field.name: _down(getattr(value, field.name)) for field in dataclasses.fields(value)}  # type: ignore[arg-type]
        return {"type": type(value).__name__, **fields}
    if isinstance(value, tuple):
        return [_down(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return {"type": "number", "value": str(float(value))}
    return plain(value)


def _up(value: Any, path: str, origin: str) -> Any:
    if isinstance(value, list):
        return tuple(_up(part, f"{path}.{number}", origin) for number, part in enumerate(value))
    if not isinstance(value, Mapping):
        return value
    kind = value.get("type")
    if kind == "number" and value.get("value") in _NOT_NUMBERS:
        return _NOT_NUMBERS[value["value"]]
    if kind not in _KINDS:
        raise InputError.single(origin, path, f"has the unknown kind {kind!r}", "allowed: " + ", ".join(_KINDS))
    fields = {name: _up(part, f"{path}.{name}", origin) for name, part in value.items() if name != "type"}
    for name, part in fields.items():
        try:
            if name in _types(kind):
                _types(kind)[name].validate_python(part, strict=True)
        except ValidationError:
            raise InputError.single(origin, f"{path}.{name}", f"does not fit into a {kind}") from None
    try:
        return _KINDS[kind](**fields)
    except TypeError as error:
        raise InputError.single(origin, path, f"is not a {kind}: {error}") from error


@functools.cache
def _types(kind: str) -> dict[str, TypeAdapter[Any]]:
    hints = get_type_hints(_KINDS[kind])
    return {field.name: TypeAdapter(hints[field.name]) for field in dataclasses.fields(_KINDS[kind])}
