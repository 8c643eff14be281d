"""What differs between two scenarios: numbers first, then calls, then the frame."""

from __future__ import annotations

from negotiation.report.text_table import brief
from negotiation.trade.parameters.changes import SIGNS
from negotiation.trade.scenario.call_outcome import CallOutcome
from negotiation.trade.scenario.scenario import Scenario

Difference = tuple[str, str, str, str]
NONE = "(none)"
FRAME = ("kind", "as_of", "period_days", "players", "actions", "deal", "punishment", "third_parties", "unit")


def differences(before: Scenario, after: Scenario) -> list[Difference]:
    """Return (path, before, after, unit) for everything that differs; `NONE` stands where one side has nothing."""
    return [*_numbers(before, after), *_calls(before, after), *_frame(before, after)]


def _numbers(before: Scenario, after: Scenario) -> list[Difference]:
    found: list[Difference] = []
    for path in dict.fromkeys([*before.parameters, *after.parameters]):
        old, new = before.parameters.get(path), after.parameters.get(path)
        if old is None or new is None:
            unit = (old or new or after.parameters[path]).unit
            found.append((path, brief(old.value) if old else NONE, brief(new.value) if new else NONE, unit))
        elif old.value != new.value:
            found.append((path, brief(old.value), brief(new.value), new.unit))
        elif old.source != new.source:
            found.append((path, f"from {old.source}", f"from {new.source}", new.unit))
    return found


def _calls(before: Scenario, after: Scenario) -> list[Difference]:
    old, new = {call.name: call for call in before.calls}, {call.name: call for call in after.calls}
    found: list[Difference] = []
    for name in dict.fromkeys([*old, *new]):
        if name not in old or name not in new:
            found.append((f"calls.{name}", _said(old.get(name)), _said(new.get(name)), ""))
            continue
        for field in ("probability", "regime"):
            left, right = getattr(old[name], field), getattr(new[name], field)
            if left != right:
                found.append((f"calls.{name}.{field}", _text(left), _text(right), ""))
        found += _changes(old[name], new[name])
    return found


def _changes(before: CallOutcome, after: CallOutcome) -> list[Difference]:
    """Return the changes of one call that differ, path by path."""

    def said(call: CallOutcome, path: str) -> str:
        texts = [f"{SIGNS[change.op]} {brief(change.value)}" for change in call.changes if change.path == path]
        return ", then ".join(texts) or NONE

    paths = dict.fromkeys(change.path for change in (*before.changes, *after.changes))
    pairs = [(f"calls.{before.name}: {path}", said(before, path), said(after, path), "") for path in paths]
    return [pair for pair in pairs if pair[1] != pair[2]]


def _said(call: CallOutcome | None) -> str:
    return NONE if call is None else f"probability {call.probability:g}, {call.regime}"


def _frame(before: Scenario, after: Scenario) -> list[Difference]:
    pairs = [(name, getattr(before, name), getattr(after, name)) for name in FRAME]
    return [(name, _text(left), _text(right), "") for name, left, right in pairs if left != right]


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(_text(item) for item in value) or NONE
    return f"{value:g}" if isinstance(value, float) else str(value)
