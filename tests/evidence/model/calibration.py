"""Simulation-based calibration (Cook, Gelman, Rubin 2006; Talts et al. 2018): is the posterior what it says it is?

Parameters are drawn from the prior, a history from the model, and the posterior is computed as for real data. Over many
histories the rank of the true parameter among posterior draws must be uniform, an 80 % interval must hold the truth
80 % of the time, and of the months given a 30 % probability of a cause, 30 % must have had it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
from scipy.stats import chisquare

from negotiation._values import Floats, Ints, Value
from negotiation.evidence.model.causes import by_cause
from negotiation.evidence.model.filter import smoothed_states
from negotiation.evidence.model.history import History
from negotiation.evidence.model.posterior import Effort, posteriors
from negotiation.evidence.model.priors import priors, theta_of
from tests.evidence.model.simulated_history import simulate

DRAWS = 99
EFFORT = Effort(768, 6, 2304)
BINS = np.array([0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0])


class Calibration(Value):
    """What came of it: names (P,), ranks (H, P) from 0 to DRAWS, effective (H,) draws; for common and targeted causes
    the stated probability and the truth of every month after the licences began, (2, H, months).
    """

    names: tuple[str, ...]
    ranks: Ints
    effective: Floats
    stated: Floats
    true: Floats

    def covered(self, share: float = 0.8) -> Floats:
        """Return, for each parameter, the share of histories whose truth lies in the central interval."""
        edge = (1 - share) / 2 * (DRAWS + 1)
        inside = (self.ranks >= edge) & (self.ranks < DRAWS + 1 - edge)
        found: Floats = inside.mean(axis=0)
        return found

    def uniform(self, bins: int = 10) -> Floats:
        """Return the p-value of a chi-square test of uniform ranks for each parameter."""
        counts = [np.bincount(ranks * bins // (DRAWS + 1), minlength=bins) for ranks in self.ranks.T]
        return np.array([float(chisquare(count).pvalue) for count in counts])

    def reliability(self, cause: int) -> list[tuple[float, float, int, float, float]]:
        """Return (from, to, months, mean stated, share true) of the bins of a cause: 0 common, 1 targeted."""
        stated, true = self.stated[cause].ravel(), self.true[cause].ravel()
        rows = []
        for low, high in itertools.pairwise(BINS):
            here = (stated >= low) & ((stated < high) | (high == 1.0))
            if here.any():
                count = int(here.sum())
                rows.append((float(low), float(high), count, float(stated[here].mean()), float(true[here].mean())))
        return rows


def calibrate(
    template: History,
    count: int,
    seed: int = 1,
    prior: str = "neutral",
    effort: Effort = EFFORT,
    step: Callable[[int], None] | None = None,
) -> Calibration:
    """Return the calibration over `count` histories with the calendar, gaps and totals of `template`."""
    table = priors(prior, template.trend)
    ranks, effective, stated, true = [], [], [], []
    licensed = template.data[:, 7] == 1.0
    for number in range(count):
        rng = np.random.default_rng([seed, number])
        theta = theta_of(table, rng.standard_normal((1, len(table))))
        drawn = simulate(template, theta[0], rng)
        found = posteriors(drawn.history, (prior,), effort)[0]
        draws = found.equal_draws(DRAWS)
        ranks.append((draws < theta)[:, : len(table)].sum(axis=0))
        effective.append(found.effective)
        shares = by_cause(smoothed_states(drawn.history, draws)[0]).mean(axis=1)
        stated.append(shares[[0, 3]][:, licensed])
        true.append(np.array([drawn.common, drawn.action > 0])[:, licensed])
        if step is not None:
            step(number + 1)
    names = tuple(item.name for item in table)
    both = (np.array(stated).swapaxes(0, 1), np.array(true, dtype=np.float64).swapaxes(0, 1))
    return Calibration(names, np.array(ranks), np.array(effective), *both)
