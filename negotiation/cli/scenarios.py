"""Verbs for scenario files: `list`, `show`, `check`; and `reference`, which prints pages made from the code."""

import json
import textwrap
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from negotiation._values import plain
from negotiation.cli.messages import next_command, say
from negotiation.cli.options import AsJson, Named
from negotiation.errors import InputError, count_text, nearest
from negotiation.report.text_table import brief, table
from negotiation.trade import MAIN_SCENARIO
from negotiation.trade.files.load import check_as_of, embedded_scenarios, load_scenario
from negotiation.trade.parameters.parameter import Parameter, number_text
from negotiation.trade.parameters.registry import ALTERNATIVES
from negotiation.trade.scenario.call_outcome import CallOutcome
from negotiation.trade.scenario.scenario import Scenario


def list_scenarios(as_json: AsJson = False) -> None:
    """List the scenarios that are shipped."""
    shipped = [load_scenario(name) for name in embedded_scenarios()]
    if as_json:
        say_json({each.name: {"title": each.title, "as_of": each.as_of} for each in shipped})
        return
    rows = [(each.name, each.as_of, str(len(each.parameters)), str(_judgements(each)), each.title) for each in shipped]
    say(table(("scenario", "as of", "numbers", "judgement", "title"), rows))
    say("\n" + next_command("show", MAIN_SCENARIO))


