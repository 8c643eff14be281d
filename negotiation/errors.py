"""What went wrong, said to a person: one base class, and a list of problems that is reported all at once.

A `Problem` names the place (file, dotted path, line), the fault, and what to write instead. `InputError` carries
every problem found in one reading, so that a user mends a file in one go.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import KW_ONLY, dataclass


class NegotiationError(Exception):
    """Base of every error this package raises on purpose; the message is one or more plain sentences."""

    exit_code = 2  # with which a command ends


@dataclass(frozen=True)
class Problem:
    """One fault in an input: dotted `path`, `message`, `hint`; where known `line` (1-based), `column`, `text`."""

    path: str
    message: str
    hint: str = ""
    _: KW_ONLY
    line: int | None = None
    column: int = 0
    text: str = ""

    def sentence(self) -> str:
        """Return the problem as one sentence without the source excerpt."""
        hint = f" ({self.hint})" if self.hint else ""
        where = f"{self.path}: " if self.path else ""
        return f"{where}{self.message}{hint}"


class InputError(NegotiationError):
    """The input is wrong: `origin` is the file or argument, `problems` all that was found in it."""

    def __init__(self, origin: str, problems: Iterable[Problem]) -> None:
        self.origin = origin
        self.problems = tuple(problems)
        super().__init__(f"{origin}: " + "; ".join(problem.sentence() for problem in self.problems))

    def __reduce__(self) -> tuple[type[InputError], tuple[str, tuple[Problem, ...]]]:
        return type(self), (self.origin, self.problems)

    @classmethod
    def single(cls, origin: str, path: str, message: str, hint: str = "") -> InputError:
        """Return an error with one problem."""
        return cls(origin, (Problem(path, message, hint),))


class OutputError(NegotiationError):
    """A place for results cannot be used: it is a file, or belongs to another run, or what it holds cannot be read."""


class MachineError(OutputError):
    """The machine failed, not the input: a full disk, too little memory, an output that takes nothing, dead workers."""

    exit_code = 3

    @classmethod
    def unwritable(cls, target: object, error: OSError) -> MachineError:
        """Return the error for a file, folder or stream that could not be written."""
        return cls(f"{target} could not be written: {error.strerror or error}.")


def count_text(number: int, noun: str, others: str = "") -> str:
    """Return a number with its noun, in the plural (with an s, or `others`) unless there is one.

    >>> count_text(1, "difference"), count_text(2000, "difference"), count_text(0, "box", "boxes")
    ('1 difference', '2,000 differences', '0 boxes')
    """
    return f"{number:,} {noun if number == 1 else others or noun + 's'}"


def excerpt(word: str, most: int = 60) -> str:
    """Return `word`, or its beginning where it is longer than `most` characters, for use in a sentence."""
    return word if len(word) <= most else f"{word[:most]}…"


def nearest(word: str, words: Iterable[str], first: Sequence[str] = ()) -> str:
    """Return "did you mean 'x'?" for the closest known word, or the list of what is allowed when none is close.

    first: what stands first in a list that is too long to be given whole. Capital letters make no difference.
    """
    options = sorted(str(option) for option in words)
    word = excerpt(word, 200).lower()
    tails = {option.rsplit(".", 1)[-1].lower(): option for option in options}
    for asked, names, cutoff in (  # 0.6 is difflib's own; the last part of a path is shorter and has to be closer
        (word, {option.lower(): option for option in options}, 0.6),
        (word.rsplit(".", 1)[-1], tails, 0.75),
    ):
        # a name of two letters resembles too much: it is meant only where it is written
        long = [name for name in names if len(name) > 2 or name == asked]
        close = difflib.get_close_matches(asked, long, n=1, cutoff=cutoff)
        if close:
            return f"did you mean '{names[close[0]]}'?"
    ordered = [*first, *(option for option in options if option not in first)]
    return "allowed: " + ", ".join(ordered[:12]) + (", ..." if len(options) > 12 else "")
