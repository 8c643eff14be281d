"""From games with perfect monitoring to the compiled solver and back, many at a time.

The kernel (`_kernels.sets`) takes the payoffs of all games side by side and fills arrays; this module lays them out
and cuts the answers up. Symbols: G games, V room for vertices, T recorded steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from negotiation._kernels import sets
from negotiation._values import Floats, Ints
from negotiation.games.dynamic import DynamicGame
from negotiation.solve.options import Options

FIRST_CAPACITY = 40  # vertices of a polygon that there is room for at first; doubled, small games waste memory
TRACE = 48  # steps of the outer set whose movement is recorded
SOLVED, EMPTY, APART, UNFINISHED = sets.SOLVED, sets.EMPTY, sets.APART, sets.UNFINISHED


class KernelResults(NamedTuple):
    """What the kernel found: codes, steps (G,); gaps (G,) as shares of the payoff range; traces (G, T), NaN padded.

    counts (G, 2) vertices of the outer and the inner polygon, polygons (G, 2, V, 2) in the units of the game, and
    marks (G, 2, V), who made each vertex: 8 * profile + kind (`_kernels.perfect`).
    """

    codes: Ints
    steps: Ints
    gaps: Floats
    counts: Ints
    polygons: Floats
    marks: Ints
    traces: Floats


def solve_in_kernel(
    games: Sequence[DynamicGame], options: Options, fixed: Sequence[Floats] | None = None
) -> KernelResults:
    """Solve one-state games with perfect monitoring; fixed: for each game payoffs (2, F) that are always available."""
    payoffs = [game.stages[0].payoffs for game in games]
    size = len(games)
    shapes = np.zeros((size, 3), dtype=np.int64)
    shapes[:, :2] = [table.shape[1:] for table in payoffs]
    raws = np.concatenate([table.reshape(2, -1) for table in payoffs], axis=1)
    always = np.empty((2, 0))
    if fixed is not None:
        always = np.concatenate(list(fixed), axis=1)
        shapes[:, 2] = [points.shape[1] for points in fixed]
    deltas = np.array([game.discount for game in games])
    settings = (options.margin, options.gap, int(options.iterations))
    capacity = FIRST_CAPACITY
    while True:
        results = KernelResults(
            codes=np.empty(size, dtype=np.int64),
            steps=np.empty(size, dtype=np.int64),
            gaps=np.empty(size),
            counts=np.empty((size, 2), dtype=np.int64),
            polygons=np.empty((size, 2, capacity, 2)),
            marks=np.empty((size, 2, capacity), dtype=np.int64),
            traces=np.full((size, TRACE), np.nan),
        )
        sets.many(raws, always, shapes, deltas, settings, *results)
        most = int(-results.counts.min(initial=0))
        if most == 0:
            return results
        capacity = 2 * most


class GameResult(NamedTuple):
    """What the kernel found for one game; the polygons (V, 2) and the trace (T,) are read-only, marks: (V,) of each."""

    code: int
    gap: float
    steps: int
    outer: Floats
    inner: Floats
    marks: tuple[Ints, Ints]
    trace: Floats


class ResultsByGame:
    """Results cut up by game, without the unused capacity."""

    def __init__(self, results: KernelResults) -> None:
        self._numbers = list(zip(results.codes.tolist(), results.gaps.tolist(), results.steps.tolist(), strict=True))
        counts = results.counts.ravel()
        used = np.arange(results.polygons.shape[2]) < counts[:, None]
        self._vertices = results.polygons.reshape(-1, *results.polygons.shape[2:])[used]
        self._marks = results.marks.reshape(len(counts), -1)[used]
        self._ends = [0, *np.cumsum(counts).tolist()]
        recorded = ~np.isnan(results.traces)
        self._moves = results.traces[recorded]
        self._stops = [0, *np.cumsum(recorded.sum(axis=1)).tolist()]
        self._vertices.flags.writeable = self._moves.flags.writeable = False

    def result(self, number: int) -> GameResult:
        """Return the result of game `number`."""
        low, middle, high = self._ends[2 * number : 2 * number + 3]
        code, gap, steps = self._numbers[number]
        return GameResult(
            code=code,
            gap=gap,
            steps=steps,
            outer=self._vertices[low:middle],
            inner=self._vertices[middle:high],
            marks=(self._marks[low:middle], self._marks[middle:high]),
            trace=self._moves[self._stops[number] : self._stops[number + 1]],
        )
