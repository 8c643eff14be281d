"""A scenario: every number of one dispute with its source, the calls that may change it, and the pact at stake.

Two kinds. "economy": parameters of tariffs, minerals and monitoring, from which the trade layer computes payoffs.
"payoffs": matrices given directly. Both are flat mappings from dotted path to `Parameter`, so that one mechanism
(`after`) serves calls, sweeps and the command line. A scenario is never mutated: `after` returns another one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field

import numpy as np

from negotiation._results import Result
from negotiation._values import FrozenMap, Reals
from negotiation.errors import InputError, Problem, excerpt, nearest
from negotiation.trade.parameters.changes import AppliedChange, Change, changes_of
from negotiation.trade.parameters.derived import (
    CHANCE_EQUALITY,
    DELAY_ENTRY,
    DELAY_STAY,
    derived,
    switch_notice,
    tied_parameter,
    tied_text,
)
from negotiation.trade.parameters.parameter import OWN_KEY, OWN_SOURCE, Number, Parameter, Source, number_text
from negotiation.trade.parameters.registry import (
    ALTERNATIVES,
    CHINA_CHOICE,
    DELAY_SEEN,
    INSTEAD_OF,
    OTHERS_TRIGGER,
    Kind,
    default_of,
    default_parameter,
    economy_signals,
    optional_paths,
    registry_order,
)
from negotiation.trade.parameters.rules import faults
from negotiation.trade.scenario.call_outcome import CallOutcome, RegimeSpec

FORMAT = 2  # of scenario files; in format 1 China chose among the listed shares where a file did not say


class Scenario(Result, kw_only=True):
    """One dispute, ready to become a game.

    actions: names per player, in increasing order of tariff and of withheld share (economy). deal, punishment:
    profiles by name (an economy without punishment has its stage equilibrium). parameters: path -> `Parameter`.
    third_parties: keys under `third_parties.`. unit: of payoffs.
    format: of the file that it came from, whose words may have meant something else.
    overtaken: by which event and since when the scenario no longer describes the world, a sentence ("": it still does).
    changes: what has been applied to the file's numbers. Only for kind "payoffs": signals, trigger (signal names that
    count as low), observed (players whose action is seen exactly). Raises `InputError` when the parts do not fit.
    """

    name: str
    title: str
    description: str
    kind: Kind
    as_of: str
    period_days: int
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    deal: tuple[str, ...]
    punishment: tuple[str, ...]
    parameters: FrozenMap[Parameter]
    calls: tuple[CallOutcome, ...] = ()
    third_parties: tuple[str, ...] = ()
    regimes: tuple[RegimeSpec, ...] = ()
    unit: str = "USD bn/month"
    signals: tuple[str, ...] = ()
    trigger: tuple[str, ...] = ()
    observed: tuple[str, ...] = ()
    sources: FrozenMap[Source] = field(default_factory=FrozenMap)
    changes: tuple[AppliedChange, ...] = ()
    overtaken: str = ""
    format: int = FORMAT

    def _check(self) -> None:
        for label, profile in (("deal", self.deal), ("punishment", self.punishment)):
            if self.kind == "economy" and label == "punishment" and not profile:
                continue  # the stage equilibrium
            if len(profile) != len(self.actions):
                raise InputError.single(self.name, label, f"needs one action for each of {len(self.actions)} players")
            for name, names in zip(profile, self.actions, strict=True):
                if name not in names:
                    raise InputError.single(self.name, label, f"'{name}' is not an action", nearest(name, names))
        problems = [Problem(path, sentence) for path, sentence in faults(self.parameters, self.actions)]
        if problems:
            raise InputError(self.name, problems)

    def parameter(self, path: str) -> Parameter:
        """Return a parameter; raises `InputError` with the nearest path when there is none.

        An optional parameter that the scenario leaves out is returned with what it counts as, and one of a pair of
        which the other is given with what follows from that, its range as well.
        """
        if path in self.parameters:
            return self.parameters[path]
        if path in self.tied_paths:
            self.value(path)
            return tied_parameter(path, self.parameters[ALTERNATIVES[path]], self.value)
        if path in self.omitted_paths:
            return default_parameter(path, self.value(path), self.unit, self.as_of)
        hint = nearest(path, (*self.parameters, *self.omitted_paths, *self.tied_paths))
        raise InputError.single(self.name, path, "there is no such parameter", hint)

    @property
    def omitted_paths(self) -> tuple[str, ...]:
        """Optional parameters that the scenario does not state; each counts as something all the same."""
        return tuple(path for path in optional_paths(self.kind, self.actions) if path not in self.parameters)

    @property
    def tied_paths(self) -> tuple[str, ...]:
        """The paths whose numbers follow from another one of their pair that is given."""
        return tuple(ALTERNATIVES[path] for path in ALTERNATIVES if path in self.parameters)

    @property
    def listed(self) -> Mapping[str, Parameter]:
        """Path -> what a list of all numbers shows: those that are given, and those tied to one given instead."""
        tied = {path: self.parameter(path) for path in self.tied_paths if path not in INSTEAD_OF}
        every = {**self.parameters, **tied}
        return {path: every[path] for path in registry_order(every)} if tied else self.parameters

    def origin_of(self, path: str) -> str:
        """Return the key of the source of a number, or the formula by which it follows from another one."""
        return tied_text(path) if path in self.tied_paths else self.parameter(path).source

    def value(self, path: str) -> float:
        """Return the number at `path`; raises `InputError` when it does not exist, follows from none or is a vector."""
        if (follows := derived(path, self.value, self.parameters)) is not None:
            if not np.isfinite(follows):
                text = f"has no value that gives {ALTERNATIVES[path]} = {self.value(ALTERNATIVES[path]):g}"
                raise InputError.single(self.name, path, text, tied_text(path))
            return float(follows)
        if path not in self.parameters and path in self.omitted_paths:
            stand_in = default_of(path)
            return self.value(stand_in) if isinstance(stand_in, str) else float(stand_in or 0.0)
        number = self.parameter(path).value
        if isinstance(number, tuple):
            raise InputError.single(self.name, path, "is a vector, not one number")
        return number

    def vector(self, path: str) -> tuple[float, ...]:
        """Return the vector at `path`; a single number is a vector of length one."""
        number = self.parameter(path).value
        return number if isinstance(number, tuple) else (number,)

    def call(self, name: str) -> CallOutcome:
        """Return a call outcome by name; raises `InputError` with the nearest name."""
        calls = {call.name: call for call in self.calls}
        if name not in calls:
            raise InputError.single(self.name, "calls", f"there is no call outcome '{name}'", nearest(name, calls))
        return calls[name]

    @property
    def any_share(self) -> bool:
        """Whether the second player chooses any share of the minerals, not one of the listed actions alone."""
        return self.kind == "economy" and self.value(CHINA_CHOICE) != 0

    @property
    def delay_seen(self) -> bool:
        """Whether the second player sees that there is a delay before it chooses what to withhold."""
        return self.kind == "economy" and self.value(DELAY_SEEN) != 0

    @property
    def delays_last(self) -> bool:
        """Whether a delay makes another one in the next month likelier than in others."""
        if self.kind != "economy" or self.value(DELAY_STAY) == 0:
            return False
        entry = self.value(DELAY_ENTRY)
        return entry > 0 and self.value(DELAY_STAY) > (1 + CHANCE_EQUALITY) * entry

    @property
    def any_pair_of_shares(self) -> bool:
        """Whether it chooses two shares, withheld from the US and from all others, since some listed action does."""
        return self.any_share and any(
            self.value(f"actions.china.{name}.withheld_elsewhere") != 0 for name in self.actions[1]
        )

    @property
    def slow_columns(self) -> bool:
        """Whether thousands of points take long: to deter any pair of shares, or where delays last."""
        return self.any_pair_of_shares or self.delays_last

    @property
    def discount(self) -> float:
        """Discount factor of one period: interest times survival (economy), or as given (payoffs); in (0, 1)."""
        return float(discount_of(self.kind, self.value))

    @property
    def common_discount(self) -> float:
        """Discount factor at which all outcomes are valued in common, whatever a call does to patience."""
        if self.kind == "payoffs":
            return self.value("patience.common_discount")
        return self.value("patience.monthly_discount") * self.value("patience.common_survival")

    @property
    def signal_names(self) -> tuple[str, ...]:
        """Names of the public signals: bins between the edges and "verified" (economy), or those of the file.

        Where the others' figure is read, each bin is two signals.
        Payoffs without signals are perfectly monitored: the signal is the action of the second player.
        """
        if self.kind == "payoffs":
            return self.signals or self.actions[1]
        return economy_signals(self.parameters)

    def hindsight_on(self, date: str) -> tuple[str, ...]:
        """Return the paths of all numbers whose information reaches beyond `date` (ISO year, month or day)."""
        return tuple(path for path, parameter in self.parameters.items() if parameter.is_hindsight_on(date))

    @property
    def notices(self) -> tuple[str, ...]:
        """One sentence for each parameter whose value lies outside its plausible range."""
        return tuple(
            range_notice(path, parameter.value, parameter)
            for path, parameter in self.parameters.items()
            if parameter.outside_range
        )

    def __getitem__(self, path: str) -> Number:
        """Return the number, or the vector, at a path; raises `InputError` with the nearest path."""
        if not isinstance(path, str):
            raise InputError.single(self.name, excerpt(repr(path)), "is not the path of a parameter")
        return self.parameter(path).value

    __iter__ = None  # indexed by path, not by position

    def set(self, path: str, value: float | Sequence[float]) -> Scenario:
        """Return the scenario with another number, or vector, at `path`; raises `InputError` as `after` does."""
        return self.after(Change.of(path, value))

    def after(self, *changes: str | Change | Iterable[str | Change]) -> Scenario:
        """Return the scenario after `changes`, applied in order: `Change`s, texts "path=1", or lists of either.

        Raises `InputError` with every fault found: a path that does not exist (with the nearest one), a value outside
        its domain, a rule between parameters that no longer holds. Leaving the plausible range only adds a notice.
        """
        changed, problems = self.unchecked_after(*changes)
        touched = tuple(applied.path for applied in changed.changes[len(self.changes) :])
        if not problems:
            problems = [Problem(path, text) for path, text in faults(changed.parameters, self.actions, touched)]
            problems += self._lost_signals(changed.parameters, touched)
        if problems:
            raise InputError(self.name, problems)
        return changed if touched else self

    def unchecked_after(self, *changes: str | Change | Iterable[str | Change]) -> tuple[Scenario, list[Problem]]:
        """Return the scenario after changes, rules between numbers not checked yet, and what is wrong with each."""
        stated, applied = dict(self.parameters), list(self.changes)
        problems: list[Problem] = []
        for change in changes_of(changes):
            path, other = change.path, ALTERNATIVES.get(change.path)
            try:
                before = stated.get(path) or self._with(FrozenMap(stated), ())._before(change)
                after = before.with_value(_value_after(before, change))
            except InputError as error:
                problems.extend(error.problems)
                continue
            replaced = stated.pop(other, None) if other else None
            stated[path] = after if replaced is None else after.replace(instead_of=other)
            notices = (
                range_notice(path, after.value, before) if after.outside_range else "",
                "" if replaced is None else switch_notice(path),
            )
            notice = "; ".join(filter(None, notices))
            number = before.value if np.all(np.isfinite(before.value)) else None
            applied.append(AppliedChange(change, number, after.value, before.unit, notice=notice, replaced=replaced))
        if stated.keys() != self.parameters.keys():
            stated = {path: stated[path] for path in registry_order(stated)}
        return self._with(FrozenMap(stated), tuple(applied)), problems

    def _before(self, change: Change) -> Parameter:
        """Return what a change finds: to set a number, it need not follow from the other one of its pair."""
        if change.op != "set" or change.path not in self.tied_paths:
            return self.parameter(change.path)
        return tied_parameter(change.path, self.parameters[ALTERNATIVES[change.path]], self.value)

    def without_changes(self) -> Scenario:
        """Return the scenario as its file has it."""
        stated = dict(self.parameters)
        for applied in reversed(self.changes):
            if applied.path in stated:  # else a file that extends this one gives another number in its place
                last = stated.pop(applied.path)
                if applied.replaced is None and applied.before is not None:
                    stated[applied.path] = last.with_value(applied.before)
                elif applied.replaced is not None:
                    stated[ALTERNATIVES[applied.path]] = applied.replaced
        changed = {applied.path for applied in self.changes} & stated.keys()
        rest = self._with(FrozenMap({path: stated[path] for path in stated if path not in changed}), ())
        # what a change had to add goes again
        added = [path for path in changed if path in rest.omitted_paths and stated[path] == rest.parameter(path)]
        return self._with(FrozenMap({path: stated[path] for path in registry_order(stated) if path not in added}), ())

    def _lost_signals(self, parameters: Mapping[str, Parameter], touched: Sequence[str]) -> list[Problem]:
        """Return the problem that a user's automaton names signals which moved edges no longer have."""
        moved = [path for path in ("monitoring.edges", OTHERS_TRIGGER) if path in touched]
        if not moved or not self.regimes or economy_signals(parameters) == self.signal_names:
            return []
        text = f"the automaton '{self.regimes[0].name}' is written for the present signals"
        return [Problem(moved[0], text, "change the signals and the automaton together, in the file")]

    def _with(self, parameters: FrozenMap[Parameter], changes: tuple[AppliedChange, ...]) -> Scenario:
        """Return a copy with other parameters and changes, which have been checked already."""
        fields = {**vars(self), "parameters": parameters, "changes": changes}
        if parameters.keys() != self.parameters.keys():
            sources, used = {**self.sources, OWN_KEY: OWN_SOURCE}, sources_of(parameters, changes)
            fields["sources"] = FrozenMap({key: source for key, source in sources.items() if key in used})
        return self._unchecked(**fields)


