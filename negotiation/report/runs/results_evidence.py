"""What the shipments say, as plain data for result files and `--json`: numbers unrounded, months as 2025-06."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from negotiation._values import plain
from negotiation.evidence.answers.assessment import Assessment
from negotiation.evidence.answers.base_rates import BaseRates
from negotiation.evidence.answers.game_fit import can_fit, game_fit
from negotiation.evidence.answers.headline_over_posterior import HeadlineShares
from negotiation.evidence.answers.public_figure import PublicFigure
from negotiation.evidence.answers.scenario_fragment import estimates
from negotiation.evidence.data.months import month_text
from negotiation.evidence.forecasts.backtest import LEVELS, Backtest, ScoredMonth
from negotiation.evidence.forecasts.event_study import EventStudy
from negotiation.evidence.model.causes import CAUSES
from negotiation.trade.scenario.scenario import Scenario


def assessment_data(found: Assessment, shares: HeadlineShares | None = None) -> dict[str, Any]:
    """Return the answer as of a day; shares: in how many draws of the posterior each call's deal holds."""
    history = found.history
    return {
        "as_of": found.as_of,
        "last_month": month_text(found.last),
        "single_us_months": history.us_singles,
        "mostly_prior": history.few,
        "notices": list(history.notices),
        "months": [month_text(month) for month in history.months],
        "shipments": {"us": plain(history.data[:, 1]), "others": plain(history.rest)},
        "sentences": [found.sentence(month) for month in range(found.last, history.months[-1] + 1)],
        "priors": {
            name: {
                "causes": {
                    cause: {"mean": plain(c.mean[i]), "low": plain(c.low[i]), "high": plain(c.high[i])}
                    for i, cause in enumerate(CAUSES)
                },
                "deliberate_if_common": {
                    "before": s.before,
                    "after": s.after,
                    "facts": [{**plain(fact), "ratio": ratio} for fact, ratio in s.ratios],
                },
                "effective_draws": post.effective,
                "log_evidence": post.log_evidence,
            }
            for name, c, s, post in zip(found.priors, found.causes, found.splits, found.posteriors, strict=True)
        },
        "next_figures": plain(list(found.next_figures)),
        "informed": [
            {"parameter": item.parameter.name, "prior": plain(item.before), "posterior": plain(item.after),
             "overlap": item.overlap, "informed_by_data": item.informed}
            for item in found.prior_overlaps
        ],
        "headline": None if shares is None else plain(shares),
    }  # fmt: skip


def evidence_data(found: Assessment, scenario: Scenario) -> dict[str, Any]:
    """Return an assessment beside a scenario: estimates of its parameters, and how its game fits the months."""
    ends = ("low", "middle", "high")
    return {
        **assessment_data(found),
        "estimates": {
            path: {"now": plain(scenario.value(path)), **dict(zip(ends, row, strict=True))}
            for path, row in estimates(found).items()
        },
        "fit": plain(game_fit(scenario, found)) if can_fit(scenario) else None,
    }


def public_figure_data(found: PublicFigure) -> dict[str, Any]:
    """Return what the others' figure is worth as a signal, and the way round it."""
    options = [{**plain(one), "loss": one.loss, "least_discount": one.least_discount} for one in found.options]
    return {**plain(found), "options": options, "enough": found.enough}


def rates_data(found: BaseRates) -> dict[str, Any]:
    """Return the base rates of leaders' contacts, and of each contact its day, its class and the reasons."""
    contacts = [
        {"date": item.event.dated, "text": item.event.text, "outcome": item.outcome,
         "because": [f"{row.dated} {row.text}" for row in item.because]}
        for item in found.contacts
    ]  # fmt: skip
    return {"as_of": found.as_of, "rates": plain(found.rates), "contacts": contacts}


def scores_data(found: Sequence[ScoredMonth]) -> dict[str, Any]:
    """Return the scores of forecasts month by month."""
    return {"months": [{**plain(item), "month": month_text(item.month)} for item in found]}


def backtest_data(found: Sequence[Backtest], study: EventStudy) -> dict[str, Any]:
    """Return the backtest at every horizon with mean scores by forecast, and shipments around the contacts."""
    return {
        "horizons": [
            {**plain(item), **scores_data(item.rows), "means": _means(item), "calibration": plain(item.calibration())}
            for item in found
        ],
        "levels": plain(LEVELS),
        "contacts": plain(study),
    }


def _means(found: Backtest) -> dict[str, dict[str, float]]:
    names = [score.name for score in found.rows[0].scores] if found.rows else []
    return {
        name: {
            measure: sum(getattr(row.scores[i], measure) for row in found.rows) / len(found.rows)
            for measure in ("log_score", "crps")
        }
        for i, name in enumerate(names)
    }
