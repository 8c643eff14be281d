"""Which next figure would change the answer, and how: supposed figures for the month after the last one known.

Each supposition is the forecast's own low, middle or high value; the posterior is updated by the likelihood of the new
month (importance weights on draws of the parameters), and P(targeted) in that month is read off.
"""

import numpy as np
from scipy.special import softmax

from negotiation._values import Value
from negotiation.evidence.forecasts.forecast import forecast
from negotiation.evidence.model.filter import last_beliefs
from negotiation.evidence.model.history import History
from negotiation.evidence.model.posterior import Posterior

UPDATE_DRAWS = 200  # of the parameters, weighted by each supposed figure; 20 filters of the history for each prior
FIGURE_QUANTILES = (0.1, 0.5, 0.9)  # of the forecast: the three figures that are supposed
US_SHARES = np.geomspace(0.03, 0.25, 10)  # of the others' tonnage: from a fifth to one and a half times that of 2020
QUANTILE_NAMES = ("low", "middle", "high")


class SupposedFigures(Value, kw_only=True):
    """If the rest of the world gets `rest` and the US `us` tonnes: P(targeted) in that month and P(common)."""

    rest: float
    us: float
    rest_name: str
    us_name: str
    targeted: float
    common: float


class NextFigures(Value):
    """Suppositions about one month; `even`: US tonnage at which targeted conduct is as likely as not when the rest of
    the world gets its middle value (None: at no tonnage).
    """

    month: int
    prior: str
    rows: tuple[SupposedFigures, ...]
    even: float | None


def next_figures(post: Posterior, history: History, rng: np.random.Generator) -> NextFigures:
    """Return what the next month's figures would do; `history` must reach one month beyond the last figure."""
    month = post.history.last + 1
    prediction = forecast(post, history, month, rng)
    rests = [float(np.quantile(prediction.rest, share)) for share in FIGURE_QUANTILES]
    shares = [float(np.quantile(prediction.us / prediction.rest, share)) for share in FIGURE_QUANTILES]
    theta, upto = post.equal_draws(UPDATE_DRAWS), history.head(history.index(month) + 1)
    before, _ = last_beliefs(upto, theta)

    def suppose(rest: float, us: float, rest_name: str = "", us_name: str = "") -> SupposedFigures:
        after, belief = last_beliefs(upto.with_month(month, rest + us, us), theta)
        weights, states = softmax(after - before), belief.sum(axis=3)
        return SupposedFigures(
            rest=rest,
            us=us,
            rest_name=rest_name,
            us_name=us_name,
            targeted=float(states[:, :, 1:].sum(axis=(1, 2)) @ weights),
            common=float(states[:, 1].sum(axis=1) @ weights),
        )

    rows = [
        suppose(rest, rest * share, rest_name, us_name)
        for rest, rest_name in zip(rests, QUANTILE_NAMES, strict=True)
        for share, us_name in zip(shares, QUANTILE_NAMES, strict=True)
    ]
    tonnages = US_SHARES * rests[1]
    chances = np.array([suppose(rests[1], float(us)).targeted for us in tonnages])
    above = np.flatnonzero((chances[:-1] >= 0.5) & (chances[1:] < 0.5))
    even = None
    if len(above):
        i = int(above[-1])
        even = float(np.interp(-0.5, -chances[i : i + 2], tonnages[i : i + 2]))
    return NextFigures(month, post.prior, tuple(rows), even)
