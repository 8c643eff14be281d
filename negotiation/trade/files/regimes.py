"""User automata of a scenario file: every state must say where each signal leads; dangling states are refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from negotiation.errors import nearest
from negotiation.trade.files.problem_collector import Key, ProblemCollector, name_fault
from negotiation.trade.files.tables import RegimeTable, StateTable, kind_of, validate_table
from negotiation.trade.parameters.frozen_map import FrozenMap
from negotiation.trade.parameters.rules import PROBABILITY_TOLERANCE
from negotiation.trade.scenario.call_outcome import REGIMES, Lottery, RegimeSpec

DEFAULT = "default"


def read_regimes(
    collector: ProblemCollector,
    raw: Any,
    base: Sequence[RegimeSpec],
    actions: Sequence[Sequence[str]],
    signals: Sequence[str],
) -> list[RegimeSpec]:
    """Return the automata of `base`, replaced or followed by the file's; faults are recorded."""
    specs = {spec.name: spec for spec in base}
    if raw is None:
        return list(specs.values())
    if not isinstance(raw, list):
        collector.fault(("regimes",), f"is {kind_of(raw)}, not a list of tables", "start each with [[regimes]]")
        return list(specs.values())
    for index, item in enumerate(raw):
        key: Key = ("regimes", index)
        table = validate_table(collector, RegimeTable, item, key)
        if table is None:
            continue
        fault = name_fault(table.name)
        if not fault and table.name in REGIMES:
            fault = f"'{table.name}' is the name of a built-in regime"
        if fault:
            collector.fault((*key, "name"), fault)
            continue
        spec = _spec(collector, key, table, actions, signals)
        if spec is not None:
            specs[table.name] = spec
    return list(specs.values())


def _spec(
    collector: ProblemCollector, key: Key, table: RegimeTable, actions: Sequence[Sequence[str]], signals: Sequence[str]
) -> RegimeSpec | None:
    states = [
        validate_table(collector, StateTable, raw_state, (*key, "states", place))
        for place, raw_state in enumerate(table.states)
    ]
    names = [state.name for state in states if state is not None]
    if not table.states:
        collector.fault((*key, "states"), "an automaton needs at least one state")
    if len(set(names)) != len(names):
        collector.fault((*key, "states"), "two states have the same name")
    if collector.is_spoiled((*key, "states")):
        return None
    if table.deviation not in names:
        collector.fault((*key, "deviation"), f"there is no state '{table.deviation}'", nearest(table.deviation, names))
    plays, transitions = [], []
    for place, state in enumerate(states):
        if state is None:
            continue
        here: Key = (*key, "states", place)
        _check_play(collector, (*here, "play"), state.play, actions)
        plays.append(tuple(state.play))
        transitions.append(_transitions(collector, (*here, "on"), state.on, names, signals))
    if collector.is_spoiled(key):
        return None
    label = table.label or table.name.replace("_", " ")
    return RegimeSpec(
        name=table.name,
        label=label,
        states=tuple(names),
        plays=tuple(plays),
        transitions=tuple(transitions),
        deviation=table.deviation,
    )


def _check_play(collector: ProblemCollector, key: Key, play: Sequence[str], actions: Sequence[Sequence[str]]) -> None:
    if len(play) != len(actions):
        collector.fault(key, f"needs one action for each of {len(actions)} players, got {len(play)}")
        return
    for name, names in zip(play, actions, strict=True):
        if name not in names:
            collector.fault(key, f"'{name}' is not an action", nearest(name, names))


def _transitions(
    collector: ProblemCollector, key: Key, on: dict[str, Any], states: Sequence[str], signals: Sequence[str]
) -> FrozenMap[Lottery]:
    """Return signal -> lottery over states; "default" stands for every signal not named."""
    stated: dict[str, Lottery] = {}
    for signal, target in on.items():
        if signal != DEFAULT and signal not in signals:
            collector.fault((*key, signal), "unknown signal", nearest(signal, [*signals, DEFAULT]))
            continue
        lottery = _lottery(collector, (*key, signal), target, states)
        if lottery is not None:
            stated[signal] = lottery
    left = [signal for signal in signals if signal not in on]
    if left and DEFAULT not in on:
        texts = ", ".join(f"'{signal}'" for signal in left)
        collector.fault(key, f"does not say where {texts} leads", "add it, or a default")
    rest = stated.get(DEFAULT, FrozenMap())
    return FrozenMap({signal: stated.get(signal, rest) for signal in signals})


def _lottery(collector: ProblemCollector, key: Key, target: Any, states: Sequence[str]) -> Lottery | None:
    """Return where one signal leads: a state name, or a table of state = probability that sums to one."""
    if isinstance(target, str):
        target = {target: 1.0}
    if not isinstance(target, dict):
        collector.fault(key, f"is {kind_of(target)}, needs a state or a table of state = probability")
        return None
    for state, chance in target.items():
        if state not in states:
            collector.fault(key, f"there is no state '{state}'", nearest(state, states))
            return None
        if isinstance(chance, bool) or not isinstance(chance, int | float) or not 0 <= chance <= 1:
            collector.fault((*key, state), f"{chance} is not a probability")
            return None
    total = sum(target.values())
    if abs(total - 1) > PROBABILITY_TOLERANCE:
        terms = " + ".join(f"{state} {chance:g}" for state, chance in target.items())
        collector.fault(key, f"the probabilities of the next states sum to {total:.10g}, not to 1 ({terms})")
        return None
    return FrozenMap({state: chance / total for state, chance in target.items()})
