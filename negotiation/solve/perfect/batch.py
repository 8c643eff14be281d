"""From games with perfect monitoring to the compiled solver and back, many at a time.

The kernel (`_kernels.sets`) takes the payoffs of all games side by side and fills arrays; this module lays them out
and cuts the answers up. Symbols: G games, V room for vertices, T recorded steps.
"""

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


class GameResult(NamedTuple):
    """What the kernel found for one game: code, gap as a share of the payoff range, and steps.

    outer, inner: polygons (V, 2) in the units of the game; trace (T,): how far the outer one moved, step by step; all
    read-only. marks: (V,) of each polygon, who made each vertex: 8 * profile + kind (`_kernels.perfect`).
    """

    code: int
    gap: float
    steps: int
    outer: Floats
    inner: Floats
    marks: tuple[Ints, Ints]
    trace: Floats


def solve_in_kernel(
    games: Sequence[DynamicGame], options: Options, fixed: Sequence[Floats] | None = None
) -> list[GameResult]:
    """Solve one-state games with perfect monitoring; fixed: for each game payoffs (2, F) that are always available."""
    payoffs, size = [game.stages[0].payoffs for game in games], len(games)
    shapes = np.zeros((size, 3), dtype=np.int64)
    shapes[:, :2] = [table.shape[1:] for table in payoffs]
    raws = np.concatenate([table.reshape(2, -1) for table in payoffs], axis=1)
    always = np.empty((2, 0))
    if fixed is not None:
        always = np.concatenate(list(fixed), axis=1)
        shapes[:, 2] = [points.shape[1] for points in fixed]
    deltas = np.array([game.discount for game in games])
    settings = (options.margin, options.gap, int(options.iterations))
    codes, steps, gaps = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64), np.empty(size)
    counts, missing = np.empty((size, 2), dtype=np.int64), FIRST_CAPACITY
    while missing > 0:
        capacity = missing
        polygons, marks = np.empty((size, 2, capacity, 2)), np.empty((size, 2, capacity), dtype=np.int64)
        traces = np.full((size, TRACE), np.nan)
        sets.many(
            raws, always, shapes, deltas, settings, codes=codes, steps=steps, gaps=gaps, counts=counts,
            polygons=polygons, marks=marks, traces=traces,
        )  # fmt: skip
        missing = 2 * int(-counts.min(initial=0))
    used, recorded = np.arange(capacity) < counts[:, :, None], ~np.isnan(traces)
    vertices, moves = polygons[used], traces[recorded]
    vertices.flags.writeable = moves.flags.writeable = False
    cuts = np.cumsum(counts)[:-1]
    by_polygon, marks_of = np.split(vertices, cuts), np.split(marks[used], cuts)
    by_game = np.split(moves, np.cumsum(recorded.sum(axis=1))[:-1])
    numbers = zip(codes.tolist(), gaps.tolist(), steps.tolist(), by_game, strict=True)
    return [
        GameResult(
            code=code,
            gap=gap,
            steps=step,
            outer=by_polygon[2 * n],
            inner=by_polygon[2 * n + 1],
            marks=(marks_of[2 * n], marks_of[2 * n + 1]),
            trace=trace,
        )
        for n, (code, gap, step, trace) in enumerate(numbers)
    ]
