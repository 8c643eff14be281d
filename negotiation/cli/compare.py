"""`negotiation compare A B`: what differs between two scenarios, or between the scenarios of two result folders."""

from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from negotiation._files import mode_of, read_json
from negotiation.cli.messages import next_command, say
from negotiation.cli.options import AsJson
from negotiation.cli.scenarios import say_json
from negotiation.errors import InputError, count_text
from negotiation.report.runs.folder import RESULTS, SCENARIO
from negotiation.report.text_table import brief, table
from negotiation.trade.files.load import load_scenario
from negotiation.trade.parameters.changes import CHANGE_SIGNS
from negotiation.trade.parameters.derived import tied_text
from negotiation.trade.scenario.scenario import Scenario

NONE = "(none)"
GAME_FIELDS = ("kind", "as_of", "period_days", "players", "actions", "deal", "punishment", "third_parties", "unit")
NUMBERS = ("holds", "regime", "terms", "discount", "least_discount", "punished_share")

# (path, before, after, unit) of two scenarios, (outcome, number, before, after) of two results
Difference = tuple[str, str, str, str]
Key = TypeVar("Key")


def compare(
    a: Annotated[str, typer.Argument(help="A shipped scenario, a file, or a result folder.")],
    b: Annotated[str, typer.Argument(help="The same; what A has stands before, what B has after.")],
    as_json: AsJson = False,
) -> None:
    """Say what differs between two scenarios, before → after; between two result folders also in the answers."""
    before, after = load_scenario(_scenario_file(a)), load_scenario(_scenario_file(b))
    rows = differences(before, after)
    headline: list[Difference] | None = None
    if mode_of(Path(a, RESULTS)) and mode_of(Path(b, RESULTS)):
        answers = _differing(_headline(a), _headline(b))
        headline = [(*names, old, new) for names, old, new in answers]
    heads = ("path", "before", "after", "unit"), ("outcome", "number", "before", "after")
    if as_json:
        scenarios, results = (
            [dict(zip(head, row, strict=True)) for row in values or ()]
            for head, values in zip(heads, (rows, headline), strict=True)
        )
        say_json({"a": a, "b": b, "differences": scenarios, "headline": results})
        return
    say(f"{before.name} → {after.name}: {count_text(len(rows), 'difference')}")
    if rows:
        say("\n" + table(("what", *heads[0][1:]), rows))
    if headline is not None:
        say(f"\nanswers: {count_text(len(headline), 'difference')} between headline numbers\n")
        say(table(heads[1], headline))
    first = [row[0] for row in rows if row[0] in after.parameters][:1]
    say("\n" + next_command("show", _scenario_file(b), *first))


def _scenario_file(text: str) -> str:
    """Return what to load for a scenario name, a file, or a result folder (which keeps its exact scenario)."""
    inside = Path(text, SCENARIO)
    return str(inside) if mode_of(inside) else text


def differences(before: Scenario, after: Scenario) -> list[Difference]:
    """Return (path, before, after, unit) for everything that differs; `NONE` stands where one side has nothing."""
    numbers = [row for path in {**before.parameters, **after.parameters} for row in _number(path, before, after)]
    rest = _differing(_facts(before), _facts(after))
    return [*numbers, *((path, old, new, "") for path, old, new in rest)]


def _number(path: str, before: Scenario, after: Scenario) -> list[Difference]:
    old, new = before.parameters.get(path), after.parameters.get(path)
    unit = (new or before.parameters[path]).unit
    if old is None or new is None or old.value != new.value:
        return [(path, _stated(before, path), _stated(after, path), unit)]
    return [] if old.source == new.source else [(path, f"from {old.source}", f"from {new.source}", unit)]


def _stated(scenario: Scenario, path: str) -> str:
    if path in scenario.tied_paths:
        return f"{brief(scenario.value(path))}, {tied_text(path)}"
    return brief(scenario.parameters[path].value) if path in scenario.parameters else NONE


def _facts(scenario: Scenario) -> dict[str, str]:
    """Return what a scenario says besides its parameters, by path: its calls and what they change, and its frame."""
    facts = {}
    for call in scenario.calls:
        facts[f"calls.{call.name}"] = f"probability {call.probability:g}, {call.regime}"
        for change in call.changes:
            path, step = f"calls.{call.name}: {change.path}", f"{CHANGE_SIGNS[change.op]} {brief(change.value)}"
            facts[path] = f"{facts[path]}, then {step}" if path in facts else step
    return {**facts, **{name: _text(getattr(scenario, name)) for name in GAME_FIELDS}}


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_text, value)) or NONE
    return f"{value:g}" if isinstance(value, float) else str(value)


def _differing(before: dict[Key, str], after: dict[Key, str]) -> list[tuple[Key, str, str]]:
    pairs = [(key, before.get(key, NONE), after.get(key, NONE)) for key in {**before, **after}]
    return [row for row in pairs if row[1] != row[2]]


def _headline(folder: str) -> dict[tuple[str, str], str]:
    """Return the headline numbers of a result by outcome and name; raises `InputError` when they cannot be read."""
    path = Path(folder, RESULTS)
    data = read_json(path, "the results of a run")
    try:
        return {
            (str(row["label"]), name): _shown(value)
            for row in data["headline"]["rows"]
            for name, value in [
                *((name, row[name]) for name in NUMBERS),
                *((f"value {number}", value) for number, value in enumerate(row["values"], 1)),
            ]
        }
    except (KeyError, TypeError, OverflowError):
        raise InputError.single(str(path), "", "does not hold the results of a run", "run it again") from None


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:.4f}"
    return "none" if value is None else str(value)
