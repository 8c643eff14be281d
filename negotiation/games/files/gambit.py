"""Strategic games of other programs: Gambit's `.nfg` (payoffs or outcomes) and GameTracer's `.gam`, for two players.

Both list profiles with the first player's action fastest; docs/game-files.md says what is read of each.
"""

import re
from fractions import Fraction
from typing import Any, NamedTuple, NoReturn

import numpy as np

from negotiation._numbers import ratio_of_text
from negotiation.errors import InputError, Problem, excerpt

_TOKEN = re.compile(r'(?P<text>"(?:[^"\\]|\\.)*")|(?P<open>")|(?P<mark>[{}])|(?P<word>[^\s{}",]+)', re.DOTALL)


class Token(NamedTuple):
    """One word: `kind` is "text" (quoted), "mark" (a brace), "word" or "end"; `start` is its first character."""

    kind: str
    value: str
    start: int


class Tokens:
    """The words of a file one after the other; commas and white space only part them."""

    def __init__(self, text: str, origin: str) -> None:
        self._text, self._origin, self._next = text, origin, 0
        self._all = [Token(str(match.lastgroup), match[0], match.start()) for match in _TOKEN.finditer(text)]
        self._all.append(Token("end", "the end of the file", len(text)))
        for token in self._all:
            if token.kind == "open":
                self.fault("opens a quoted name that never ends", token, 'names stand between " and "')

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
        before = self._text[: token.start]
        line, start = before.count("\n"), before.rfind("\n") + 1
        text = self._text[start:].partition("\n")[0].rstrip()
        word = excerpt(token.value, 40).replace("\n", " ")
        problem = Problem(
            f"line {line + 1}", f"{word} {message}", hint, line=line + 1, column=token.start - start, text=text
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


Pair = tuple[Fraction, Fraction]
OTHER_PLAYERS = "players: this solver takes two"


def nfg_data(text: str, origin: str) -> dict[str, Any]:
    """Return the plain data of a Gambit file, as `load.any_game_of` takes it; raise `InputError` with the line."""
    tokens = Tokens(text, origin)
    tokens.expect("NFG")
    tokens.expect("1")
    tokens.expect("R", "D")
    title = tokens.text("the title")
    opening = tokens.ahead
    players = _names(tokens, "a player")
    if len(players) != 2:
        tokens.fault(f"opens a list of {len(players)} {OTHER_PLAYERS}", opening)
    actions = _strategies(tokens)
    if tokens.ahead.kind == "text":
        tokens.take()  # a comment
    shape = (len(actions[0]), len(actions[1]))
    outcomes = tokens.ahead.value == "{"
    pairs = _by_outcome(tokens, shape) if outcomes else _pairs(tokens, shape[0] * shape[1])
    tokens.end()
    payoffs = [[pair[player] for pair in pairs] for player in (0, 1)]
    labels = [_distinct(players, "player "), *(_distinct(names, "") for names in actions)]
    return {"title": title, "players": labels[0], "actions": labels[1:], **_payoffs(payoffs, shape)}


def gam_data(text: str, origin: str) -> dict[str, Any]:
    """Return the plain data of a GameTracer file; raise `InputError` with the line."""
    tokens = Tokens(text, origin)
    first = tokens.ahead
    if (players := tokens.count("the number of players")) != 2:
        tokens.fault(OTHER_PLAYERS, first)
    shape = (tokens.count("the first player's number of actions"), tokens.count("the second player's"))
    size = shape[0] * shape[1]
    _enough(tokens, players * size, f"{players} × {shape[0]} × {shape[1]} payoffs")
    payoffs = [[tokens.number("a payoff") for _ in range(size)] for _ in range(players)]
    tokens.end()
    return _payoffs(payoffs, shape)


def _names(tokens: Tokens, what: str) -> list[str]:
    tokens.expect("{")
    names = []
    while tokens.ahead.value != "}":
        names.append(tokens.text(f"the name of {what}"))
    tokens.take()
    return names


def _strategies(tokens: Tokens) -> list[list[str]]:
    """Return the names of both players' strategies; where the file only counts them, their numbers from 1 on."""
    tokens.expect("{")
    if tokens.ahead.value == "{":
        opening = tokens.ahead
        names = [_names(tokens, "a strategy") for _ in range(2)]
        if not all(names):
            tokens.fault("opens the strategies: each player needs at least one", opening)
    else:
        sizes = [tokens.count("a number of strategies") for _ in range(2)]
        _enough(tokens, sizes[0] * sizes[1], f"{sizes[0]} × {sizes[1]} profiles")
        names = [[str(number) for number in range(1, size + 1)] for size in sizes]
    tokens.expect("}")
    return names


def _by_outcome(tokens: Tokens, shape: tuple[int, int]) -> list[Pair]:
    tokens.expect("{")
    outcomes: list[Pair] = [(Fraction(0), Fraction(0))]
    while tokens.ahead.value == "{":
        tokens.take()
        tokens.text("the name of an outcome")
        outcomes += _pairs(tokens, 1)
        tokens.expect("}")
    tokens.expect("}")
    pairs = []
    for _ in range(shape[0] * shape[1]):
        token = tokens.ahead
        number = tokens.count("the number of an outcome for each profile", 0)
        if number >= len(outcomes):
            tokens.fault(f"is no outcome: the file lists {len(outcomes) - 1}", token)
        pairs.append(outcomes[number])
    return pairs


def _pairs(tokens: Tokens, size: int) -> list[Pair]:
    return [(tokens.number("a payoff"), tokens.number("a payoff of the second player")) for _ in range(size)]


def _enough(tokens: Tokens, needed: int, what: str) -> None:
    """Refuse a table larger than the file before room is made for it."""
    if tokens.left < needed:
        tokens.fault(f"comes next, but {what} are needed and {tokens.left} words are left", tokens.ahead)


def _payoffs(payoffs: list[list[Fraction]], shape: tuple[int, int]) -> dict[str, Any]:
    """Return the matrices of both players' payoffs, which come with the first player's action fastest."""
    tables = np.array(payoffs, dtype=object).reshape(2, *shape[::-1]).swapaxes(1, 2)
    return {"payoffs": tables.tolist(), "layout": "matrices"}


def _distinct(names: list[str], what: str) -> list[str]:
    """Return names with a number for those that are empty, and a number behind those that are taken already."""
    labels: list[str] = []
    for place, name in enumerate(names):
        fresh = name or f"{what}{place + 1}"
        tries = [fresh, *(f"{fresh}_{more}" for more in range(1, len(names) + 1))]
        free = (label for label in tries if label not in labels and (label == name or label not in names))
        labels.append(next(free))
    return labels
