"""Phase diagrams: which call outcome makes the deal self-enforcing over any two parameters, boundary refined.

A coarse grid of corners is judged first; a cell whose corners disagree is cut into four, down to a given depth
(quadtree). A cell whose corners agree is taken to be of one colour: a feature smaller than the coarse grid can be
missed, so the grid is part of the result.
"""

from collections.abc import Callable

import numpy as np

from negotiation._results import Result
from negotiation._values import Floats, Ints
from negotiation.errors import InputError
from negotiation.studies.results import evaluate
from negotiation.studies.study import Axis, Study
from negotiation.trade.scenario.scenario import Scenario

COARSE_CELLS = 16  # coarse cells a side: what is smaller than a sixteenth of the range can be missed
DEPTH = 4  # halvings of a cell on the boundary, to a 256th of the range; each doubles the points there
NOTHING, OUTSIDE, UNJUDGED = -1, -2, -3  # labels of points that have no regime, below those of regimes
CELL_CORNERS = np.array([(0, 0), (1, 0), (0, 1), (1, 1)])  # of a cell, in its own size

# (K, 2) points -> (K,) labels
Judge = Callable[[Floats], Ints]


class PhaseDiagram(Result, kw_only=True):
    """A plane cut into cells of one colour.

    cells: (C, 4) left, bottom, width, height in parameter units. labels: (C,), index of the first outcome that holds
    (scenario order), -1 where none does, -2 where the model refuses the point. evaluated: points judged; brute: points
    that a full grid of the same fineness would have needed.
    """

    paths: tuple[str, ...]
    outcomes: tuple[str, ...]
    low: Floats
    high: Floats
    cells: Floats
    labels: Ints
    evaluated: int
    brute: int

    def share(self, label: int) -> float:
        """Share of the plane's area with a label."""
        area = self.cells[:, 2] * self.cells[:, 3]
        return float(area[self.labels == label].sum() / area.sum())


def phase_diagram(
    scenario: Scenario,
    paths: tuple[str, str],
    ends: tuple[tuple[float, float], tuple[float, float]],
    calls: tuple[str, ...] = (),
    grid: int = COARSE_CELLS,
    depth: int = DEPTH,
    regimes: tuple[str, ...] = (),
) -> PhaseDiagram:
    """Return the phase diagram of two parameters over `ends`; calls, regimes: as of a `Study`.

    A call outcome that sets one of the two parameters does not move the point: the axis shows the number that counts.
    Outcomes that select stage Nash cannot make the deal enforce itself.
    """
    for path, (low, high) in zip(paths, ends, strict=True):
        if not low < high:
            raise InputError.single("phase diagram", path, f"needs low < high, got {low:g} and {high:g}")
    axes = tuple(Axis(path, np.array(pair)) for path, pair in zip(paths, ends, strict=True))
    study = Study("phase", scenario, axes=axes, calls=calls, regimes=regimes, replaces_calls=paths)
    able = np.array([scenario.call(name).regime != "stage_nash" for name in study.outcomes])

    def judge(points: Floats) -> Ints:
        results = evaluate(study, points)
        holds = (results.holds > 0) & able
        first = np.where(holds.any(axis=1), holds.argmax(axis=1), NOTHING)
        return np.where(results.complete, first, OUTSIDE).astype(np.int64)

    corner, step = np.array([pair[0] for pair in ends]), np.array([pair[1] - pair[0] for pair in ends])
    cells, labels, evaluated = refine(lambda shares: judge(corner + step * shares), grid, depth)
    scale = np.concatenate([step, step])
    cells = cells * scale + np.concatenate([corner, np.zeros(2)])
    return PhaseDiagram(
        paths=paths,
        outcomes=study.outcomes,
        low=corner,
        high=corner + step,
        cells=cells,
        labels=labels,
        evaluated=evaluated,
        brute=(grid * 2**depth + 1) ** 2,
    )


def refine(judge: Judge, grid: int, depth: int) -> tuple[Floats, Ints, int]:
    """Return cells (C, 4) of the unit square, their labels, and how many points were judged.

    The finest cells on the boundary take the label of their centre.
    """
    size = 2**depth
    fine = grid * size
    labels = np.full((fine + 1, fine + 1), UNJUDGED, dtype=np.int64)
    cells, tables = size * np.argwhere(np.ones((grid, grid))), []
    while True:
        corners = cells[:, None] + size * CELL_CORNERS
        fresh = np.unique(corners.reshape(-1, 2), axis=0)
        fresh = fresh[labels[tuple(fresh.T)] == UNJUDGED]
        if len(fresh):
            labels[tuple(fresh.T)] = judge(fresh / fine)
        corner_labels = labels[corners[:, :, 0], corners[:, :, 1]]
        mixed = (corner_labels != corner_labels[:, :1]).any(axis=1)
        tables.append(np.column_stack([cells, np.full(len(cells), size), corner_labels[:, 0]])[~mixed])
        cells = cells[mixed]
        if size == 1 or not len(cells):
            break
        size //= 2
        cells = (cells[:, None] + size * CELL_CORNERS).reshape(-1, 2)
    if len(cells):
        tables.append(np.column_stack([cells, np.ones_like(cells[:, 0]), judge((cells + 0.5) / fine)]))
    table = np.unique(np.concatenate(tables), axis=0)
    return table[:, [0, 1, 2, 2]] / fine, table[:, 3], int((labels != UNJUDGED).sum()) + len(cells)
