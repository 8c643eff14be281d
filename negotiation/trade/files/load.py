"""Scenario files: find them, read them within limits, follow what they extend, and refuse what is no scenario."""

import difflib
import re
import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from negotiation._files import data_text, mode_of, read_text
from negotiation._numbers import double_in_toml
from negotiation.errors import InputError, Problem, excerpt
from negotiation.trade.files.parameters import parameter_sections
from negotiation.trade.files.problem_collector import ProblemCollector, check_numbers
from negotiation.trade.files.scenario import build_scenario
from negotiation.trade.parameters.parameter import first_day
from negotiation.trade.scenario.scenario import Scenario

LARGEST_SCENARIO = 1_000_000  # bytes of a TOML file, sixty times the longest shipped one
SUFFIX = ".toml"
LONG_NUMBER = re.compile(r"[0-9_]{4000,}")
TOO_LONG = "holds a whole number of thousands of digits"
SCENARIO_ONLY = {"extends", "kind", "as_of", *parameter_sections("economy"), *parameter_sections("payoffs")}


def embedded_scenarios() -> tuple[str, ...]:
    """Return the names of the scenarios shipped with the package, in alphabetical order."""
    folder = resources.files("negotiation").joinpath("data", "scenarios")
    return tuple(sorted(file.name.removesuffix(SUFFIX) for file in folder.iterdir() if file.name.endswith(SUFFIX)))


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Return a scenario by the name of a shipped one, or from a file.

    Raises `InputError` with every problem of the file, each with its line.
    """
    return _load(str(name_or_path), Path(), ())


def read_toml(path: Path, what: str) -> ProblemCollector:
    """Return any TOML file laid out for reading, with the place of every key; `what` ("a study") names it."""
    return _reading(str(path), read_text(path, what, LARGEST_SCENARIO))


def is_scenario(data: Mapping[str, Any]) -> bool:
    """Return whether a TOML file means to be a scenario: it has parameters or says what it extends, and is no study."""
    return not is_study(data) and not SCENARIO_ONLY.isdisjoint(data)


def is_study(data: Mapping[str, Any]) -> bool:
    """Return whether a TOML file means to be a study: it names a scenario, or what varies, and has no parameters."""
    return not {"scenario", "sample", "vary"}.isdisjoint(data) and SCENARIO_ONLY.isdisjoint(data)


def check_as_of(scenario: Scenario, date: str) -> tuple[str, ...]:
    """Return the paths of all parameters that were not yet known on `date` (ISO year, month or day)."""
    try:
        first_day(date)
    except ValueError as error:
        raise InputError.single("--as-of", "", str(error)) from None
    return scenario.hindsight_on(date)


def _load(name: str, folder: Path, chain: tuple[str, ...]) -> Scenario:
    """Return the scenario `name`, shipped or a file relative to `folder`; `chain` is what has led here."""
    if name in embedded_scenarios():
        identity, origin, stem = f"shipped:{name}", name, name
        text = data_text("scenarios", name + SUFFIX)
        home = Path()
    else:
        path = folder / name
        absent = "there is no such file or shipped scenario"
        text = read_text(path, "a scenario", LARGEST_SCENARIO, absent, _suggestion(name))
        identity, origin, stem = str(path.resolve()), str(path), path.stem
        home = path.parent
    if identity in chain:
        steps = " → ".join([*(Path(step.removeprefix("shipped:")).name for step in chain), Path(name).name])
        raise InputError.single(origin, "extends", f"the scenario extends itself: {steps}")
    collector = _reading(origin, text)
    if is_study(collector.data):
        hint = f"run it with negotiation study run {origin}"
        raise InputError.single(origin, "", "is a study file, not a scenario", hint)
    parent, base = collector.data.get("extends"), None
    if isinstance(parent, str):
        if parent not in embedded_scenarios() and not mode_of(home / parent):
            collector.fault(("extends",), f"there is no scenario '{excerpt(parent)}'", _suggestion(parent))
            collector.finish()
        base = _load(parent, home, (*chain, identity))
    return build_scenario(collector, base, stem)


def _reading(origin: str, text: str) -> ProblemCollector:
    try:
        collector = ProblemCollector(origin, text, tomllib.loads(text, parse_float=double_in_toml))
        check_numbers(collector, (), collector.data)
    except tomllib.TOMLDecodeError as error:
        raise InputError(origin, [_toml_problem(text, error)]) from None
    except RecursionError:
        raise InputError.single(origin, "", "is nested too deeply to be read") from None
    except ValueError:  # the only other one: Python reads no whole number of thousands of digits
        lines = text.splitlines()
        line = max(range(len(lines)), key=lambda number: max(map(len, LONG_NUMBER.findall(lines[number])), default=0))
        problem = Problem("", TOO_LONG, "write 1e30", line=line + 1, column=0, text=lines[line])
        raise InputError(origin, [problem]) from None
    collector.finish()
    return collector


def _toml_problem(text: str, error: tomllib.TOMLDecodeError) -> Problem:
    message, _, place = str(error).partition(" (at ")
    numbers = [int(word) for word in place.replace(",", " ").replace(")", " ").split() if word.isdigit()]
    lines = text.splitlines()
    line, column = numbers if len(numbers) == 2 else (max(len(lines), 1), 1)
    shown = lines[line - 1] if line <= len(lines) else ""
    return Problem("", f"is not TOML: {message[:1].lower()}{message[1:]}", "", line=line, column=column - 1, text=shown)


def _suggestion(name: str) -> str:
    shipped = embedded_scenarios()
    close = difflib.get_close_matches(Path(name).stem, shipped, n=1)
    return f"did you mean '{close[0]}'?" if close else "shipped: " + ", ".join(shipped)