def sources_of(parameters: Mapping[str, Parameter], changes: Iterable[AppliedChange]) -> set[str]:
    """Return the keys of the sources that numbers rest on, those included that changes replaced."""
    replaced = [applied.replaced for applied in changes if applied.replaced is not None]
    return {key for each in (*parameters.values(), *replaced) for key in (each.source, each.range_source)}


def discount_of(kind: Kind, value: Callable[[str], Reals]) -> Reals:
    """Return the discount factor of one period from the numbers that `value` reads."""
    if kind == "payoffs":
        return value("patience.discount")
    return value("patience.monthly_discount") * (1 - 1 / value("patience.expected_life_months"))


def range_notice(path: str, value: Number, parameter: Parameter) -> str:
    """Return the notice that `value` lies outside the plausible range of `parameter`."""
    return f"{path} = {number_text(value)} is outside its plausible range {parameter.range_text}"


def _value_after(before: Parameter, change: Change) -> Number:
    """Return the value after `change`; raises `InputError` outside the domain or for a vector of another length."""
    after = change.value_after(before.value)
    for _, text in before.with_value(after).faults():
        raise InputError.single("change", change.path, text)
    wanted, given = (len(value) if isinstance(value, tuple) else 1 for value in (before.value, after))
    if given != wanted and change.path != "monitoring.edges":
        raise InputError.single("change", change.path, f"needs {wanted} numbers, got {given}")
    return after
