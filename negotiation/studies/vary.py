"""What may vary: groups of parameters, `path=lo:hi:n` on the command line, `[[vary]]` and `[sample]` in study files."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, cast

import numpy as np
from pydantic import Field

from negotiation._tables import FileTable, Key, one_of
from negotiation.errors import InputError
from negotiation.studies.design import PRIOR, posterior_sample, read_draws
from negotiation.studies.study import DESIGN_KINDS, Axis, Kind, Sample, sample_of, too_many
from negotiation.trade.files.problem_collector import ProblemCollector
from negotiation.trade.files.tables import Finite
from negotiation.trade.parameters.registry import same_number
from negotiation.trade.scenario.plausible_ranges import group_paths
from negotiation.trade.scenario.scenario import Scenario


def plausible_range(scenario: Scenario, path: str) -> tuple[float, float]:
    """Return the plausible range of a parameter; raises `InputError` where it has none."""
    parameter = scenario.parameter(path)
    if parameter.low is None or parameter.high is None:
        raise InputError.single("vary", path, "has no plausible range", "give low and high, or values")
    return parameter.low, parameter.high


def parse_axis(text: str) -> Axis:
    """Return the axis written as "path=lo:hi:n" or "path=a,b,c".

    >>> parse_axis("minerals.leverage=0.2:0.8:3").values.tolist()
    [0.2, 0.5, 0.8]
    """
    path, sign, values = text.partition("=")
    hint = "write path=low:high:points or path=value,value"
    if not sign or not path.strip() or not values.strip():
        raise InputError.single("--vary", text, "is not an axis", hint)
    try:
        if ":" in values:
            low, high, count = values.split(":")
            return Axis(path.strip(), grid_values(float(low), float(high), int(count)))
        return Axis(path.strip(), np.array([float(part) for part in values.split(",")]))
    except InputError as error:
        raise InputError.single("--vary", path.strip(), error.problems[0].message, error.problems[0].hint) from None
    except ValueError:
        raise InputError.single("--vary", text, "is not an axis", hint) from None


def grid_values(low: float, high: float, count: int, log: bool = False) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return `count` values from low to high, evenly spaced (in the logarithm with `log`)."""
    if count < 1:
        raise InputError.single("grid", "points", f"must be at least 1, got {count}: the grid is empty", "e.g. 21")
    if too_many(count):
        raise InputError.single("grid", "points", *too_many(count))
    if not (math.isfinite(low) and math.isfinite(high)):
        raise InputError.single("grid", "low", f"needs two finite ends, got {low:g} and {high:g}")
    if count > 1 and not low < high:
        raise InputError.single("grid", "low", f"needs low < high, got {low:g} and {high:g}")
    if log and low <= 0:
        raise InputError.single("grid", "low", f"must be above 0 on a logarithmic scale, got {low:g}")
    return np.geomspace(low, high, count) if log else np.linspace(low, high, count)


POSTERIOR = "posterior"
TWICE = "is varied twice: definitions overlap"


class VaryTable(FileTable):
    """One parameter that varies: over a grid, over `values`, or, with neither, as a part of the sample."""

    path: str
    low: Finite | None = None
    high: Finite | None = None
    points: int | None = None
    values: Annotated[list[Finite], Field(min_length=1)] | None = None
    scale: Annotated[str, one_of(("linear", "log"), "'{}' is unknown")] = "linear"
    replaces_calls: bool = False


class SampleTable(FileTable):
    """Parameters that are drawn together."""

    kind: Annotated[str, one_of((*DESIGN_KINDS, POSTERIOR), "'{}' is unknown")] = "latin_hypercube"
    points: int | None = None
    vary: list[str] = Field([])
    file: str | None = None
    as_of: str = ""
    prior: str = PRIOR


@contextmanager
def report_faults(
    collector: ProblemCollector, where: Key | Callable[[str], Key], shown: str | None = ""
) -> Iterator[None]:
    """Report the problems of an `InputError` raised inside, each at a key, which may follow from the problem's path.

    shown: the path to show; "" is the problem's own, None that of the key.
    """
    try:
        yield
    except InputError as error:
        for problem in error.problems:
            key = where(problem.path) if callable(where) else where
            collector.fault(key, problem.message, problem.hint, shown=problem.path if shown == "" else shown)


