"""The answer as of a date: the causes under three priors, what would change them, what the data inform.

`assess(date)` is the one value from which the command, the report section and the experiments speak.
"""

from datetime import date

import numpy as np

from negotiation._results import Result
from negotiation.evidence.answers.deliberate_share import DeliberateShare, deliberate_share
from negotiation.evidence.answers.trend_effect import TrendEffect, trend_effect
from negotiation.evidence.data.events import Events, load_events
from negotiation.evidence.data.months import month_name, month_of
from negotiation.evidence.data.shipments import Shipments, load_shipments
from negotiation.evidence.forecasts.next_figures import NextFigures, next_figures
from negotiation.evidence.model.cache import cached_posteriors
from negotiation.evidence.model.causes import Causes, causes
from negotiation.evidence.model.history import History, build_history
from negotiation.evidence.model.posterior import FULL, Effort, Posterior, PriorOverlap, Step, prior_overlaps
from negotiation.evidence.model.priors import PRIORS

ASSESSMENT_SEED = 20250601  # of the draws of next figures


class Assessment(Result, kw_only=True):
    """Everything said as of a day.

    history: with months ahead up to that day and one beyond the last figure. Per prior, in the order of `priors`:
    posteriors, causes, splits (deliberate or not), next_figures (None unless asked for). trend: what it does, or would
    do, under the middle prior.
    """

    as_of: str
    history: History
    events: Events
    priors: tuple[str, ...]
    posteriors: tuple[Posterior, ...]
    causes: tuple[Causes, ...]
    splits: tuple[DeliberateShare, ...]
    trend: TrendEffect
    next_figures: tuple[NextFigures, ...] = ()

    @property
    def last(self) -> int:
        """The last month with a figure."""
        return self.history.last

    @property
    def prior_overlaps(self) -> tuple[PriorOverlap, ...]:
        """Prior against posterior of the parameters, under the middle prior (or the only one)."""
        return prior_overlaps(self.posteriors[self.middle])

    @property
    def middle(self) -> int:
        """Position of the neutral prior, or of the first one."""
        return _middle(self.priors)

    def between(self, cause: str, month: int) -> tuple[float, float]:
        """Return the least and the greatest mean probability of a cause over the priors."""
        means = [each.probability(cause, month)[0] for each in self.causes]
        return min(means), max(means)

    def sentence(self, month: int | None = None) -> str:
        """Return the answer in one sentence, never as one bare number."""
        month = self.last if month is None else month
        common, target = self.between("common", month), self.between("targeted", month)
        deliberate = [share.after for share in self.splits]
        ahead = " (no figure yet)" if month > self.last else ""
        ends = "depending on the prior" if len(self.priors) > 1 else f"under the {self.priors[0]} prior alone"
        return (
            f"{month_name(month)}{ahead}: P(common disturbance) {range_text(*common)}, P(targeted at the US) "
            f"{range_text(*target)}, {ends}; if common, P(deliberate) {range_text(min(deliberate), max(deliberate))}, "
            "which shipments cannot tell."
        )

    def trend_sentence(self) -> str:
        """Return how much a trend of US demand moves the answer: in the last month, and where it moves it most."""
        effect = self.trend
        moves = effect.moves
        says, instead = ("a", "Without it") if effect.used else ("no", "With one")
        low, middle, high = (_signed(end) for end in effect.a_year.tolist())
        most = int(np.abs(moves).argmax())
        told = " and ".join(
            f"by {_signed(moves[place])} in {month_name(self.history.first + place)}"
            for place in dict.fromkeys((len(moves) - 1, most))
        )
        told = f"{told}, where it moves most" if abs(moves[most]) >= 0.01 else "by less than .01 in every month"
        return (
            f"The model has {says} trend of US demand ({effect.prior} prior: {middle} a year in logs, 90 % {low} to "
            f"{high}). {instead} P(targeted) would move {told}."
        )


def _signed(value: float) -> str:
    return f"{round(value, 2) + 0.0:+.2f}".replace("-", "−")


def _middle(names: tuple[str, ...]) -> int:
    return names.index("neutral") if "neutral" in names else 0


def range_text(low: float, high: float) -> str:
    """Return two probabilities as a range.

    >>> range_text(0.012, 0.3), range_text(0.9999, 1.0), range_text(0.001, 0.14)
    ('between .01 and .30', 'above .99', 'at most .14')
    """
    first, last = chance_text(low), chance_text(high)
    if first == last:
        return first if first[0] != "." else f"about {first}"
    if first.startswith("below"):
        return f"at most {last}" if last[0] == "." else "anything from below .01 to above .99"
    return f"between {first} and {last}" if last[0] == "." else f"at least {first}"


def chance_text(value: float) -> str:
    """Return a probability to two decimals, never 0 or 1.

    >>> chance_text(0.3), chance_text(0.004), chance_text(1.0)
    ('.30', 'below .01', 'above .99')
    """
    if value < 0.01:
        return "below .01"
    return "above .99" if value > 0.99 else f"{value:.2f}".lstrip("0")


def assess(
    as_of: date,
    prior_names: tuple[str, ...] = tuple(PRIORS),
    shipments: Shipments | None = None,
    effort: Effort = FULL,
    step: Step | None = None,
    look_ahead: bool = True,
    trend: bool = False,
) -> Assessment:
    """Return the assessment as of a day, from the shipped rows or others like them.

    look_ahead: next figures too. trend: with a trend of US demand in the model.
    Raises `InputError` when no single month was published by then.
    """
    rows, events = shipments or load_shipments(), load_events()
    history = build_history(rows, events, as_of, trend=trend)
    ahead = max(1, min(month_of(as_of.year, as_of.month) - history.last, 3))
    longer = build_history(rows, events, as_of, ahead=ahead, trend=trend)
    posteriors = cached_posteriors(history, prior_names, effort, step)
    figures: list[NextFigures] = []
    for post in posteriors if look_ahead else ():
        if step is not None:
            step("next figures", post.prior)
        figures.append(next_figures(post, longer, np.random.default_rng(ASSESSMENT_SEED)))
    return Assessment(
        as_of=as_of.isoformat(),
        history=longer.replace(observed=history.observed),
        events=events.as_of(as_of),
        priors=prior_names,
        posteriors=posteriors,
        causes=tuple(causes(post, longer) for post in posteriors),
        splits=tuple(deliberate_share(name, as_of) for name in prior_names),
        trend=trend_effect(posteriors[_middle(prior_names)], effort, step),
        next_figures=tuple(figures),
    )
