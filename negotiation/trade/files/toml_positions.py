"""Where each key of a TOML text stands, so that a mistake can be shown with its line and a caret.

`tomllib` forgets positions. This walk runs over a text that `tomllib` has already accepted, so it may be lenient: it
only has to find keys, not to judge them. Keys are tuples such as ("calls", 0, "probability").
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from typing import NamedTuple

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
