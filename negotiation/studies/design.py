"""The points of a study, block by block: any block is made without the ones before it.

Latin hypercube: McKay, Beckman, Conover 1979. Sobol sequence: Sobol 1967, scrambled (Owen 1998), both through scipy.
Sensitivity: matrices A, B and A with one column of B (Saltelli et al. 2010), as `scipy.stats.sobol_indices` takes them.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.stats import qmc

from negotiation._values import Floats
from negotiation.studies.study import Sample, Study


class StudyDesign:
    """The points of one study; a Latin hypercube is drawn once, everything else on the fly."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._hypercube: Floats | None = None

    def block(self, start: int, stop: int) -> Floats:
        """Return the points `start` to `stop` (not included), shape (stop - start, paths)."""
        study = self._study
        index = np.arange(start, min(stop, study.size))
        grid = math.prod(len(axis.values) for axis in study.axes)
        columns = []
        if study.sample is not None:
            rows = index // grid
            columns.append(self._rows(study.sample, int(rows[0]), int(rows[-1]) + 1)[rows - rows[0]])
        places = np.unravel_index(index % grid, [len(axis.values) for axis in study.axes]) if study.axes else ()
        columns += [axis.values[place][:, None] for axis, place in zip(study.axes, places, strict=True)]
        return np.concatenate(columns, axis=1)

    def _rows(self, sample: Sample, start: int, stop: int) -> Floats:
        if sample.kind == "draws":
            return np.asarray(sample.draws[start:stop])
        if sample.kind == "latin_hypercube":
            if self._hypercube is None:
                rng = np.random.default_rng(self._study.seed)
                self._hypercube = qmc.LatinHypercube(len(sample.paths), rng=rng).random(sample.points)
            return scale_to_ranges(sample, self._hypercube[start:stop])
        if sample.kind == "sobol":
            return scale_to_ranges(sample, self._sequence(len(sample.paths), start, stop))
        return scale_to_ranges(sample, self._saltelli(sample, start, stop))

    def _sequence(self, dimensions: int, start: int, stop: int) -> Floats:
        sequence = qmc.Sobol(dimensions, rng=np.random.default_rng(self._study.seed))
        if start:
            sequence.fast_forward(start)
            return np.asarray(sequence.random(stop - start))
        # scipy warns of a first block that is no power of two; a block is only a part of one that is
        first = sequence.random(1)
        return np.concatenate([first, sequence.random(stop - 1)]) if stop > 1 else np.asarray(first)

    def _saltelli(self, sample: Sample, start: int, stop: int) -> Floats:
        """Return rows of A, of B, then of A with column j from B, for each j: `points` rows each."""
        count, wide = sample.points, len(sample.paths)
        blocks = []
        for part in range(start // count, -(-stop // count)):
            first, last = max(start, part * count) - part * count, min(stop, (part + 1) * count) - part * count
            both = self._sequence(2 * wide, first, last)
            rows = both[:, wide:].copy() if part == 1 else both[:, :wide].copy()
            if part > 1:
                rows[:, part - 2] = both[:, wide + part - 2]
            blocks.append(rows)
        return np.concatenate(blocks)


def scale_to_ranges(sample: Sample, shares: Floats) -> Floats:
    """Return shares in [0, 1) stretched to the ranges of a sample."""
    log = np.array(sample.log)
    low, high = (np.where(log, np.log(np.where(log, end, 1.0)), end) for end in (sample.low, sample.high))
    numbers = low + (high - low) * shares
    return np.where(log, np.exp(np.where(log, numbers, 0.0)), numbers)
