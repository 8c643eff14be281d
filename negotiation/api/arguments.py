"""Arguments as people give them, made into what the rooms take; what makes no sense is refused in one sentence."""

import math
import operator
from collections.abc import Mapping
from decimal import Decimal
from numbers import Real
from os import PathLike
from pathlib import Path
from typing import Any

from negotiation._numbers import ratio_of_text
from negotiation.errors import InputError, excerpt
from negotiation.trade.files.load import load_scenario as load
from negotiation.trade.scenario.scenario import Scenario

ScenarioLike = Scenario | str | PathLike[str]
Names = str | list[str] | tuple[str, ...] | None


def refusal(argument: str, value: object, wanted: str, hint: str = "") -> InputError:
    """Return the error for an argument of the wrong kind."""
    kind = type(value).__name__
    shown = f"'{excerpt(value, 40)}'" if isinstance(value, str) else f"a value of type {kind}"
    return InputError.single(argument, "", f"{shown} is not {wanted}", hint)


def scenario_of(value: Any) -> Scenario:
    """Return a scenario: one already made, a shipped one by its name, or that of a file."""
    if isinstance(value, Scenario):
        return value
    return load(path_of("scenario", value, "a scenario", "give a Scenario, a shipped scenario's name or a path"))


def path_of(argument: str, value: Any, wanted: str = "a path", hint: str = "") -> str | Path:
    """Return a path, or text that names one."""
    if isinstance(value, str) and value and "\0" not in value:
        return value
    if isinstance(value, PathLike):
        return Path(value)
    raise refusal(argument, value, wanted, hint)


def number_of(argument: str, value: Any, low: float = -math.inf, high: float = math.inf) -> Any:
    """Return a finite number between two bounds as it was given: an int, a float, or a `Fraction` from text."""
    try:
        number: Any = value.item() if hasattr(value, "item") else value
        number = ratio_of_text(number) if isinstance(number, str) else number
        if isinstance(number, bool) or not isinstance(number, Real | Decimal) or not math.isfinite(number):
            raise ValueError
    except (TypeError, ValueError, OverflowError):
        raise refusal(argument, value, "a finite number") from None
    if not low <= float(number) <= high:
        between = f"between {low:g} and {high:g}" if math.isfinite(high) else f"at least {low:g}"
        raise InputError.single(argument, "", f"must be {between}, got {value}")
    return number


def whole_of(argument: str, value: Any, low: int = 0) -> int:
    """Return a whole number of at least `low`."""
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool):
        raise refusal(argument, value, "a whole number")
    if number < low:
        raise InputError.single(argument, "", f"must be at least {low}, got {excerpt(str(number))}")
    return number


def flag_of(argument: str, value: Any) -> bool:
    """Return True or False."""
    if not isinstance(value, bool):
        raise refusal(argument, value, "True or False")
    return value


def names_of(argument: str, value: Any) -> tuple[str, ...]:
    """Return names: one, several, or none for None."""
    if value is None:
        return ()
    names = (value,) if isinstance(value, str) else items_of(argument, value, "a name or a list of names")
    for name in names:
        if not isinstance(name, str):
            raise refusal(argument, name, "a name")
    return names


def items_of(argument: str, value: Any, wanted: str) -> tuple[Any, ...]:
    """Return what a list (any iterable but text or a mapping) holds."""
    try:
        if not isinstance(value, str | bytes | Mapping):
            return tuple(value)
    except TypeError:
        pass
    raise refusal(argument, value, wanted)


def amounts_of(argument: str, value: Any) -> dict[str, float]:
    """Return numbers by name: a mapping, texts "name=0.5", or nothing for None."""
    if value is None:
        return {}
    if isinstance(value, Mapping):
        pairs = [(str(name), number) for name, number in value.items()]
    else:
        split = [text.partition("=") for text in names_of(argument, value)]
        pairs = [(name.strip(), number) for name, _, number in split]
    amounts = {}
    for name, number in pairs:
        try:
            amounts[name] = float(number_of(argument, number))
        except InputError:
            hint = "write verification=0.5"
            raise InputError.single(argument, name, "is not a number for an instrument", hint) from None
    return amounts
