"""What a study IS: which numbers vary how, over which call outcomes and regimes, from which seed.

Points are numbered: the rows of the sample, and for each of them every combination of the axes (grids and lists), the
last axis fastest. A study without a sample is a plain grid.
"""

import math
from dataclasses import KW_ONLY, field
from itertools import combinations
from typing import Literal

import numpy as np

from negotiation._values import Floats, Value
from negotiation.calls.outcomes.batch import has_column_path
from negotiation.errors import InputError, nearest
from negotiation.solve.regimes.batch import REGIME_KEYS
from negotiation.trade.parameters.registry import same_number
from negotiation.trade.scenario.scenario import Scenario

Kind = Literal["latin_hypercube", "sobol", "sensitivity", "draws"]
DESIGN_KINDS: tuple[Kind, ...] = ("latin_hypercube", "sobol", "sensitivity", "draws")
MOST_POINTS = 100_000_000  # beyond, even the list of chunks is days of work
FEWEST_ROWS = 32  # of a sensitivity study: indices from fewer say nothing
FAST_CHUNK, PLAIN_CHUNK = 4096, 8  # points: some tenths of a second of work, what a kill costs
INNER, OUTER = "inner_set", "outer_set"


def too_many(points: int, numbers: int = 1) -> tuple[str, str] | tuple[()]:
    """Return the fault and the hint for a number of points that no study may have, each with `numbers` doubles."""
    if points <= MOST_POINTS:
        return ()
    memory = 8 * points * numbers / 2**30
    wanted = f"{points:,}" if points < 10**15 else f"{points:.0e}"
    return f"are {wanted} ({memory:,.0f} GiB of memory), at most {MOST_POINTS:,} are allowed", "use a coarser grid"


class Axis(Value):
    """One parameter that takes each of `values` (n,), crossed with everything else."""

    path: str
    values: Floats


class Sample(Value, kw_only=True):
    """Parameters drawn together: `points` rows over `paths`, uniform from `low` to `high` (of the log where `log`).

    kind "sensitivity" draws the matrices of Saltelli (2010): points × (paths + 2) rows. kind "draws" takes the rows of
    `draws` (points, paths) as they are: posterior draws, for instance.
    """

    kind: Kind
    paths: tuple[str, ...]
    points: int
    low: Floats = field(default_factory=lambda: np.empty(0))
    high: Floats = field(default_factory=lambda: np.empty(0))
    log: tuple[bool, ...]
    draws: Floats = field(default_factory=lambda: np.empty((0, 0)))

    @property
    def rows(self) -> int:
        """Number of rows that the sample gives."""
        return self.points * (len(self.paths) + 2) if self.kind == "sensitivity" else self.points


def sample_of(kind: Kind, ranges: dict[str, tuple[float, float]], points: int, log: tuple[str, ...] = ()) -> Sample:
    """Return a sample over ranges (path -> low, high); `log` names paths drawn on a logarithmic scale."""
    low, high = np.array(list(ranges.values()), dtype=np.float64).reshape(-1, 2).T
    on_log_scale = tuple(path in log for path in ranges)
    return Sample(kind=kind, paths=tuple(ranges), points=points, low=low, high=high, log=on_log_scale)


