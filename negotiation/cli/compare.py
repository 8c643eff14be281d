"""`negotiation compare A B`: what differs between two scenarios, or between the scenarios of two result folders."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from negotiation._files import mode_of, read_json
from negotiation.cli.messages import next_command, say
from negotiation.cli.options import AsJson
from negotiation.cli.scenarios import say_json
from negotiation.errors import InputError, count_text
from negotiation.report.text_table import brief, table
from negotiation.trade.files.load import load_scenario
from negotiation.trade.parameters.changes import SIGNS
from negotiation.trade.scenario.call_outcome import CallOutcome
from negotiation.trade.scenario.scenario import Scenario

SCENARIO, RESULTS = "scenario.toml", "results.json"  # files of a result folder
NONE = "(none)"
FRAME = ("kind", "as_of", "period_days", "players", "actions", "deal", "punishment", "third_parties", "unit")
NUMBERS = ("holds", "regime", "terms", "discount", "least_discount", "punished_share")

# (path, before, after, unit) of two scenarios, (outcome, number, before, after) of two results
Difference = tuple[str, str, str, str]


def compare(
    a: Annotated[str, typer.Argument(help="A shipped scenario, a file, or a result folder.")],
    b: Annotated[str, typer.Argument(help="The same; what A has stands before, what B has after.")],
    as_json: AsJson = False,
) -> None:
    """Say what differs between two scenarios, before → after; between two result folders also in the answers."""
    before, after = load_scenario(_scenario_file(a)), load_scenario(_scenario_file(b))
    rows = differences(before, after)
    headline = _headline_differences(a, b)
    heads = ("path", "before", "after", "unit"), ("outcome", "number", "before", "after")
    if as_json:
        listed, answers = (
            [dict(zip(head, row, strict=True)) for row in found or ()]
            for head, found in zip(heads, (rows, headline), strict=True)
        )
        say_json({"a": a, "b": b, "differences": listed, "headline": answers})
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
    return [
        *(row for path in {**before.parameters, **after.parameters} for row in _number(path, before, after)),
        *_calls(before, after),
        *_fields("", before, after, FRAME),
    ]


def _number(path: str, before: Scenario, after: Scenario) -> list[Difference]:
    old, new = before.parameters.get(path), after.parameters.get(path)
    unit = (new or before.parameters[path]).unit
    if old is None or new is None or old.value != new.value:
        return [(path, brief(old.value) if old else NONE, brief(new.value) if new else NONE, unit)]
    return [] if old.source == new.source else [(path, f"from {old.source}", f"from {new.source}", unit)]


def _calls(before: Scenario, after: Scenario) -> list[Difference]:
    old, new = ({call.name: call for call in scenario.calls} for scenario in (before, after))
    rows: list[Difference] = []
    for name in {**old, **new}:
        if name not in old or name not in new:
            rows.append((f"calls.{name}", _presence(old.get(name)), _presence(new.get(name)), ""))
            continue
        rows += _fields(f"calls.{name}.", old[name], new[name], ("probability", "regime"))
        paths = dict.fromkeys(change.path for change in (*old[name].changes, *new[name].changes))
        pairs = [(path, _change(old[name], path), _change(new[name], path)) for path in paths]
        rows += [(f"calls.{name}: {path}", left, right, "") for path, left, right in pairs if left != right]
    return rows


def _change(call: CallOutcome, path: str) -> str:
    texts = [f"{SIGNS[change.op]} {brief(change.value)}" for change in call.changes if change.path == path]
    return ", then ".join(texts) or NONE


def _presence(call: CallOutcome | None) -> str:
    return NONE if call is None else f"probability {call.probability:g}, {call.regime}"


def _fields(prefix: str, before: object, after: object, names: tuple[str, ...]) -> list[Difference]:
    pairs = [(name, getattr(before, name), getattr(after, name)) for name in names]
    return [(f"{prefix}{name}", _text(left), _text(right), "") for name, left, right in pairs if left != right]


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(_text(item) for item in value) or NONE
    return f"{value:g}" if isinstance(value, float) else str(value)


def _headline_differences(a: str, b: str) -> list[Difference] | None:
    """Return the headline numbers of two results that differ; None unless both are folders.

    Raises `InputError` when a folder's results cannot be read.
    """
    if not (mode_of(Path(a, RESULTS)) and mode_of(Path(b, RESULTS))):
        return None
    before, after = _headline(a), _headline(b)
    rows: list[Difference] = []
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            rows.append((name, "outcome", "present" if old else "absent", "present" if new else "absent"))
            continue
        pairs = [(key, old.get(key, "none"), new.get(key, "none")) for key in {**old, **new}]
        rows += [(name, key, left, right) for key, left, right in pairs if left != right]
    return rows


def _headline(folder: str) -> dict[str, dict[str, str]]:
    """Return the headline numbers of a result by outcome, as text."""
    path = Path(folder, RESULTS)
    data = read_json(path, "the results of a run")
    try:
        return {
            str(row["label"]): {name: _shown(row[name]) for name in NUMBERS}
            | {f"value {number}": _shown(value) for number, value in enumerate(row["values"], 1)}
            for row in data["headline"]["rows"]
        }
    except (KeyError, TypeError, OverflowError):
        raise InputError.single(str(path), "", "does not hold the results of a run", "run it again") from None


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:.4f}"
    return "none" if value is None else str(value)
