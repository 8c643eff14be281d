"""Tables of input files as pydantic models: every fault in words, with what is allowed and the nearest valid choice.

A validator refuses a value by `ValueError(message)` or `ValueError(message, hint)`.
"""

from collections.abc import Iterable, Iterator
from datetime import date, time
from typing import Any

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from negotiation.errors import nearest

Key = tuple[str | int, ...]
TYPE_WORDS = {str: "text", bool: "true or false", list: "a list", dict: "a table", type(None): "nothing (null)"}
WANTED = {"string": "text", "list": "a list", "dict": "a table", "int": "a whole number", "bool": "true or false"}


class FileTable(BaseModel):
    """A table of a file: strict types, no unknown keys, frozen."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def kind_of(raw: Any) -> str:
    """Return what a value of a file is, in a word or two."""
    return "a date" if isinstance(raw, date | time) else TYPE_WORDS.get(type(raw), "a number")


def one_of(choices: Iterable[Any], fault: str) -> AfterValidator:
    """Return the validator that takes `choices` only; `fault` has a place for what else was written."""

    def check(word: Any) -> Any:
        if word not in choices:
            raise ValueError(fault.format(word), nearest(str(word), choices))
        return word

    return AfterValidator(check)


def table_faults(
    error: ValidationError, model: type[FileTable], also: Iterable[str] = ()
) -> Iterator[tuple[Key, str, str]]:
    """Yield place, message and hint of every fault of a table; `also` names further valid keys."""
    for entry in error.errors(include_url=False):
        key, kind, hint = entry["loc"], entry["type"], ""
        if kind == "extra_forbidden":
            message, hint = "unknown key", nearest(str(key[-1]), [*model.model_fields, *also])
        elif kind == "missing":
            message = "is missing"
        elif kind == "value_error":
            message, hint = (*entry["ctx"]["error"].args, "")[:2]
        elif kind == "greater_than_equal":
            message = f"must be at least {entry['ctx']['ge']}, got {entry['input']}"
        elif kind == "too_short":
            message = "is empty, needs at least one entry"
        else:
            message = f"is {kind_of(entry['input'])}, not {WANTED.get(kind.split('_')[0], entry['msg'])}"
        yield key, message, hint.replace("KEY", str(key[-1]))
