"""What a game file may hold: the keys of the game and of its states, and nested lists of numbers.

A number is a number, or a text with a decimal number or a ratio ("0.1", "1/3"). What was written is meant exactly:
texts, whole numbers, and the decimals of a JSON file. A float from Python is the double that it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Annotated, Any, TypeVar

from pydantic import ValidationError

from negotiation._numbers import Unreadable, ratio_of_text, size_fault
from negotiation._tables import FileTable, kind_of, one_of, table_faults
from negotiation.errors import Problem, excerpt

MATRICES, CELLS = "matrices", "cells"
FORM_WORDS = {
    MATRICES: "as two matrices, the first player's payoffs and then the second's",
    CELLS: "cell by cell, a pair of payoffs in each",
}


class SharedKeys(FileTable):
    """The keys that a game and each of its states may have; what a state leaves out is taken from the game."""

    layout: Annotated[str, one_of(FORM_WORDS, "there is no layout '{}'")] | None = None
    actions: list[list[str]] | None = None
    signals: list[Any] | None = None
    signal_names: list[str] | None = None
    observed: list[Any] | None = None


class StateEntry(SharedKeys):
    """One state of a file."""

    payoffs: list[Any]
    name: str | None = None
    next_state: Any = None


class GameEntry(SharedKeys):
    """The outermost object of a file."""

    payoffs: list[Any] | None = None
    discount: Any = None
    title: str | None = None
    unit: str | None = None
    players: list[str] | None = None
    states: list[Any] | None = None


E = TypeVar("E", bound=SharedKeys)


@dataclass
class Reader:
    """Collects every problem of one file, so that a user mends it in one go.

    doubles: the keys ("discount", "payoffs", "signals") below which some number is a float, not what somebody wrote.
    """

    problems: list[Problem] = field(default_factory=list)
    doubles: set[str] = field(default_factory=set)

    def fault(self, path: str, message: str, hint: str = "") -> None:
        """Record a problem."""
        self.problems.append(Problem(path, message, hint))

    def entry(self, model: type[E], raw: Any, path: str = "") -> E | None:
        """Return plain data as `model`, or None with the problems recorded."""
        if not isinstance(raw, dict):
            self.fault(path, f"is {kind_of(raw)}, not an object with the keys of a game")
            return None
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            for place, message, hint in table_faults(error, model):
                below = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
                self.fault(f"{path}{below}".lstrip("."), message, hint)
        return None

    def number(self, raw: Any, path: str) -> Fraction:
        """Return a finite number as a ratio; on a fault, record it and return 0."""
        hint = ""
        if isinstance(raw, str):
            try:
                return ratio_of_text(raw)
            except ValueError as error:
                reason = f"'{excerpt(raw, 40)}' {error}"
                hint = 'write 0.5, "0.5" or "1/2"' if "not" in str(error) else ""
        elif isinstance(raw, Unreadable):
            reason = f"{raw.start} {raw.reason}"
        elif isinstance(raw, bool) or not isinstance(raw, int | float | Fraction):
            reason = f"is {kind_of(raw)}, not a number"
        else:
            reason = size_fault(raw)
        if reason:
            self.fault(path, reason, hint)
            return Fraction(0)
        if isinstance(raw, float):
            self.doubles.add(path.rpartition(".")[2].partition("[")[0])
        return Fraction(raw)

    def table(self, raw: Any, shape: tuple[int, ...], path: str) -> tuple[Fraction, ...] | None:
        """Return the numbers of a nested list of this shape, last index fastest; None on a fault, which is recorded.

        A size of -1 is taken from the first list at that depth.
        """
        before = len(self.problems)
        numbers = tuple(self._leaves(raw, list(shape), 0, path))
        return numbers if len(self.problems) == before else None

    def _leaves(self, raw: Any, sizes: list[int], depth: int, path: str) -> Iterator[Fraction]:
        if depth == len(sizes):
            yield self.number(raw, path)
            return
        if not isinstance(raw, list):
            self.fault(path, f"is {kind_of(raw)}, not a list")
            return
        if sizes[depth] < 0 and raw:
            sizes[depth] = len(raw)
        if len(raw) != sizes[depth] or not raw:
            wanted = f"needs {sizes[depth]}" if sizes[depth] > 0 else "needs at least one"
            self.fault(path, f"has {len(raw)} entries, {wanted}")
            return
        for index, entry in enumerate(raw):
            yield from self._leaves(entry, sizes, depth + 1, f"{path}[{index}]")
