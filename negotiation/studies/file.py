"""Study files: a study as a TOML file that can be sent to somebody; every mistake at once, each with its line.

docs/how-to/run-a-study.md has a file with every key.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from negotiation._files import mode_of
from negotiation._tables import FileTable, Key, one_of
from negotiation.errors import InputError, excerpt, nearest
from negotiation.studies.study import Axis, Study, regime_keys
from negotiation.studies.vary import VaryReader, parse_axis, report_faults
from negotiation.trade.files.load import embedded_scenarios, is_scenario, load_scenario, read_toml
from negotiation.trade.files.problem_collector import ProblemCollector
from negotiation.trade.files.tables import Name
from negotiation.trade.parameters.changes import Change
from negotiation.trade.scenario.plausible_ranges import plausible_ranges
from negotiation.trade.scenario.scenario import Scenario

STUDY_FORMAT = 1  # of study files: another one is not read


class StudyTable(FileTable):
    """What stands at the top of a study file."""

    format: Annotated[int, one_of((STUDY_FORMAT,), f"must be {STUDY_FORMAT}, got {{}}")]
    scenario: str
    name: Name = ""
    set: list[str] = Field([])
    calls: list[str] = Field([])
    regimes: list[str] = Field([])
    seed: Annotated[int, Field(ge=0)] = Study.seed
    sets: bool = False
    sample: Any = None
    vary: list[Any] = Field([])


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
    table = collector.table(StudyTable, {"name": file.stem, **collector.data}, ())
    collector.finish()
    assert table is not None  # or there was a problem
    scenario = _scenario(collector, file, table, changes)
    varied = VaryReader(collector, file.parent, scenario, {axis.path for axis in axes}, table.vary)
    sample = varied.sample(table.sample)
    outcomes = [call.name for call in scenario.calls]
    for key, what, allowed in (("calls", "call outcome", outcomes), ("regimes", "regime", regime_keys(scenario))):
        for number, name in enumerate(collector.data.get(key, ())):
            collector.check_name((key, number), what, name, allowed)
    collector.finish()
    # a fault of the study as a whole is shown at the line that it speaks of
    study = None
    with report_faults(collector, lambda path: _problem_key(collector, path)):
        study = Study(
            table.name,
            scenario,
            axes=(*varied.axes, *axes),
            sample=sample,
            calls=tuple(table.calls),
            regimes=tuple(table.regimes),
            replaces_calls=tuple(varied.replaces_calls),
            seed=table.seed,
            sets=table.sets,
        )
    collector.finish()
    assert study is not None
    return study


def _problem_key(collector: ProblemCollector, path: str) -> Key:
    for number, entry in enumerate(collector.data.get("vary", ())):
        if entry.get("path") == path:
            return ("vary", number, "path")
    return tuple(path.split(".")) if path.split(".")[0] in collector.data else ()


def _scenario(collector: ProblemCollector, file: Path, table: StudyTable, changes: list[Change]) -> Scenario:
    """Return the scenario with the file's changes and then those of the command line."""
    name, shipped = table.scenario, embedded_scenarios()
    if name not in shipped and not mode_of(file.parent / name):
        text = f"there is no scenario '{excerpt(name)}', shipped or beside this file"
        collector.fault(("scenario",), text, nearest(Path(name).stem, shipped))
        collector.finish()
    scenario = load_scenario(name if name in shipped else file.parent / name)
    for number, text in enumerate(table.set):
        with report_faults(collector, ("set", number)):
            scenario = scenario.after(text)
    collector.finish()
    return scenario.after(changes)
