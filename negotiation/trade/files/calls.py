"""Call outcomes of a scenario file: a call of the same name is overridden field by field, a new one appended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from negotiation.errors import InputError, nearest
from negotiation.trade.files.problem_collector import Key, ProblemCollector, name_fault
from negotiation.trade.files.tables import IN_PROPORTION, CallTable, kind_of, stated_or_inherited, validate_table
from negotiation.trade.parameters.changes import Change
from negotiation.trade.parameters.rules import PROBABILITY_TOLERANCE
from negotiation.trade.scenario.call_outcome import REGIMES, CallOutcome
from negotiation.trade.scenario.scenario import Scenario


def read_calls(
    collector: ProblemCollector, raw: Any, base: Sequence[CallOutcome], regimes: Iterable[str]
) -> list[CallOutcome]:
    """Return the calls of `base` changed and completed by the file's; faults are recorded."""
    calls = {call.name: call for call in base}
    if raw is None:
        return list(calls.values())
    if not isinstance(raw, list):
        collector.fault(("calls",), f"is {kind_of(raw)}, not a list of tables", "start each call with [[calls]]")
        return list(calls.values())
    selectable = (*REGIMES, *regimes)
    names: set[str] = set()
    for index, item in enumerate(raw):
        key: Key = ("calls", index)
        table = validate_table(collector, CallTable, item, key)
        if table is None:
            continue
        fault = name_fault(table.name)
        if fault or table.name in names:
            collector.fault((*key, "name"), fault or f"there are two calls named '{table.name}'")
            continue
        names.add(table.name)
        call = _call(collector, key, table, calls.get(table.name), selectable)
        if call is not None:
            calls[table.name] = call
    return list(calls.values())


def _call(
    collector: ProblemCollector, key: Key, table: CallTable, base: CallOutcome | None, regimes: Sequence[str]
) -> CallOutcome | None:
    inherit = partial(stated_or_inherited, table, base)
    if base is None:
        for name in ("probability", "regime"):
            if getattr(table, name) is None:
                collector.fault((*key, name), "is missing")
    probability, regime = inherit("probability", 0.0), inherit("regime", "")
    if not 0 <= probability <= 1:
        collector.fault((*key, "probability"), f"{probability:g} is not a probability, it must be from 0 to 1")
    if table.regime is not None and table.regime not in regimes:
        collector.fault((*key, "regime"), f"there is no regime '{table.regime}'", nearest(table.regime, regimes))
    changes = _changes(collector, key, table.changes) if table.changes is not None else (base.changes if base else ())
    if collector.is_spoiled(key):
        return None
    return CallOutcome(
        name=table.name,
        label=inherit("label", table.name.replace("_", " ")),
        probability=probability,
        basis=inherit("basis", "judgement"),
        regime=regime,
        changes=changes,
        rationale=inherit("rationale", ""),
        literature=inherit("literature", ()),
    )


def share_remainder(collector: ProblemCollector, calls: list[CallOutcome]) -> list[CallOutcome]:
    """Return `calls` with those that the file gives no probability sharing what the file's probabilities leave.

    They share it in proportion to the probabilities that they inherit; each basis says so, as the number is no longer
    what it speaks of. Faults are recorded: nothing to share, or nobody to share it.
    """
    raw = collector.data.get("calls") or []
    stated = {call["name"] for call in raw if call.get("probability") is not None}
    left = 1 - sum(call.probability for call in calls if call.name in stated)
    inherited = sum(call.probability for call in calls if call.name not in stated)
    if left < -PROBABILITY_TOLERANCE:
        collector.fault(("calls",), f"the probabilities that the file states sum to {1 - left:.10g}, more than 1")
    elif left > PROBABILITY_TOLERANCE and not inherited:
        text = f"no call outcome inherits a probability, to share the {left:.4g} that the file leaves"
        collector.fault(("other_calls",), text, "leave the key out, and let the probabilities of the file sum to 1")
    factor = max(left, 0.0) / inherited if inherited else 1.0
    if abs(factor - 1) <= PROBABILITY_TOLERANCE:
        return calls
    return [call if call.name in stated else _scaled(call, factor) for call in calls]


def _scaled(call: CallOutcome, factor: float) -> CallOutcome:
    basis = f"{call.basis}; times {factor:.4g}, so that all probabilities sum to one"
    return replace(call, probability=call.probability * factor, basis=basis)


def _changes(collector: ProblemCollector, key: Key, texts: Sequence[str]) -> tuple[Change, ...]:
    changes: list[Change] = []
    for index, text in enumerate(texts):
        try:
            changes.append(Change.parse(text))
        except InputError as error:
            for problem in error.problems:
                collector.fault((*key, "changes", index), problem.sentence())
    return tuple(changes)


def check_calls(collector: ProblemCollector, scenario: Scenario) -> None:
    """Record probabilities that do not sum to one, and changes that do not fit the scenario."""
    total = sum(call.probability for call in scenario.calls)
    if scenario.calls and abs(total - 1) > PROBABILITY_TOLERANCE:
        terms = " + ".join(f"{call.name} {call.probability:g}" for call in scenario.calls)
        hint = f'write other_calls = "{IN_PROPORTION}" at the top' if "extends" in collector.data else ""
        hint += ", and those that this file gives no probability share the rest" if hint else ""
        collector.fault(("calls",), f"the probabilities of the calls sum to {total:.10g}, not to 1 ({terms})", hint)
    raw = collector.data.get("calls")
    names = [table.get("name") for table in raw if isinstance(table, dict)] if isinstance(raw, list) else []
    for call in scenario.calls:
        try:
            scenario.after(call.changes)
        except InputError as error:
            key: Key = ("calls", names.index(call.name), "changes") if call.name in names else ("calls",)
            for problem in error.problems:
                shown = f"calls.{call.name}"
                collector.fault(key, f"change of {problem.path}: {problem.message}", problem.hint, shown=shown)
