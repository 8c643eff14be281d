"""Which parameters matter: a tornado from the low to the high end of each, and Sobol indices over all of them at once.

Tornado: one parameter at a time, the others at their present values. Sobol indices (Sobol 2001; Saltelli et al. 2010,
through `scipy.stats.sobol_indices`): first order, the share of the variance that a parameter explains by itself; total,
with all its interactions. Confidence intervals by bootstrap over the rows of the sample (percentiles; the jackknife of
scipy's own intervals takes minutes at a thousand rows).
"""

from typing import Literal

import numpy as np
from scipy.stats import sobol_indices

from negotiation._values import Floats, Value
from negotiation.errors import InputError
from negotiation.studies.results import StudyResults, base_point, evaluate
from negotiation.studies.study import FEWEST_ROWS, Study

CONFIDENCE = 0.95  # of the intervals around indices
RESAMPLES = 200  # of the bootstrap: the ends of an interval rest on five of them; twice takes twice the time
INDEXED = ("joint", "holds")
ENDS = ("", "_low", "_high")  # of an index and its interval, as they are named below


class Swing(Value, kw_only=True):
    """One parameter of the tornado: joint values and verdicts (0 or 1) of every outcome at its `low` and `high` end.

    NaN where an end is refused by the model. flips: names of outcomes whose verdict differs from the base case at an
    end; best_flips: whether another outcome is worth most at an end.
    """

    path: str
    low: float
    high: float
    joint_low: Floats
    joint_high: Floats
    holds_low: Floats
    holds_high: Floats
    flips: tuple[str, ...]
    best_flips: bool

    @property
    def refused(self) -> bool:
        """Whether the model refuses an end, for some outcome."""
        return bool(np.isnan(self.joint_low).any() or np.isnan(self.joint_high).any())

    def width(self, place: int) -> float:
        """Distance between the joint values at both ends for one outcome; 0 where an end is missing."""
        return float(np.nan_to_num(abs(self.joint_high[place] - self.joint_low[place])))


class Tornado(Value):
    """Every parameter's swing, widest first (by its widest outcome), around the base case: joint and holds (O,)."""

    outcomes: tuple[str, ...]
    joint: Floats
    holds: Floats
    swings: tuple[Swing, ...]


def tornado(study: Study, ranges: dict[str, tuple[float, float]]) -> Tornado:
    """Return the tornado over `ranges` (a path of the study -> low, high), judged as the study judges its points."""
    base = base_point(study.scenario, study.paths)
    points = np.repeat(base, 2 * len(ranges) + 1, axis=0)
    for place, (path, ends) in enumerate(ranges.items()):
        points[1 + 2 * place : 3 + 2 * place, study.paths.index(path)] = ends
    results = evaluate(study.replace(sets=False), points)
    joint, holds = (np.where(results.done > 0, numbers, np.nan) for numbers in (results.joint, results.holds))
    swings = []
    for place, (path, ends) in enumerate(ranges.items()):
        rows = [0, 1 + 2 * place, 2 + 2 * place]
        swings.append(_swing(results.outcomes, path, ends, joint[rows], holds[rows]))
    swings.sort(key=lambda swing: (-max(swing.width(place) for place in range(len(results.outcomes))), swing.path))
    return Tornado(results.outcomes, joint[0], holds[0], tuple(swings))


def _swing(outcomes: tuple[str, ...], path: str, ends: tuple[float, float], joint: Floats, holds: Floats) -> Swing:
    """Return the swing from joint values and verdicts (3, O): base case, low end, high end."""
    differs = (holds[1:] != holds[0]) & np.isfinite(holds[1:]) & np.isfinite(holds[0])
    flips = tuple(name for place, name in enumerate(outcomes) if differs[:, place].any())
    ends_known = joint[1:][np.isfinite(joint[1:]).all(axis=1)] if np.isfinite(joint[0]).all() else joint[:0]
    best = bool((ends_known[:, joint[0].argmax()] < ends_known.max(axis=1)).any()) if len(ends_known) else False
    return Swing(
        path=path,
        low=ends[0],
        high=ends[1],
        joint_low=joint[1],
        joint_high=joint[2],
        holds_low=holds[1],
        holds_high=holds[2],
        flips=flips,
        best_flips=best,
    )


