"""Where a function of one parameter changes sign: every boundary on a grid, each closed in by Brent's method.

Used for thresholds and break-evens. A grid cannot exclude two boundaries between neighbouring points, so callers say
how fine theirs was.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq

from negotiation._values import Floats


def sign_changes(
    margin: Callable[[float], float], grid: Floats, tolerance: float = 0.0, digits: float = 1e-9
) -> tuple[tuple[float, bool], ...]:
    """Return (value, holds from there on) for each change of sign of `room`, in increasing order.

    `room` >= -tolerance means that it holds. When it holds at the first grid point, that point leads the list. Each
    boundary is found to `digits` of the grid's span.
    """
    holds = [margin(float(value)) >= -tolerance for value in grid]
    found = [(float(grid[0]), True)] if holds[0] else []
    for index in range(len(grid) - 1):
        if holds[index] == holds[index + 1]:
            continue
        low, high = float(grid[index]), float(grid[index + 1])
        found.append((_boundary(margin, low, high, tolerance, digits * float(np.ptp(grid))), holds[index + 1]))
    return tuple(found)


def _boundary(room: Callable[[float], float], low: float, high: float, tolerance: float, width: float) -> float:
    """Return where `room` + tolerance crosses zero between two values of different sign, to `width`."""

    def shifted(value: float) -> float:
        # infinite room (nothing can hold) still has a sign to bracket with
        return min(max(room(value) + tolerance, -1e9), 1e9)

    return float(brentq(shifted, low, high, xtol=width, rtol=1e-15))
