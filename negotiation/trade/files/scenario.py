"""A scenario from one file: header, sources, parameters, calls and automata put together on top of what it extends."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from negotiation._tables import Key
from negotiation._values import FrozenMap
from negotiation.errors import InputError, nearest
from negotiation.trade.files.calls import check_calls, read_calls, read_regimes, share_remainder
from negotiation.trade.files.parameters import (
    embedded_sources,
    parameter_leaves,
    parameter_sections,
    read_parameters,
    read_sources,
    record_missing,
)
from negotiation.trade.files.payoffs import PayoffFrame, check_profile, read_payoffs
from negotiation.trade.files.problem_collector import ProblemCollector, key_fault, name_fault
from negotiation.trade.files.tables import AppliedTable, Header, stated_or_inherited
from negotiation.trade.parameters.changes import AppliedChange, choice_of
from negotiation.trade.parameters.parameter import Parameter
from negotiation.trade.parameters.registry import (
    ALTERNATIVES,
    CHOICES,
    INSTEAD_OF,
    MONEY,
    PLAYERS,
    THIRD_PARTY_FIELDS,
    Kind,
    default_of,
    economy_signals,
    registry_order,
    required_paths,
    without_alternatives,
)
from negotiation.trade.parameters.rules import faults
from negotiation.trade.scenario.call_outcome import NO_CALL_OUTCOME
from negotiation.trade.scenario.scenario import Scenario, sources_of

NO_DAY = "9999"  # stands in for a day that is missing or wrong
OTHER = ("sources", "calls", "regimes", "applied")
# what an action does; actions are in increasing order of the first, then of the second
ACTION_FIELDS = {"us": ("tariff",), "china": ("withheld", "withheld_elsewhere")}


def build_scenario(collector: ProblemCollector, base: Scenario | None, stem: str) -> Scenario:
    """Return the scenario of a file, on top of `base` when it extends one; `stem` names it when it has no name.

    Raises `InputError` with every problem of the file.
    """
    header = _header(collector, base)
    kind = cast(Kind, header.kind or (base.kind if base else "economy"))
    collector.sources = {**embedded_sources(), **(base.sources if base else {})}
    collector.sources |= read_sources(collector, collector.data.get("sources", {}))
    parts = _ScenarioBuilder(collector, base, header, kind)
    parts.assemble()
    name = header.name or stem
    if name_fault(name):
        collector.fault(("name",), name_fault(name))
    collector.finish()
    scenario = parts.scenario(name)
    check_calls(collector, scenario)
    collector.finish()
    return scenario


def _header(collector: ProblemCollector, base: Scenario | None) -> Header:
    """Return the header; the rest is read as if a wrong kind or day had not been given, so that it is said once."""
    tables = {*OTHER, *parameter_sections("economy"), *parameter_sections("payoffs")}
    top = {key: value for key, value in collector.data.items() if key not in tables}
    header = collector.table(Header, top, (), also=tables, partial=True) or Header()
    if base is not None and header.kind not in (None, base.kind):
        collector.fault(("kind",), f"is '{header.kind}', but '{base.name}', which it extends, is '{base.kind}'")
        header = header.model_copy(update={"kind": None})
    as_of = header.as_of or (base.as_of if base else "")
    if not as_of and not collector.is_spoiled(("as_of",)):
        collector.fault(("as_of",), "is missing, the day whose knowledge the scenario holds, such as 2025-06-01")
    return header.model_copy(update={"as_of": as_of or NO_DAY})


class _ScenarioBuilder:
    """The parts of a scenario as far as they have been read; `assemble` reads them, `scenario` puts them together."""

    def __init__(self, collector: ProblemCollector, base: Scenario | None, header: Header, kind: Kind) -> None:
        self.collector, self.base, self.header, self.kind = collector, base, header, kind
        self.parameters: dict[str, Parameter] = {}
        self.frame = PayoffFrame(players=PLAYERS, unit=MONEY)
        self.third_parties: tuple[str, ...] = ()
        self.drop = set(header.drop)

    def assemble(self) -> None:
        base, collector = self.base, self.collector
        gone = tuple(f"{path}." for path in self.drop)
        stated_before = base.parameters if base else {}
        inherited = {path: stated_before[path] for path in stated_before if not f"{path}.".startswith(gone)}
        raw = self.raw_parameters()
        # one of two that this file gives instead of the other takes what it leaves out from what followed from that
        switched = {path: ALTERNATIVES[path] for path in raw if ALTERNATIVES.get(path) in inherited}
        followed = {path: base.parameter(path) for path in switched} if base else {}
        stated = read_parameters(collector, raw, {**inherited, **followed}, str(self.header.as_of), self.frame.unit)
        for path in switched.keys() & stated.keys():
            stated[path] = stated[path].replace(instead_of=switched[path])
        for path, other in INSTEAD_OF.items():
            if {path, other} <= raw.keys():
                collector.fault(
                    tuple(path.split(".")),
                    f"and {other} are both given, but one follows from the other",
                    "give one of the two",
                )
        parameters = {**without_alternatives(inherited, raw), **stated}
        self.parameters = {path: parameters[path] for path in registry_order(parameters)}
        if not self.parameters and not any(name in collector.data for name in parameter_sections(self.kind)):
            hint = 'write extends = "rollback-2025" to start from another scenario'
            collector.fault((), "states no parameters", hint)
            collector.finish()
        given = {*self.parameters, *(ALTERNATIVES[path] for path in (*self.parameters, *raw) if path in ALTERNATIVES)}
        record_missing(collector, given, required_paths(self.kind))
        if self.kind == "economy":
            self.economy()
        else:
            self.payoffs()
        for path, sentence in faults(self.parameters, self.frame.actions):
            if not collector.is_spoiled(tuple(path.split("."))):
                collector.fault(tuple(path.split(".")), sentence)
        self.check_drop()
        signals = self.frame.signals or self.frame.actions[1]
        if self.kind == "economy":
            signals = economy_signals(self.parameters) if "monitoring.edges" in self.parameters else ()
        self.regimes = read_regimes(collector, base.regimes if base else (), self.frame.actions, signals)
        self.regimes = [spec for spec in self.regimes if f"regimes.{spec.name}" not in self.drop]
        automata = [spec.name for spec in self.regimes]
        calls = [call for call in base.calls if f"calls.{call.name}" not in self.drop] if base else []
        # what stands in where no outcome is named gives way to the first that is
        calls = [] if calls == [NO_CALL_OUTCOME] else calls
        self.calls = read_calls(collector, calls, automata) or [NO_CALL_OUTCOME]
        if self.header.other_calls is not None and not collector.is_spoiled(("calls",)):
            self.calls = share_remainder(collector, self.calls)

    def raw_parameters(self) -> dict[str, Any]:
        """Return path -> raw value of every parameter that the file states."""
        data = self.collector.data
        others = parameter_sections("economy" if self.kind == "payoffs" else "payoffs")
        for name in sorted({*others} & data.keys() - {*parameter_sections(self.kind)}):
            self.collector.fault((name,), f"does not belong in a scenario of kind '{self.kind}'")
        if self.kind == "economy":
            return {
                path: self.chosen(path, raw) if path in CHOICES else raw
                for path, raw in parameter_leaves(self.collector, self.kind, data).items()
            }
        frame, cells = read_payoffs(self.collector, self.base, str(self.header.as_of))
        if frame is not None:
            self.frame = frame
        rest = {name: stated for name, stated in data.items() if name not in ("payoffs", "signals")}
        return {**parameter_leaves(self.collector, self.kind, rest), **cells}

    def chosen(self, path: str, raw: Any) -> Any:
        """Return the number that stands for the name of a choice; a table is read like any other parameter."""
        try:
            return choice_of(path, raw) if isinstance(raw, str) else raw
        except InputError as error:
            problem = error.problems[0]
            self.collector.fault((path,), problem.message, problem.hint)
            return 0.0

    def economy(self) -> None:
        """Find actions (in increasing order) and third parties from the parameters present."""
        sides = tuple(self.actions(player) for player in PLAYERS)
        parties = dict.fromkeys(path.split(".")[1] for path in self.parameters if path.startswith("third_parties."))
        self.check_keys(("third_parties",), parties)
        wanted = [f"third_parties.{name}.{leaf}" for name in parties for leaf in THIRD_PARTY_FIELDS]
        record_missing(self.collector, self.parameters, wanted)
        self.third_parties = tuple(parties)
        profiles = {label: stated_or_inherited(self.header, self.base, label, ()) for label in ("deal", "punishment")}
        if not self.collector.is_spoiled(("actions",)):
            for label, profile in profiles.items():
                if label == "deal" or profile:  # without one, the punishment is the stage equilibrium
                    check_profile(self.collector, (label,), profile, sides)
        self.frame = self.frame.replace(actions=sides, **profiles)

    def actions(self, player: str) -> tuple[str, ...]:
        """Return a player's actions, in increasing order of what they do."""
        leaf, *_ = ACTION_FIELDS[player]
        section = f"actions.{player}."
        names = dict.fromkeys(path.split(".")[2] for path in self.parameters if path.startswith(section))
        record_missing(self.collector, self.parameters, [f"{section}{name}.{leaf}" for name in names])
        levels = {name: self.levels(player, name) for name in names if f"{section}{name}.{leaf}" in self.parameters}
        self.check_keys(("actions", player), levels)
        stated = self.collector.data.get("actions", {})
        if not levels and not (isinstance(stated, Mapping) and player in stated):
            self.collector.fault(("actions", player), "is missing", f"at least one action with its {leaf}")
        return tuple(sorted(levels, key=lambda name: (levels[name], name)))

    def check_keys(self, section: Key, names: Iterable[str]) -> None:
        """Record every name that cannot be a part of a path."""
        for name in names:
            if fault := key_fault(name):
                self.collector.fault((*section, name), fault)

    def levels(self, player: str, name: str) -> tuple[object, ...]:
        """Return what an action does, as numbers to put actions in order by."""
        paths = [f"actions.{player}.{name}.{leaf}" for leaf in ACTION_FIELDS[player]]
        return tuple(self.parameters[path].value if path in self.parameters else default_of(path) for path in paths)

    def payoffs(self) -> None:
        """Check that every cell has a payoff, and a likelihood when there are signals."""
        if self.header.deal is not None or self.header.punishment is not None:
            self.collector.fault(("deal",), "stands in [payoffs] when payoffs are given directly")
        cells = [(row, column) for row in self.frame.actions[0] for column in self.frame.actions[1]]
        wanted = [f"payoffs.{player}.{row}.{column}" for player in self.frame.players for row, column in cells]
        if self.frame.signals:
            wanted += [f"signals.{row}.{column}" for row, column in cells]
        elif any(path.startswith("signals.") for path in self.parameters):
            self.collector.fault(("signals",), "is given, but payoffs.signals does not name the signals")
        record_missing(self.collector, self.parameters, wanted)
        # an inherited cell whose row or column the file no longer has goes with it
        gone = {path for path in self.parameters if path.startswith(("payoffs.", "signals."))} - {*wanted}
        self.parameters = {path: parameter for path, parameter in self.parameters.items() if path not in gone}
        count = len(self.frame.signals)
        for path, parameter in self.parameters.items():
            chances = parameter.value
            if path.startswith("signals.") and isinstance(chances, tuple) and len(chances) != count:
                self.collector.fault(tuple(path.split(".")), f"needs {count} chances, got {len(chances)}")

    def check_drop(self) -> None:
        """Record what the file drops although it is not there to be dropped."""
        base, removable = self.base, []
        if base is not None:
            removable += [f"third_parties.{name}" for name in base.third_parties]
            removable += [f"calls.{call.name}" for call in base.calls]
            removable += [f"regimes.{spec.name}" for spec in base.regimes]
            if base.kind == "economy":
                sides = zip(base.players, base.actions, strict=True)
                removable += [f"actions.{player}.{name}" for player, names in sides for name in names]
        for index, path in enumerate(self.header.drop):
            if path not in removable:
                self.collector.fault(("drop", index), f"there is nothing to drop at '{path}'", nearest(path, removable))

    def applied(self, index: int, table: AppliedTable) -> AppliedChange:
        """Return a change that had been applied, with the number that gave way to it."""
        other, replaced = ALTERNATIVES.get(table.change.path), None
        if table.replaced is not None and other is None:
            self.collector.fault(
                ("applied", index, "replaced"), f"is given, but nothing gives way to {table.change.path}"
            )
        elif table.replaced is not None and other is not None:
            raw = {other: table.replaced}
            replaced = read_parameters(self.collector, raw, {}, str(self.header.as_of), self.frame.unit).get(other)
        return AppliedChange(**{**dict(table), "replaced": replaced})

    def scenario(self, name: str) -> Scenario:
        """Return the finished scenario; everything has been checked."""
        header, base = self.header, self.base
        raw = self.collector.data.get("applied", [])  # the changes that had been applied when it was written out
        entries = enumerate(raw if isinstance(raw, list) else [raw])
        tables = [self.collector.table(AppliedTable, entry, ("applied", index)) for index, entry in entries]
        changes = (
            *(base.changes if base else ()),
            *(self.applied(n, table) for n, table in enumerate(tables) if table),
        )
        self.collector.finish()
        used = sources_of(self.parameters, changes)
        return Scenario(
            name=name,
            format=header.format,
            title=stated_or_inherited(header, base, "title", name),
            # what another title names, the description of the scenario it extends need not describe
            description=stated_or_inherited(header, None if header.title else base, "description", ""),
            kind=self.kind,
            as_of=str(header.as_of),
            # what events have done to one date says nothing of another
            overtaken=stated_or_inherited(header, None if "as_of" in self.collector.data else base, "overtaken", ""),
            period_days=stated_or_inherited(header, base, "period_days", 30),
            parameters=FrozenMap(self.parameters),
            calls=tuple(self.calls),
            third_parties=self.third_parties,
            regimes=tuple(self.regimes),
            sources=FrozenMap({key: source for key, source in self.collector.sources.items() if key in used}),
            changes=changes,
            **vars(self.frame),
        )
