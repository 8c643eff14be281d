"""Where each key of a TOML text stands, so that a mistake can be shown with its line and a caret.

`tomllib` forgets positions. This walk runs over a text that `tomllib` has already accepted, so it may be lenient: it
only has to find keys, not to judge them. Keys are tuples such as ("calls", 0, "probability").
"""

from __future__ import annotations

from typing import NamedTuple

Key = tuple[str | int, ...]
BARE_END = frozenset(" \t\r\n=.]},#")


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
    """A recursive descent over the text; `at` is the next character."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.places: dict[Key, Place] = {}
        self.counts: dict[Key, int] = {}
        self.starts = [0]
        for index, character in enumerate(text):
            if character == "\n":
                self.starts.append(index + 1)

    def place(self, at: int) -> Place:
        low, high = 0, len(self.starts)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.starts[middle] <= at else (low, middle)
        return Place(low + 1, at - self.starts[low])

    def mark(self, key: Key, at: int) -> None:
        self.places.setdefault(key, self.place(at))

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def skip(self, newlines: bool = True) -> None:
        """Move past blanks and comments."""
        blanks = " \t\r\n" if newlines else " \t"
        while self.at < len(self.text):
            if self.peek() == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            elif self.peek() in blanks:
                self.at += 1
            else:
                return

    def document(self) -> None:
        table: Key = ()
        while True:
            self.skip()
            if self.at >= len(self.text):
                return
            table = self.header() if self.peek() == "[" else self.pair(table)

    def header(self) -> Key:
        """Read "[a.b]" or "[[a]]"; an entry of an array of tables gets its number as part of the key."""
        many = self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        parts, starts = self.dotted()
        self.skip(newlines=False)
        self.at += 2 if many else 1
        for index, start in enumerate(starts):
            self.mark(self.resolved(parts[: index + 1]), start)
        key = self.resolved(parts)
        if many:
            number = self.counts.get(key, 0)
            self.counts[key] = number + 1
            key = (*key, number)
            self.mark(key, starts[-1])
        return key

    def resolved(self, parts: list[str]) -> Key:
        """Return the key of a header: below an array of tables it means the latest entry."""
        key: Key = ()
        for index, part in enumerate(parts):
            key = (*key, part)
            if key in self.counts and index < len(parts) - 1:
                key = (*key, self.counts[key] - 1)
        return key

    def dotted(self) -> tuple[list[str], list[int]]:
        parts, starts = [], []
        while True:
            self.skip(newlines=False)
            starts.append(self.at)
            parts.append(self.word())
            self.skip(newlines=False)
            if self.peek() != ".":
                return parts, starts
            self.at += 1

    def word(self) -> str:
        if self.peek() in ('"', "'"):
            start = self.at
            self.string()
            return self.text[start + 1 : self.at - 1]
        start = self.at
        while self.at < len(self.text) and self.peek() not in BARE_END:
            self.at += 1
        return self.text[start : self.at]

    def pair(self, table: Key) -> Key:
        """Read "a.b = value" below `table`; return `table`."""
        parts, starts = self.dotted()
        for index, start in enumerate(starts):
            self.mark((*table, *parts[: index + 1]), start)
        self.at += 1  # the equals sign
        self.value((*table, *parts))
        return table

    def value(self, key: Key) -> None:
        self.skip()
        character = self.peek()
        if character in ('"', "'"):
            self.string()
        elif character == "[":
            self.array(key)
        elif character == "{":
            self.inline(key)
        else:
            while self.at < len(self.text) and self.peek() not in ",]}\r\n#":
                self.at += 1

    def array(self, key: Key) -> None:
        self.at += 1
        number = 0
        while True:
            self.skip()
            if self.peek() in ("]", ""):
                self.at += 1
                return
            if self.peek() == ",":
                self.at += 1
                continue
            self.mark((*key, number), self.at)
            self.value((*key, number))
            number += 1

    def inline(self, key: Key) -> None:
        self.at += 1
        while True:
            self.skip()
            if self.peek() in ("}", ""):
                self.at += 1
                return
            if self.peek() == ",":
                self.at += 1
                continue
            self.pair(key)

    def string(self) -> None:
        quote = self.peek()
        mark = quote * 3 if self.text.startswith(quote * 3, self.at) else quote
        self.at += len(mark)
        while self.at < len(self.text) and not self.text.startswith(mark, self.at):
            self.at += 2 if quote == '"' and self.peek() == "\\" else 1
        self.at += len(mark)
        while len(mark) == 3 and self.peek() == quote:  # up to two quotes may stand before the closing three
            self.at += 1
