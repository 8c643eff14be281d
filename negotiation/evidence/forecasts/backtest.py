"""Rolling origin: what the model would have said of US-bound shipments one and two months ahead, and how it scored.

Every origin sees only what was published by then; none lies between January and February, which are published
together. Differences to the baselines are paired by month, with a moving
block bootstrap (Künsch 1989). The scores are retrospective all the same: the model was designed after 2025.
"""

from collections.abc import Iterable

import numpy as np

from negotiation._values import Floats, Value
from negotiation.errors import InputError
from negotiation.evidence.data.events import Events, load_events
from negotiation.evidence.data.months import customs_day, month_of
from negotiation.evidence.data.shipment_row import US, Shipment
from negotiation.evidence.data.shipments import Shipments
from negotiation.evidence.forecasts.baselines import baselines
from negotiation.evidence.forecasts.forecast import forecast
from negotiation.evidence.model.cache import cached_posteriors
from negotiation.evidence.model.history import History, build_history
from negotiation.evidence.model.posterior import FULL, Effort, Posterior, Step

MODEL, TRENDED, PRIOR = "model", "model with a trend", "neutral"
TRENDS = (False, True)  # the model as it answers, and the same one with a trend of US demand
LEAST_SINGLES = 3  # single months known at an origin: a spread needs two changes
# of the moving block bootstrap: months in a block (errors last about a quarter), resamples (the ends of the interval
# are then exact to a hundredth of its width), confidence
BLOCK, BLOCK_RESAMPLES, BLOCK_CONFIDENCE = 3, 4000, 0.95
# of the bootstrap: any number; another moves the ends of intervals within their resampling error
BACKTEST_SEED = 20251231
# measure -> (field of a score, sign that makes more better)
SCORE_FIELDS = {"log score": ("log_score", 1.0), "CRPS": ("crps", -1.0)}
CALIBRATION_LEVELS = tuple(np.linspace(0, 1, 21).tolist())  # forecast probabilities at which calibration is read
INDISTINCT = "not distinguishable"
# months of the first licences, which no forecast could see; scores are also given without them
COLLAPSE = (month_of(2025, 4), month_of(2025, 5))


class ForecastScore(Value):
    """One forecast of one month: log score per unit of log tonnes (higher is better), CRPS in tonnes (lower is)."""

    name: str
    log_score: float
    crps: float


class ScoredMonth(Value, kw_only=True):
    """One month forecast from one origin. `share`: forecast probability of less than came; intervals of the model;
    scores: of the model, of the one with a trend, then of the baselines. as_of: ISO day of the origin.
    """

    month: int
    ahead: int
    as_of: str
    actual: float
    median: float
    fifty: tuple[float, float]
    eighty: tuple[float, float]
    share: float
    scores: tuple[ForecastScore, ...]


class Difference(Value, kw_only=True):
    """Mean advantage of the model over another forecast (positive: the model is better), its interval, the verdict."""

    baseline: str
    measure: str
    mean: float
    low: float
    high: float
    verdict: str


class Backtest(Value, kw_only=True):
    """All origins at one horizon, with paired differences, also without the two collapse months, which decide much.

    covered: shares inside the 50 and 80 % intervals.
    """

    ahead: int
    prior: str
    rows: tuple[ScoredMonth, ...]
    differences: tuple[Difference, ...]
    without_collapse: tuple[Difference, ...]
    covered: tuple[float, float]

    def calibration(self) -> tuple[float, ...]:
        """Return the share of months that came in below the forecast's quantile at each of `LEVELS`."""
        shares = np.array([row.share for row in self.rows])
        return tuple(float((shares <= level).mean()) for level in CALIBRATION_LEVELS)


def backtest(shipments: Shipments, ahead: int = 1, effort: Effort = FULL, months: Iterable[int] = ()) -> Backtest:
    """Return the rolling-origin backtest `ahead` months ahead; `months`: only these targets, for a quick look."""
    events, wanted = load_events(), set(months)
    targets = [row for row in shipments.to(US) if row.single and (not wanted or row.span.start in wanted)]
    scored = (_score_target(shipments, events, row, ahead, effort) for row in targets)
    return summarise([row for row in scored if row is not None], ahead)


def summarise(rows: list[ScoredMonth], ahead: int) -> Backtest:
    """Return scored months with their paired differences and the coverage of the intervals."""
    inside = [[low <= row.actual <= high for low, high in (row.fifty, row.eighty)] for row in rows]
    fifty, eighty = np.mean(inside, axis=0).tolist() if rows else [float("nan")] * 2
    return Backtest(
        ahead=ahead,
        prior=PRIOR,
        rows=tuple(rows),
        differences=differences(rows),
        without_collapse=differences([row for row in rows if row.month not in COLLAPSE]),
        covered=(fifty, eighty),
    )


