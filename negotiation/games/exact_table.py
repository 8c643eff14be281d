"""Nested lists of numbers from a file, as doubles and as the ratios they were written in.

A leaf is a JSON number or a text with a decimal number or a ratio ("0.1", "1/3"). Text is meant exactly; so are whole
numbers; any other number is the double that it is read as.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from negotiation._values import Floats
from negotiation.errors import Problem

LARGEST = Fraction(10) ** 300


@dataclass
class Reader:
    """Collects every problem of one file, so that a user mends it in one go. exact: some number was given as text."""

    problems: list[Problem] = field(default_factory=list)
    exact: bool = False

    def fault(self, path: str, message: str, hint: str = "") -> None:
        """Record a problem."""
        self.problems.append(Problem(path, message, hint))

    def number(self, raw: Any, path: str) -> Fraction:
        """Return a finite number as a ratio; on a fault, record it and return 0."""
        if isinstance(raw, str):
            found = self._text(raw, path)
        elif isinstance(raw, bool) or not isinstance(raw, int | float):
            self.fault(path, f"is {kind_of(raw)}, not a number")
            return Fraction(0)
        elif isinstance(raw, float) and not math.isfinite(raw):
            self.fault(path, f"is {raw}, not a finite number")
            return Fraction(0)
        else:
            found = Fraction(raw)
            self.exact |= float(found) != found if abs(found) <= LARGEST else False
        if abs(found) > LARGEST:
            self.fault(path, "is too large for a number (more than 300 digits)")
            return Fraction(0)
        return found

    def _text(self, raw: str, path: str) -> Fraction:
        try:
            found = Fraction(raw.strip()) if len(raw) <= 400 else None
        except (ValueError, ZeroDivisionError):
            found = None
        if found is None:
            self.fault(path, f"'{raw[:40]}' is not a number", 'write 0.5, "0.5" or "1/2"')
            return Fraction(0)
        self.exact = True
        return found

    def table(self, raw: Any, shape: tuple[int, ...], path: str) -> tuple[Fraction, ...] | None:
        """Return the numbers of a nested list of this shape, last index fastest; None on a fault, which is recorded.

        A size of -1 is taken from the first list at that depth.
        """
        before = len(self.problems)
        sizes = list(shape)
        found = list(self._leaves(raw, sizes, 0, path))
        return tuple(found) if len(self.problems) == before else None

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
        for at, entry in enumerate(raw):
            yield from self._leaves(entry, sizes, depth + 1, f"{path}[{at}]")


def kind_of(raw: Any) -> str:
    """Return what a JSON value is, in a word or two."""
    names = {str: "text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(raw), "nothing (null)")


def doubles(numbers: tuple[Fraction, ...], shape: tuple[int, ...]) -> Floats:
    """Return the nearest doubles as an array."""
    return np.array([float(number) for number in numbers]).reshape(shape)
