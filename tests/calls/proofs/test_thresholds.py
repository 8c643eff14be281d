"""Certified thresholds of scenarios, and how much of the frontier simple regimes attain."""

import numpy as np
import pytest

from negotiation.calls.outcomes.outcome import analyse_outcome
from negotiation.calls.proofs.benchmarks import institution_value
from negotiation.calls.proofs.thresholds import deal_claim, game_at, scenario_threshold
from negotiation.errors import InputError
from negotiation.solve.public.enforceability import Answer
from negotiation.solve.public.solver import solve_public
from negotiation.solve.thresholds.monotonicity import EXACT, in_monitoring, nearest_garbling
from negotiation.trade.game.repeated_game import pact_game


def test_patience_at_which_keep_and_license_becomes_playable(default_scenario):
    """Between .39 and .41 (printed with the model, outer bound; harsh threats); delta = .995 (1 - 1 / months)."""
    path = "patience.expected_life_months"
    claim = deal_claim(default_scenario, "play")
    found = scenario_threshold(default_scenario, path, claim, 1.2, 4.0, width=0.02)
    ((before, after, turns_true),) = found.changes
    assert turns_true
    assert found.monotone is not None
    assert found.monotone.rises
    for months in (before, after):
        assert 0.39 <= 0.995 * (1 - 1 / months) <= 0.41
    assert path in found.words()
    assert "pure strategies" in found.words()


def test_a_call_comes_on_top(default_scenario):
    """After the breakdown (12 months become about 3.4) the same parameter is still found, with the call's noise."""
    game = game_at(default_scenario, "patience.monthly_discount", default_scenario.call("breakdown"))
    plain = game_at(default_scenario, "patience.monthly_discount")
    assert game(0.995).discount < plain(0.995).discount
    assert not np.array_equal(game(0.995).monitoring[0].likelihood, plain(0.995).monitoring[0].likelihood)


def test_more_verification_is_better_information(default_scenario):
    """From v to v' < v: keep "verified" with probability v' / v, else draw the bin of a delay."""
    game = game_at(default_scenario, "monitoring.verification")
    better, worse = (game(value).monitoring[0].likelihood for value in (0.6, 0.3))
    assert nearest_garbling(better, worse)[1] <= EXACT
    assert nearest_garbling(worse, better)[1] > EXACT
    found = in_monitoring(game, [0.0, 0.3, 0.6])
    assert found is not None
    assert found.rises


def test_more_delays_are_nearly_but_not_a_garbling(default_scenario):
    game = game_at(default_scenario, "monitoring.delay_probability")
    before, after = (game(value).monitoring[0].likelihood for value in (0.1, 0.4))
    _, shift = nearest_garbling(before, after)
    assert 1e-9 < shift < 1e-5
    _, back = nearest_garbling(after, before)
    assert back > 0.05
    claim = deal_claim(default_scenario, "play")
    found = scenario_threshold(default_scenario, "monitoring.delay_probability", claim, 0.15, 0.25, grid=3)
    assert found.monotone is None
    assert {stretch.answer for stretch in found.stretches} == {Answer.PROVEN_YES}
    assert found.step == pytest.approx(0.05, abs=0.03)


def test_joint_loss_in_words(default_scenario):
    claim = deal_claim(default_scenario, "loss", 0.3)
    found = scenario_threshold(default_scenario, "patience.expected_life_months", claim, 1.2, 4.0, width=0.2)
    assert "0.3 USD bn/month" in found.words()


def test_wrong_questions_are_named(default_scenario):
    claim = deal_claim(default_scenario, "play")
    with pytest.raises(InputError, match="did you mean"):
        scenario_threshold(default_scenario, "monitoring.delay_probabilty", claim)
    with pytest.raises(InputError, match="low < high"):
        scenario_threshold(default_scenario, "minerals.leverage", claim, 0.9, 0.2)
    with pytest.raises(InputError, match="is no claim"):
        deal_claim(default_scenario, "played")
    with pytest.raises(InputError, match="needs a number"):
        deal_claim(default_scenario, "share")


def test_regimes_on_the_scale_of_the_frontier(default_scenario):
    """Without a call: joint values -.203 and -.078 of the printed table, war -.626, frontier about -.010 (outer)."""
    outcome = analyse_outcome(default_scenario, default_scenario.call("no_call"), best_sets=False)
    solution = solve_public(pact_game(outcome.game.pact))
    inner, outer = (sets[0].support([1, 1]) for sets in (solution.inner, solution.outer))
    assert -0.022 <= inner <= outer <= -0.009
    rows = {row.key: row for row in reversed(institution_value(outcome, solution))}
    assert rows["stage_nash"].low == pytest.approx(0, abs=1e-9)
    assert rows["stage_nash"].joint == pytest.approx(-0.626, abs=1e-3)
    for key, joint in (("mutual_reversion", -0.203), ("proportional_snapback", -0.078)):
        row = rows[key]
        assert row.joint == pytest.approx(joint, abs=1e-3)
        assert row.low == pytest.approx((joint + 0.626) / (outer + 0.626), abs=4e-3)
        assert row.low <= row.high <= 1
    assert row.missing == pytest.approx((inner - row.joint, outer - row.joint), abs=1e-12)
    assert rows["compensation"].money


def test_nothing_simple_holds_after_a_breakdown(default_scenario):
    outcome = analyse_outcome(default_scenario, default_scenario.call("breakdown"), best_sets=False)
    found = institution_value(outcome, solve_public(pact_game(outcome.game.pact)))
    assert all(np.isnan(row.joint) for row in found if row.key != "stage_nash")
