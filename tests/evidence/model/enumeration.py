"""The model of hidden causes by enumeration of every path of hidden states, written apart from the kernel."""

import itertools
import math

import numpy as np
from scipy import integrate, stats


def states(levels):
    return [(c, a, k) for c in range(2) for a in range(3) for k in range(len(levels))]


def level_matrix(levels, drift, steps):
    n, p = len(levels), min(0.25, drift**2 / (2 * steps * (levels[1] - levels[0]) ** 2))
    one = np.zeros((n, n))
    for i in range(n):
        for j in (i - 1, i + 1):
            if 0 <= j < n:
                one[i, j] = p
        one[i, i] = 1 - one[i].sum()
    return np.linalg.matrix_power(one, steps)


def chains(theta, fixed, factor):
    common = np.array([[1 - theta[4] * factor, theta[4] * factor], [1 - theta[5], theta[5]]])
    enter, (hold, switch) = theta[8] * factor, fixed[:2]
    stay = theta[9]
    target = np.array(
        [
            [1 - enter, enter * (1 - hold), enter * hold],
            [1 - stay, stay * (1 - switch), stay * switch],
            [1 - stay, stay * switch, stay * (1 - switch)],
        ]
    )
    return common, target


def late_density(z, sd, low, high):
    """Density of log(1 - d) + sd N(0, 1) by quadrature over d."""
    value, _ = integrate.quad(
        lambda d: stats.norm.pdf(z - math.log1p(-d), scale=sd) / (high - low), low, high, epsabs=1e-13, epsrel=1e-12
    )
    return value


def figure_density(theta, row, state, levels):
    c, a, k = state
    world, us = row[:2]
    base = theta[0] + theta[1] * row[4] + theta[2] * row[5]
    kept = (1.0, 1 - theta[10], 1 - theta[11])[a]
    mean = levels[k] + math.log(kept) - theta[15] * row[6] + theta[16] * row[4]
    variance = theta[12] ** 2 + c * theta[13] ** 2

    def shocked(z, sd):
        return late_density(z, sd, theta[6], theta[7]) if c else stats.norm.pdf(z, scale=sd)

    if np.isnan(world) and np.isnan(us):
        return 1.0
    if np.isnan(us):
        share = 1 / (1 + math.exp(-mean))
        sd = math.sqrt(theta[3] ** 2 + share**2 * variance + row[2] ** 2)
        return shocked(math.log(world) - math.log1p(math.exp(mean)) - base, sd)
    if np.isnan(world):
        return shocked(math.log(us) - mean - base, math.sqrt(theta[3] ** 2 + variance + row[3] ** 2))
    rest = shocked(math.log(world - us) - base, math.sqrt(theta[3] ** 2 + row[2] ** 2))
    return rest * stats.norm.pdf(math.log(us / (world - us)), mean, math.sqrt(variance + row[3] ** 2))


def month_moments(theta, row, state, levels, us_side):
    c, a, k = state
    world, us = row[:2]
    base = theta[0] + theta[1] * row[4] + theta[2] * row[5]
    mean = levels[k] + math.log((1.0, 1 - theta[10], 1 - theta[11])[a]) - theta[15] * row[6] + theta[16] * row[4]
    variance = theta[12] ** 2 + c * theta[13] ** 2
    middle, spread = 1 - (theta[6] + theta[7]) / 2, (theta[7] - theta[6]) ** 2 / 12
    kept = (middle, spread + middle**2) if c else (1.0, 1.0)
    rest = [kept[n - 1] * math.exp(n * base + n * n * theta[3] ** 2 / 2) for n in (1, 2)]
    ratio = [math.exp(n * mean + n * n * variance / 2) for n in (1, 2)]
    if us_side and not np.isnan(world):
        nodes, weights = np.polynomial.hermite_e.hermegauss(3)
        shares = 1 / (1 + np.exp(-mean - math.sqrt(variance) * nodes))
        return [float(weights @ (world * shares) ** n / weights.sum()) for n in (1, 2)]
    if us_side:
        return [rest[0] * ratio[0], rest[1] * ratio[1]]
    if not np.isnan(us):
        return [us + rest[0], us * us + 2 * us * rest[0] + rest[1]]
    return [rest[0] * (1 + ratio[0]), rest[1] * (1 + 2 * ratio[0] + ratio[1])]


def enumerate_paths(theta, data, errors, levels, start, fixed):
    """Return (log-likelihood, filtered (T, 2, 3), smoothed (T, 2, 3)); totals through path-wise moments.

    A total is given the log-normal density whose two moments are those of the sum over all paths into a state.
    """
    every, months = states(levels), len(data)
    spread = level_matrix(levels, theta[14], int(fixed[2]))
    likely = [[figure_density(theta, row, s, levels) for s in every] for row in data]
    weights = {}
    for path in itertools.product(range(len(every)), repeat=1):
        c, a, k = every[path[0]]
        common, target = chains(theta, fixed, data[0, 7])
        weights[path] = common[0, c] * target[0, a] * start[k]
    sums = {path: [[0.0, 0.0], [0.0, 0.0]] for path in weights}
    scale, filtered = 0.0, []
    for t in range(months):
        if t > 0:
            common, target = chains(theta, fixed, data[t, 7])
            longer, longer_sums = {}, {}
            for path, weight in weights.items():
                c, a, k = every[path[-1]]
                for j, (c2, a2, k2) in enumerate(every):
                    step = common[c, c2] * target[a, a2] * spread[k, k2]
                    if step > 0:
                        longer[(*path, j)] = weight * step
                        longer_sums[(*path, j)] = [list(pair) for pair in sums[path]]
            weights, sums = longer, longer_sums
        for side in (0, 1):
            if data[t, 8 + side] == 2:
                month = [month_moments(theta, data[t], state, levels, side == 1) for state in every]
                for path in weights:
                    one, two = month[path[-1]]
                    first, second = sums[path][side]
                    sums[path][side] = [first + one, second + 2 * one * first + two]
        before = dict(weights)
        for path in weights:
            weights[path] *= likely[t][path[-1]]
        for side in (0, 1):
            if not np.isnan(data[t, 10 + side]):
                _close(weights, before, sums, side, data[t, 10 + side], errors[t, side])
        scale += math.log(total := sum(weights.values()))
        weights = {path: weight / total for path, weight in weights.items()}
        filtered.append(_marginal(weights, every, t))
    return scale, np.array(filtered), np.array([_marginal(weights, every, t) for t in range(months)])


def _close(weights, before, sums, side, total, error):
    for end in {path[-1] for path in weights}:
        into = [path for path in weights if path[-1] == end]
        mass = sum(before[path] for path in into)
        first = sum(before[path] * sums[path][side][0] for path in into) / mass
        second = sum(before[path] * sums[path][side][1] for path in into) / mass
        wide = math.log1p((second - first**2 + error**2) / first**2)
        density = stats.norm.pdf(math.log(total), math.log(first) - wide / 2, math.sqrt(wide))
        for path in into:
            weights[path] *= density
            sums[path][side] = [0.0, 0.0]


def _marginal(weights, every, t):
    found = np.zeros((2, 3))
    for path, weight in weights.items():
        c, a, _ = every[path[t]]
        found[c, a] += weight
    return found
