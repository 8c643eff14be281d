"""Frozen values with content equality: the mix-in under every type of this package.

A frozen dataclass with numpy arrays is frozen in name only: `==` raises, `hash` raises, and the array can still be
written to. `Value` copies every array and makes it read-only, compares and hashes by content, shows itself in a few
lines, and gives each value a digest that is the same on every machine.
"""

import dataclasses
import enum
import hashlib
import inspect
import json
import reprlib
from collections.abc import Iterator, Mapping
from itertools import starmap
from typing import Any, ClassVar, Self, TypeVar, dataclass_transform

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
# one number, or an array of numbers that broadcasts like one: how many points at once share the formulas of one
Reals = float | NDArray[np.float64]

V = TypeVar("V")

LISTED = 12  # numbers of an array that are shown one by one
LONGEST = 1000  # characters of a value's text, some ten lines


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
        return {plain_name(field): plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(part) for part in value)
    return str(value)


def plain_name(field: dataclasses.Field[Any]) -> str:
    """Return a field's key in plain data: a renamed field keeps its former one as `metadata={"key": ...}`."""
    return str(field.metadata.get("key", field.name))


def digest(value: Any) -> str:
    """Return the SHA-256 hex digest of a value's canonical JSON text (keys sorted, shortest exact floats)."""
    text = json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


class FrozenMap(Mapping[str, V]):
    """A read-only mapping from text to `V`, in the order given; hashed by content, as equal to any such mapping.

    `types.MappingProxyType` cannot be pickled, and scenarios travel to worker processes.
    """

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, V] | None = None) -> None:
        self._items = dict(items or {})

    def __getitem__(self, key: str) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return f"FrozenMap({self._items!r})"


@dataclass_transform(eq_default=False, frozen_default=True, field_specifiers=(dataclasses.field,))
class Value:
    """Base of frozen dataclasses: every subclass is one, `class X(Value, kw_only=True)` with fields by name alone.

    Fields annotated `Floats` or `Ints` accept any nested sequence and are stored as read-only copies. Subclasses check
    themselves in `_check`, called once all fields are in place.
    """

    _floats: ClassVar[tuple[str, ...]] = ()
    _ints: ClassVar[tuple[str, ...]] = ()
    _tag: ClassVar[str] = "Value"  # names the type in digests; a class that is renamed states its former name here

    def __init_subclass__(cls, kw_only: bool = False) -> None:
        super().__init_subclass__()
        notes = inspect.get_annotations(cls)
        cls._floats = (*cls._floats, *(name for name, note in notes.items() if note in ("Floats", Floats)))
        cls._ints = (*cls._ints, *(name for name, note in notes.items() if note in ("Ints", Ints)))
        if "_tag" not in cls.__dict__:
            cls._tag = cls.__name__
        if "__repr__" not in cls.__dict__:  # or `dataclass` writes one that prints every number of every array
            cls.__repr__ = cls._shown  # type: ignore[assignment,method-assign]
        dataclasses.dataclass(frozen=True, eq=False, kw_only=kw_only)(cls)

    def __post_init__(self) -> None:
        for name in self._floats:
            self._freeze(name, np.float64)
        for name in self._ints:
            self._freeze(name, np.int64)
        self._check()

    @classmethod
    def _unchecked(cls, **fields: Any) -> Self:
        """Return a value with these fields, which are known to be right, without checks and copies."""
        value = object.__new__(cls)
        value.__dict__.update(fields)
        return value

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
        return _same(self, other)

    def __hash__(self) -> int:
        return hash((self._tag, _key(self)))

    def _shown(self) -> str:
        return _BRIEF.repr(self)


def _fields(value: Any) -> list[Any]:
    return [getattr(value, field.name) for field in dataclasses.fields(value)]


def _same(one: Any, other: Any) -> bool:
    """Whether two values have the same content: field by field, NaN equal to NaN, lists equal to tuples."""
    if one is other:
        return True
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        first, second = np.asarray(one), np.asarray(other)
        return np.array_equal(first, second, equal_nan=first.dtype.kind == second.dtype.kind == "f")
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(starmap(_same, zip(one, other, strict=True)))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(part, other[key]) for key, part in one.items())
    if dataclasses.is_dataclass(one) and type(one) is type(other):
        return all(starmap(_same, zip(_fields(one), _fields(other), strict=True)))
    return bool(one == other) or bool(one != one and other != other)


def _key(value: Any) -> Any:
    """Return something hashable that is the same for all values that are `_same`; of an array its ends are enough."""
    if isinstance(value, np.ndarray):
        return value.shape, _key(value.ravel()[[0, -1]].tolist()) if value.size else ()
    if isinstance(value, list | tuple):
        return tuple(_key(part) for part in value)
    if isinstance(value, Mapping):
        return frozenset((key, _key(part)) for key, part in value.items())
    if dataclasses.is_dataclass(value):
        return tuple(_key(part) for part in _fields(value))
    return "nan" if value != value else value


class _Brief(reprlib.Repr):
    """A value as the call that makes it, with long parts left out."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel, self.maxstring, self.maxother, self.maxlong = 4, 200, 200, 200

    def repr1(self, value: Any, level: int) -> str:
        if isinstance(value, np.ndarray):
            numbers = self.repr1(value.tolist(), level)
            return numbers if value.size <= LISTED else f"<array {'×'.join(map(str, value.shape))}>"
        if not isinstance(value, Value):
            return super().repr1(value, level)
        if level <= 0:
            return f"{type(value).__name__}(...)"
        shown = [field for field in dataclasses.fields(value) if field.repr]  # type: ignore[arg-type]
        parts = ", ".join(f"{field.name}={self.repr1(getattr(value, field.name), level - 1)}" for field in shown)
        text = f"{type(value).__name__}({parts})"
        return text if len(text) <= LONGEST else f"{text[:LONGEST]}…)"


_BRIEF = _Brief()