def show(
    scenario: Named,
    path: Annotated[
        str, typer.Argument(help="A parameter such as minerals.leverage, or a part such as minerals or calls.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Look numbers up: value, plausible range, unit, meaning, source and date."""
    loaded = load_scenario(scenario)
    if as_json:
        say_json(_data(loaded, path))
        return
    say(_text(loaded, path))
    say("\n" + next_command(*_after_show(loaded, scenario, path)))


def check(
    file: Annotated[str, typer.Argument(help="A scenario file, or the name of a shipped scenario.")],
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="Also refuse every number that was not yet known on that date."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a scenario file. Exit code 2 when it is wrong, 1 when it uses numbers later than --as-of."""
    from negotiation.calls.notices import all_notices

    loaded = load_scenario(file)
    notices = all_notices(loaded)
    later = check_as_of(loaded, as_of) if as_of is not None else ()
    if as_json:
        say_json(
            {
                "scenario": loaded.name,
                "holds": not later,
                "as_of": as_of,
                "later": [
                    {"path": path, "dated": number.dated, "is_judgement": number.is_judgement}
                    for path, number in ((path, loaded.parameters[path]) for path in later)
                ],
                "hindsight": loaded.hindsight_on(loaded.as_of),
                "overtaken": loaded.overtaken,
                "notices": notices,
            }
        )
    else:
        say("\n".join(_checked(loaded, file, as_of, later, notices)))
        say("\n" + (next_command("show", file, later[0]) if later else next_command("run", file)))
    if later:
        raise typer.Exit(1)


def reference(
    python: Annotated[bool, typer.Option("--python", help="Print docs/api.md instead.")] = False,
) -> None:
    """Print docs/scenario-reference.md, or docs/api.md, as the code has it."""
    from negotiation.api.reference import api_reference
    from negotiation.trade.files.reference import scenario_reference

    say(api_reference() if python else scenario_reference(), end="")


def say_json(data: Any) -> None:
    """Print one JSON object as indented text."""
    say(json.dumps(plain(data), indent=2))


def _judgements(scenario: Scenario) -> int:
    return sum(parameter.is_judgement for parameter in scenario.parameters.values())


def _below(scenario: Scenario, path: str) -> dict[str, Parameter]:
    """Return the parameters at or below `path`; raises `InputError` with the nearest path when there are none."""
    if path in {*scenario.omitted_paths, *scenario.tied_paths}:
        return {path: scenario.parameter(path)}
    inside = {
        name: parameter for name, parameter in scenario.listed.items() if not path or f"{name}.".startswith(f"{path}.")
    }
    if not inside:
        parts = [name.split(".")[:depth] for name in scenario.parameters for depth in range(1, name.count(".") + 2)]
        calls = {"calls", *(f"calls.{call.name}" for call in scenario.calls)}
        paths = sorted({*map(".".join, parts), *scenario.omitted_paths, *scenario.tied_paths} | calls)
        raise InputError.single(scenario.name, path, "there is no such parameter", nearest(path, paths))
    return inside


def _text(scenario: Scenario, path: str) -> str:
    """Return what `show` prints for a path: everything, a part, one number in full, or the calls."""
    if path.split(".")[0] == "calls":
        return "\n\n".join(_call(call) for call in _calls(scenario, path))
    inside = _below(scenario, path)
    if path in inside:
        return _one(scenario, path, inside[path])
    rows = [
        (name, brief(each.value), each.range_text, each.unit, scenario.origin_of(name), each.meaning)
        for name, each in inside.items()
    ]
    body = table(("parameter", "value", "range", "unit", "source", "meaning"), rows)
    return body if path else f"{_heading(scenario)}\n\n{body}"


def _heading(scenario: Scenario) -> str:
    lines = [
        f"{scenario.name}: {scenario.title} (known by {scenario.as_of})",
        textwrap.fill(" ".join(scenario.description.split()), 100),
        *_overtaken(scenario),
        f"deal {' / '.join(scenario.deal)}, punishment {' / '.join(scenario.punishment) or 'the stage equilibrium'}, "
        f"discount {scenario.discount:.4g}",
        f"calls: {_chances(scenario)}" if scenario.calls else "no calls",
    ]
    return "\n".join(filter(None, lines))


def _overtaken(scenario: Scenario) -> list[str]:
    """Return the line that events have overtaken the scenario, where they have."""
    return [f"overtaken: {' '.join(scenario.overtaken.split())}"] if scenario.overtaken else []


def _chances(scenario: Scenario) -> str:
    return ", ".join(f"{call.name} {call.probability:.4g}" for call in scenario.calls)


def _one(scenario: Scenario, path: str, parameter: Parameter) -> str:
    value = f"{number_text(parameter.value)} {parameter.unit}"
    meaning, domain = f"  meaning  {parameter.meaning}", f"  domain   {parameter.domain}"
    if path in scenario.omitted_paths:
        return "\n".join((f"{path} is not stated and counts as {value}", meaning, domain))
    if path in scenario.tied_paths:
        other = ALTERNATIVES[path]
        given = f"  given    {other} = {number_text(scenario.value(other))}"
        return "\n".join((f"{path} = {value}, {scenario.origin_of(path)}", meaning, domain, given))
    source = scenario.sources[parameter.source]
    origin = ", ".join(filter(None, (source.title, source.publisher, source.date, source.url)))
    bounds = f"{parameter.range_text} ({parameter.range_source})" if parameter.range_text else "none stated"
    lines = [
        f"{path} = {value}",
        meaning,
        f"  range    {bounds}",
        domain,
        f"  source   {parameter.source}: {origin}{' [judgement]' * parameter.is_judgement}",
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
    return "\n".join(filter(None, lines))


def _data(scenario: Scenario, path: str) -> dict[str, Any]:
    """Return what `show --json` prints."""
    if path.split(".")[0] == "calls":
        return {call.name: call for call in _calls(scenario, path)}
    rows = {
        name: {**plain(each), "is_judgement": each.is_judgement, "origin": scenario.origin_of(name)}
        for name, each in _below(scenario, path).items()
    }
    if path:
        return rows
    head = {name: getattr(scenario, name) for name in ("name", "title", "kind", "as_of", "overtaken", "discount")}
    return {**head, "parameters": rows, "calls": {call.name: call for call in scenario.calls}}


def _after_show(scenario: Scenario, given: str, path: str) -> tuple[str, ...]:
    """Return the words of the next command after `show`."""
    if path in {*scenario.parameters, *scenario.omitted_paths, *scenario.tied_paths}:
        return ("new", "mine", "--from", given)
    first = next((name for name in scenario.parameters if not path or name.startswith(f"{path}.")), "calls")
    return ("show", given, first if path else first.split(".")[0])


def _reach(scenario: Scenario, later: Sequence[str], date: str) -> str:
    """Return how many numbers rest on what was known only after `date`, and how many of them are judgement."""
    judged = sum(scenario.parameters[path].is_judgement for path in later)
    leaning = f", {judged} of them judgement that carries hindsight" if judged else ""
    return f"{count_text(len(later), 'number')} not yet known on {date}{leaning}"


def _checked(
    scenario: Scenario, file: str, as_of: str | None, later: Sequence[str], notices: Sequence[str]
) -> list[str]:
    """Return the lines of `check`."""
    lines = [
        f"{file}: a valid scenario, '{scenario.title}'",
        f"  {count_text(len(scenario.parameters), 'number')}, {_judgements(scenario)} of them judgement, "
        f"{count_text(len(scenario.calls), 'call')}",
        *([f"  calls    {_chances(scenario)}"] if scenario.calls else []),
        *(f"  {line}" for line in _overtaken(scenario)),
        *(f"  notice   {notice}" for notice in notices),
    ]
    ahead = scenario.hindsight_on(scenario.as_of)
    if ahead and as_of is None:
        lines.append(f"  hindsight  {_reach(scenario, ahead, scenario.as_of)}: {', '.join(ahead)}")
    if later:
        rows = [(path, scenario.parameters[path].dated, scenario.parameters[path].source) for path in later]
        head = f"\n{_reach(scenario, later, str(as_of))}:\n"
        return [*lines, head, table(("parameter", "dated", "source"), rows)]
    return [*lines, *([f"  every number was known by {as_of}"] if as_of is not None else [])]