class SobolIndices(Value, kw_only=True):
    """Indices of one output: `first` and `total` (d,), with the ends of their confidence intervals.

    rows: rows of the sample that were used. dropped: rows left out because some point of theirs was refused; then the
    indices are those of the legal part of the box as far as it was sampled, and are marked as approximate.
    """

    paths: tuple[str, ...]
    first: Floats
    first_low: Floats
    first_high: Floats
    total: Floats
    total_low: Floats
    total_high: Floats
    rows: int
    dropped: int


def sobol(paths: tuple[str, ...], output: Floats, seed: int = 7) -> SobolIndices:
    """Return the indices from outputs at the points of a "sensitivity" sample, shape (points × (d + 2),); NaN: refused.

    Raises `InputError` when the length does not fit, the number of points is no power of two, or fewer than 32 rows
    are left.
    """
    wide = len(paths)
    if len(output) % (wide + 2):
        raise InputError.single("sobol", "output", f"{len(output)} outputs do not fit {wide} parameters")
    count = len(output) // (wide + 2)
    if count & (count - 1):
        raise InputError.single("sobol", "points", f"must be a power of two, got {count}")
    table = np.asarray(output, dtype=np.float64).reshape(wide + 2, -1)
    good = np.isfinite(table).all(axis=0)
    if good.sum() < FEWEST_ROWS:
        text = f"only {int(good.sum())} rows are left, at least {FEWEST_ROWS} are needed"
        raise InputError.single("sobol", "output", text)
    rng, rows = np.random.default_rng(seed), np.flatnonzero(good)
    wanted, dropped = table.shape[1], int((~good).sum())
    if float(np.ptp(table[:, rows])) == 0:
        point = low = high = np.zeros((2, wide))
    else:
        # scipy takes a power of two rows: good ones, drawn again, stand in for those that were dropped
        resampled = np.concatenate([rows, rng.choice(rows, dropped)]) if dropped else rows
        centred = table - table[:2, rows].mean()
        point = np.array(_indices(centred[:, resampled]))
        again = np.array([_indices(centred[:, rng.choice(rows, wanted)]) for _ in range(RESAMPLES)])
        low, high = np.quantile(again, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2], axis=0)
    orders = {"first": (point[0], low[0], high[0]), "total": (point[1], low[1], high[1])}
    ends = {f"{order}{end}": row for order, three in orders.items() for end, row in zip(ENDS, three, strict=True)}
    return SobolIndices(paths=paths, rows=len(rows), dropped=dropped, **ends)


def _indices(table: Floats) -> tuple[Floats, Floats]:
    """Return first and total indices (d,) from outputs (d + 2, n) at A, B and A with one column of B."""
    blocks: dict[Literal["f_A", "f_B", "f_AB"], Floats]
    # scipy fails on a single parameter: given twice, it has the same indices twice
    wide = len(table) - 2
    blocks = {"f_A": table[:1], "f_B": table[1:2], "f_AB": table[[*range(2, wide + 2), 2], None, :]}
    indices = sobol_indices(func=blocks, n=table.shape[1])
    return np.asarray(indices.first_order).reshape(-1)[:wide], np.asarray(indices.total_order).reshape(-1)[:wide]


def sobol_of(results: StudyResults, outcome: str, measure: str = "joint", seed: int = 7) -> SobolIndices:
    """Return the indices of an outcome's joint value ("joint") or of its verdict as 0 and 1 ("holds")."""
    place = results.outcomes.index(outcome)
    output = results.joint[:, place] if measure == "joint" else results.holds[:, place]
    return sobol(results.paths, np.where(results.done[:, place] > 0, output, np.nan), seed)
