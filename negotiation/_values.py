"""Frozen values with content equality: the mix-in under every type of this package.

A frozen dataclass with numpy arrays is frozen in name only: `==` raises, `hash` raises, and the array can still be
written to. `Value` copies every array and makes it read-only, compares and hashes by content, and gives each value a
digest that is the same on every machine.
"""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import json
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
# one number, or an array of numbers that broadcasts like one: how many points at once share the formulas of one
Reals = float | NDArray[np.float64]


def plain(value: Any) -> Any:
    """Return `value` as plain JSON data (dict, list, str, int, float, bool, None); infinities become strings."""
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        number = float(value)
        return number if np.isfinite(number) else str(number)
    if dataclasses.is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(item) for item in value)
    return str(value)


def digest(value: Any) -> str:
    """Return the SHA-256 hex digest of a value's canonical JSON text (keys sorted, shortest exact floats)."""
    text = json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


class Value:
    """Mix-in for frozen dataclasses (declare with `@dataclass(frozen=True, eq=False)`).

    Class attributes `_floats` and `_ints` name the fields that are arrays; they accept any nested sequence and are
    stored as read-only copies. Subclasses check themselves in `_check`, called once all fields are in place.
    """

    _floats: ClassVar[tuple[str, ...]] = ()
    _ints: ClassVar[tuple[str, ...]] = ()
    _tag: ClassVar[str] = "Value"  # names the type in digests; a class that is renamed states its former name here

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "_tag" not in cls.__dict__:
            cls._tag = cls.__name__

    def __post_init__(self) -> None:
        for name in self._floats:
            self._freeze(name, np.float64)
        for name in self._ints:
            self._freeze(name, np.int64)
        self._check()

    def _freeze(self, name: str, kind: type[np.generic]) -> None:
        array = np.array(getattr(self, name), dtype=kind)
        array.setflags(write=False)
        object.__setattr__(self, name, array)

    def _check(self) -> None:
        """Raise an error when the fields do not fit together; the default accepts everything."""

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some fields changed; the copy is checked like any other."""
        this: Any = self
        copy: Self = dataclasses.replace(this, **changes)
        return copy

    def digest(self) -> str:
        """Return the SHA-256 hex digest of the content (type tag and all fields)."""
        return digest([self._tag, self])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Value) or type(other) is not type(self):
            return NotImplemented
        return self.digest() == other.digest()

    def __hash__(self) -> int:
        return int(self.digest()[:15], 16)
