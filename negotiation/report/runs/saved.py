"""A report as plain JSON data and back, so that a page can be written again without solving anything again.

Every block is an object with its type in "type" and its fields beside it; figures carry their SVG. What is read is
checked like anything else: an unknown kind, a missing or an unknown field gives one sentence that says where.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import math
import types
from collections.abc import Mapping
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from negotiation._values import plain
from negotiation.errors import InputError
from negotiation.report import document
from negotiation.report.document import Report

FORMAT = 1
_KINDS: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        document.Badge,
        document.Bullets,
        document.Cell,
        document.Clause,
        document.Code,
        document.Column,
        document.Definitions,
        document.Details,
        document.Figure,
        document.Grid,
        document.Heading,
        document.Note,
        document.Paragraph,
        document.Report,
        document.Section,
        document.Table,
    )
}
_NOT_NUMBERS = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


def canonical(data: Any) -> str:
    """Return `data` as JSON text that is the same whenever the data are: keys sorted, shortest exact floats."""
    return json.dumps(plain(data), sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def to_plain(report: Report) -> dict[str, Any]:
    """Return the report as plain data: {"format": 1, "report": {...}}."""
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
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: _down(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {"type": type(value).__name__, **fields}
    if isinstance(value, tuple | list):
        return [_down(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return {"type": "number", "value": str(float(value))}
    return plain(value)


def _up(value: Any, path: str, origin: str) -> Any:
    if isinstance(value, list):
        return tuple(_up(item, f"{path}.{number}", origin) for number, item in enumerate(value))
    if not isinstance(value, Mapping):
        return value
    kind = value.get("type")
    if kind == "number" and value.get("value") in _NOT_NUMBERS:
        return _NOT_NUMBERS[value["value"]]
    if kind not in _KINDS:
        raise InputError.single(origin, path, f"has the unknown kind {kind!r}", "allowed: " + ", ".join(_KINDS))
    fields = {name: _up(item, f"{path}.{name}", origin) for name, item in value.items() if name != "type"}
    hints = _hints(_KINDS[kind])
    for name, item in fields.items():
        if name in hints and not _fits(item, hints[name]):
            raise InputError.single(origin, f"{path}.{name}", f"does not fit into a {kind}")
    try:
        return _KINDS[kind](**fields)
    except TypeError as error:
        raise InputError.single(origin, path, f"is not a {kind}: {error}") from error


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _fits(value: Any, hint: Any) -> bool:
    """Return whether `value` is what the type `hint` of a field allows (the few forms that documents use)."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return value in inner
    if origin is tuple:
        if not isinstance(value, tuple):
            return False
        if len(inner) == 2 and inner[1] is Ellipsis:
            return all(_fits(item, inner[0]) for item in value)
        return len(value) == len(inner) and all(map(_fits, value, inner))
    if origin in (Union, types.UnionType):
        return any(_fits(value, option) for option in inner)
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, hint) and (hint is not int or not isinstance(value, bool))
