"""Simulated paths against exact long-run shares and values; the same seed gives the same bytes."""

import time

import numpy as np
import pytest

from negotiation.calls.outcomes.outcome import analyse_outcome
from negotiation.calls.outcomes.simulated_paths import fan_charts
from negotiation.solve.automata.one_shot_deviations import state_chain
from tests.stored import frozen


@pytest.fixture(scope="module", params=["no_call", "partial_concession", "full_restoration"])
def outcome(request, default_scenario):
    return analyse_outcome(default_scenario, default_scenario.call(request.param))


def test_means_equal_the_exact_expectations(outcome):
    found = {fan.name: fan for fan in fan_charts(outcome, np.random.default_rng(3), paths=20_000, months=24)}
    pact, regime = outcome.game.pact, outcome.selected
    chain, state = state_chain(pact.monitoring, regime.automaton), np.eye(regime.automaton.n_states)[0]
    rows, _ = regime.automaton.actions.T
    tariffs = np.array(outcome.game.tariffs)[rows]
    for month in range(24):
        assert found["tariff in force"].mean[month] == pytest.approx(float(state @ tariffs), abs=0.002)
        state = state @ chain
    punished = found["months punished"].mean[-1] / 24
    assert punished == pytest.approx(regime.punished_share, abs=0.06)


def test_same_seed_same_bytes(outcome):
    first, second = (fan_charts(outcome, np.random.default_rng(11), paths=200) for _ in range(2))
    assert first == second
    assert fan_charts(outcome, np.random.default_rng(12), paths=200) != first


def test_bands_are_ordered(outcome):
    for fan in fan_charts(outcome, np.random.default_rng(1), paths=500):
        assert (np.diff(fan.bands, axis=0) >= 0).all()


@pytest.mark.benchmark
def test_the_time_of_paths_grows_no_faster_than_their_number(outcome):
    def seconds(paths):
        start = time.process_time()
        fan_charts(outcome, np.random.default_rng(1), paths=paths)
        return time.process_time() - start

    seconds(100)
    assert min(seconds(20_000) for _ in range(3)) < 15 * min(seconds(2_000) for _ in range(3))


def test_where_nothing_holds_every_month_is_war():
    """after-ruling-2026: no regime holds, so every path is war in every month, whatever was selected."""

    scenario = frozen("after-ruling-2026")
    failed = analyse_outcome(scenario, scenario.call("full_restoration"))
    assert not failed.selected.holds
    found = {fan.name: fan for fan in fan_charts(failed, np.random.default_rng(2), paths=50, months=12)}
    assert (found["months punished"].bands[:, -1] == 12).all()
    outside = failed.game.pact.punishment
    assert failed.real == pytest.approx(failed.game.real[:, outside[0], outside[1]])
    assert (failed.transfers == 0).all()
    assert failed.values == failed.game.pact.stage.payoff(outside)
