"""One scenario file while it is read: its text, the place of each key, and every problem found so far.

Problems are collected, not raised one by one, so that a user mends a file in one go. `tomllib` forgets where keys
stand: a walk over a text that it has already accepted finds them again, so it may be lenient. Keys are tuples such as
("calls", 0, "probability").
"""

import re
import tomllib
import unicodedata
from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from negotiation._numbers import Unreadable
from negotiation._tables import FileTable, Key, kind_of, table_faults
from negotiation.errors import InputError, Problem, excerpt, nearest
from negotiation.trade.parameters.parameter import Source

TOKEN = re.compile(
    r'''[ \t\r]+ | \#[^\n]*                                                     # blanks and comments
    | (?P<token> """ (?:\\[\s\S]|[^\\])*? "{3,5} | \'\'\' [\s\S]*? \'{3,5}      # texts over several lines
    | " (?:\\.|[^"\\])* " | '[^']*' | [^\s=.,\[\]{}\#"']+ | [=.,\[\]{}\n] )     # texts, words and signs''',
    re.VERBOSE,
)


NAME_LENGTH = 80  # characters of a name: folders are called by it, and file systems take 255 bytes
WHOLE = 2**63  # whole numbers of TOML lie below it in size
NOT_IN_KEYS = re.compile(r"[\s.=+*/\\]")
Tokens = deque[tuple[str, int]]  # words and signs, each with where it starts


class Place(NamedTuple):
    """A position in a text: `line` counts from 1, `column` from 0."""

    line: int
    column: int


def key_places(text: str) -> dict[Key, Place]:
    r"""Return the place of every key and array entry of a valid TOML text.

    >>> key_places('[a]\nb = { c = 1 }')[("a", "b", "c")]
    Place(line=2, column=6)
    """
    tokens = deque((match[0], match.start()) for match in TOKEN.finditer(text) if match["token"])
    starts = [0, *(newline.end() for newline in re.finditer("\n", text))]
    places: dict[Key, Place] = {}
    counts: Counter[Key] = Counter()  # entries so far, of arrays and of arrays of tables
    table: Key = ()
    inside: list[tuple[Key, str]] = []  # arrays and inline tables that are open, and what closes each

    def mark(key: Key, start: int) -> Key:
        line = bisect_right(starts, start)
        places.setdefault(key, Place(line, start - starts[line - 1]))
        return key

    while tokens:
        key, close = inside[-1] if inside else (table, "")
        if tokens[0][0] in (close, ",", "\n"):
            if tokens.popleft()[0] == close:
                inside.pop()
            continue
        if tokens[0][0] == "[" and not inside:
            table = _header(tokens, counts, mark)
            continue
        if close == "]":
            counts[key] += 1
            key = mark((*key, counts[key] - 1), tokens[0][1])
        else:
            for name, start in _dotted_names(tokens):
                key = mark((*key, name), start)
            tokens.popleft()  # the equals sign
        if tokens[0][0] in ("[", "{"):
            inside.append((key, "]" if tokens.popleft()[0] == "[" else "}"))
        else:
            while tokens and tokens[0][0] not in (",", "]", "}", "\n"):
                tokens.popleft()
    return places


def _header(tokens: Tokens, counts: Counter[Key], mark: Callable[[Key, int], Key]) -> Key:
    """Take "[a.b]" or "[[a]]"; below an array of tables, or in its own header, a key names the latest entry."""
    tokens.popleft()
    many = tokens[0][0] == "["
    if many:
        tokens.popleft()
    key: Key = ()
    for name, start in _dotted_names(tokens):
        key = mark((*key, counts[key] - 1, name) if key in counts else (*key, name), start)
    tokens.popleft()
    if many:
        tokens.popleft()
        counts[key] += 1
        key = mark((*key, counts[key] - 1), start)
    return key


def _dotted_names(tokens: Tokens) -> list[tuple[str, int]]:
    """Take "a.b" and return each name with where it starts."""
    parts = []
    while True:
        word, start = tokens.popleft()
        parts.append((tomllib.loads(f"text={word}")["text"] if word[0] in "\"'" else word, start))
        if tokens[0][0] != ".":
            return parts
        tokens.popleft()


class NamedTable(FileTable):
    """A table that says its name."""

    name: str


