"""What-if: one mechanism (`set`, `add`, `scale` on a dotted path) for calls, `--set`, sweeps and break-evens.

A `Change` is a wish; an `AppliedChange` is what it did to a scenario, with the value before and after.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from negotiation._numbers import exact_double
from negotiation._values import Value
from negotiation.errors import InputError, excerpt, nearest
from negotiation.trade.parameters.parameter import Number, Parameter, number_text
from negotiation.trade.parameters.registry import CHOICES

CHANGE_SIGNS = {"set": "=", "add": "+=", "scale": "*="}
SWEEP = "to try several values: negotiation study run SCENARIO --vary {axis}"
RANGE = re.compile(r"[^:]+:[^:]+:[^:]+\Z")
CHANGE = re.compile(r"^\s*([^\s=+*]*[^\s=+*/-])\s*([+*]?=)\s*(.*?)\s*$", re.DOTALL)


class Change(Value):
    """A change of one parameter: `op` is "set", "add" or "scale"; `value` a number, or a vector for "set"."""

    path: str
    op: str
    value: Number

    def _check(self) -> None:
        if self.op not in CHANGE_SIGNS:
            raise InputError.single("change", self.path, f"'{self.op}' is not an operation", "allowed: set, add, scale")
        numbers = self.value if isinstance(self.value, tuple) else (self.value,)
        if not numbers or not all(math.isfinite(number) for number in numbers):
            raise InputError.single("change", self.path, f"needs finite numbers, got {number_text(self.value)}")

    @classmethod
    def parse(cls, text: str) -> Change:
        """Return the change written as "path=1", "path+=0.1" or "path*=1.5"; commas separate a vector.

        >>> Change.parse("minerals.leverage*=1.25").sentence()
        'minerals.leverage *= 1.25'
        """
        match = CHANGE.match(text)
        if match is None:
            hint = "write path=value, path+=value or path*=value, without spaces"
            raise InputError.single("change", text, "is not a change", hint)
        path, sign, value = match.groups()
        op = next(name for name, symbol in CHANGE_SIGNS.items() if symbol == sign)
        return cls(path, op, _number(path, value))

    @classmethod
    def of(cls, path: Any, value: Any) -> Change:
        """Return the change that sets the number, or the sequence of numbers, `value` at `path`."""
        if not isinstance(path, str):
            raise InputError.single("change", repr(path)[:60], "is not the path of a parameter")
        if path in CHOICES and isinstance(value, str):
            value = choice_of(path, value)
        try:
            numbers = tuple(map(float, value)) if np.ndim(value) == 1 else float(value)
        except (TypeError, ValueError, OverflowError):
            text = f"needs a number or several, got {excerpt(repr(value))}"
            raise InputError.single("change", path, text, f"write set('{path}', 0.5)") from None
        return cls(path, "set", numbers)

    def value_after(self, before: Number) -> Number:
        """Return the value after this change of `before`; vectors are added to and scaled entry by entry.

        Raises `InputError` when a number is set where a vector stands, or the other way round.
        """
        if self.op == "set":
            if isinstance(before, tuple) != isinstance(self.value, tuple):
                wanted = f"{len(before)} numbers" if isinstance(before, tuple) else "one number"
                several = SWEEP.format(axis=f"{self.path}={number_text(self.value)[1:-1].replace(' ', '')}")
                several = several if isinstance(self.value, tuple) else ""
                raise InputError.single("change", self.path, f"needs {wanted}, got {number_text(self.value)}", several)
            return self.value
        if isinstance(self.value, tuple):
            text = f"'{CHANGE_SIGNS[self.op]}' needs one number, got {number_text(self.value)}"
            raise InputError.single("change", self.path, text)
        if isinstance(before, tuple):
            return tuple(_combined(self.op, number, self.value) for number in before)
        return _combined(self.op, before, self.value)

    def sentence(self) -> str:
        """Return the change for a reader, numbers to 12 digits."""
        return f"{self.path} {CHANGE_SIGNS[self.op]} {value_text(self.path, self.value)}"

    def text(self) -> str:
        """Return the change exactly, as `parse` reads it and as it can be pasted after `--set`."""
        if self.path in CHOICES and self.op == "set":
            return f"{self.path}={value_text(self.path, self.value)}"
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return f"{self.path}{CHANGE_SIGNS[self.op]}{value!r}".replace(" ", "")


class AppliedChange(Value):
    """A change with the value `before` and `after`, the `unit`, and a `notice`.

    The notice tells of a value outside the plausible range, and that another number gave way; `replaced` is that one,
    and `before` None where nothing followed from it.
    """

    change: Change
    before: Number | None
    after: Number
    unit: str
    notice: str = ""
    replaced: Parameter | None = None

    @property
    def path(self) -> str:
        """Dotted path of the changed parameter."""
        return self.change.path

    @property
    def ends(self) -> tuple[str, str]:
        """What stood there before, "none" where nothing did, and what does after, as a reader would write it."""
        before = "none" if self.before is None else value_text(self.path, self.before)
        return before, value_text(self.path, self.after)

    def sentence(self) -> str:
        """Return "path before → after unit"."""
        before, after = self.ends
        return f"{self.path} {before} → {after} {'' if self.unit == 'choice' else self.unit}".rstrip()


def value_text(path: str, value: Number) -> str:
    """Return the value at a path as a reader would write it: a number, a vector, or the name of a choice."""
    names = CHOICES.get(path, ())
    return next((name for place, name in enumerate(names) if place == value), number_text(value))


def choice_of(path: str, name: str) -> float:
    """Return the number that stands for the name of a choice; raises `InputError` with the nearest name."""
    names = CHOICES[path]
    if name not in names:
        allowed = " or ".join(f"'{each}'" for each in names)
        raise InputError.single("scenario", path, f"'{excerpt(name)}' is no choice: {allowed}", nearest(name, names))
    return float(names.index(name))


def changes_of(given: Iterable[Any]) -> Iterator[Change]:
    """Yield the changes among `given`: each a `Change`, a text as `Change.parse` reads it, or a list of either."""
    for change in given:
        if isinstance(change, Change):
            yield change
        elif isinstance(change, str):
            yield Change.parse(change)
        elif isinstance(change, Iterable) and not isinstance(change, Mapping | bytes):
            yield from changes_of(change)
        else:
            hint = "write 'minerals.leverage=0.85'"
            raise InputError.single("change", excerpt(repr(change)), "is not a change", hint)


def _combined(op: str, before: float, value: float) -> float:
    return before + value if op == "add" else before * value


def _number(path: str, text: str) -> Number:
    if path in CHOICES and not text.isdecimal():
        return choice_of(path, text.strip("'\""))
    inner = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        numbers = tuple(exact_double(part) for part in inner.split(","))
    except ValueError as error:
        hint = SWEEP.format(axis=f"{path}={text}") if RANGE.match(text) else f"write {path}=0.5"
        raise InputError.single("change", path, f"'{excerpt(text)}' {error}", hint) from None
    return numbers if len(numbers) > 1 or inner != text else numbers[0]
