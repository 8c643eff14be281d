"""The words of a Gambit or GameTracer file, each with its place, so that a mistake is shown where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple, NoReturn

from negotiation._numbers import ratio_of_text
from negotiation.errors import InputError, Problem, excerpt

_TOKEN = re.compile(r'(?P<text>"(?:[^"\\]|\\.)*")|(?P<mark>[{}])|(?P<word>[^\s{}",]+)|(?P<skip>[\s,]+)', re.DOTALL)


class Token(NamedTuple):
    """One word: `kind` is "text" (quoted), "mark" (a brace), "word" or "end"; `at` is its first character."""

    kind: str
    value: str
    at: int


class Tokens:
    """The words of a file one after the other; commas and white space only part them."""

    def __init__(self, text: str, origin: str) -> None:
        self._text, self._origin, self._next = text, origin, 0
        self._all = list(self._split())

    def _split(self) -> Iterator[Token]:
        at = 0
        while at < len(self._text):
            found = _TOKEN.match(self._text, at)
            if found is None:
                self.fault("opens a quoted name that never ends", Token("text", '"', at), 'names stand between " and "')
            if found.lastgroup != "skip":
                yield Token(str(found.lastgroup), found[0], at)
            at = found.end()
        yield Token("end", "the end of the file", len(self._text))

    @property
    def left(self) -> int:
        """How many words are left."""
        return len(self._all) - 1 - self._next

    @property
    def ahead(self) -> Token:
        """The next word."""
        return self._all[self._next]

    def take(self) -> Token:
        """Return the next word and go on."""
        token = self.ahead
        self._next += token.kind != "end"
        return token

    def fault(self, message: str, token: Token, hint: str = "") -> NoReturn:
        """Raise `InputError` with the line in which `token` stands."""
        before = self._text[: token.at]
        line, start = before.count("\n"), before.rfind("\n") + 1
        text = self._text[start:].partition("\n")[0].rstrip()
        word = excerpt(token.value, 40).replace("\n", " ")
        problem = Problem(
            f"line {line + 1}", f"{word} {message}", hint, line=line + 1, column=token.at - start, text=text
        )
        raise InputError(self._origin, [problem])

    def expect(self, *values: str) -> Token:
        """Return the next word, which must be one of `values`."""
        token = self.take()
        if token.value not in values:
            self.fault(f"stands where {' or '.join(values)} is needed", token)
        return token

    def text(self, what: str) -> str:
        r"""Return the next word, which must be quoted; \" is a quotation mark, other backslashes are what they are."""
        token = self.take()
        if token.kind != "text":
            self.fault(f"stands where {what} in quotes is needed", token)
        return token.value[1:-1].replace('\\"', '"')

    def number(self, what: str) -> Fraction:
        """Return the next word, which must be a number, as the ratio that is written."""
        token = self.take()
        if token.kind != "word":
            self.fault(f"stands where {what} is needed", token)
        try:
            return ratio_of_text(token.value)
        except ValueError as error:
            self.fault(f"{error}, {what} is needed", token, "write 0.5 or 1/2")

    def count(self, what: str, least: int = 1) -> int:
        """Return the next word, which must be a whole number of at least `least`."""
        token = self.ahead
        number = self.number(what)
        if number.denominator != 1 or number < least:
            self.fault(f"stands where {what}, a whole number of at least {least}, is needed", token)
        return int(number)

    def end(self) -> None:
        """Check that nothing is left."""
        if self.ahead.kind != "end":
            self.fault("stands after the last number that the game needs", self.ahead)
