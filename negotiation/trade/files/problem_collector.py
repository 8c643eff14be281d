"""The desk on which one scenario file is read: its text, the place of each key, and every problem found so far.

Problems are collected, not raised one by one, so that a user mends a file in one go.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from negotiation._numbers import Unreadable
from negotiation.errors import InputError, Problem
from negotiation.trade.files.toml_positions import Key, Place
from negotiation.trade.parameters.parameter import Source

NAME_LENGTH = 80  # characters of a name: folders are called by it, and file systems take 255 bytes
WHOLE = 2**63  # whole numbers of TOML lie below it in size
NOT_IN_KEYS = re.compile(r"[\s.=+*/\\]")


class ProblemCollector:
    """Mutable on purpose and private to loading: nothing of it survives in a `Scenario`.

    data: the file as `tomllib` gives it. sources: those shipped and those of the file.
    """

    def __init__(self, origin: str, text: str, data: Mapping[str, Any], places: Mapping[Key, Place]) -> None:
        self.origin, self.data, self.places = origin, data, places
        self.lines = text.splitlines()
        self.problems: list[Problem] = []
        self.spoiled: set[Key] = set()
        self.sources: dict[str, Source] = {}

    def fault(self, key: Key, message: str, hint: str = "", shown: str | None = None) -> None:
        """Record a problem at `key`; the nearest enclosing key that stands in the file gives the line."""
        self.spoiled.add(key)
        path = ".".join(str(part) for part in key) if shown is None else shown
        place = next((self.places[key[:end]] for end in range(len(key), 0, -1) if key[:end] in self.places), None)
        if place is None:
            problem = Problem(path, message, hint)
        else:
            text = self.lines[place.line - 1] if place.line <= len(self.lines) else ""
            problem = Problem(path, message, hint, line=place.line, column=place.column, text=text)
        if problem not in self.problems:
            self.problems.append(problem)

    def is_spoiled(self, key: Key) -> bool:
        """Return whether a problem was found at, above or below `key`: what follows from it is not worth saying."""
        return any(bad[: len(key)] == key or key[: len(bad)] == bad for bad in self.spoiled)

    def finish(self) -> None:
        """Raise `InputError` with all problems, in the order of the file, when there are any."""
        if self.problems:
            raise InputError(
                self.origin, sorted(self.problems, key=lambda problem: (problem.line or 0, problem.column))
            )


def check_numbers(collector: ProblemCollector, key: Key, raw: Any) -> None:
    """Record every number at or below `key` that is unreadable, or whole and beyond 64 bits, the range of TOML."""
    if isinstance(raw, Unreadable):
        collector.fault(key, raw.reason)
    elif isinstance(raw, int) and not -WHOLE <= raw < WHOLE:
        collector.fault(key, "is a whole number of more than 18 digits", "write a number such as 1e30, if it is meant")
    elif isinstance(raw, Mapping):
        for name, below in raw.items():
            check_numbers(collector, (*key, name), below)
    elif isinstance(raw, list):
        for number, below in enumerate(raw):
            check_numbers(collector, (*key, number), below)


def name_fault(name: str) -> str:
    """Return why `name` cannot name a scenario, a call or a regime (and so a file or a folder), or an empty text."""
    if not name.strip():
        return "a name must not be empty"
    if len(name) > NAME_LENGTH:
        return f"a name may have {NAME_LENGTH} characters, this one has {len(name)}"
    if any(unicodedata.category(character).startswith("C") for character in name):
        return "a name must not contain control or invisible characters"
    if "/" in name or "\\" in name:
        return "a name must not contain a path separator (/ or \\)"
    if name.startswith(".") or name.endswith(".") or name != name.strip():
        return "a name must not start or end with a dot or a blank"
    return ""


def key_fault(name: str) -> str:
    """Return why `name` cannot be a part of a dotted path (an action, a player, a third party), or an empty text."""
    fault = name_fault(name)
    if not fault and NOT_IN_KEYS.search(name):
        return "must not contain blanks or any of . = + * because it is part of a path such as minerals.leverage"
    return fault
