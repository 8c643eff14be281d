"""Where a function of one parameter changes sign: every boundary on a grid, each closed in by bisection.

Used for thresholds and break-evens. A grid cannot exclude two boundaries between neighbouring points, so callers say
how fine theirs was.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from negotiation._values import Floats


def sign_changes(
    room: Callable[[float], float], grid: Floats, tolerance: float = 0.0, digits: float = 1e-9
) -> tuple[tuple[float, bool], ...]:
    """Return (value, holds from there on) for each change of sign of `room`, in increasing order.

    `room` >= -tolerance means that it holds. When it holds at the first grid point, that point leads the list. Each
    boundary is the first value found on its side that satisfies the stated truth, to `digits` of the grid's span.
    """
    holds = [room(float(value)) >= -tolerance for value in grid]
    found = [(float(grid[0]), True)] if holds[0] else []
    for index in range(len(grid) - 1):
        if holds[index] == holds[index + 1]:
            continue
        low, high = float(grid[index]), float(grid[index + 1])
        while high - low > digits * float(np.ptp(grid)):
            middle = (low + high) / 2
            if (room(middle) >= -tolerance) == holds[index]:
                low = middle
            else:
                high = middle
        found.append((high if holds[index + 1] else low, holds[index + 1]))
    return tuple(found)
