"""Nested lists of numbers from a file, as doubles and as the ratios they were written in.

A leaf is a number, or a text with a decimal number or a ratio ("0.1", "1/3"). What was written is meant exactly: texts,
whole numbers, and the decimals of a JSON file. A float from Python is the double that it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from negotiation._numbers import Unreadable, ratio_of_text, size_fault
from negotiation._values import Floats
from negotiation.errors import Problem, excerpt

_KEY = re.compile(r"(\w+)(?:\[\d+\])*\Z")


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

    def number(self, raw: Any, path: str) -> Fraction:
        """Return a finite number as a ratio; on a fault, record it and return 0."""
        reason, hint, found = "", "", Fraction(0)
        if isinstance(raw, str):
            try:
                found = ratio_of_text(raw)
            except ValueError as error:
                reason, hint = (
                    f"'{excerpt(raw, 40)}' {error}",
                    'write 0.5, "0.5" or "1/2"' if "not" in str(error) else "",
                )
        elif isinstance(raw, Unreadable):
            reason = f"{raw.start} {raw.reason}"
        elif isinstance(raw, bool) or not isinstance(raw, int | float | Fraction):
            reason = f"is {kind_of(raw)}, not a number"
        elif not (reason := size_fault(raw)):
            found = Fraction(raw)
            if isinstance(raw, float):
                key = _KEY.search(path)
                self.doubles.add(key[1] if key else path)
        if reason:
            self.fault(path, reason, hint)
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
    names = {str: "text", bool: "true or false", list: "a list", dict: "an object", type(None): "nothing (null)"}
    return names.get(type(raw), "a number")


def nearest_doubles(numbers: tuple[Fraction, ...], shape: tuple[int, ...]) -> Floats:
    """Return the nearest doubles as an array."""
    return np.array([float(number) for number in numbers]).reshape(shape)
