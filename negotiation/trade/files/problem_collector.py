"""The desk on which one scenario file is read: its text, the place of each key, and every problem found so far.

Problems are collected, not raised one by one, so that a user mends a file in one go. `tomllib` forgets where keys
stand: a walk over a text that it has already accepted finds them again, so it may be lenient. Keys are tuples such as
("calls", 0, "probability").
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any, NamedTuple

from negotiation._numbers import Unreadable
from negotiation.errors import InputError, Problem
from negotiation.trade.parameters.parameter import Source

Key = tuple[str | int, ...]
TOKEN = re.compile(
    r'''[ \t\r]+ | \#[^\n]*                                                     # blanks and comments
    | (?P<token> """ (?:\\[\s\S]|[^\\])*? "{3,5} | \'\'\' [\s\S]*? \'{3,5}      # texts over several lines
    | " (?:\\.|[^"\\])* " | '[^']*' | [^\s=.,\[\]{}\#"']+ | [=.,\[\]{}\n] )     # texts, words and signs''',
    re.VERBOSE,
)


class Place(NamedTuple):
    """A position in a text: `line` counts from 1, `column` from 0."""

    line: int
    column: int


def key_places(text: str) -> dict[Key, Place]:
    r"""Return the place of every key and array entry of a valid TOML text.

    >>> key_places('[a]\nb = { c = 1 }')[("a", "b", "c")]
    Place(line=2, column=6)
    """
    walk = _Walk(text)
    walk.document()
    return walk.places


class _Walk:
    """A recursive descent over the tokens; `position` is that of the next one."""

    def __init__(self, text: str) -> None:
        self.tokens = [match for match in TOKEN.finditer(text) if match["token"]]
        self.position = 0
        self.line_starts = [0, *(newline.end() for newline in re.finditer("\n", text))]
        self.places: dict[Key, Place] = {}
        self.lengths: dict[Key, int] = {}  # of arrays of tables

    def next(self) -> str:
        return self.tokens[self.position][0] if self.position < len(self.tokens) else ""

    def take(self) -> tuple[str, int]:
        """Move past the next token; return it, and where it starts."""
        token = self.tokens[self.position]
        self.position += 1
        return token[0], token.start()

    def mark(self, key: Key, start: int) -> None:
        line = bisect_right(self.line_starts, start)
        self.places.setdefault(key, Place(line, start - self.line_starts[line - 1]))

    def document(self) -> None:
        table: Key = ()
        while self.next():
            if self.next() == "\n":
                self.take()
            elif self.next() == "[":
                table = self.header()
            else:
                self.pair(table)

    def header(self) -> Key:
        """Read "[a.b]" or "[[a]]"; below an array of tables, or in its own header, a key names the latest entry."""
        self.take()
        many = self.next() == "["
        if many:
            self.take()
        key: Key = ()
        parts = self.dotted()
        for index, (name, start) in enumerate(parts):
            key = (*key, name)
            self.mark(key, start)
            if index < len(parts) - 1 and key in self.lengths:
                key = (*key, self.lengths[key] - 1)
        self.take()
        if many:
            self.take()
            number = self.lengths.get(key, 0)
            self.lengths[key] = number + 1
            key = (*key, number)
            self.mark(key, parts[-1][1])
        return key

    def dotted(self) -> list[tuple[str, int]]:
        """Read "a.b" and return each name with where it starts."""
        parts = []
        while True:
            word, start = self.take()
            parts.append((tomllib.loads(f"text={word}")["text"] if word[0] in "\"'" else word, start))
            if self.next() != ".":
                return parts
            self.take()

    def pair(self, table: Key) -> None:
        """Read "a.b = value" below `table`."""
        key = table
        for name, start in self.dotted():
            key = (*key, name)
            self.mark(key, start)
        self.take()  # the equals sign
        self.value(key)

    def value(self, key: Key) -> None:
        if self.next() in ("[", "{"):
            self.entries(key)
        else:
            while self.next() not in ("", ",", "]", "}", "\n"):
                self.take()

    def entries(self, key: Key) -> None:
        """Read an array or an inline table."""
        close = "]" if self.take()[0] == "[" else "}"
        number = 0
        while self.next() != close:
            if self.next() in (",", "\n"):
                self.take()
            elif close == "}":
                self.pair(key)
            else:
                self.mark((*key, number), self.tokens[self.position].start())
                self.value((*key, number))
                number += 1
        self.take()


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
