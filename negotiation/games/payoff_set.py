"""Convex sets of payoff vectors: a polygon, a segment, a point, or nothing.

Held both ways: `vertices` (counter-clockwise for two players) and half-spaces {v : d.v <= level}.
"""

from __future__ import annotations

from dataclasses import field

import numpy as np

from negotiation._numbers import DISPLAY_NOISE, display_step, rounded_text
from negotiation._results import Result
from negotiation._values import Floats
from negotiation.errors import InputError


class PayoffSet(Result):
    """A convex set of payoff vectors in the units of the game.

    vertices: (V, n), counter-clockwise when n = 2; V = 0 is the empty set. directions: (L, n) and levels: (L,) are
    optional supporting half-spaces d.v <= level.
    """

    vertices: Floats
    directions: Floats = field(default_factory=lambda: np.empty((0, 2)))
    levels: Floats = field(default_factory=lambda: np.empty(0))

    def _check(self) -> None:
        if self.vertices.ndim != 2:
            raise InputError.single("payoff set", "vertices", f"needs shape (V, n), got {self.vertices.shape}")
        if not (np.isfinite(self.vertices).all() and np.isfinite(self.levels).all()):
            raise InputError.single("payoff set", "vertices", "every number must be finite")
        if self.directions.shape[0] != self.levels.shape[0]:
            raise InputError.single("payoff set", "levels", "one level is needed for each direction")

    @property
    def is_empty(self) -> bool:
        """Whether the set has no point."""
        return len(self.vertices) == 0

    @property
    def kind(self) -> str:
        """One of "empty", "point", "segment", "polygon"."""
        return ("empty", "point", "segment", "polygon")[min(len(self.vertices), 3)]

    def support(self, direction: Floats) -> float:
        """Return max d.v over the set; minus infinity when it is empty."""
        if self.is_empty:
            return float("-inf")
        return float((self.vertices @ np.asarray(direction, dtype=np.float64)).max())

    def words(self) -> str:
        """Return the kind of set in words, with its coordinates when it is a point or a segment."""
        if self.is_empty:
            return "empty"
        points = self.points()
        if len(points) == 1:
            return f"the single point {points[0]}"
        if len(points) == 2:
            return f"the segment from {points[0]} to {points[1]}"
        return f"a polygon with {len(points)} vertices"

    def points(self, steps: Floats | None = None) -> list[str]:
        """Return the vertices as text, "(3, 9.75)", to the steps (n,) or to six digits of what they differ by."""
        if steps is None and not self.is_empty:
            size = np.abs(self.vertices).max(axis=0)
            least = np.maximum(size.max() * DISPLAY_NOISE, np.finfo(float).tiny)
            spread = np.ptp(self.vertices, axis=0)
            steps = np.array([max(display_step(*extent), least) for extent in zip(spread, size, strict=True)])
        return [
            f"({', '.join(rounded_text(float(x), float(step)) for x, step in zip(vertex, steps, strict=True))})"
            for vertex in self.vertices
            if steps is not None
        ]

    def distances(self, points: Floats) -> Floats:
        """Return the Euclidean distance of each point, shape (k, 2), from the set; infinite when the set is empty."""
        return self.nearest(points)[1]

    def nearest(self, points: Floats) -> tuple[Floats, Floats]:
        """Return the closest point of the set to each point (k, 2), itself if inside, and its distance (k,).

        NaN and infinite when the set is empty.
        """
        points = np.asarray(points, dtype=np.float64).reshape(-1, 2)
        if self.is_empty:
            return np.full(points.shape, np.nan), np.full(len(points), np.inf)
        start = self.vertices
        along = np.roll(start, -1, axis=0) - start
        away = points[:, None, :] - start[None, :, :]
        size = max(float(np.abs(along).max()), float(np.abs(away).max(initial=0.0))) or 1.0
        along, away = along / size, away / size  # squares of very large or small numbers are no doubles
        lengths = np.maximum((along**2).sum(axis=1), np.finfo(float).tiny)
        share = np.clip((away * along).sum(axis=2) / lengths, 0.0, 1.0)
        distance = np.hypot(*np.moveaxis(away - share[:, :, None] * along, 2, 0))
        left = along[:, 0] * away[:, :, 1] - along[:, 1] * away[:, :, 0] >= 0
        inside = np.asarray(left.all(axis=1)) & (len(start) > 2)
        side = distance.argmin(axis=1)
        feet = start[side] + np.take_along_axis(share, side[:, None], axis=1) * along[side] * size
        return np.where(inside[:, None], points, feet), np.where(inside, 0.0, distance.min(axis=1)) * size

    def excess(self, other: PayoffSet, unit: Floats) -> float:
        """Return how far the set reaches out of `other` when payoffs are divided by `unit` (2,) (two players).

        0 where this set is empty, infinite where only the other one is.
        """
        if self.is_empty or other.is_empty:
            return 0.0 if self.is_empty else float("inf")
        centre = other.vertices[0]
        here, there = (corners / unit - centre / unit for corners in (self.vertices, other.vertices))
        return float(PayoffSet(there).distances(here).max())

    def within(self, other: PayoffSet, tolerance: float, unit: Floats | None = None) -> bool:
        """Whether every vertex lies in `other`, up to `tolerance` when payoffs are divided by `unit` (two players).

        unit: (2,), positive, such as each player's range of payoffs; the extent of `other` by default. Rounding of
        payoffs that are large next to their unit is allowed for.
        """
        if self.is_empty or other.is_empty or self.vertices.shape[1] != 2:
            return self.is_empty or not other.is_empty
        if unit is None:
            unit = np.full(2, float(np.ptp(other.vertices, axis=0).max()) or 1.0)
        rounding = 4 * np.finfo(float).eps * float(np.abs(other.vertices / unit).max())
        return bool(self.excess(other, unit) <= tolerance + rounding)


EMPTY_SET = PayoffSet(np.empty((0, 2)))  # of two players
