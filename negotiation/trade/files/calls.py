"""Call outcomes and automata of a scenario file.

A call of the same name is overridden field by field, an automaton as a whole; a new one is appended. Every state of an
automaton must say where each signal leads; dangling states are refused.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from negotiation._tables import Key
from negotiation._values import FrozenMap
from negotiation.errors import InputError, nearest
from negotiation.trade.files.payoffs import check_profile
from negotiation.trade.files.problem_collector import ProblemCollector
from negotiation.trade.files.tables import IN_PROPORTION, CallTable, RegimeTable, StateTable, stated_or_inherited
from negotiation.trade.parameters.rules import PROBABILITY_TOLERANCE
from negotiation.trade.scenario.call_outcome import REGIMES, CallOutcome, Lottery, RegimeSpec
from negotiation.trade.scenario.scenario import Scenario

# what a call that says nothing has; without probability or regime it is refused
DEFAULTS = {"probability": None, "basis": "judgement", "regime": None, "changes": (), "rationale": "", "literature": ()}


def read_calls(collector: ProblemCollector, base: Sequence[CallOutcome], regimes: Iterable[str]) -> list[CallOutcome]:
    """Return the calls of `base` changed and completed by the file's; faults are recorded."""
    calls = {call.name: call for call in base}
    selectable = (*REGIMES, *regimes)
    for key, table in collector.named_tables(CallTable, "calls"):
        inherit = partial(stated_or_inherited, table, calls.get(table.name))
        for name in ("probability", "regime"):
            if inherit(name, None) is None:
                collector.fault((*key, name), "is missing")
        if table.regime is not None:
            collector.check_name((*key, "regime"), "regime", table.regime, selectable)
        if not collector.is_spoiled(key):
            defaults = {"label": table.name.replace("_", " "), **DEFAULTS}
            stated = {name: inherit(name, default) for name, default in defaults.items()}
            calls[table.name] = CallOutcome(name=table.name, **stated)
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


DEFAULT_TABLE = "default"


def read_regimes(
    collector: ProblemCollector,
    base: Sequence[RegimeSpec],
    actions: Sequence[Sequence[str]],
    signals: Sequence[str],
) -> list[RegimeSpec]:
    """Return the automata of `base`, replaced or followed by the file's; faults are recorded."""
    specs = {spec.name: spec for spec in base}
    for key, table in collector.named_tables(RegimeTable, "regimes"):
        if table.name in REGIMES:
            collector.fault((*key, "name"), f"'{table.name}' is the name of a built-in regime")
        spec = _spec(collector, (*key, "states"), table, actions, signals)
        if not collector.is_spoiled(key) and spec is not None:
            specs[table.name] = spec
    return list(specs.values())


def _spec(
    collector: ProblemCollector, key: Key, table: RegimeTable, actions: Sequence[Sequence[str]], signals: Sequence[str]
) -> RegimeSpec | None:
    """Return an automaton, whose states stand at `key`; None when a state is none."""
    stated = [collector.table(StateTable, raw, (*key, place)) for place, raw in enumerate(table.states)]
    states = [state for state in stated if state is not None]
    names = tuple(state.name for state in states)
    if not table.states:
        collector.fault(key, "an automaton needs at least one state")
    if len(set(names)) != len(names):
        collector.fault(key, "two states have the same name")
    if collector.is_spoiled(key):
        return None
    collector.check_name((*key[:-1], "deviation"), "state", table.deviation, names)
    for place, state in enumerate(states):
        check_profile(collector, (*key, place, "play"), state.play, actions)
    return RegimeSpec(
        name=table.name,
        label=table.label or table.name.replace("_", " "),
        states=names,
        plays=tuple(tuple(state.play) for state in states),
        transitions=tuple(
            _transitions(collector, (*key, place, "on"), state.on, names, signals) for place, state in enumerate(states)
        ),
        deviation=table.deviation,
    )


def _transitions(
    collector: ProblemCollector,
    key: Key,
    on: dict[str, dict[str, float]],
    states: Sequence[str],
    signals: Sequence[str],
) -> FrozenMap[Lottery]:
    """Return signal -> lottery over states; "default" stands for every signal not named."""
    stated: dict[str, Lottery] = {}
    for signal, target in on.items():
        if signal != DEFAULT_TABLE and signal not in signals:
            collector.fault((*key, signal), "unknown signal", nearest(signal, [*signals, DEFAULT_TABLE]))
            continue
        lottery = _lottery(collector, (*key, signal), target, states)
        if lottery is not None:
            stated[signal] = lottery
    left = [signal for signal in signals if signal not in on]
    if left and DEFAULT_TABLE not in on:
        texts = ", ".join(f"'{signal}'" for signal in left)
        collector.fault(key, f"does not say where {texts} leads", "add it, or a default")
    rest = stated.get(DEFAULT_TABLE, FrozenMap())
    return FrozenMap({signal: stated.get(signal, rest) for signal in signals})


def _lottery(collector: ProblemCollector, key: Key, target: dict[str, float], states: Sequence[str]) -> Lottery | None:
    """Return where one signal leads, a state -> probability that sums to one; None after recording why not."""
    for state in target:
        collector.check_name(key, "state", state, states)
    total = sum(target.values())
    if abs(total - 1) > PROBABILITY_TOLERANCE:
        terms = " + ".join(f"{state} {chance:g}" for state, chance in target.items())
        collector.fault(key, f"the probabilities of the next states sum to {total:.10g}, not to 1 ({terms})")
    return None if collector.is_spoiled(key) else FrozenMap({state: chance / total for state, chance in target.items()})