class Study(Value):
    """A study; raises `InputError` where its parts do not fit.

    calls, regimes: names, all when empty. replaces_calls: paths at which a point's number stands whatever a call sets;
    elsewhere a call acts on the point's number. sets: also the inner and outer sets of equilibrium payoffs.
    chunk_points: points in a chunk, 0 to leave it to the study.
    """

    name: str
    scenario: Scenario
    _: KW_ONLY
    axes: tuple[Axis, ...] = ()
    sample: Sample | None = None
    calls: tuple[str, ...] = ()
    regimes: tuple[str, ...] = ()
    replaces_calls: tuple[str, ...] = ()
    seed: int = 7
    sets: bool = False
    chunk_points: int = 0

    def _check(self) -> None:
        twice = [path for path, other in combinations(self.paths, 2) if same_number(path, other)]
        if twice:
            raise self._fault(twice[0], "is varied twice: definitions overlap", "vary each parameter once")
        if not self.paths:
            raise self._fault("vary", "no parameter varies", "add [[vary]] with a path, or a [sample]")
        for path in self.paths:
            self.scenario.value(path)
        for axis in self.axes:
            self._check_axis(axis)
        if self.sample is not None:
            self._check_sample(self.sample)
        for call in self.calls:
            self.scenario.call(call)
        allowed = regime_keys(self.scenario)
        for regime in self.regimes:
            if regime not in allowed:
                raise self._fault("regimes", f"there is no regime '{regime}'", nearest(regime, allowed))
        for path in self.replaces_calls:
            if path not in self.paths:
                raise self._fault("replaces_calls", f"{path} does not vary", nearest(path, self.paths))
        if self.chunk_points < 0:
            raise self._fault("chunk_points", f"must be at least 0, got {self.chunk_points}")
        if too_many(self.size):
            raise self._fault("points", *too_many(self.size, len(self.paths) + 4 * len(self.outcomes)))

    def _fault(self, path: str, message: str, hint: str = "") -> InputError:
        return InputError.single(f"study {self.name}", path, message, hint)

    def _check_axis(self, axis: Axis) -> None:
        if axis.values.ndim != 1 or not len(axis.values):
            raise self._fault(axis.path, "has an empty grid", "give points of at least 1, or values")
        if not np.isfinite(axis.values).all():
            raise self._fault(axis.path, "needs finite values")
        if len(np.unique(axis.values)) < len(axis.values):
            raise self._fault(axis.path, "has the same value twice")

    def _check_sample(self, sample: Sample) -> None:
        if sample.kind not in DESIGN_KINDS:
            raise self._fault("sample.kind", f"'{sample.kind}' is unknown", nearest(sample.kind, DESIGN_KINDS))
        if sample.points < 1:
            raise self._fault("sample.points", f"must be at least 1, got {sample.points}")
        if sample.kind == "draws":
            if sample.draws.shape != (sample.points, len(sample.paths)) or not np.isfinite(sample.draws).all():
                raise self._fault("sample", f"needs finite draws of shape {(sample.points, len(sample.paths))}")
            return
        if sample.kind in ("sobol", "sensitivity") and sample.points & (sample.points - 1):
            below = 1 << (sample.points.bit_length() - 1)
            text = f"must be a power of two for a Sobol sequence, got {sample.points}"
            raise self._fault("sample.points", text, f"write {below} or {2 * below}")
        if sample.kind == "sensitivity" and sample.points < FEWEST_ROWS:
            text = f"must be at least {FEWEST_ROWS} for indices of sensitivity, got {sample.points}"
            raise self._fault("sample.points", text, "write 1024")
        for path, low, high, log in zip(sample.paths, sample.low, sample.high, sample.log, strict=True):
            if not low < high or (log and low <= 0):
                wanted = "0 < low < high" if log else "low < high"
                raise self._fault(path, f"needs {wanted}, got {low:g} and {high:g}")

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that varies: those of the sample, then the axes."""
        first = self.sample.paths if self.sample is not None else ()
        return (*first, *(axis.path for axis in self.axes))

    @property
    def size(self) -> int:
        """Number of points."""
        rows = self.sample.rows if self.sample is not None else 1
        return rows * math.prod(len(axis.values) for axis in self.axes)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Names of the call outcomes analysed, in scenario order."""
        return tuple(call.name for call in self.scenario.calls if not self.calls or call.name in self.calls)

    @property
    def keys(self) -> tuple[str, ...]:
        """Regimes in the table, the sets of all equilibria last."""
        allowed = regime_keys(self.scenario)
        chosen = tuple(key for key in allowed if not self.regimes or key in self.regimes)
        return (*chosen, INNER, OUTER) if self.sets else chosen

    @property
    def chunk(self) -> int:
        """Points in a chunk: some tenths of a second of work, decided by the study alone and never by the machine."""
        if self.chunk_points:
            return self.chunk_points
        return FAST_CHUNK if has_column_path(self.scenario) and not self.sets else PLAIN_CHUNK


def regime_keys(scenario: Scenario) -> tuple[str, ...]:
    """Return every regime that a scenario can have: the simple ones and the user's own."""
    return (*REGIME_KEYS, *(spec.name for spec in scenario.regimes))
