"""From the evidence to the game: estimates as a scenario, the public figure and the way round it, fit, base rates."""

from datetime import date

import numpy as np
import pytest

from negotiation.analysis.call_answers import call_answers, call_assumptions
from negotiation.analysis.scenario_analysis import AnalysisOptions, analyse
from negotiation.calls.outcomes.outcome import analyse_outcomes
from negotiation.errors import InputError
from negotiation.evidence.answers.assessment import assess
from negotiation.evidence.answers.base_rates import base_rates, jeffreys, without_each
from negotiation.evidence.answers.deliberate_share import deliberate_share
from negotiation.evidence.answers.game_fit import game_fit
from negotiation.evidence.answers.posterior_to_game import (
    DELAY,
    FITTED_PATHS,
    _counts,
    _counts_on_columns,
    estimates,
    fragment_text,
    game_numbers,
    headline_shares,
)
from negotiation.evidence.answers.public_figure import both_figures, public_figure
from negotiation.evidence.model.posterior import QUICK
from negotiation.trade.files.load import load_scenario
from negotiation.trade.parameters.changes import Change
from negotiation.trade.scenario.scenario import FORMAT
from tests.stored import frozen


def test_estimates_become_a_scenario_with_intervals_and_sources(eve, tmp_path):
    path = tmp_path / "estimated.toml"
    path.write_text(fragment_text(eve))
    scenario = load_scenario(str(path))
    for name, (low, middle, high) in estimates(eve).items():
        if name == DELAY:  # follows from the chances that a delay begins and that it lasts
            entry, stay = (scenario.value(f"monitoring.delay_{part}") for part in ("entry", "stay"))
            assert scenario.value(DELAY) == pytest.approx(entry / (1 + entry - stay))
            assert scenario.delays_last
            continue
        parameter = scenario.parameter(name)
        assert parameter.value == pytest.approx(middle, abs=1e-4)
        assert (parameter.low, parameter.high) == pytest.approx((low, high), abs=1e-4)
        assert parameter.source == "estimated-shipments"
    assert "assum" in scenario.parameter("monitoring.delay_stay").meaning
    assert scenario.format == FORMAT


def test_the_delay_probability_is_the_long_run_share_of_months():
    """A chain with entry .1 and stay .6 is in the disturbance .1 / (.1 + .4) of the time."""
    theta = np.zeros((1, 16))
    theta[0, [3, 4, 5, 12]] = 0.3, 0.1, 0.6, 0.4
    numbers = game_numbers(theta)
    assert numbers[DELAY][0] == pytest.approx(0.2)
    assert numbers["monitoring.noise"][0] == pytest.approx(0.5)


def test_the_headline_counts_draws_in_which_the_deal_holds(eve, default_scenario):
    found = headline_shares(default_scenario, eve.posteriors[eve.middle], 4)
    assert [row.outcome for row in found.rows] == [call.name for call in default_scenario.calls]
    for row in found.rows:
        assert row.share * 4 == int(row.share * 4)
    from negotiation.calls.outcomes.outcome import analyse_outcomes

    numbers = game_numbers(eve.posteriors[eve.middle].equal_draws(4))
    holds = []
    for i in range(4):
        draw = default_scenario.after([Change(path, "set", min(float(numbers[path][i]), 0.65 if path == DELAY else 9))
                                       for path in FITTED_PATHS])  # fmt: skip
        holds.append(analyse_outcomes(draw, ["no_call"], best_sets=False)[0].holds)
    assert found.rows[0].share == pytest.approx(np.mean(holds))


def test_draws_on_columns_are_the_draws_one_by_one(default_scenario):
    rng = np.random.default_rng(3)
    lowest, highest = (0.05, 0.05, 0.5, 0.05), (0.6, 0.25, 0.95, 0.3)
    numbers = dict(zip(FITTED_PATHS, rng.uniform(lowest, highest, (6, 4)).T, strict=True))
    counts = _counts(default_scenario, numbers, 6, None)
    assert _counts_on_columns(default_scenario, numbers, 6, None) == counts
    assert 0 < sum(counts.values()) < 6 * len(default_scenario.calls)


def test_the_others_figure_helps_until_everyone_is_slow_walked(default_scenario):
    alone, ideal, evaded = public_figure(default_scenario).options
    assert ideal.least_discount < evaded.least_discount <= alone.least_discount
    assert ideal.loss < 0.5 * alone.loss
    assert any("others low" in name for name in evaded.regime.trigger)
    # exports to others for each tonne to the US, times the price, times the share
    volume = load_scenario("two-figures-2025")["minerals.others_volume"]
    assert public_figure(default_scenario).extra == pytest.approx(0.05 * 0.4 * volume, abs=1e-9)
    dear = public_figure(default_scenario, anger=1.0)
    assert dear.extra > dear.gain
    assert dear.options[2].regime.trigger == dear.options[1].regime.trigger
    assert dear.options[2].least_discount == pytest.approx(ideal.least_discount)


def test_the_figures_of_the_experiment_are_those_of_the_scenario(default_scenario):
    """At the numbers of version 0.1.0: .106 alone, .020 while nobody goes round, .106 with the way round."""
    found = public_figure(frozen("two-figures-2025"))
    assert [option.loss for option in found.options] == pytest.approx([0.106, 0.020, 0.106], abs=5e-4)
    assert public_figure(load_scenario("two-figures-2025")) == public_figure(load_scenario("rollback-2025"))
    assert both_figures(both_figures(default_scenario)) == both_figures(default_scenario)
    with pytest.raises(InputError, match="slow_walk"):
        public_figure(frozen("textbook"))


