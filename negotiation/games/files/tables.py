"""The shape of a game file, checked by pydantic: types, missing and unknown keys (see `game_file` for the form)."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from negotiation.errors import nearest
from negotiation.games.files.exact_table import Reader, kind_of

Texts = list[str]
Entry = TypeVar("Entry", bound=BaseModel)


class StateEntry(BaseModel):
    """One state of a file; what is left out is taken from the game."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    payoffs: list[Any]
    layout: str | None = None
    name: str | None = None
    actions: list[Texts] | None = None
    signals: list[Any] | None = None
    signal_names: Texts | None = None
    observed: list[str | int] | None = None
    next_state: Any = None


class GameEntry(BaseModel):
    """The outermost object of a file."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    discount: Any = None
    title: str | None = None
    unit: str | None = None
    players: Texts | None = None
    actions: list[Texts] | None = None
    payoffs: list[Any] | None = None
    layout: str | None = None
    signals: list[Any] | None = None
    signal_names: Texts | None = None
    observed: list[str | int] | None = None
    states: list[Any] | None = None


def checked(model: type[Entry], data: Any, path: str, reader: Reader) -> Entry | None:
    """Return the data as `model`, or None with the problems recorded."""
    if not isinstance(data, dict):
        reader.fault(path, f"is {kind_of(data)}, not an object with the keys of a game")
        return None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for entry in error.errors(include_url=False):
            where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in entry["loc"]).lstrip(".")
            where = where.replace(".str", "").replace(".int", "")
            full = f"{path}.{where}" if path else where
            if entry["type"] == "extra_forbidden":
                reader.fault(full, "unknown key", nearest(str(entry["loc"][-1]), model.model_fields))
            elif entry["type"] == "missing":
                reader.fault(full, "is missing")
            else:
                wanted = {"list_type": "a list", "string_type": "text"}.get(entry["type"], "text or a whole number")
                reader.fault(full, f"is {kind_of(entry['input'])}, not {wanted}")
    return None
