"""Scenarios in words and as data, for `show`, `check` and `list`."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from negotiation._values import plain
from negotiation.calls.notices import all_notices
from negotiation.errors import InputError, count_text, nearest
from negotiation.report.text_table import brief, table
from negotiation.trade.parameters.parameter import Parameter, number_text
from negotiation.trade.scenario.call_outcome import CallOutcome
from negotiation.trade.scenario.scenario import Scenario

HEAD = ("parameter", "value", "range", "unit", "source", "meaning")


def as_json_text(data: Any) -> str:
    """Return one JSON object as indented text."""
    return json.dumps(plain(data), indent=2)


def overview_rows(scenarios: Iterable[Scenario]) -> list[tuple[str, ...]]:
    """Return name, date, number of parameters, number of judgements and title of each scenario."""
    return [(item.name, item.as_of, str(len(item.parameters)), str(judgements(item)), item.title) for item in scenarios]


def judgements(scenario: Scenario) -> int:
    """Return how many parameters rest on judgement."""
    return sum(parameter.is_judgement for parameter in scenario.parameters.values())


def below(scenario: Scenario, path: str) -> dict[str, Parameter]:
    """Return the parameters at or below `path`; raises `InputError` with the nearest path when there are none."""
    found = {
        name: parameter
        for name, parameter in scenario.parameters.items()
        if not path or name == path or name.startswith(f"{path}.")
    }
    if path in scenario.omitted_paths:
        found = {path: scenario.parameter(path)}
    if not found:
        raise InputError.single(scenario.name, path, "there is no such parameter", nearest(path, _known(scenario)))
    return found


def _known(scenario: Scenario) -> list[str]:
    """Return every path and every beginning of a path that can be shown."""
    starts = {
        ".".join(path.split(".")[:depth]) for path in scenario.parameters for depth in range(1, path.count(".") + 2)
    }
    return sorted(starts | {"calls", *scenario.omitted_paths} | {f"calls.{call.name}" for call in scenario.calls})


def shown(scenario: Scenario, path: str) -> str:
    """Return what `show` prints for a path: everything, a part, one number in full, or the calls."""
    if path == "calls" or path.startswith("calls."):
        return "\n\n".join(_call(call) for call in _calls(scenario, path))
    found = below(scenario, path)
    if path in found:
        return _one(scenario, path, found[path])
    rows = [
        (name, brief(item.value), item.range_text, item.unit, item.source, item.meaning) for name, item in found.items()
    ]
    body = table(HEAD, rows)
    return body if path else f"{_heading(scenario)}\n\n{body}"


def _heading(scenario: Scenario) -> str:
    lines = [
        f"{scenario.name}: {scenario.title} (known by {scenario.as_of})",
        textwrap.fill(" ".join(scenario.description.split()), 100),
        f"deal {' / '.join(scenario.deal)}, punishment {' / '.join(scenario.punishment)}, "
        f"discount {scenario.discount:.4g}",
        f"calls: {_chances(scenario)}" if scenario.calls else "no calls",
    ]
    return "\n".join(line for line in lines if line)


def _chances(scenario: Scenario) -> str:
    return ", ".join(f"{call.name} {call.probability:.4g}" for call in scenario.calls)


def _one(scenario: Scenario, path: str, parameter: Parameter) -> str:
    if path in scenario.omitted_paths:
        return "\n".join(
            (
                f"{path} is not stated and counts as {number_text(parameter.value)} {parameter.unit}",
                f"  meaning  {parameter.meaning}",
                f"  domain   {parameter.domain}",
            )
        )
    source = scenario.sources[parameter.source]
    origin = ", ".join(text for text in (source.title, source.publisher, source.date, source.url) if text)
    whose = "judgement" if parameter.range_source == "judgement" else parameter.range_source
    lines = [
        f"{path} = {number_text(parameter.value)} {parameter.unit}",
        f"  meaning  {parameter.meaning}",
        f"  range    {parameter.range_text} ({whose})" if parameter.range_text else "  range    none stated",
        f"  domain   {parameter.domain}",
        f"  source   {parameter.source}: {origin}" + (" [judgement]" if parameter.is_judgement else ""),
        f"  dated    {parameter.dated}",
    ]
    if parameter.outside_range:
        lines.append("  notice   the value lies outside its plausible range")
    return "\n".join(lines)


def _calls(scenario: Scenario, path: str) -> Sequence[CallOutcome]:
    return scenario.calls if path == "calls" else (scenario.call(path.removeprefix("calls.")),)


def _call(call: CallOutcome) -> str:
    lines = [
        f"{call.name} ({call.label}), probability {call.probability:g}, then {call.regime}",
        *(f"  changes  {change.sentence()}" for change in call.changes),
        f"  why      {call.rationale}" if call.rationale else "",
        f"  basis    {call.basis}",
        f"  after    {'; '.join(call.literature)}" if call.literature else "",
    ]
    return "\n".join(line for line in lines if line)


def as_data(scenario: Scenario, path: str) -> dict[str, Any]:
    """Return what `show --json` prints."""
    if path == "calls" or path.startswith("calls."):
        return {call.name: plain(call) for call in _calls(scenario, path)}
    found = below(scenario, path)
    rows = {name: {**plain(item), "is_judgement": item.is_judgement} for name, item in found.items()}
    if path:
        return rows
    return {
        "name": scenario.name,
        "title": scenario.title,
        "kind": scenario.kind,
        "as_of": scenario.as_of,
        "discount": scenario.discount,
        "parameters": rows,
        "calls": {call.name: plain(call) for call in scenario.calls},
    }


def after_show(scenario: Scenario, given: str, path: str) -> tuple[str, ...]:
    """Return the words of the next command after `show`."""
    if not path:
        return ("show", given, next(iter(scenario.parameters)).split(".")[0])
    if path in scenario.parameters or path in scenario.omitted_paths:
        return ("new", "mine", "--from", given)
    return ("show", given, next((name for name in scenario.parameters if name.startswith(f"{path}.")), "calls"))


def check_data(scenario: Scenario, as_of: str | None, later: Sequence[str]) -> dict[str, Any]:
    """Return what `check --json` prints."""
    return {
        "scenario": scenario.name,
        "holds": not later,
        "as_of": as_of,
        "later": [{"path": path, "dated": scenario.parameters[path].dated} for path in later],
        "notices": list(all_notices(scenario)),
    }


def check_report(scenario: Scenario, file: str, as_of: str | None, later: Sequence[str]) -> str:
    """Return what `check` prints."""
    lines = [
        f"{file}: a valid scenario, '{scenario.title}'",
        f"  {count_text(len(scenario.parameters), 'number')}, {judgements(scenario)} of them judgement, "
        f"{count_text(len(scenario.calls), 'call')}",
        *([f"  calls    {_chances(scenario)}"] if scenario.calls else []),
        *(f"  notice   {notice}" for notice in all_notices(scenario)),
    ]
    if as_of is not None and later:
        lines.append(f"\n{count_text(len(later), 'number')} not yet known on {as_of}:\n")
        rows = [(path, scenario.parameters[path].dated, scenario.parameters[path].source) for path in later]
        lines.append(table(("parameter", "dated", "source"), rows))
    elif as_of is not None:
        lines.append(f"  every number was known by {as_of}")
    return "\n".join(lines)
