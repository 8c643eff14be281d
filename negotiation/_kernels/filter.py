"""Forward filter and backward smoother of the finite hidden state behind monthly shipments (Hamilton 1989; Kim 1994).

State: (c, a, k) with c in {calm, common disturbance}, a in {license, slow-walk, withhold} towards the US, k one of K
levels of the log ratio of US-bound to other exports. Belief arrays have shape (2, 3, K).

theta (17,): 0 log level, 1 growth a year, 2 February, 3 noise, 4 entry and 5 stay of the common disturbance, 6 and 7
least and greatest severity, 8 entry and 9 stay of targeted conduct, 10 and 11 share withheld by slow-walk and withhold,
12 noise of the ratio, 13 extra spread of the ratio in a disturbance, 14 monthly drift of the level, 15 tariff response,
16 trend of the ratio a year.

data (T, 12), NaN where missing: 0 world, 1 US (tonnes), 2 and 3 their relative errors, 4 years since the reference
month, 5 February, 6 log(1 + add-on tariff), 7 factor on entries, 8 and 9 for world and US: 2 where the month belongs to
an open total, 1 where it lies between such months, else 0; 10 and 11 that total in its last month. errors (T, 2):
standard errors of those totals.
fixed (3,): share of entries that are withholding, P(switch between slow-walk and withhold), substeps of the level.

Array expressions are avoided: each costs more to compile than the loop that it stands for.
"""

import math

import numpy as np

from negotiation._kernels.chain import backward, conduct, forward, initial, step_size
from negotiation._kernels.compiled import kernel, lean
from negotiation._kernels.month import TINY, closed, emission, moments


@lean
def accumulate(first, second, belief, month, side):
    """Add a month's missing figure to the two moments of the open total of one side."""
    for c in range(2):
        for a in range(3):
            for k in range(belief.shape[2]):
                one, two = month[c, a, k, 0], month[c, a, k, 1]
                second[side, c, a, k] += 2.0 * one * first[side, c, a, k] + two * belief[c, a, k]
                first[side, c, a, k] += one * belief[c, a, k]


@lean
def times(target, factor):
    """Multiply a (2, 3, K) array by another in place and return the sum."""
    total = 0.0
    for c in range(2):
        for a in range(3):
            for k in range(target.shape[2]):
                target[c, a, k] *= factor[c, a, k]
                total += target[c, a, k]
    return total


@lean
def scale(target, factor):
    """Multiply a (2, 3, K) array by a number in place."""
    for c in range(2):
        for a in range(3):
            for k in range(target.shape[2]):
                target[c, a, k] *= factor


@kernel
def absorb(theta, row, error, levels, belief, first, second):
    """Return the (2, 3, K) likelihood of a month's figures and of the totals that end with it."""
    for side in range(2):
        if row[8 + side] == 2.0:
            accumulate(first, second, belief, moments(theta, row, levels, side), side)
    weight = emission(theta, row, levels)
    for side in range(2):
        if not math.isnan(row[10 + side]):
            times(weight, closed(belief, first[side], second[side], row[10 + side], error[side]))
            scale(first[side], 0.0)
            scale(second[side], 0.0)
    return weight


@kernel
def smooth(theta, data, levels, fixed, likelihoods, beliefs, smoothed, means):
    """Write smoothed probabilities (T, 2, 3) and level means (T,) from what each month said and the beliefs after it."""
    months, n, steps = data.shape[0], levels.size, int(fixed[2])
    p = step_size(theta, levels, steps)
    message, half = np.ones((2, 3, n)), np.empty((2, 3, n))
    for back in range(months):
        t = months - 1 - back
        total = times(beliefs[t], message)
        means[t] = 0.0
        for c in range(2):
            for a in range(3):
                smoothed[t, c, a] = 0.0
                for k in range(n):
                    share = beliefs[t, c, a, k] / total
                    smoothed[t, c, a] += share
                    means[t] += share * levels[k]
        if t > 0:
            common, target = conduct(theta, fixed, data[t, 7])
            total = times(message, likelihoods[t])
            backward(message, common, target, p, steps, half)
            scale(message, 1.0 / total)


@kernel
def run(theta, data, errors, levels, start, fixed, filtered, smoothed, last, means):
    """Filter one history and return its log-likelihood, -inf where it cannot be.

    filtered, smoothed (T, 2, 3): probabilities; last (2, 3, K): belief after the last month; means (T,): smoothed levels.
    Arrays over time without months say that nobody wants them.
    """
    months, n, steps = data.shape[0], levels.size, int(fixed[2])
    p = step_size(theta, levels, steps)
    months_wanted = means.size
    likelihoods, beliefs = np.empty((months_wanted, 2, 3, n)), np.empty((months_wanted, 2, 3, n))
    first, second = np.zeros((2, 2, 3, n)), np.zeros((2, 2, 3, n))
    half = np.empty((2, 3, n))
    belief = initial(theta, fixed, data[0, 7], start)
    likelihood = 0.0
    for t in range(months):
        if t > 0:
            common, target = conduct(theta, fixed, data[t, 7])
            forward(belief, common, target, p, steps, half)
            for side in range(2):
                if data[t, 8 + side] > 0.0:
                    forward(first[side], common, target, p, steps, half)
                    forward(second[side], common, target, p, steps, half)
        weight = absorb(theta, data[t], errors[t], levels, belief, first, second)
        total = times(belief, weight)
        if not total > TINY:
            return -np.inf
        likelihood += math.log(total)
        scale(belief, 1.0 / total)
        for side in range(2):
            if data[t, 8 + side] > 0.0 and math.isnan(data[t, 10 + side]):
                times(first[side], weight)
                times(second[side], weight)
                scale(first[side], 1.0 / total)
                scale(second[side], 1.0 / total)
        if t < months_wanted:
            for c in range(2):
                for a in range(3):
                    filtered[t, c, a] = 0.0
                    for k in range(n):
                        likelihoods[t, c, a, k], beliefs[t, c, a, k] = weight[c, a, k], belief[c, a, k]
                        filtered[t, c, a] += belief[c, a, k]
    for c in range(2):
        for a in range(3):
            for k in range(n):
                last[c, a, k] = belief[c, a, k]
    if months_wanted > 0:
        smooth(theta, data, levels, fixed, likelihoods, beliefs, smoothed, means)
    return likelihood


@lean
def run_all(thetas, data, errors, levels, start, fixed, values, filtered, smoothed, last, means):
    """Run the filter for each row of thetas (N, 17); outputs as in `run` with a leading axis of N."""
    for i in range(thetas.shape[0]):
        values[i] = run(thetas[i], data, errors, levels, start, fixed, filtered[i], smoothed[i], last[i], means[i])
