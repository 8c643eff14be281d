"""The shape of a scenario file, table by table, checked by pydantic: types, missing and unknown keys.

Only the file boundary uses these models; inside, values are frozen dataclasses. What the numbers mean is checked
later (`file_parameters`, `file_calls`, `file_regimes`).
"""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, PlainValidator, ValidationError
from pydantic_core import PydanticCustomError

from negotiation._numbers import ExactDouble, Unreadable, size_fault
from negotiation.errors import nearest
from negotiation.trade.files.problem_collector import ProblemCollector
from negotiation.trade.files.toml_positions import Key

KINDS = {str: "text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "a table"}
WANTED = {
    "string_type": "text",
    "list_type": "a list",
    "dict_type": "a table",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "model_type": "a table",
    "bool_type": "true or false",
}


def finite_number(raw: Any) -> float:
    """Return `raw` as a float; anything but a finite number is refused with a hint."""
    if isinstance(raw, str):
        raise PydanticCustomError("number", "is text, not a number||{hint}", {"hint": _unquoted(raw)})
    if isinstance(raw, Unreadable):
        raise PydanticCustomError("number", "{reason}||", {"reason": raw.reason})
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise PydanticCustomError("number", "is {found}, not a number||", {"found": kind_of(raw)})
    if reason := size_fault(raw):
        raise PydanticCustomError("number", "{reason}||", {"reason": reason})
    return raw if isinstance(raw, ExactDouble) else ExactDouble(raw)


def number_or_vector(raw: Any) -> float | tuple[float, ...]:
    """Return a finite number, or a tuple of them from a list that is not empty."""
    if not isinstance(raw, list):
        return finite_number(raw)
    if not raw:
        raise PydanticCustomError("number", "is an empty list||", {})
    return tuple(finite_number(item) for item in raw)


def kind_of(raw: Any) -> str:
    """Return what a TOML value is, in a word or two."""
    return "a number" if isinstance(raw, Unreadable | float) else KINDS.get(type(raw), "a date")


Finite = Annotated[float, PlainValidator(finite_number)]
FiniteOrVector = Annotated[float | tuple[float, ...], PlainValidator(number_or_vector)]


class FileTable(BaseModel):
    """A table of the file: strict types, no unknown keys, frozen."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class ParameterTable(FileTable):
    """One parameter; everything is optional because an extending file states only what differs."""

    value: FiniteOrVector | None = None
    low: Finite | None = None
    high: Finite | None = None
    unit: str | None = None
    domain: str | None = None
    meaning: str | None = None
    source: str | None = None
    dated: str | None = None
    range_source: str | None = None


class Header(FileTable):
    """What stands at the top of a file, before the tables."""

    format: int = 1
    name: str | None = None
    extends: str | None = None
    title: str | None = None
    description: str | None = None
    kind: str | None = None
    as_of: str | None = None
    period_days: int | None = None
    deal: list[str] | None = None
    punishment: list[str] | None = None
    drop: list[str] = []
    other_calls: str | None = None


class SourceTable(FileTable):
    """Where a number comes from."""

    title: str
    publisher: str = ""
    date: str = ""
    url: str = ""
    kind: str = "published"


class CallTable(FileTable):
    """One call outcome; optional where an extending file may inherit."""

    name: str
    label: str | None = None
    probability: Finite | None = None
    basis: str | None = None
    regime: str | None = None
    changes: list[str] | None = None
    rationale: str | None = None
    literature: list[str] | None = None


class RegimeTable(FileTable):
    """A user's automaton; its states are checked one by one."""

    name: str
    label: str | None = None
    deviation: str
    states: list[Any]


class StateTable(FileTable):
    """One state of an automaton: what it plays and where each signal leads."""

    name: str
    play: list[str]
    on: dict[str, Any]


class PayoffsTable(FileTable):
    """The frame of payoffs given directly; the players' own matrices stand beside these keys."""

    rows: list[str] | None = None
    columns: list[str] | None = None
    players: list[str] | None = None
    deal: list[str] | None = None
    punishment: list[str] | None = None
    unit: str | None = None
    signals: list[str] | None = None
    likelihood: list[Any] | None = None
    trigger: list[str] | None = None
    observed: list[str] | None = None
    source: str | None = None
    dated: str | None = None


class AppliedTable(FileTable):
    """One change that had been applied when a scenario was written out."""

    change: str
    before: FiniteOrVector
    after: FiniteOrVector
    unit: str = ""
    notice: str = ""


T = TypeVar("T", bound=FileTable)


def validate_table(
    reading: ProblemCollector, model: type[T], raw: Any, key: Key, also: tuple[str, ...] = ()
) -> T | None:
    """Return `raw` as `model`, or None after recording every fault below `key`; `also` names further valid keys."""
    if not isinstance(raw, dict):
        reading.fault(key, f"is {kind_of(raw)}, not a table")
        return None
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        for item in error.errors(include_url=False, include_input=True):
            place = (*key, *item["loc"])
            if item["type"] == "extra_forbidden":
                reading.fault(place, "unknown key", nearest(str(item["loc"][-1]), [*model.model_fields, *also]))
            elif item["type"] == "missing":
                reading.fault(place, "is missing")
            elif item["type"] == "number":
                message, _, hint = str(item["msg"]).partition("||")
                reading.fault(place, message, f"write {place[-1]} = {hint} without the quotes" if hint else "")
            else:
                wanted = WANTED.get(item["type"], str(item["msg"]))
                reading.fault(place, f"is {kind_of(item['input'])}, not {wanted}")
        return None


def _unquoted(text: str) -> str:
    """Return the number that stands in quotes, or an empty text."""
    try:
        float(text)
    except ValueError:
        return ""
    return text.strip()
