"""Study files: a study as a TOML file that can be sent to somebody; every mistake at once, each with its line.

format = 1
name = "delays-and-leverage"
scenario = "rollback-2025"                 # a shipped scenario, or a file beside this one
set = ["legal.snapback_survival = 0.9"]    # changes of the scenario
calls = ["no_call", "clarification"]       # all when left out; the same for regimes
seed = 7
sets = false                               # also inner and outer sets of equilibrium payoffs

[sample]                                   # parameters drawn together
kind = "latin_hypercube"                   # or "sobol", "sensitivity", "draws" (file = "mine.csv"), "posterior"
points = 10000
vary = ["judgement", "minerals.*"]         # over their plausible ranges

[[vary]]
path = "minerals.leverage"
low = 0.2                                  # the plausible range when left out
high = 0.9
points = 21                                # a grid; values = [...] is a list; with neither it joins the sample
scale = "log"                              # even steps of the logarithm
replaces_calls = true                      # the number stands even where a call sets this parameter
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from negotiation._files import mode_of
from negotiation.errors import InputError, excerpt, nearest
from negotiation.studies.file_vary import VaryReader, check_keys, reported
from negotiation.studies.study import Axis, Study, regime_keys
from negotiation.studies.vary import parse_axis, plausible_ranges
from negotiation.trade.files.load import embedded_scenarios, is_scenario, load_scenario, read_toml
from negotiation.trade.files.problem_collector import ProblemCollector, name_fault
from negotiation.trade.parameters.changes import Change
from negotiation.trade.scenario.scenario import Scenario

FORMAT = 1
TOP: dict[str, type] = {"format": int, "name": str, "scenario": str, "set": list, "calls": list, "regimes": list}
TOP |= {"seed": int, "sets": bool, "sample": dict, "vary": list}


def load_study(where: str, vary: Sequence[str] = (), changes: Sequence[str] = ()) -> Study:
    """Return the study in a file, or a bare one of a scenario: a shipped one by its name, or a scenario file.

    vary: axes as on the command line; they replace what the file says of the same parameter. changes: of the scenario,
    after those of the file. Raises `InputError` with every problem of the file.
    """
    axes = [parse_axis(text) for text in vary]
    more = [Change.parse(text) for text in changes]
    collector = None if where in embedded_scenarios() else read_toml(Path(where), "a study")
    if collector is not None and not is_scenario(collector.data):
        return _study(collector, Path(where), axes, more)
    scenario = load_scenario(where).after(more)
    if not axes:
        path, ends = next(iter(plausible_ranges(scenario).items()), ("PATH", ("LOW", "HIGH")))
        hint = f"add --vary {path}={ends[0]}:{ends[1]}:11, or write a study file"
        raise InputError.single(where, "", "is a scenario, and nothing varies", hint)
    return Study("vary", scenario, axes=tuple(axes))


def _study(collector: ProblemCollector, file: Path, axes: list[Axis], changes: list[Change]) -> Study:
    data = collector.data
    check_keys(collector, (), data, TOP)
    if data.get("format") != FORMAT and not collector.is_spoiled(("format",)):
        collector.fault(("format",), f"must be {FORMAT}", f"write format = {FORMAT}")
    name = data.get("name", file.stem)
    if isinstance(name, str) and name_fault(name):
        collector.fault(("name",), name_fault(name))
    if "scenario" not in data:
        collector.fault(("scenario",), "is missing", 'write scenario = "rollback-2025"')
    if not isinstance(data.get("seed", 0), int) or data.get("seed", 0) < 0:
        collector.fault(("seed",), "must be a whole number of at least 0")
    collector.finish()
    scenario = _scenario(collector, file, changes)
    varied = VaryReader(collector, file.parent, scenario, {axis.path for axis in axes})
    _check_names(collector, "calls", "call outcome", [call.name for call in scenario.calls])
    _check_names(collector, "regimes", "regime", regime_keys(scenario))
    collector.finish()
    # a fault of the study as a whole is shown at the line that it speaks of
    study = None
    with reported(collector, lambda path: _problem_key(collector, path)):
        study = Study(
            name,
            scenario,
            axes=(*varied.axes, *axes),
            sample=varied.sample,
            calls=tuple(data.get("calls", ())),
            regimes=tuple(data.get("regimes", ())),
            replaces_calls=tuple(varied.replaces_calls),
            seed=data.get("seed", Study.seed),
            sets=data.get("sets", False),
        )
    collector.finish()
    assert study is not None  # or there was a problem
    return study


def _problem_key(collector: ProblemCollector, path: str) -> Key:
    for number, entry in enumerate(collector.data.get("vary", ())):
        if entry.get("path") == path:
            return ("vary", number, "path")
    return tuple(path.split(".")) if path.split(".")[0] in collector.data else ()


def _check_names(collector: ProblemCollector, key: str, what: str, allowed: Sequence[str]) -> None:
    for number, name in enumerate(collector.data.get(key, ())):
        if name not in allowed:
            collector.fault((key, number), f"there is no {what} '{excerpt(str(name))}'", nearest(str(name), allowed))


def _scenario(collector: ProblemCollector, file: Path, changes: list[Change]) -> Scenario:
    """Return the scenario with the file's changes and then those of the command line."""
    name = collector.data["scenario"]
    if name not in embedded_scenarios() and not mode_of(file.parent / name):
        hint = nearest(Path(name).stem, embedded_scenarios())
        collector.fault(("scenario",), f"there is no scenario '{excerpt(name)}', shipped or beside this file", hint)
        collector.finish()
    scenario = load_scenario(name if name in embedded_scenarios() else file.parent / name)
    for number, text in enumerate(collector.data.get("set", ())):
        with reported(collector, ("set", number)):
            scenario = scenario.after([Change.parse(str(text))])
    collector.finish()
    return scenario.after(changes)
