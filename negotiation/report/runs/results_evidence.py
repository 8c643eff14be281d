"""What the shipments say, as plain data for result files and `--json`: numbers unrounded, months as 2025-06."""

from collections.abc import Sequence
from typing import Any

from negotiation._values import plain
from negotiation.evidence.answers.assessment import Assessment
from negotiation.evidence.answers.base_rates import BaseRates, Contact
from negotiation.evidence.answers.game_fit import can_fit, game_fit
from negotiation.evidence.answers.posterior_to_game import HeadlineShares, estimates
from negotiation.evidence.answers.public_figure import PublicFigure
from negotiation.evidence.data.months import month_text
from negotiation.evidence.forecasts.backtest import CALIBRATION_LEVELS, Backtest
from negotiation.evidence.forecasts.event_study import EventStudy
from negotiation.evidence.model.causes import CAUSES
from negotiation.report.runs.saved import fields_of, with_properties
from negotiation.trade.scenario.scenario import Scenario


def assessment_data(assessment: Assessment, shares: HeadlineShares | None = None) -> dict[str, Any]:
    """Return the answer as of a day; shares: in how many draws of the posterior each call's deal holds."""
    history = assessment.history
    return {
        "as_of": assessment.as_of,
        "last_month": month_text(assessment.last),
        "single_us_months": history.us_singles,
        "mostly_prior": history.few,
        "notices": list(history.notices),
        "months": [month_text(month) for month in history.months],
        "shipments": {"us": plain(history.data[:, 1]), "others": plain(history.rest)},
        "sentences": [assessment.sentence(month) for month in range(assessment.last, history.months[-1] + 1)],
        "priors": {name: _under_prior(assessment, place) for place, name in enumerate(assessment.priors)},
        "trend": with_properties(assessment.trend, "moves"),
        "next_figures": plain(list(assessment.next_figures)),
        "informed": [
            {
                "parameter": row.parameter.name,
                "prior": plain(row.before),
                "posterior": plain(row.after),
                "overlap": row.overlap,
                "informed_by_data": row.informed,
            }
            for row in assessment.prior_overlaps
        ],
        "headline": None if shares is None else plain(shares),
    }


def _under_prior(assessment: Assessment, place: int) -> dict[str, Any]:
    causes, split = assessment.causes[place], assessment.splits[place]
    posterior = assessment.posteriors[place]
    spans = zip(CAUSES, causes.mean, causes.low, causes.high, strict=True)
    facts = [{**plain(fact), "ratio": ratio} for fact, ratio in split.ratios]
    return {
        "causes": {
            name: {"mean": plain(mean), "low": plain(low), "high": plain(high)} for name, mean, low, high in spans
        },
        "deliberate_if_common": {**fields_of(split, "before", "after"), "facts": facts},
        "effective_draws": posterior.effective,
        "log_evidence": posterior.log_evidence,
    }


def evidence_data(assessment: Assessment, scenario: Scenario) -> dict[str, Any]:
    """Return an assessment beside a scenario: estimates of its parameters, and how its game fits the months."""
    return {
        **assessment_data(assessment),
        "estimates": {
            path: {"now": plain(scenario.value(path)), "low": low, "middle": middle, "high": high}
            for path, (low, middle, high) in estimates(assessment).items()
        },
        "fit": plain(game_fit(scenario, assessment)) if can_fit(scenario) else None,
    }


def public_figure_data(figure: PublicFigure) -> dict[str, Any]:
    """Return what the others' figure is worth as a signal, and the way round it."""
    options = [with_properties(option, "loss", "least_discount") for option in figure.options]
    return {**plain(figure), "enough": figure.gain, "options": options}


def rates_data(base_rates: BaseRates, without: Sequence[tuple[Contact, BaseRates]]) -> dict[str, Any]:
    """Return the base rates of leaders' contacts, and of each contact its day, its class, the reasons, and the chance
    of a breakdown given a call without it.
    """
    contacts = [
        {
            "date": contact.event.dated,
            "text": contact.event.text,
            "outcome": contact.outcome,
            "because": [f"{row.dated} {row.text}" for row in contact.because],
            "breakdown_without": rest.given_call("breakdown"),
        }
        for contact, rest in without
    ]
    shown = {**fields_of(base_rates, "as_of", "rates"), "contacts": contacts}
    return {**shown, "breakdown_given_call": base_rates.given_call("breakdown")}


def scores_data(scored: Backtest) -> dict[str, Any]:
    """Return one horizon of a backtest, or new months: scores month by month, differences, coverage, means."""
    months = [{**plain(row), "month": month_text(row.month)} for row in scored.rows]
    return {**plain(scored), "months": months, "means": plain(mean_scores(scored))}


def backtest_data(backtests: Sequence[Backtest], study: EventStudy) -> dict[str, Any]:
    """Return the backtest at every horizon with mean scores by forecast, and shipments around the contacts."""
    horizons = [{**scores_data(one), "calibration": plain(one.calibration())} for one in backtests]
    return {"horizons": horizons, "levels": plain(CALIBRATION_LEVELS), "contacts": plain(study)}


def mean_scores(backtest: Backtest) -> dict[str, dict[str, float]]:
    """Return forecast -> its mean log score, and its mean CRPS in tonnes (infinite for heavy tails); empty if none."""
    return {
        scores[0].name: {
            measure: sum(getattr(score, measure) for score in scores) / len(scores) for measure in ("log_score", "crps")
        }
        for scores in zip(*(row.scores for row in backtest.rows), strict=True)
    }