def _score_target(
    shipments: Shipments, events: Events, row: Shipment, ahead: int, effort: Effort
) -> ScoredMonth | None:
    """Return the score of one target, None when too little was known or the origin is no month of its own."""
    last = row.span.start - ahead
    if last % 12 == 0:  # January is published with February: nobody ever knew the one without the other
        return None
    day = customs_day(last, US)
    try:
        history = build_history(shipments, events, day)
    except InputError:
        return None
    if history.last != last or history.us_singles < LEAST_SINGLES:
        return None
    posts = both_posteriors(history, effort)
    return score_month(posts, build_history(shipments, events, day, ahead=ahead), row, ahead=ahead)


def both_posteriors(history: History, effort: Effort, step: Step | None = None) -> list[Posterior]:
    """Return the posteriors of the model without a trend of US demand and with it."""
    return [cached_posteriors(history.replace(trend=trend), (PRIOR,), effort, step)[0] for trend in TRENDS]


def score_month(posts: Iterable[Posterior], history: History, row: Shipment, *, ahead: int) -> ScoredMonth:
    """Return the score of the models' and the baselines' forecasts of a single month that `history` reaches.

    posts: of the model without a trend and with it; the first gives the intervals.
    """
    month, actual = row.span.start, float(row.tonnes or 0)
    seed = [BACKTEST_SEED, month, ahead]
    predictions = [forecast(post, history, month, np.random.default_rng(seed)) for post in posts]
    prediction = predictions[0]
    rows = np.flatnonzero(np.isfinite(history.data[: history.index(month), 1]))
    others = baselines((rows + history.first).astype(np.float64), np.log(history.data[rows, 1]), month)
    models = zip((MODEL, TRENDED), predictions, strict=True)
    scores = (
        *(ForecastScore(name, one.log_density(actual), sample_crps(one.us, actual)) for name, one in models),
        *(ForecastScore(baseline.name, baseline.log_density(actual), baseline.crps(actual)) for baseline in others),
    )
    tenth, quarter, median, three_quarters, nine_tenths = map(prediction.quantile, (0.1, 0.25, 0.5, 0.75, 0.9))
    return ScoredMonth(
        month=month,
        ahead=ahead,
        as_of=history.as_of,
        actual=actual,
        median=median,
        fifty=(quarter, three_quarters),
        eighty=(tenth, nine_tenths),
        share=float((prediction.us < actual).mean()),
        scores=scores,
    )


def sample_crps(draws: Floats, actual: float) -> float:
    """Return the CRPS of a distribution given by equally likely draws: E|X - y| - E|X - X'| / 2."""
    ordered = np.sort(draws)
    n = len(ordered)
    spread = 2 * (np.arange(1, n + 1) * ordered).sum() / n**2 - (n + 1) * ordered.sum() / n**2
    return float(np.abs(ordered - actual).mean() - spread)


def differences(rows: list[ScoredMonth]) -> tuple[Difference, ...]:
    """Return paired advantages of the model over each other forecast, by log score and CRPS, with block intervals.

    A forecast without a finite CRPS is compared by log score alone.
    """
    paired = []
    for place, name in enumerate([score.name for score in rows[0].scores] if rows else ()):
        for measure, (field, sign) in SCORE_FIELDS.items() if place else ():  # the first is the model itself
            gains = sign * np.array([getattr(row.scores[0], field) - getattr(row.scores[place], field) for row in rows])
            if not np.isfinite(gains).all():
                continue
            low, high = block_interval(gains)
            verdict = "model better" if low > 0 else "baseline better" if high < 0 else INDISTINCT
            mean = float(gains.mean())
            paired.append(Difference(baseline=name, measure=measure, mean=mean, low=low, high=high, verdict=verdict))
    return tuple(paired)


def block_interval(gains: Floats) -> tuple[float, float]:
    """Return the 95 % interval of a mean by a circular moving block bootstrap, blocks of three months."""
    n = len(gains)
    if n < 2 * BLOCK:
        return -np.inf, np.inf
    rng = np.random.default_rng(BACKTEST_SEED)
    starts = rng.integers(0, n, (BLOCK_RESAMPLES, -(-n // BLOCK)))
    index = (starts[:, :, None] + np.arange(BLOCK)).reshape(BLOCK_RESAMPLES, -1)[:, :n] % n
    low, high = np.quantile(gains[index].mean(axis=1), [(1 - BLOCK_CONFIDENCE) / 2, (1 + BLOCK_CONFIDENCE) / 2])
    return float(low), float(high)
