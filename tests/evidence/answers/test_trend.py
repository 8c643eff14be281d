"""A trend of US demand in the model: an option that leaves the default alone, and what it does to the answer."""

from datetime import date

import numpy as np
import pytest

from negotiation.evidence.answers.assessment import assess
from negotiation.evidence.data.shipments import read_shipments
from negotiation.evidence.model.causes import by_cause, causes
from negotiation.evidence.model.filter import smoothed_states
from negotiation.evidence.model.history import build_history
from negotiation.evidence.model.posterior import QUICK, posteriors
from negotiation.evidence.model.priors import TREND, TREND_WIDTH, priors

# P(targeted) in April and May 2025 and log evidence, under each prior, of the model before it had the option
EVE = ((0.005035794517433464, 0.015584265749326073, 17.732109192673285),
       (0.019247607031391497, 0.06871352952426506, 17.910678026310933),
       (0.0570016568714346, 0.21113924300565678, 17.760168854873022))  # fmt: skip


def test_the_answer_on_the_eve_is_that_of_the_model_without_the_option(eve):
    assert not eve.trend.used
    for place, expected in enumerate(EVE):
        chances = [eve.causes[place].probability("targeted", month)[0] for month in (eve.last, eve.last + 1)]
        assert (*chances, eve.posteriors[place].log_evidence) == pytest.approx(expected, rel=1e-9)
        assert not eve.posteriors[place].theta[:, TREND].any()


def test_the_effect_is_the_difference_of_two_posteriors_and_is_the_same_from_either_side(rows, events, eve):
    with_trend = assess(date(2025, 6, 1), ("neutral",), effort=QUICK, look_ahead=False, trend=True)
    assert with_trend.trend.used
    history = build_history(rows, events, date(2025, 6, 1))
    for used, effect in ((False, eve.trend), (True, with_trend.trend)):
        shares = []
        for trend in (False, True):
            (post,) = posteriors(history.replace(trend=trend), ("neutral",), QUICK)
            some = np.linspace(0, len(post.weights) - 1, 1500).astype(int)
            targeted = by_cause(smoothed_states(post.history, post.theta[some])[0])[3]
            shares.append(post.weights[some] @ targeted / post.weights[some].sum())
        np.testing.assert_allclose(effect.without, shares[0], atol=0.02)
        np.testing.assert_allclose(effect.with_trend, shares[1], atol=0.02)
        assert effect.a_year[1] == pytest.approx(0, abs=0.1)
        assert effect.used == used
        np.testing.assert_array_equal(effect.moves, (effect.with_trend - effect.without) * (-1 if used else 1))
    text = eve.trend_sentence()
    assert text.startswith("The model has no trend of US demand (neutral prior: ")
    assert "With one P(targeted) would move by " in text
    assert "Without it P(targeted)" in with_trend.trend_sentence()


def test_the_trend_has_the_stated_prior_and_is_the_seventeenth_parameter():
    (trend,) = priors("neutral", trend=True)[TREND:]
    assert priors("neutral", trend=True)[:TREND] == priors("neutral")
    assert (trend.name, trend.centre, trend.width) == ("trend", 0.0, TREND_WIDTH)


def test_five_falling_months_look_less_targeted_with_a_trend(rows, events):
    """The US gets 8 % less every month while the others get what they got."""
    head = "month,destination,tonnes,source,url,confidence\n"
    lines = [
        f"2026-{month:02d},{side},{tonnes},x,https://example.org,found-in-source\n"
        for month, us in enumerate((520, 480, 440, 405, 375), 1)
        for side, tonnes in (("US", us), ("WORLD", 5388 + us))
    ]
    longer = rows.with_rows(read_shipments("new.csv", head + "".join(lines)))
    chances = []
    for trend in (False, True):
        (post,) = posteriors(build_history(longer, events, date(2026, 6, 20), trend=trend), ("neutral",), QUICK)
        chances.append(causes(post, draws=1600).mean[3, -3:])
    assert (chances[1] < chances[0] - 0.02).all()
    assert post.weights @ post.theta[:, TREND] < -0.05
