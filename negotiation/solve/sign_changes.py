"""Where a function of one parameter changes sign: every boundary on a grid, each closed in by Brent's method.

Used for thresholds and break-evens. A grid cannot exclude two boundaries between neighbouring points, so callers say
how fine theirs was.
"""

import itertools
from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq

from negotiation._values import Floats


def sign_changes(
    margin: Callable[[float], float], grid: Floats, tolerance: float = 0.0, digits: float = 1e-9
) -> tuple[tuple[float, bool], ...]:
    """Return (value, holds from there on) for each change of sign of `margin`, in increasing order.

    `margin` >= -tolerance means that it holds. When it holds at the first grid point, that point leads the list. Each
    boundary is found to `digits` of the grid's span.
    """

    def shifted(value: float) -> float:
        # an infinite margin (nothing can hold) still has a sign to bracket with
        return min(max(margin(value) + tolerance, -1e9), 1e9)

    holds = [margin(float(value)) >= -tolerance for value in grid]
    changes = [(float(grid[0]), True)] if holds[0] else []
    for index, (low, high) in enumerate(itertools.pairwise(grid.tolist())):
        if holds[index] != holds[index + 1]:
            boundary = brentq(shifted, low, high, xtol=digits * float(np.ptp(grid)), rtol=1e-15)
            changes.append((float(boundary), holds[index + 1]))
    return tuple(changes)
