"""What the figures of one month say of the hidden state: likelihoods, and moments of what is part of a total.

State (c, a, k), theta and the rows of `data` as in `filter`. Totals: the first two moments of the partial sum given the
current state are carried exactly along the filter; at the last month the total is given the log-normal density with
these moments. That shape is the approximation. Where only the world total is known, its logarithm is linearised in the
log ratio around the state's mean (share of the US about .13).
"""

import math

import numpy as np

from negotiation._kernels.compiled import kernel, lean

TINY = 1e-290  # likelihoods that are smaller count as none, far above where doubles lose digits
# three nodes and weights of Gauss and Hermite for the standard normal, exact for polynomials to degree five
NODES = np.array([-math.sqrt(3.0), 0.0, math.sqrt(3.0)])
WEIGHTS = np.array([1.0 / 6.0, 2.0 / 3.0, 1.0 / 6.0])
LOG_ROOT = 0.5 * math.log(2.0 * math.pi)  # of the square root of 2 pi, in a log density
LARGEST_POWER = 600.0  # logarithm of a density beyond which its exponential would overflow
SMALLEST = 0.5  # tonnes: exports to the rest of the world count as at least this, so that their logarithm exists
LEAST_VARIANCE = 1e-12  # of the logarithm of a total, so that a density exists


@lean
def normal(z, sd):
    """Return the normal density of z with mean 0."""
    return math.exp(-0.5 * (z / sd) ** 2 - LOG_ROOT) / sd


@lean
def late(z, sd, low, high):
    """Return the density of log(1 - d) + sd N(0, 1) at z for d uniform on [low, high]: closed form."""
    first = (math.log1p(-high) - z - sd * sd) / sd
    last = (math.log1p(-low) - z - sd * sd) / sd
    if first > 0.0:
        first, last = -last, -first
    area = 0.5 * (math.erfc(-last / math.sqrt(2.0)) - math.erfc(-first / math.sqrt(2.0)))
    power = z + 0.5 * sd * sd
    if area <= 0.0 or power > LARGEST_POWER:
        return 0.0
    return math.exp(power) * area / (high - low)


@lean
def withheld(theta, a):
    """Return the share of US-bound exports withheld by targeted action a."""
    return 0.0 if a == 0 else theta[9 + a]


@kernel
def emission(theta, row, levels):
    """Return the (2, 3, K) likelihood of one month's single figures, up to a factor free of state and theta."""
    n = levels.size
    out = np.ones((2, 3, n))
    world, us = row[0], row[1]
    if math.isnan(world) and math.isnan(us):
        return out
    base = theta[0] + theta[1] * row[4] + theta[2] * row[5]
    both = not math.isnan(world) and not math.isnan(us)
    only_us = math.isnan(world)
    rest, ratio, place, spread, rough = 0.0, 0.0, 0.0, 0.0, 0.0
    if both:
        rest = math.log(max(world - us, SMALLEST)) - base
        ratio = math.log(us) - math.log(max(world - us, SMALLEST))
        spread, rough = math.sqrt(theta[3] ** 2 + row[2] ** 2), row[3] ** 2
    else:
        place = (math.log(us) if only_us else math.log(world)) - base
    for c in range(2):
        around = theta[12] ** 2 + c * theta[13] ** 2 + rough
        sd = math.sqrt(around)
        likelihood = 1.0
        if both:
            likelihood = normal(rest, spread) if c == 0 else late(rest, spread, theta[6], theta[7])
        for a in range(3):
            shift = math.log1p(-withheld(theta, a)) - theta[15] * row[6] + theta[16] * row[4]
            for k in range(n):
                mean = levels[k] + shift
                if both:
                    out[c, a, k] = likelihood * normal(ratio - mean, sd)
                    continue
                if only_us:
                    z, wide = place - mean, math.sqrt(theta[3] ** 2 + around + row[3] ** 2)
                else:
                    times = math.exp(mean)
                    share = times / (1.0 + times)
                    z = place - math.log1p(times)
                    wide = math.sqrt(theta[3] ** 2 + around * share * share + row[2] ** 2)
                out[c, a, k] = normal(z, wide) if c == 0 else late(z, wide, theta[6], theta[7])
    return out


@kernel
def moments(theta, row, levels, us_side):
    """Return (2, 3, K, 2): first two raw moments of a month's missing figure given the state (US, or world)."""
    n = levels.size
    out = np.empty((2, 3, n, 2))
    world, us = row[0], row[1]
    base = theta[0] + theta[1] * row[4] + theta[2] * row[5]
    low, high = theta[6], theta[7]
    for c in range(2):
        mean_left, square = 1.0, 1.0
        if c == 1:
            mean_left = 1.0 - 0.5 * (low + high)
            square = ((1.0 - low) ** 3 - (1.0 - high) ** 3) / (3.0 * (high - low))
        rest = math.exp(base + 0.5 * theta[3] ** 2) * mean_left
        rest2 = math.exp(2.0 * base + 2.0 * theta[3] ** 2) * square
        sd = math.sqrt(theta[12] ** 2 + c * theta[13] ** 2)
        for a in range(3):
            shift = math.log1p(-withheld(theta, a)) - theta[15] * row[6] + theta[16] * row[4]
            for k in range(n):
                mean = levels[k] + shift
                if us_side and not math.isnan(world):
                    first, second = 0.0, 0.0
                    for q in range(3):
                        share = 1.0 / (1.0 + math.exp(-mean - sd * NODES[q]))
                        first += WEIGHTS[q] * world * share
                        second += WEIGHTS[q] * (world * share) ** 2
                elif not us_side and not math.isnan(us):
                    first = us + rest
                    second = us * us + 2.0 * us * rest + rest2
                else:
                    times = math.exp(mean + 0.5 * sd * sd)
                    times2 = math.exp(2.0 * mean + 2.0 * sd * sd)
                    if us_side:
                        first, second = rest * times, rest2 * times2
                    else:
                        first, second = rest * (1.0 + times), rest2 * (1.0 + 2.0 * times + times2)
                out[c, a, k, 0] = first
                out[c, a, k, 1] = second
    return out


@kernel
def closed(mass, first, second, total, error):
    """Return the (2, 3, K) log-normal likelihood of a total whose moments given the state are first/mass, second/mass."""
    n = mass.shape[2]
    out = np.zeros((2, 3, n))
    for c in range(2):
        for a in range(3):
            for k in range(n):
                if mass[c, a, k] > TINY:
                    mean = first[c, a, k] / mass[c, a, k]
                    spread = max(second[c, a, k] / mass[c, a, k] - mean * mean, 0.0) + error * error
                    wide = math.log1p(max(spread / (mean * mean), LEAST_VARIANCE))
                    out[c, a, k] = normal(math.log(total) - math.log(mean) + 0.5 * wide, math.sqrt(wide))
    return out
