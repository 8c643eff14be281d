"""What a trend of US demand in the model does to the answer: diversion, which else reads as noise or as targeting.

The trend is one number for all months on record. One that itself changes could not be told from the random walk of the
level by so few months.
"""

from negotiation._kernels.compiled import version
from negotiation._values import Floats, Value
from negotiation.evidence.data.months import month_text
from negotiation.evidence.model.cache import cached_json, cached_posteriors
from negotiation.evidence.model.causes import CAUSES, causes
from negotiation.evidence.model.posterior import QUANTILE_SHARES, Effort, Posterior, Step, weighted_quantiles
from negotiation.evidence.model.priors import TREND

EFFECT_DRAWS = 1600  # of the parameters: four times those of the answer, because a small difference is read off


class TrendEffect(Value, kw_only=True):
    """P(targeted) without and with a trend, (T,) each, for the `months` known, under one prior.

    used: whether the answer's own model has the trend. a_year: 5, 50 and 95 % of the trend, log a year.
    """

    prior: str
    used: bool
    months: tuple[str, ...]
    without: Floats
    with_trend: Floats
    a_year: Floats

    @property
    def moves(self) -> Floats:
        """Change of P(targeted) from the answer's own model to the other one, (T,)."""
        return (self.without - self.with_trend) * (1 if self.used else -1)


def trend_effect(post: Posterior, effort: Effort, step: Step | None = None) -> TrendEffect:
    """Return what the trend does to P(targeted), from the posterior of the answer and one of the other model."""
    history = post.history
    (other,) = cached_posteriors(history.replace(trend=not history.trend), (post.prior,), effort, step)
    without, trended = (other, post) if history.trend else (post, other)

    def compute() -> list[Floats]:
        row = CAUSES.index("targeted")
        return [causes(each, draws=EFFECT_DRAWS).mean[row] for each in (without, trended)]

    # the evidence and the weights stand for the draws, which would take long to digest
    draws = [(each.log_evidence, each.weights) for each in (without, trended)]
    chances = cached_json("trend", [history, post.prior, draws, EFFECT_DRAWS, version()], compute)
    return TrendEffect(
        prior=post.prior,
        used=history.trend,
        months=tuple(map(month_text, history.months)),
        without=chances[0],
        with_trend=chances[1],
        a_year=weighted_quantiles(trended.theta[:, TREND], trended.weights, QUANTILE_SHARES),
    )