class VaryReader:
    """The `axes`, the `sample` and paths that replace what calls set. Problems go to the collector.

    replaced: paths that the command line varies; what the file says of them is left out.
    """

    def __init__(
        self, collector: ProblemCollector, folder: Path, scenario: Scenario, replaced: set[str], entries: list[Any]
    ) -> None:
        self.collector, self.folder, self.scenario, self.replaced = collector, folder, scenario, replaced
        self.axes: list[Axis] = []
        self.replaces_calls: list[str] = []
        self.ranges: dict[str, tuple[float, float]] = {}
        self.log: list[str] = []
        self.paths: set[str] = set()
        for number, entry in enumerate(entries):
            table = collector.table(VaryTable, entry, ("vary", number))
            if table is not None:
                self._entry(("vary", number), table)

    def _entry(self, where: Key, table: VaryTable) -> None:
        path, log = table.path, table.scale == "log"
        if not self._may_vary(path, (*where, "path")):
            return
        if table.replaces_calls:
            self.replaces_calls.append(path)
        if path in self.replaced:
            return
        if table.values is not None:
            self.axes.append(Axis(path, np.array(table.values)))
            return
        stated = table.model_fields_set
        with report_faults(self.collector, lambda key: (*where, key if key in stated else "path"), path):
            low, high = table.low, table.high
            if low is None or high is None:
                first, last = plausible_range(self.scenario, path)
                low, high = (first if low is None else low), (last if high is None else high)
            if table.points is not None:
                self.axes.append(Axis(path, grid_values(low, high, table.points, log)))
                return
            self.ranges[path] = (low, high)
            self.log += [path] if log else []

    def _may_vary(self, path: str, where: Key) -> bool:
        """Whether a path is one number that nothing else sets or varies; reports why not."""
        count = len(self.collector.problems)
        with report_faults(self.collector, where, path):
            self.scenario.value(path)
            if any(same_number(applied.path, path) for applied in self.scenario.changes):
                self.collector.fault(where, "is set and varied: definitions overlap", "do one of the two", shown=path)
            elif any(same_number(path, other) for other in self.paths):
                self.collector.fault(where, TWICE, shown=path)
        if len(self.collector.problems) > count:
            return False
        self.paths.add(path)
        return True

    def sample(self, raw: Any) -> Sample | None:
        """Return the sample that the table `[sample]` asks for, which entries without points or values join."""
        if raw is None:
            for path in [*self.ranges][:1]:
                text = f"{path} has no points or values, and no [sample] to join"
                self.collector.fault(("vary",), text, "add points")
            return None
        table = self.collector.table(SampleTable, raw, ("sample",))
        if table is None:
            return None
        if table.kind == "draws":
            return self._draws(table)
        if table.kind != POSTERIOR:
            for number, name in enumerate(table.vary):
                self._join(("sample", "vary", number), name)
        points = table.points or 0
        if points < 1:
            self.collector.fault(("sample", "points"), "must be a whole number of at least 1", "write points = 4096")
        if table.kind == POSTERIOR:
            return self._posterior(table, points)
        if not self.ranges and not self.collector.problems:
            self.collector.fault(("sample",), "varies nothing", 'write vary = ["judgement"] or [[vary]] entries')
        if self.collector.problems:
            return None
        return sample_of(cast(Kind, table.kind), self.ranges, points, tuple(self.log))

    def _join(self, where: Key, name: str) -> None:
        """Add a group of parameters to the sample, over their plausible ranges."""
        with report_faults(self.collector, where, name):
            for path in group_paths(self.scenario, name):
                if path not in self.replaced and self._may_vary(path, where):
                    self.ranges[path] = plausible_range(self.scenario, path)

    def _draws(self, table: SampleTable) -> Sample | None:
        if table.file is None:
            self.collector.fault(("sample", "kind"), "needs a file with the draws", 'write file = "posterior.csv"')
            return None
        try:
            sample = read_draws(self.folder / table.file, self.scenario)
        except InputError as error:
            problem = error.problems[0]
            self.collector.fault(("sample", "file"), f"{problem.path} {problem.message}".strip(), problem.hint)
            return None
        self._check_alone(sample, ("sample", "file"))
        points = sample.points if table.points is None else table.points
        if not 1 <= points <= sample.points:
            self.collector.fault(("sample", "points"), f"must be from 1 to the {sample.points} draws of the file")
            return None
        return sample.replace(points=points, draws=sample.draws[:points])

    def _posterior(self, table: SampleTable, points: int) -> Sample | None:
        if too_many(points):
            self.collector.fault(("sample", "points"), *too_many(points))
        sample, stated = None, table.model_fields_set
        if not self.collector.is_spoiled(("sample", "points")):
            with report_faults(self.collector, lambda key: ("sample", key if key in stated else "kind"), None):
                sample = posterior_sample(self.scenario, points, table.as_of, table.prior)
                self._check_alone(sample, ("sample", "kind"))
        return sample

    def _check_alone(self, sample: Sample, where: Key) -> None:
        """Report what is varied beside given draws although it is one of them, or cannot join them."""
        for path in sample.paths:
            if path in self.paths or path in self.replaced:
                self.collector.fault(where, f"{path} {TWICE}")
        for path in self.ranges:
            self.collector.fault(("vary",), f"{path} cannot join a sample of given draws", "give it points or values")
