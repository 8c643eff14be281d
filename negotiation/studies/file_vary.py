"""What varies according to a study file: entries of `[[vary]]` and the `[sample]`, sorted into axes and a sample."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from negotiation.errors import InputError, nearest
from negotiation.studies.draws import PRIOR, posterior_sample, read_draws
from negotiation.studies.study import KINDS, Axis, Sample, sample_of, too_many
from negotiation.studies.vary import grid_values, group_paths, plausible_range
from negotiation.trade.files.problem_collector import ProblemCollector
from negotiation.trade.scenario.scenario import Scenario

SAMPLE: dict[str, type] = {"kind": str, "points": int, "vary": list, "file": str, "as_of": str, "prior": str}
POSTERIOR = "posterior"
VARY: dict[str, type] = {"path": str, "low": float, "high": float, "points": int, "values": list, "scale": str}
VARY |= {"replaces_calls": bool}
TYPES = {int: "a whole number", str: "text", list: "a list", bool: "true or false", dict: "a table", float: "a number"}
TWICE = "is varied twice: definitions overlap"


def check_keys(collector: ProblemCollector, where: Key, table: Any, allowed: dict[str, type]) -> None:
    """Report unknown keys and values of the wrong type."""
    for key, value in table.items():
        if key not in allowed:
            collector.fault((*where, key), "unknown key", nearest(key, allowed))
            continue
        wanted = allowed[key]
        fits = isinstance(value, int | float) if wanted is float else isinstance(value, wanted)
        if not fits or (isinstance(value, bool) and wanted is not bool):
            collector.fault((*where, key), f"must be {TYPES[wanted]}")


@contextmanager
def reported(collector: ProblemCollector, where: Key | Callable[[str], Key], shown: str | None = "") -> Iterator[None]:
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
    """The `axes`, the `sample` or None, and paths that replace what calls set. Problems go to the collector.

    replaced: paths that the command line varies; what the file says of them is left out.
    """

    def __init__(self, collector: ProblemCollector, folder: Path, scenario: Scenario, replaced: set[str]) -> None:
        self.collector, self.folder, self.scenario, self.replaced = collector, folder, scenario, replaced
        self.axes: list[Axis] = []
        self.replaces_calls: list[str] = []
        self.ranges: dict[str, tuple[float, float]] = {}
        self.log: list[str] = []
        self.paths: set[str] = set()
        for number, entry in enumerate(collector.data.get("vary", ())):
            self._entry(("vary", number), entry)
        self.sample = self._sample()

    def _entry(self, where: Key, entry: Any) -> None:
        """Put one entry among the axes or into the sample."""
        if not isinstance(entry, dict) or "path" not in entry:
            self.collector.fault(where, "needs a path", 'write [[vary]] and then path = "minerals.leverage"')
            return
        check_keys(self.collector, where, entry, VARY)
        path, scale = entry["path"], entry.get("scale", "linear")
        if self.collector.is_spoiled(where) or not self._may_vary(path, (*where, "path")):
            return
        if entry.get("replaces_calls"):
            self.replaces_calls.append(path)
        if path in self.replaced:
            return
        if scale not in ("linear", "log"):
            self.collector.fault((*where, "scale"), f"'{scale}' is unknown", nearest(scale, ("linear", "log")))
        elif "values" in entry:
            self._list((*where, "values"), path, entry["values"])
        else:
            with reported(self.collector, lambda key: (*where, key if key in entry else "path"), path):
                self._range(path, entry, scale == "log")

    def _may_vary(self, path: str, where: Key) -> bool:
        """Whether a path is one number that nothing else sets or varies; reports why not."""
        count = len(self.collector.problems)
        with reported(self.collector, where, path):
            self.scenario.value(path)
            if any(applied.path == path for applied in self.scenario.changes):
                self.collector.fault(where, "is set and varied: definitions overlap", "do one of the two", shown=path)
            elif path in self.paths:
                self.collector.fault(where, TWICE, shown=path)
        if len(self.collector.problems) > count:
            return False
        self.paths.add(path)
        return True

    def _list(self, where: Key, path: str, values: list[Any]) -> None:
        if not values or not all(isinstance(number, int | float) and not isinstance(number, bool) for number in values):
            self.collector.fault(where, "must be a list of at least one number: the grid is empty", shown=path)
        else:
            self.axes.append(Axis(path, np.array(values, dtype=np.float64)))

    def _range(self, path: str, entry: dict[str, Any], log: bool) -> None:
        low, high = entry.get("low"), entry.get("high")
        if low is None or high is None:
            first, last = plausible_range(self.scenario, path)
            low, high = (first if low is None else low), (last if high is None else high)
        if "points" in entry:
            self.axes.append(Axis(path, grid_values(float(low), float(high), entry["points"], log)))
            return
        self.ranges[path] = (float(low), float(high))
        if log:
            self.log.append(path)

    def _sample(self) -> Sample | None:
        table = self.collector.data.get("sample")
        if table is None:
            if self.ranges:
                path = next(iter(self.ranges))
                self.collector.fault(
                    ("vary",), f"{path} has no points or values, and no [sample] to join", "add points"
                )
            return None
        check_keys(self.collector, ("sample",), table, SAMPLE)
        kind = table.get("kind", "latin_hypercube")
        if kind not in (*KINDS, POSTERIOR):
            self.collector.fault(("sample", "kind"), f"'{kind}' is unknown", nearest(str(kind), (*KINDS, POSTERIOR)))
        if self.collector.is_spoiled(("sample",)):
            return None
        if kind == "draws":
            return self._draws(table)
        if kind != POSTERIOR:
            for number, name in enumerate(table.get("vary", ())):
                self._join(("sample", "vary", number), str(name))
        points = table.get("points", 0)
        if points < 1:
            self.collector.fault(("sample", "points"), "must be a whole number of at least 1", "write points = 4096")
        if kind == POSTERIOR:
            return self._posterior(table, points)
        if not self.ranges and not self.collector.problems:
            self.collector.fault(("sample",), "varies nothing", 'write vary = ["judgement"] or [[vary]] entries')
        return None if self.collector.problems else sample_of(kind, self.ranges, points, tuple(self.log))

    def _join(self, where: Key, name: str) -> None:
        """Add a group of parameters to the sample, over their plausible ranges."""
        with reported(self.collector, where, name):
            for path in group_paths(self.scenario, name):
                if path not in self.replaced and self._may_vary(path, where):
                    self.ranges[path] = plausible_range(self.scenario, path)

    def _draws(self, table: dict[str, Any]) -> Sample | None:
        if "file" not in table:
            self.collector.fault(("sample", "kind"), "needs a file with the draws", 'write file = "posterior.csv"')
            return None
        try:
            sample = read_draws(self.folder / table["file"], self.scenario)
        except InputError as error:
            problem = error.problems[0]
            self.collector.fault(("sample", "file"), f"{problem.path} {problem.message}".strip(), problem.hint)
            return None
        self._check_alone(sample, ("sample", "file"))
        points = table.get("points", sample.points)
        if not 1 <= points <= sample.points:
            self.collector.fault(("sample", "points"), f"must be from 1 to the {sample.points} draws of the file")
            return None
        return sample.replace(points=points, draws=sample.draws[:points])

    def _posterior(self, table: dict[str, Any], points: int) -> Sample | None:
        """Return draws of the evidence's posterior."""
        if too_many(points):
            self.collector.fault(("sample", "points"), *too_many(points))
        if self.collector.is_spoiled(("sample", "points")):
            return None
        sample = None
        with reported(self.collector, lambda key: ("sample", key if key in table else "kind"), None):
            sample = posterior_sample(self.scenario, points, table.get("as_of", ""), table.get("prior", PRIOR))
            self._check_alone(sample, ("sample", "kind"))
        return sample

    def _check_alone(self, sample: Sample, where: Key) -> None:
        """Report what is varied beside given draws although it is one of them, or cannot join them."""
        for path in sample.paths:
            if path in self.paths or path in self.replaced:
                self.collector.fault(where, f"{path} {TWICE}")
        for path in self.ranges:
            self.collector.fault(("vary",), f"{path} cannot join a sample of given draws", "give it points or values")