T = TypeVar("T", bound=FileTable)
N = TypeVar("N", bound=NamedTable)


class ProblemCollector:
    """Mutable on purpose and private to loading: nothing of it survives in a `Scenario`.

    data: the file as `tomllib` gives it. sources: those shipped and those of the file.
    """

    def __init__(self, origin: str, text: str, data: Mapping[str, Any]) -> None:
        self.origin, self.data, self.places = origin, data, key_places(text)
        self.lines = text.splitlines()
        self.problems: list[Problem] = []
        self.spoiled: set[Key] = set()
        self.sources: dict[str, Source] = {}

    def fault(self, key: Key, message: str, hint: str = "", shown: str | None = None) -> None:
        """Record a problem at `key`; the nearest enclosing key that stands in the file gives the line."""
        self.spoiled.add(key)
        path = ".".join(map(str, key)) if shown is None else shown
        place = next((self.places[key[:end]] for end in range(len(key), 0, -1) if key[:end] in self.places), None)
        problem = Problem(path, message, hint)
        if place is not None:
            text = self.lines[place.line - 1] if place.line <= len(self.lines) else ""
            problem = replace(problem, line=place.line, column=place.column, text=text)
        if problem not in self.problems:
            self.problems.append(problem)

    def check_name(self, key: Key, what: str, name: str, allowed: Iterable[str]) -> None:
        """Record a name of `what` that is none of those allowed, with the nearest one."""
        if name not in allowed:
            self.fault(key, f"there is no {what} '{excerpt(name)}'", nearest(name, allowed))

    def is_spoiled(self, key: Key) -> bool:
        """Return whether a problem was found at, above or below `key`: what follows from it is not worth saying."""
        return any(bad[: len(key)] == key or key[: len(bad)] == bad for bad in self.spoiled)

    def finish(self) -> None:
        """Raise `InputError` with all problems, in the order of the file, when there are any."""
        if self.problems:
            ordered = sorted(self.problems, key=lambda problem: (problem.line or 0, problem.column))
            raise InputError(self.origin, ordered)

    def table(self, model: type[T], raw: Any, key: Key, also: Iterable[str] = (), partial: bool = False) -> T | None:
        """Return `raw` as `model`, or None after recording every fault below `key`; `also` names further valid keys.

        partial: return what is left without the keys that have a fault.
        """
        if not isinstance(raw, dict):
            self.fault(key, f"is {kind_of(raw)}, not a table")
            return None
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            faults = list(table_faults(error, model, also))
        for place, message, hint in faults:
            self.fault((*key, *place), message, hint)
        bad = {place[0] for place, _, _ in faults}
        return model.model_validate({name: raw[name] for name in raw if name not in bad}) if partial else None

    def named_tables(self, model: type[N], section: str) -> Iterator[tuple[Key, N]]:
        """Yield key and table of every valid entry of a list of tables, each with a name of its own."""
        entries, names = self.data.get(section, []), set()
        if not isinstance(entries, list):
            self.fault((section,), f"is {kind_of(entries)}, not a list of tables", f"start each with [[{section}]]")
            return
        for index, entry in enumerate(entries):
            key = (section, index)
            table = self.table(model, entry, key)
            if table is not None and table.name in names:
                self.fault((*key, "name"), f"there are two {section} named '{table.name}'")
            elif table is not None:
                names.add(table.name)
                yield key, table


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
    hidden = any(unicodedata.category(character).startswith("C") for character in name)
    wrong = {
        "a name must not be empty": not name.strip(),
        f"a name may have {NAME_LENGTH} characters, this one has {len(name)}": len(name) > NAME_LENGTH,
        "a name must not contain control or invisible characters": hidden,
        "a name must not contain a path separator (/ or \\)": "/" in name or "\\" in name,
        "a name must not start or end with a dot or a blank": name != name.strip() or name != name.strip("."),
    }
    return next((fault for fault, is_so in wrong.items() if is_so), "")


def key_fault(name: str) -> str:
    """Return why `name` cannot be a part of a dotted path (an action, a player, a third party), or an empty text."""
    fault = name_fault(name)
    if not fault and NOT_IN_KEYS.search(name):
        return "must not contain blanks or any of . = + * because it is part of a path such as minerals.leverage"
    return fault
