"""Forward filter and backward smoother of the finite hidden state behind monthly shipments (Hamilton 1989; Kim 1994).

State: (c, a, k) with c in {calm, common disturbance}, a in {license, slow-walk, withhold} towards the US, k one of K
levels of the log ratio of US-bound to other exports. Belief arrays have shape (2, 3, K).

theta (16,): 0 log level, 1 growth a year, 2 February, 3 noise, 4 entry and 5 stay of the common disturbance, 6 and 7
least and greatest severity, 8 entry and 9 stay of targeted conduct, 10 and 11 share withheld by slow-walk and withhold,
12 noise of the ratio, 13 extra spread of the ratio in a disturbance, 14 monthly drift of the level, 15 tariff response.

data (T, 12), NaN where missing: 0 world, 1 US (tonnes), 2 and 3 their relative errors, 4 years since the reference
month, 5 February, 6 log(1 + add-on tariff), 7 factor on entries, 8 and 9 for world and US: 2 where the month belongs to
an open total, 1 where it lies between such months, else 0; 10 and 11 that total in its last month. errors (T, 2):
standard errors of those totals.
fixed (3,): share of entries that are withholding, P(switch between slow-walk and withhold), substeps of the level.

Totals: the first two moments of the partial sum given the current state are carried exactly along the filter; at the
last month the total is given the log-normal density with these moments. That shape is the approximation. Where only the
world total is known, its logarithm is linearised in the log ratio around the state's mean (share of the US about .13).
"""

from __future__ import annotations

import math

import numpy as np

from negotiation._kernels.compiled import kernel

TINY = 1e-290
NODES = np.array([-math.sqrt(3.0), 0.0, math.sqrt(3.0)])
WEIGHTS = np.array([1.0 / 6.0, 2.0 / 3.0, 1.0 / 6.0])
LOG_ROOT = 0.5 * math.log(2.0 * math.pi)


@kernel
def normal(z, sd):
    """Return the normal density of z with mean 0."""
    return math.exp(-0.5 * (z / sd) ** 2 - LOG_ROOT) / sd


@kernel
def late(z, sd, low, high):
    """Return the density of log(1 - d) + sd N(0, 1) at z for d uniform on [low, high]: closed form."""
    first = (math.log1p(-high) - z - sd * sd) / sd
    last = (math.log1p(-low) - z - sd * sd) / sd
    if first > 0.0:
        first, last = -last, -first
    area = 0.5 * (math.erfc(-last / math.sqrt(2.0)) - math.erfc(-first / math.sqrt(2.0)))
    power = z + 0.5 * sd * sd
    if area <= 0.0 or power > 600.0:
        return 0.0
    return math.exp(power) * area / (high - low)


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


@kernel
def drift(belief, p, steps):
    """Spread a (2, 3, K) array over the levels in place: `steps` symmetric birth-death steps, reflecting ends."""
    n = belief.shape[2]
    for c in range(2):
        for a in range(3):
            row = belief[c, a]
            for _ in range(steps):
                before = row[0]
                row[0] += p * (row[1] - before)
                for k in range(1, n - 1):
                    here = row[k]
                    row[k] += p * (before + row[k + 1] - 2.0 * here)
                    before = here
                row[n - 1] += p * (before - row[n - 1])


@kernel
def mixed(belief, common, target, ahead):
    """Return the (2, 3, K) array after both conduct chains: one month on when `ahead`, the adjoint otherwise."""
    n = belief.shape[2]
    half, out = np.zeros((2, 3, n)), np.zeros((2, 3, n))
    for c in range(2):
        for d in range(2):
            weight = common[c, d] if ahead else common[d, c]
            for a in range(3):
                for k in range(n):
                    half[d, a, k] += weight * belief[c, a, k]
    for a in range(3):
        for b in range(3):
            weight = target[a, b] if ahead else target[b, a]
            if weight > 0.0:
                for c in range(2):
                    for k in range(n):
                        out[c, b, k] += weight * half[c, a, k]
    return out


@kernel
def forward(belief, common, target, p, steps):
    """Return the (2, 3, K) belief one month on."""
    out = mixed(belief, common, target, True)
    drift(out, p, steps)
    return out


@kernel
def backward(message, common, target, p, steps):
    """Return the (2, 3, K) message one month back: the adjoint of `forward`."""
    spread = message.copy()
    drift(spread, p, steps)
    return mixed(spread, common, target, False)


@kernel
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
        rest = math.log(max(world - us, 0.5)) - base
        ratio = math.log(us) - math.log(max(world - us, 0.5))
        spread, rough = math.sqrt(theta[3] ** 2 + row[2] ** 2), row[3] ** 2
    else:
        place = (math.log(us) if only_us else math.log(world)) - base
    for c in range(2):
        around = theta[12] ** 2 + c * theta[13] ** 2 + rough
        sd = math.sqrt(around)
        seen = 1.0
        if both:
            seen = normal(rest, spread) if c == 0 else late(rest, spread, theta[6], theta[7])
        for a in range(3):
            shift = math.log1p(-withheld(theta, a)) - theta[15] * row[6]
            for k in range(n):
                mean = levels[k] + shift
                if both:
                    out[c, a, k] = seen * normal(ratio - mean, sd)
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
        kept, square = 1.0, 1.0
        if c == 1:
            kept = 1.0 - 0.5 * (low + high)
            square = ((1.0 - low) ** 3 - (1.0 - high) ** 3) / (3.0 * (high - low))
        rest = math.exp(base + 0.5 * theta[3] ** 2) * kept
        rest2 = math.exp(2.0 * base + 2.0 * theta[3] ** 2) * square
        sd = math.sqrt(theta[12] ** 2 + c * theta[13] ** 2)
        for a in range(3):
            shift = math.log1p(-withheld(theta, a)) - theta[15] * row[6]
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
                    wide = math.log1p(max(spread / (mean * mean), 1e-12))
                    out[c, a, k] = normal(math.log(total) - math.log(mean) + 0.5 * wide, math.sqrt(wide))
    return out


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