@pytest.fixture(scope="module")
def year(default_scenario):
    return game_fit(default_scenario, assess(date(2026, 1, 31), ("neutral",), effort=QUICK, look_ahead=False))


def test_the_game_is_held_against_tariffs_and_shipments(year):
    """Shares of normal as printed with the model: Jul 1.00, Aug .95, Sep .68, Oct 1.06 of 620 t; here of 642 t."""
    assert year.normal == pytest.approx(np.mean([689, 735, 591, 669, 596, 628, 585]))
    seen = {row.month % 12 + 1: row for row in year.rows}
    assert [seen[month].us_action for month in (3, 4, 5, 6, 10, 12)] == [
        "keep",
        "full",
        "full",
        "partial",
        "partial",
        "keep",
    ]
    assert seen[5].looks_like == "withhold"
    assert seen[7].share == pytest.approx(619 / year.normal)
    assert seen[1].share is None


def test_a_fit_that_is_poor_is_called_poor(year):
    """Slow-walking is strictly dominant in the stage game, yet July, August and October look licensed."""
    reply = year.rules[0]
    assert all(row.predicted[0] == "slow_walk" for row in year.rows)
    assert reply.right == sum(row.looks_like == "slow_walk" for row in year.rows)
    assert reply.grade == "poor"


def test_jeffreys_intervals_are_the_known_ones():
    """One low month of six: .03 to .49, as printed with the model."""
    assert jeffreys(1, 6) == pytest.approx((0.03, 0.49), abs=0.005)
    assert jeffreys(0, 4)[0] == 0
    assert jeffreys(4, 4)[1] == 1


def test_contacts_are_classed_by_what_followed(events):
    found = base_rates(events, date(2025, 12, 31))
    assert {c.event.dated: c.outcome for c in found.contacts} == {
        "2025-01-17": "breakdown",
        "2025-06-05": "partial_concession",
        "2025-09-19": "breakdown",
        "2025-10-30": "full_restoration",
        "2025-11-24": "partial_concession",
    }
    assert sum(rate.probability for rate in found.rates) == pytest.approx(1)
    assert found.rates[1].count == 2
    assert base_rates(events, date(2025, 6, 1)).rates[1].n == 1


def test_base_rates_without_each_single_contact(events):
    """Two breakdowns of five: .357 of the calls; one of four, .25, without either of them; two of five is 2.5 of 7."""
    found = base_rates(events, date(2025, 12, 31))
    assert found.given_call("breakdown") == pytest.approx(2.5 / 7)
    without = without_each(events, date(2025, 12, 31))
    assert [contact.event.dated for contact, _ in without] == [contact.event.dated for contact in found.contacts]
    left = {contact.event.dated: rest.given_call("breakdown") for contact, rest in without}
    assert left["2025-01-17"] == left["2025-09-19"] == pytest.approx(1.5 / 6)
    assert left["2025-06-05"] == pytest.approx(2.5 / 6)
    assert all(len(rest.contacts) == len(found.contacts) - 1 for _, rest in without)
    assert base_rates(events, date(2026, 11, 1)).given_call("breakdown") == 0.25
    assert without_each(events, date(2025, 1, 1)) == ()


@pytest.mark.parametrize(
    ("name", "day"), [("rollback-2025", date(2025, 12, 31)), ("extension-2026", date(2026, 9, 26))]
)
def test_base_rates_are_the_default_probabilities_of_calls(events, name, day):
    rates = {rate.outcome: rate.probability for rate in base_rates(events, day).rates}
    for call in load_scenario(name).calls:
        assert call.probability == pytest.approx(rates[call.name], abs=1e-3)


def test_facts_split_a_common_disturbance_only_once_the_wait_is_over():
    for prior in ("sceptical", "neutral", "suspicious"):
        assert deliberate_share(prior, date(2025, 6, 10)).after == pytest.approx(
            deliberate_share(prior, date(2025, 6, 10)).before
        )
        # six tenths approved by the end of June speak for a slow desk, an eighth by September against it
        june, autumn = deliberate_share(prior, date(2025, 7, 1)).after, deliberate_share(prior, date(2025, 9, 30)).after
        assert june < deliberate_share(prior, date(2025, 6, 10)).after < autumn


def test_an_answer_is_a_range_over_priors_and_carries_its_next_figures(eve):
    low, high = eve.between("targeted", eve.last)
    assert low < high
    assert "depending on the prior" in eve.sentence()
    assert len(eve.next_figures) == 3
    for item in eve.next_figures:
        rows = {(row.rest_name, row.us_name): row for row in item.rows}
        assert rows["high", "low"].targeted > rows["high", "high"].targeted
        assert rows["low", "middle"].common > rows["high", "middle"].common


def test_the_call_game_takes_its_prior_from_the_shipments():
    """On the eve of the call of June 2025 P(strategic) is open; without figures it is judgement."""
    found = call_assumptions(frozen("june-2025"))
    assert 0.1 < found.prior < 0.9
    assert found.prior_source.startswith("P(targeted conduct in Apr 2025) read off shipments")
    assert "P(strategic type) too is an assumption" in found.prior_source
    assert call_assumptions(frozen("gallium-germanium")).prior_source == "judgement"


def test_quick_runs_and_python_take_the_same_prior_as_full_runs():
    scenario = frozen("june-2025")
    outcomes = analyse_outcomes(scenario, ["no_call"], best_sets=False)
    assert call_answers(scenario, outcomes, demands=False).game.assumptions == call_assumptions(scenario)
    quick = analyse(scenario, AnalysisOptions(calls=("no_call",), quick=True))
    assert quick.call.game.assumptions == call_assumptions(scenario)
