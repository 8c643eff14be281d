"""Histories drawn from the model itself: hidden months, then figures, with the gaps and totals of a template."""

from __future__ import annotations

import numpy as np

from negotiation._values import Floats, Ints, Value
from negotiation.evidence.model.history import SMALLEST_TONNES, History
from negotiation.evidence.model.priors import LEVELS, SUBSTEPS, SWITCH, WITHHOLD_SHARE, level_start


class Simulated(Value):
    """A drawn history with what was hidden: `common` (T,) 0 or 1, `action` (T,) 0 to 2, `level` (T,) log ratio."""

    history: History
    common: Ints
    action: Ints
    level: Floats


def simulate(template: History, theta: Floats, rng: np.random.Generator) -> Simulated:
    """Return a history of the model with parameters theta (17,): calendar, gaps and totals as in the template."""
    common, action, level = _hidden(template, theta, rng)
    world, us = _figures(template, theta, common, action, LEVELS[level], rng)
    data = np.array(template.data)
    for column, series in ((0, world), (1, us)):
        observed = series * np.exp(data[:, 2 + column] * rng.standard_normal(len(data)))
        data[:, column] = np.where(np.isfinite(template.data[:, column]), observed, np.nan)
        start: list[int] = []
        for t in range(len(data)):
            if data[t, 8 + column] == 2:
                start.append(t)
            if np.isfinite(data[t, 10 + column]):
                total = series[start].sum() + template.errors[t, column] * rng.standard_normal()
                data[t, 10 + column] = max(total, SMALLEST_TONNES)
                start = []
    return Simulated(template.replace(data=data), common, action, LEVELS[level])


def _hidden(template: History, theta: Floats, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    months, last = len(template.data), len(LEVELS) - 1
    gap = LEVELS[1] - LEVELS[0]
    step = min(0.25, theta[14] ** 2 / (2 * SUBSTEPS * gap * gap))
    common, action, level = (np.zeros(months, dtype=np.int64) for _ in range(3))
    here = int(rng.choice(len(LEVELS), p=level_start()))
    c, a = 0, 0
    for t in range(months):
        factor = template.data[t, 7]
        stay, enter = theta[5], theta[4] * factor
        c = int(rng.random() < (stay if c else enter))
        a = _action(a, theta, factor, rng)
        if t > 0:
            for _ in range(SUBSTEPS):
                u = rng.random()
                here = min(last, max(0, here + (1 if u < step else -1 if u > 1 - step else 0)))
        common[t], action[t], level[t] = c, a, here
    return common, action, level


def _action(a: int, theta: Floats, factor: float, rng: np.random.Generator) -> int:
    if a == 0:
        enters = rng.random() < theta[8] * factor
        return (2 if rng.random() < WITHHOLD_SHARE else 1) if enters else 0
    if rng.random() >= theta[9]:
        return 0
    return 3 - a if rng.random() < SWITCH else a


def _figures(
    template: History, theta: Floats, common: Ints, action: Ints, level: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return world and US-bound exports, (T,) each, before any rounding."""
    months, data = len(common), template.data
    base = theta[0] + theta[1] * data[:, 4] + theta[2] * data[:, 5]
    severity = rng.uniform(theta[6], theta[7], months)
    rest = np.exp(base + theta[3] * rng.standard_normal(months)) * np.where(common == 1, 1 - severity, 1.0)
    kept = 1 - np.array([0.0, theta[10], theta[11]])[action]
    sd = np.sqrt(theta[12] ** 2 + common * theta[13] ** 2)
    ratio = kept * np.exp(level - theta[15] * data[:, 6] + theta[16] * data[:, 4] + sd * rng.standard_normal(months))
    return rest * (1 + ratio), rest * ratio
