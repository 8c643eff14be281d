"""Convex sets of payoff vectors: a polygon, a segment, a point, or nothing.

Held both ways: `vertices` (counter-clockwise for two players) and half-spaces {v : d.v <= level}.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from negotiation._values import Floats, Value
from negotiation.errors import InputError


def _no_rows() -> Floats:
    return np.empty((0, 2))


@dataclass(frozen=True, eq=False)
class PayoffSet(Value):
    """A convex set of payoff vectors in the units of the game.

    vertices: (V, n), counter-clockwise when n = 2; V = 0 is the empty set. directions: (L, n) and levels: (L,) are
    optional supporting half-spaces d.v <= level.
    """

    vertices: Floats
    directions: Floats = field(default_factory=_no_rows)
    levels: Floats = field(default_factory=lambda: np.empty(0))

    _floats: ClassVar[tuple[str, ...]] = ("vertices", "directions", "levels")

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
