"""A scenario as TOML text: complete, extending nothing, and equal to the scenario when it is loaded again.

Result folders keep this text, so that a result can be reproduced without the files it came from. The models of
`tables` say which keys a table has, and in which order.
"""

from typing import Any

import tomli_w

from negotiation._tables import FileTable
from negotiation._values import plain
from negotiation.trade.files.tables import AppliedTable, CallTable, ParameterTable, SourceTable
from negotiation.trade.parameters.changes import AppliedChange, value_text
from negotiation.trade.parameters.registry import CHOICES
from negotiation.trade.scenario.call_outcome import RegimeSpec
from negotiation.trade.scenario.scenario import Scenario


def scenario_toml(scenario: Scenario) -> str:
    """Return the scenario as TOML; `load_scenario` of a file with this text returns an equal scenario."""
    data: dict[str, Any] = {"format": scenario.format}
    for name in ("name", "title", "description", "kind", "as_of", "period_days"):
        data[name] = getattr(scenario, name)
    if scenario.overtaken:
        data["overtaken"] = scenario.overtaken
    profiles = {"deal": list(scenario.deal), "punishment": list(scenario.punishment)}
    if scenario.kind == "economy":
        data |= profiles
    else:
        data["payoffs"] = {**_payoffs(scenario), **profiles}
    for path, parameter in scenario.parameters.items():
        if path in CHOICES:
            data[path] = value_text(path, parameter.value)
            continue
        *sections, leaf = path.split(".")
        table = data
        for section in sections:
            table = table.setdefault(section, {})
        table[leaf] = _table(ParameterTable, parameter)
    if scenario.calls:
        data["calls"] = [
            _table(CallTable, call, changes=[change.text() for change in call.changes]) for call in scenario.calls
        ]
    if scenario.regimes:
        data["regimes"] = [_regime(spec) for spec in scenario.regimes]
    if scenario.changes:
        data["applied"] = list(map(_applied, scenario.changes))
    sources = {key: _table(SourceTable, source) for key, source in scenario.sources.items()}
    data["sources"] = {key: {name: text for name, text in table.items() if text} for key, table in sources.items()}
    # in a multi-line string tomli-w does not keep a carriage return
    return tomli_w.dumps(data, multiline_strings="\\r" not in repr(data))


def _table(model: type[FileTable], value: Any, **changed: Any) -> dict[str, Any]:
    """Return what the file says of a value: the keys of `model` that it has, some of them `changed`."""
    stated = {name: changed.get(name, plain(getattr(value, name))) for name in model.model_fields}
    return {name: content for name, content in stated.items() if content is not None}


def _applied(applied: AppliedChange) -> dict[str, Any]:
    replaced = None if applied.replaced is None else _table(ParameterTable, applied.replaced)
    return _table(AppliedTable, applied, change=applied.change.text(), replaced=replaced)


def _payoffs(scenario: Scenario) -> dict[str, Any]:
    rows, columns = scenario.actions
    names = {"rows": rows, "columns": columns}
    keys = ("players", "rows", "columns", "unit", "signals", "trigger", "observed")
    return {key: plain(names[key] if key in names else getattr(scenario, key)) for key in keys}


def _regime(spec: RegimeSpec) -> dict[str, Any]:
    states = [
        {"name": name, "play": list(play), "on": plain(moves)}
        for name, play, moves in zip(spec.states, spec.plays, spec.transitions, strict=True)
    ]
    return {"name": spec.name, "label": spec.label, "deviation": spec.deviation, "states": states}
