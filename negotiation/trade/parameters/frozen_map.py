"""A read-only mapping that can be pickled, compared and hashed by content: what frozen values use for dictionaries.

`types.MappingProxyType` is read-only too, but cannot be pickled, and scenarios travel to worker processes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

V = TypeVar("V")


class FrozenMap(Mapping[str, V], Generic[V]):
    """A read-only mapping from text to `V`, in the order given; equal to any mapping with the same content."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, V] | None = None) -> None:
        self._items: dict[str, V] = dict(items or {})

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

    def updated(self, changes: Mapping[str, V]) -> FrozenMap[V]:
        """Return a copy in which `changes` replace or follow the present items."""
        copy: FrozenMap[V] = FrozenMap.__new__(FrozenMap)
        copy._items = {**self._items, **changes}
        return copy
