"""A scenario as TOML text: complete, extending nothing, and equal to the scenario when it is loaded again.

Result folders keep this text, so that a result can be reproduced without the files it came from.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tomli_w

from negotiation.trade.parameters.changes import AppliedChange
from negotiation.trade.parameters.parameter import Number, Parameter, Source
from negotiation.trade.scenario.call_outcome import CallOutcome
from negotiation.trade.scenario.regime_spec import RegimeSpec
from negotiation.trade.scenario.scenario import Scenario


def scenario_toml(scenario: Scenario) -> str:
    """Return the scenario as TOML; `load_scenario` of a file with this text returns an equal scenario."""
    data: dict[str, Any] = {"format": 1}
    for name in ("name", "title", "description", "kind", "as_of", "period_days"):
        data[name] = getattr(scenario, name)
    profiles = {"deal": list(scenario.deal), "punishment": list(scenario.punishment)}
    if scenario.kind == "economy":
        data |= profiles
    else:
        data["payoffs"] = {**_frame(scenario), **profiles}
    for path, parameter in scenario.parameters.items():
        _insert(data, path.split("."), _parameter(parameter))
    if scenario.calls:
        data["calls"] = [_call(call) for call in scenario.calls]
    if scenario.regimes:
        data["regimes"] = [_regime(spec) for spec in scenario.regimes]
    if scenario.changes:
        data["applied"] = [_applied(applied) for applied in scenario.changes]
    data["sources"] = {key: _source(source) for key, source in scenario.sources.items()}
    # in a multi-line string tomli-w does not keep a carriage return
    return tomli_w.dumps(data, multiline_strings="\\r" not in repr(data))


def _insert(data: dict[str, Any], parts: list[str], table: Mapping[str, Any]) -> None:
    for part in parts[:-1]:
        data = data.setdefault(part, {})
    data[parts[-1]] = table


def _frame(scenario: Scenario) -> dict[str, Any]:
    rows, columns = scenario.actions
    return {
        "players": list(scenario.players),
        "rows": list(rows),
        "columns": list(columns),
        "unit": scenario.unit,
        "signals": list(scenario.signals),
        "trigger": list(scenario.trigger),
        "observed": list(scenario.observed),
    }


def _number(value: Number) -> float | list[float]:
    return list(value) if isinstance(value, tuple) else value


def _parameter(parameter: Parameter) -> dict[str, Any]:
    table: dict[str, Any] = {"value": _number(parameter.value)}
    for name in ("low", "high"):
        end = getattr(parameter, name)
        if end is not None:
            table[name] = end
    for name in ("unit", "domain", "meaning", "source", "dated", "range_source"):
        table[name] = getattr(parameter, name)
    return table


def _call(call: CallOutcome) -> dict[str, Any]:
    return {
        "name": call.name,
        "label": call.label,
        "probability": call.probability,
        "basis": call.basis,
        "regime": call.regime,
        "changes": [change.text() for change in call.changes],
        "rationale": call.rationale,
        "literature": list(call.literature),
    }


def _regime(spec: RegimeSpec) -> dict[str, Any]:
    states = [
        {
            "name": name,
            "play": list(play),
            "on": {signal: dict(lottery) for signal, lottery in moves.items()},
        }
        for name, play, moves in zip(spec.states, spec.plays, spec.transitions, strict=True)
    ]
    return {"name": spec.name, "label": spec.label, "deviation": spec.deviation, "states": states}


def _applied(applied: AppliedChange) -> dict[str, Any]:
    return {
        "change": applied.change.text(),
        "before": _number(applied.before),
        "after": _number(applied.after),
        "unit": applied.unit,
        "notice": applied.notice,
    }


def _source(source: Source) -> dict[str, Any]:
    texts = {name: getattr(source, name) for name in ("title", "publisher", "date", "url", "kind")}
    return {name: text for name, text in texts.items() if text}
