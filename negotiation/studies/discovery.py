"""Scenario discovery: in which region of the parameters does the deal fail? Boxes by PRIM, described in words.

Patient rule induction (Friedman, Fisher 1999), as used for scenario discovery by Bryant and Lempert (2010): peel the
slice whose removal raises the share of cases inside most, until the box would be too small; take the box of the
trajectory that balances coverage (share of all cases inside) and density (share of points inside that are cases); drop
limits that hardly matter; look for a second box among the points left.
"""

import numpy as np

from negotiation._values import Bools, Floats, Value
from negotiation.errors import InputError

PEELED_SHARE = 0.05  # of the points in the box that a peel takes off; doubled, boxes are coarser
SMALLEST_MASS = 0.02  # share of the points that a box must hold
MOST_BOXES = 3  # more than a reader can keep apart
LEAST_GAIN = 0.25  # a box must come this far from the density everywhere towards nothing but cases
NEGLIGIBLE_BALANCE = 0.02  # what a limit must add to the balance of coverage and density to stay


class Limit(Value):
    """A side of a box: `path` at least `low` and at most `high`; None on a side that is not limited."""

    path: str
    low: float | None
    high: float | None

    def sentence(self, title: str = "") -> str:
        """Return the limit in words.

        >>> Limit("minerals.leverage", 0.7, None).sentence()
        'minerals.leverage at least 0.7'
        """
        name = title or self.path
        if self.low is None:
            return f"{name} at most {self.high:.3g}"
        if self.high is None:
            return f"{name} at least {self.low:.3g}"
        return f"{name} between {self.low:.3g} and {self.high:.3g}"


class PrimBox(Value):
    """A region: its limits, most telling first; coverage, density, mass (share of all points inside).

    base: density of all points, to compare with. Limits are sorted by the density that is lost without them.
    """

    limits: tuple[Limit, ...]
    coverage: float
    density: float
    mass: float
    base: float


def discover(paths: tuple[str, ...], points: Floats, cases: Bools, most: int = MOST_BOXES) -> tuple[PrimBox, ...]:
    """Return up to `most` boxes that hold many of the `cases` (N,) among the `points` (N, d), the best first.

    No box when there is no case, or nothing but cases. Raises `InputError` when the shapes do not fit.
    """
    if points.shape != (len(cases), len(paths)):
        raise InputError.single("discovery", "points", f"shape is {points.shape}, needs {(len(cases), len(paths))}")
    base, left = float(cases.mean()) if len(cases) else 0.0, np.ones(len(cases), dtype=np.bool_)
    boxes: list[PrimBox] = []
    while base < 1 and len(boxes) < most and cases[left].any():
        sides = _drop_negligible(points[left], cases[left], _best_box(points[left], cases[left], len(cases)))
        inside = left & _inside_mask(points, sides)
        density = float(cases[inside].mean()) if inside.any() else 0.0
        if not np.isfinite(sides).any() or density < base + LEAST_GAIN * (1 - base):
            break
        boxes.append(_box(paths, points, cases, left=left, sides=sides))
        left &= ~inside
    return tuple(boxes)


def _inside_mask(points: Floats, sides: Floats) -> Bools:
    """Return which points lie inside sides (d, 2); infinite ends limit nothing."""
    return np.asarray(((points >= sides[:, 0]) & (points <= sides[:, 1])).all(axis=1))


def _best_box(points: Floats, cases: Bools, total: int) -> Floats:
    """Peel to the end and return the box (d, 2) of the trajectory with the best balance of coverage and density."""
    sides = np.column_stack([np.full(points.shape[1], -np.inf), np.full(points.shape[1], np.inf)])
    inside, best, score = np.ones(len(points), dtype=np.bool_), sides.copy(), -1.0
    while True:
        balance = _balance(cases, inside)
        if balance > score + 1e-12:
            best, score = sides.copy(), balance
        peeled = _peel(points, cases, inside, sides)
        if peeled is None or peeled[0].sum() < SMALLEST_MASS * total or not cases[peeled[0]].any():
            return best
        inside, sides = peeled


def _peel(points: Floats, cases: Bools, inside: Bools, sides: Floats) -> tuple[Bools, Floats] | None:
    """Return the box after the peel that leaves the highest density; None when nothing can be peeled."""
    peel, top = None, -1.0
    here, hits = points[inside], cases[inside]
    for place in range(points.shape[1]):
        column = here[:, place]
        for end, level in ((0, np.quantile(column, PEELED_SHARE)), (1, np.quantile(column, 1 - PEELED_SHARE))):
            staying = column > level if end == 0 else column < level
            # many equal values: peel the first of them whole
            if staying.all() or not staying.any():
                continue
            # what is gained for each point given up, so that coarse peels do not win by size alone
            gain = (hits[staying].mean() - hits.mean()) / (1 - staying.mean())
            if gain > top:
                top, peel = gain, (place, end, staying)
    if peel is None:
        return None
    place, end, staying = peel
    after, narrower = inside.copy(), sides.copy()
    after[np.flatnonzero(inside)[~staying]] = False
    column = here[staying, place]
    narrower[place, end] = column.min() if end == 0 else column.max()
    return after, narrower


def _drop_negligible(points: Floats, cases: Bools, sides: Floats) -> Floats:
    """Return the box without the limits that hardly matter, the least telling taken off first."""
    while np.isfinite(sides).any():
        trials = []
        for place, end in np.argwhere(np.isfinite(sides)).tolist():
            wider = sides.copy()
            wider[place, end] = np.inf if end else -np.inf
            trials.append((_balance(cases, _inside_mask(points, wider)), place, end, wider))
        best, _, _, wider = max(trials, key=lambda trial: trial[:3])
        if best < _balance(cases, _inside_mask(points, sides)) - NEGLIGIBLE_BALANCE:
            break
        sides = wider
    return sides


def _balance(cases: Bools, inside: Bools) -> float:
    """Return the harmonic mean of coverage and density."""
    return 2 * float(cases[inside].sum()) / (float(inside.sum()) + float(cases.sum()))


def _box(paths: tuple[str, ...], points: Floats, cases: Bools, *, left: Bools, sides: Floats) -> PrimBox:
    inside = left & _inside_mask(points, sides)
    worth = []
    for place in np.flatnonzero(np.isfinite(sides).any(axis=1)).tolist():
        wider = sides.copy()
        wider[place] = (-np.inf, np.inf)
        low, high = (float(end) if np.isfinite(end) else None for end in sides[place])
        lost = float(cases[inside].mean() - cases[left & _inside_mask(points, wider)].mean())
        worth.append((-lost, paths[place], Limit(paths[place], low, high)))
    limits = tuple(limit for _, _, limit in sorted(worth, key=lambda side: side[:2]))
    hits = float(cases[inside].sum())
    return PrimBox(
        limits,
        coverage=hits / float(cases.sum()),
        density=hits / float(inside.sum()),
        mass=float(inside.mean()),
        base=float(cases.mean()),
    )
