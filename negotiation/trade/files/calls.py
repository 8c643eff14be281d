"""Call outcomes of a scenario file: a call of the same name is overridden field by field, a new one appended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from negotiation._tables import Key
from negotiation.errors import InputError, nearest
from negotiation.trade.files.problem_collector import ProblemCollector
from negotiation.trade.files.tables import IN_PROPORTION, CallTable, stated_or_inherited
from negotiation.trade.parameters.rules import PROBABILITY_TOLERANCE
from negotiation.trade.scenario.call_outcome import REGIMES, CallOutcome
from negotiation.trade.scenario.scenario import Scenario


def read_calls(collector: ProblemCollector, base: Sequence[CallOutcome], regimes: Iterable[str]) -> list[CallOutcome]:
    """Return the calls of `base` changed and completed by the file's; faults are recorded."""
    calls = {call.name: call for call in base}
    selectable = (*REGIMES, *regimes)
    for key, table in collector.named_tables(CallTable, "calls"):
        inherit = partial(stated_or_inherited, table, calls.get(table.name))
        for name in ("probability", "regime"):
            if inherit(name, None) is None:
                collector.fault((*key, name), "is missing")
        if table.regime is not None and table.regime not in selectable:
            hint = nearest(table.regime, selectable)
            collector.fault((*key, "regime"), f"there is no regime '{table.regime}'", hint)
        if not collector.is_spoiled(key):
            calls[table.name] = CallOutcome(
                name=table.name,
                label=inherit("label", table.name.replace("_", " ")),
                probability=inherit("probability", None),
                basis=inherit("basis", "judgement"),
                regime=inherit("regime", None),
                changes=inherit("changes", ()),
                rationale=inherit("rationale", ""),
                literature=inherit("literature", ()),
            )
    return list(calls.values())


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
    note = f"; times {factor:.4g}, so that all probabilities sum to one"
    return [
        call
        if call.name in stated
        else replace(call, probability=call.probability * factor, basis=f"{call.basis}{note}")
        for call in calls
    ]


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
