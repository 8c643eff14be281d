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

ROOM = 40
TRACE = 48
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
    room = ROOM
    while True:
        found = KernelResults(
            np.empty(size, dtype=np.int64),
            np.empty(size, dtype=np.int64),
            np.empty(size),
            np.empty((size, 2), dtype=np.int64),
            np.empty((size, 2, room, 2)),
            np.empty((size, 2, room), dtype=np.int64),
            np.full((size, TRACE), np.nan),
        )
        sets.many(raws, always, shapes, deltas, settings, *found)
        most = int(-found.counts.min(initial=0))
        if most == 0:
            return found
        room = 2 * most


class ByGame:
    """Answers cut up by game: numbers[at] = (code, gap, steps), and read-only views without the unused room."""

    def __init__(self, found: KernelResults) -> None:
        self.numbers = list(zip(found.codes.tolist(), found.gaps.tolist(), found.steps.tolist(), strict=True))
        counts = found.counts.ravel()
        used = np.arange(found.polygons.shape[2]) < counts[:, None]
        self._vertices = found.polygons.reshape(-1, *found.polygons.shape[2:])[used]
        self._ends = [0, *np.cumsum(counts).tolist()]
        recorded = ~np.isnan(found.traces)
        self._moves = found.traces[recorded]
        self._stops = [0, *np.cumsum(recorded.sum(axis=1)).tolist()]
        self._vertices.flags.writeable = self._moves.flags.writeable = False

    def polygon(self, number: int) -> Floats:
        """Return the vertices of polygon `number`: 2 at for the outer one of game `at`, 2 at + 1 for the inner one."""
        return self._vertices[self._ends[number] : self._ends[number + 1]]

    def trace(self, at: int) -> Floats:
        """Return how far the outer set of game `at` moved in its first steps."""
        return self._moves[self._stops[at] : self._stops[at + 1]]
