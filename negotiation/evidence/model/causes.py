"""The probability of each hidden cause, month by month, with the interval that the parameters' uncertainty leaves.

A reduced form: probabilities of what is being played, not equilibrium beliefs on types. "Common" is a disturbance that
hits all destinations alike, delay and deliberate restriction together; "targeted" slow-walking or withholding.
"""

import numpy as np

from negotiation._values import Floats, Value
from negotiation.evidence.model.filter import smoothed_states
from negotiation.evidence.model.history import History
from negotiation.evidence.model.posterior import Posterior

CAUSE_DRAWS = 400  # of the parameters, each smoothed: the ends of the band rest on 20 of them
BAND = (0.05, 0.95)  # quantiles of the band that is shown
CAUSES = ("common", "slow_walk", "withhold", "targeted")


class Causes(Value, kw_only=True):
    """Probabilities by month, under one prior.

    mean, low, high: (4, T) smoothed probability of CAUSES, its posterior mean and 90 % interval over the parameters;
    level: (T,) mean log ratio of US-bound to other exports.
    """

    prior: str
    months: tuple[int, ...]
    mean: Floats
    low: Floats
    high: Floats
    level: Floats

    def probability(self, cause: str, month: int) -> tuple[float, float, float]:
        """Return mean, low and high of a cause in a month."""
        row, column = CAUSES.index(cause), self.months.index(month)
        return float(self.mean[row, column]), float(self.low[row, column]), float(self.high[row, column])


def by_cause(states: Floats) -> Floats:
    """Return (4, N, T) probabilities of CAUSES from joint ones (N, T, 2, 3)."""
    target = states.sum(axis=2)
    return np.array([states[:, :, 1, :].sum(axis=2), target[..., 1], target[..., 2], target[..., 1] + target[..., 2]])


def causes(post: Posterior, history: History | None = None, draws: int = CAUSE_DRAWS) -> Causes:
    """Return the probabilities of the causes; `history` may go on beyond the posterior's, to forecast."""
    history = post.history if history is None else history
    smoothed, level = smoothed_states(history, post.equal_draws(draws))
    shares = by_cause(smoothed)
    low, high = np.quantile(shares, BAND, axis=1)
    return Causes(
        prior=post.prior,
        months=tuple(history.months),
        mean=shares.mean(axis=1),
        low=low,
        high=high,
        level=level.mean(axis=0),
    )