@kernel
def run(theta, data, errors, levels, start, fixed, keep):
    """Filter, and smooth when `keep`: return (log-likelihood, filtered, smoothed, last belief, level means).

    filtered and smoothed: (T, 2, 3) probabilities; last: (2, 3, K) after the last month; level means: (T,) smoothed.
    Without `keep` the three arrays over time are zero. A history that cannot be is -inf.
    """
    months, n = data.shape[0], levels.size
    steps = int(fixed[2])
    gap = levels[1] - levels[0]
    p = min(0.25, theta[14] ** 2 / (2.0 * steps * gap * gap))
    shape = months if keep else 1
    filtered, smoothed = np.zeros((shape, 2, 3)), np.zeros((shape, 2, 3))
    means = np.zeros(shape)
    seen, beliefs = np.ones((shape, 2, 3, n)), np.zeros((shape, 2, 3, n))
    belief = initial(theta, fixed, data[0, 7], start)
    first, second = np.zeros((2, 2, 3, n)), np.zeros((2, 2, 3, n))
    likelihood = 0.0
    for t in range(months):
        if t > 0:
            common, target = conduct(theta, fixed, data[t, 7])
            belief = forward(belief, common, target, p, steps)
            for side in range(2):
                if data[t, 8 + side] > 0.0:
                    first[side] = forward(first[side], common, target, p, steps)
                    second[side] = forward(second[side], common, target, p, steps)
        for side in range(2):
            if data[t, 8 + side] == 2.0:
                month = moments(theta, data[t], levels, side == 1)
                for c in range(2):
                    for a in range(3):
                        for k in range(n):
                            one, two = month[c, a, k, 0], month[c, a, k, 1]
                            second[side, c, a, k] += 2.0 * one * first[side, c, a, k] + two * belief[c, a, k]
                            first[side, c, a, k] += one * belief[c, a, k]
        weight = emission(theta, data[t], levels)
        for side in range(2):
            if not math.isnan(data[t, 10 + side]):
                weight *= closed(belief, first[side], second[side], data[t, 10 + side], errors[t, side])
                first[side] = 0.0
                second[side] = 0.0
        total = 0.0
        for c in range(2):
            for a in range(3):
                for k in range(n):
                    belief[c, a, k] *= weight[c, a, k]
                    total += belief[c, a, k]
        if not total > TINY:
            return -np.inf, filtered, smoothed, belief, means
        likelihood += math.log(total)
        belief /= total
        for side in range(2):
            if data[t, 8 + side] > 0.0 and math.isnan(data[t, 10 + side]):
                for c in range(2):
                    for a in range(3):
                        for k in range(n):
                            first[side, c, a, k] *= weight[c, a, k] / total
                            second[side, c, a, k] *= weight[c, a, k] / total
        if keep:
            seen[t], beliefs[t] = weight, belief
            for c in range(2):
                for a in range(3):
                    filtered[t, c, a] = belief[c, a].sum()
    if keep:
        message = np.ones((2, 3, n))
        for back in range(months):
            t = months - 1 - back
            both = beliefs[t] * message
            both /= both.sum()
            for c in range(2):
                for a in range(3):
                    smoothed[t, c, a] = both[c, a].sum()
                    for k in range(n):
                        means[t] += both[c, a, k] * levels[k]
            if t > 0:
                common, target = conduct(theta, fixed, data[t, 7])
                message = backward(seen[t] * message, common, target, p, steps)
                message /= message.max()
    return likelihood, filtered, smoothed, belief, means


@kernel
def likelihoods(thetas, data, errors, levels, start, fixed):
    """Return the log-likelihood of each row of `thetas` (N, 16)."""
    out = np.empty(thetas.shape[0])
    for i in range(thetas.shape[0]):
        out[i] = run(thetas[i], data, errors, levels, start, fixed, False)[0]
    return out


@kernel
def smooth_all(thetas, data, errors, levels, start, fixed):
    """Return filtered and smoothed (N, T, 2, 3), last beliefs (N, 2, 3, K) and level means (N, T) for each theta."""
    count, months = thetas.shape[0], data.shape[0]
    filtered, smoothed = np.empty((count, months, 2, 3)), np.empty((count, months, 2, 3))
    last, means = np.empty((count, 2, 3, levels.size)), np.empty((count, months))
    for i in range(count):
        _, filtered[i], smoothed[i], last[i], means[i] = run(thetas[i], data, errors, levels, start, fixed, True)
    return filtered, smoothed, last, means


@kernel
def filter_all(thetas, data, errors, levels, start, fixed):
    """Return log-likelihoods (N,) and the beliefs after the last month (N, 2, 3, K) for each theta, without smoothing."""
    out, last = np.empty(thetas.shape[0]), np.empty((thetas.shape[0], 2, 3, levels.size))
    for i in range(thetas.shape[0]):
        out[i], _, _, last[i], _ = run(thetas[i], data, errors, levels, start, fixed, False)
    return out, last
