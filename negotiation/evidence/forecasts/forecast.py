"""Predictive distribution of US-bound shipments: from the filtered state, over the posterior of the parameters."""

import numpy as np
from scipy.special import logsumexp, ndtr

from negotiation._values import Floats, Value
from negotiation.evidence.model import priors
from negotiation.evidence.model.filter import last_beliefs
from negotiation.evidence.model.history import History
from negotiation.evidence.model.posterior import Posterior

FORECAST_DRAWS = 400  # of the parameters; the time of a forecast grows with it, the noise of its tails falls
SHIPMENTS_PER_DRAW = 10  # 4,000 in all, so that a 10 % quantile rests on 400


class Forecast(Value):
    """A month's predictive distribution: draws of exports to the US and to the rest of the world, (M,) tonnes each.

    components: (J, 5) of the US mixture: log weight, mean and spread of log tonnes without the common disturbance,
    least and greatest severity (0 and 0 when there is no disturbance in the component).
    """

    month: int
    us: Floats
    rest: Floats
    components: Floats

    def quantile(self, share: float) -> float:
        """Return a quantile of US-bound shipments, tonnes."""
        return float(np.quantile(self.us, share))

    def log_density(self, tonnes: float) -> float:
        """Return the log density of US-bound shipments at `tonnes`, per unit of log tonnes: exact for the mixture."""
        weight, mean, sd, low, high = self.components.T
        z = np.log(tonnes) - mean
        calm = -0.5 * np.square(z / sd) - np.log(sd) - 0.5 * np.log(2 * np.pi)
        width = np.where(high > low, high - low, 1.0)
        with np.errstate(divide="ignore"):
            first, last = (np.log1p(-high) - z - sd * sd) / sd, (np.log1p(-low) - z - sd * sd) / sd
            area = np.where(first > 0, ndtr(-first) - ndtr(-last), ndtr(last) - ndtr(first))
            late = z + 0.5 * sd * sd + np.log(np.maximum(area, 0.0)) - np.log(width)
        return float(logsumexp(weight + np.where(high > low, late, calm)))


def forecast(
    post: Posterior,
    history: History,
    month: int,
    rng: np.random.Generator,
    draws: int = FORECAST_DRAWS,
    each: int = SHIPMENTS_PER_DRAW,
) -> Forecast:
    """Return the forecast of a month of `history`, which must reach it, from draws of the posterior.

    Chance enters only the draws of shipments, not the density. `each`: draws of shipments for each of the parameters.
    """
    t = history.index(month)
    theta = post.equal_draws(draws)
    _, belief = last_beliefs(history.head(t + 1), theta)
    row = history.data[t]
    base = theta[:, priors.LEVEL] + theta[:, priors.GROWTH] * row[4] + theta[:, priors.FEBRUARY] * row[5]
    demand = theta[:, priors.TREND] * row[4] - theta[:, priors.TARIFF] * row[6]
    passing = np.log1p(-np.stack([np.zeros(draws), theta[:, priors.SLOW_WALK], theta[:, priors.WITHHOLD]], axis=1))
    ratio = priors.LEVELS[None, None, :] + passing[:, :, None] + demand[:, None, None]
    shape = (draws, 2, 3, len(priors.LEVELS))
    mean = np.broadcast_to((base[:, None, None] + ratio)[:, None], shape)
    common = np.broadcast_to(np.array([0.0, 1.0])[None, :, None, None], shape)
    around = (
        theta[:, priors.RATIO_NOISE, None, None, None] ** 2 + common * theta[:, priors.QUEUE, None, None, None] ** 2
    )
    spread = np.sqrt(theta[:, priors.NOISE, None, None, None] ** 2 + around)
    low, high = (common * theta[:, column, None, None, None] for column in (priors.DELAY_LEAST, priors.DELAY_GREATEST))
    with np.errstate(divide="ignore"):
        weight = np.log(belief) - np.log(draws)
    parts = np.stack([part.ravel() for part in (weight, mean, spread, low, high)], axis=1)
    us, rest = _sample_exports(theta, belief, base, ratio, rng=rng, each=each)
    return Forecast(month, us, rest, parts[np.isfinite(parts[:, 0])])


def _sample_exports(
    theta: Floats, belief: Floats, base: Floats, ratio: Floats, *, rng: np.random.Generator, each: int
) -> tuple[Floats, Floats]:
    """Return draws (draws x each,) of exports to the US and to the rest of the world."""
    count, n = len(theta), len(priors.LEVELS)
    ladder = np.cumsum(belief.reshape(count, -1), axis=1)
    u = (np.arange(each)[None, :] + rng.random((count, each))) / each
    state = np.array(
        [np.searchsorted(steps, row * steps[-1], side="right") for steps, row in zip(ladder, u, strict=True)]
    )
    state = np.minimum(state, 6 * n - 1)
    common, rest_of_state = np.divmod(state, 3 * n)
    action, level = np.divmod(rest_of_state, n)
    least, greatest = theta[:, priors.DELAY_LEAST, None], theta[:, priors.DELAY_GREATEST, None]
    severity = least + (greatest - least) * rng.random((count, each))
    log_rest = base[:, None] + theta[:, priors.NOISE, None] * rng.standard_normal((count, each))
    log_rest += np.where(common == 1, np.log1p(-severity), 0.0)
    sd = np.sqrt(theta[:, priors.RATIO_NOISE, None] ** 2 + common * theta[:, priors.QUEUE, None] ** 2)
    log_ratio = ratio[np.arange(count)[:, None], action, level] + sd * rng.standard_normal((count, each))
    return np.exp(log_rest + log_ratio).ravel(), np.exp(log_rest).ravel()
