"""One month of the hidden state behind monthly shipments: both conduct chains, and the drift of the level.

State (c, a, k), theta and fixed as in `filter`; belief arrays have shape (2, 3, K).
"""

import numpy as np

from negotiation._kernels.compiled import kernel, lean

FORWARD, BACKWARD = np.int64(1), np.int64(0)  # direction in time
LARGEST_STEP = 0.25  # chance of a move each way in a substep; above one half the birth-death steps oscillate


@kernel
def conduct(theta, fixed, factor):
    """Return the common (2, 2) and targeted (3, 3) transition matrices, entries scaled by `factor`."""
    common = np.empty((2, 2))
    enter = theta[4] * factor
    common[0, 0], common[0, 1] = 1.0 - enter, enter
    common[1, 0], common[1, 1] = 1.0 - theta[5], theta[5]
    target = np.empty((3, 3))
    enter = theta[8] * factor
    target[0, 0], target[0, 1], target[0, 2] = 1.0 - enter, enter * (1.0 - fixed[0]), enter * fixed[0]
    for a in range(1, 3):
        target[a, 0] = 1.0 - theta[9]
        target[a, a] = theta[9] * (1.0 - fixed[1])
        target[a, 3 - a] = theta[9] * fixed[1]
    return common, target


@lean
def step_size(theta, levels, steps):
    """Return the chance of a move to each neighbour that gives the level its monthly variance in so many steps."""
    gap = levels[1] - levels[0]
    return min(LARGEST_STEP, theta[14] ** 2 / (2.0 * steps * gap * gap))


@kernel
def initial(theta, fixed, factor, start):
    """Return the (2, 3, K) belief before the first month: a calm past, one month's entries, the levels' prior."""
    common, target = conduct(theta, fixed, factor)
    out = np.empty((2, 3, start.size))
    for c in range(2):
        for a in range(3):
            for k in range(start.size):
                out[c, a, k] = common[0, c] * target[0, a] * start[k]
    return out


@lean
def drift(belief, p, steps):
    """Spread a (2, 3, K) array over the levels in place: `steps` symmetric birth-death steps, reflecting ends."""
    n = belief.shape[2]
    for c in range(2):
        for a in range(3):
            for _ in range(steps):
                before = belief[c, a, 0]
                belief[c, a, 0] += p * (belief[c, a, 1] - before)
                for k in range(1, n - 1):
                    here = belief[c, a, k]
                    belief[c, a, k] += p * (before + belief[c, a, k + 1] - 2.0 * here)
                    before = here
                belief[c, a, n - 1] += p * (before - belief[c, a, n - 1])


@lean
def mix(belief, common, target, ahead, half):
    """Take a (2, 3, K) array through both conduct chains in place: a month on where `ahead`, else the adjoint."""
    n = belief.shape[2]
    for d in range(2):
        for a in range(3):
            for k in range(n):
                if ahead:
                    half[d, a, k] = common[0, d] * belief[0, a, k] + common[1, d] * belief[1, a, k]
                else:
                    half[d, a, k] = common[d, 0] * belief[0, a, k] + common[d, 1] * belief[1, a, k]
    for c in range(2):
        for b in range(3):
            for k in range(n):
                belief[c, b, k] = 0.0
            for a in range(3):
                weight = target[a, b] if ahead else target[b, a]
                for k in range(n):
                    belief[c, b, k] += weight * half[c, a, k]


@lean
def forward(belief, common, target, p, steps, half):
    """Take a (2, 3, K) belief one month on, in place; half (2, 3, K) is scratch memory."""
    mix(belief, common, target, FORWARD, half)
    drift(belief, p, steps)


@lean
def backward(message, common, target, p, steps, half):
    """Take a (2, 3, K) message one month back, in place: the adjoint of `forward`."""
    drift(message, p, steps)
    mix(message, common, target, BACKWARD, half)
