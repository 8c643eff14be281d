"""The five outcomes of the default scenario side by side: accounting rules. `tests/recomputed` has their numbers."""

import numpy as np
import pytest

from negotiation.calls.outcomes.comparison import compare_calls
from negotiation.calls.outcomes.false_accusations import false_accusations, posterior
from negotiation.calls.outcomes.outcome import analyse_outcomes
from negotiation.calls.outcomes.stage_game import analyse_stage, bargaining_points
from negotiation.errors import InputError
from negotiation.trade.parameters.changes import Change
from tests.stored import frozen


@pytest.fixture(scope="module")
def comparison(default_scenario):
    return compare_calls(default_scenario)


def test_breakdown_holds_under_no_simple_regime(comparison):
    row = comparison.row("breakdown")
    assert not any(regime.holds for regime in row.outcome.regimes if regime.key != "stage_nash")
    assert not row.outcome.holds


def test_decomposition_adds_up(comparison):
    first = np.array(comparison.calls[0].outcome.selected.values)
    for row in comparison.calls:
        gain = np.array(row.outcome.selected.values) - first
        assert np.array(row.decomposition.total) == pytest.approx(gain, abs=1e-12)


def test_common_value_mixes_path_and_war(comparison, default_scenario):
    """By brute force: 5,000 months of the no-call path at delta, then war for ever with the complementary weight."""
    row = comparison.row("no_call")
    regime, pact = row.outcome.selected, row.outcome.game.pact
    from negotiation.solve.automata.one_shot_deviations import state_chain

    chain = state_chain(pact.monitoring, regime.automaton)
    flow = np.array([pact.stage.payoff(tuple(profile)) for profile in regime.automaton.actions])
    survival, beta = default_scenario.value("patience.common_survival"), 0.995
    outside, state, total = np.array(pact.stage.payoff(pact.punishment)), np.eye(len(chain))[0], np.zeros(2)
    for month in range(5000):
        alive = survival**month
        total += (1 - beta) * beta**month * (alive * state @ flow + (1 - alive) * outside)
        state = state @ chain
    assert row.common == pytest.approx(total, abs=1e-6)


def test_renegotiation_needs_more_patience(comparison):
    for row in comparison.calls:
        for item in row.renegotiation:
            found = [value for value in item.least_discounts if value is not None]
            assert found == sorted(found)
            # once it fails it fails for every larger chance
            tail = [value is None for value in item.least_discounts]
            assert tail == sorted(tail)


def test_delay_damage(default_scenario):
    """E[D | license] = .37 at q = .2, .21 at .1, .69 at .4 (printed); halving delays gives .16 a month directly."""
    for q, expected in ((0.1, 0.21), (0.2, 0.37), (0.4, 0.69)):
        scenario = default_scenario.after([Change("monitoring.delay_probability", "set", q)])
        row = compare_calls(scenario, ["no_call"]).calls[0]
        assert row.delays.political == pytest.approx(expected, abs=0.005)
    full = compare_calls(default_scenario, ["full_restoration"]).calls[0]
    assert full.delays.direct_gain == pytest.approx(0.16, abs=0.005)


def test_posteriors(closed_form, default_game):
    expected, tol, i = closed_form("posterior_one_low_month")
    assert posterior(i["mu"], i["p"], i["q"]) == pytest.approx(expected, abs=tol)
    found = false_accusations(default_game.pact, default_game.pact.trigger)
    assert found.posteriors[2] == pytest.approx(expected, abs=1e-6)
    assert found.false_within_year == pytest.approx(1 - (1 - i["p"]) ** 12, abs=1e-9)
    assert posterior(0.3, 0.0, 0.0) == 0.3


def test_posteriors_after_several_months(closed_form):
    """Bayes month by month: two low months; one low and two normal ones (the complements are the likelihoods)."""
    expected, tol, i = closed_form("posterior_2_low_months")
    twice = posterior(posterior(i["mu"], i["p"], i["q"]), i["p"], i["q"])
    assert twice == pytest.approx(expected, abs=max(tol, 1e-10))
    expected, tol, i = closed_form("posterior_low_then_two_normal")
    belief = posterior(i["mu"], i["p"], i["q"])
    for _ in range(2):
        belief = posterior(belief, 1 - i["p"], 1 - i["q"])
    assert belief == pytest.approx(expected, abs=max(tol, 1e-10))


def test_clause_names_variable_threshold_window_response_and_end(comparison):
    text = comparison.row("partial_concession").clause
    for part in ("shipments", "80 % of normal", "month", "57 %", "for one month", "ends the deal"):
        assert part in text
    assert "0.29" in comparison.row("full_restoration").clause


def test_bargaining_points(closed_form, default_game):
    points = bargaining_points(analyse_stage(default_game.pact.stage))
    nash = next(p for p in points if p.solution == "nash" and p.threat == "stage Nash")
    expected, tol, _ = closed_form("default_nash_bargaining")
    assert nash.payoffs == pytest.approx(expected, abs=tol)
    ks = next(p for p in points if p.solution == "kalai-smorodinsky" and p.threat == "stage Nash")
    assert ks.payoffs == pytest.approx((0.0075, -0.0161), abs=2e-4)  # printed with the model


def test_only_the_named_outcomes_with_the_same_gains(comparison, default_scenario):
    alone = compare_calls(default_scenario, ["clarification"])
    assert [row.name for row in alone.calls] == ["clarification"]
    assert alone.calls[0].decomposition == comparison.row("clarification").decomposition
    with pytest.raises(InputError, match="clarification"):
        compare_calls(default_scenario, ["clarificaton"])


def test_hindsight_free_headline_does_not_hold_without_a_call():
    """The evening before the call: delta .66 lies below what reversion needs (model 2i.4)."""

    rows = {row.call.name: row for row in analyse_outcomes(frozen("june-2025"), best_sets=False)}
    assert rows["no_call"].discount == pytest.approx(0.995 * (1 - 1 / 3))
    assert not rows["no_call"].holds
