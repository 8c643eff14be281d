"""Typed statements: a sentence, and what it claims of which entries of `results.json`, so that a test can ask.

The writer of a sentence names the entries that it speaks about; `contradictions` looks them up in the results of the
same run. A statement without claims says nothing that could be false of the results.
"""

import operator
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from negotiation._values import Value

Relation = Literal["is", "at least", "at most"]
Place = tuple[str | int, ...]

COMPARED = {"is": operator.eq, "at least": operator.ge, "at most": operator.le}


class Claim(Value):
    """That the entry at `place` of the results is, or is at least or at most, a value.

    within: by how much a number may differ from it, half a unit of the last digit that is shown.
    """

    place: Place
    relation: Relation
    value: float | bool | str
    within: float = 0.0

    def is_true(self, results: Mapping[str, Any]) -> bool:
        """Return whether the results say so; raises `KeyError` where they have no such entry."""
        entry = looked_up(results, self.place)
        if isinstance(self.value, bool | str) or isinstance(entry, bool | str):
            return bool(COMPARED[self.relation](entry, self.value))
        low, high = self.value - self.within, self.value + self.within
        if self.relation == "is":
            return bool(low <= entry <= high)
        return bool(COMPARED[self.relation](entry, low if self.relation == "at least" else high))


class Statement(Value):
    """A sentence (inline text) and what it claims."""

    text: str
    claims: tuple[Claim, ...] = ()

    def contradictions(self, results: Mapping[str, Any]) -> tuple[Claim, ...]:
        """Return the claims that the results do not bear out."""
        return tuple(claim for claim in self.claims if not claim.is_true(results))


def looked_up(results: Mapping[str, Any], place: Place) -> Any:
    """Return the entry at a place; raises `KeyError` where there is none."""
    entry: Any = results
    for step in place:
        try:
            entry = entry[step]
        except (IndexError, TypeError) as error:
            raise KeyError(place) from error
    return entry


def texts(statements: Sequence[Statement]) -> tuple[str, ...]:
    """Return the sentences."""
    return tuple(statement.text for statement in statements)
