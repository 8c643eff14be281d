"""Pledges in the game whose payoff sets are solved: where they hold, and what they leave unchanged."""

import numpy as np
import pytest

from negotiation.games.pact import Pledges
from negotiation.games.solution import Status
from negotiation.solve.public.solver import solve_public
from negotiation.solve.regimes.analysis import analyse_regimes
from negotiation.trade.game.build import build_pact
from negotiation.trade.game.repeated_game import PACT_STATES, pact_game


@pytest.fixture(scope="module")
def full(default_scenario):
    return build_pact(default_scenario.after(default_scenario.call("full_restoration").changes), fine=False)


def test_without_pledges_it_is_the_repeated_game(full):
    plain = pact_game(full.replace(pledges=Pledges()))
    assert plain.n_states == 1
    assert plain.stage == full.stage


def test_vanishing_pledges_give_the_sets_without(full):
    """With pledges of 1e-12 both states have the plain sets: inner of one within outer of the other, both ways."""
    plain = solve_public(pact_game(full.replace(pledges=Pledges())))
    slight = solve_public(pact_game(full.replace(pledges=Pledges(1e-12, 1e-12, 1e-12))))
    assert slight.status is plain.status is Status.SOLVED
    for s in range(2):
        assert plain.outer[0].distances(slight.inner[s].vertices).max() <= 1e-7
        assert slight.outer[s].distances(plain.inner[0].vertices).max() <= 1e-7


def test_what_is_paid_where(full):
    game, pledges, unit = pact_game(full), full.pledges, full.stage.payoffs
    assert game.states == PACT_STATES
    keep, leave = full.deal[0], full.punishment[0]
    low = full.monitoring.likelihood[full.deal] @ full.mask(full.trigger)
    standing, suspended = (stage.payoffs - unit for stage in game.stages)
    for paid in (standing, suspended):
        assert paid[0, keep] == pytest.approx(-pledges.side_payment)
        assert paid[(1, *full.deal)] == pytest.approx(pledges.side_payment - pledges.column_audience_cost * low)
    assert standing[0, leave] == pytest.approx(-pledges.row_audience_cost)
    assert suspended[:, leave] == pytest.approx(0.0)


def test_what_leads_where(full):
    """Only a month that keeps the deal and is not low leads to good standing."""
    game = pact_game(full)
    low = full.mask(full.trigger)
    for s, seen in enumerate(game.monitoring):
        standing = np.asarray(game.next_state[s]) == 0
        chance = seen.likelihood @ standing
        assert chance[full.deal[0]] == pytest.approx(1 - full.monitoring.likelihood[full.deal[0]] @ low)
        assert chance[np.arange(len(chance)) != full.deal[0]] == pytest.approx(0.0)


@pytest.mark.parametrize("call", ["partial_concession", "full_restoration"])
def test_regimes_lie_in_the_set_of_the_game_with_pledges(default_scenario, call):
    """Every trigger regime that holds gives a payoff of the set where the pact stands; both gaps are closed."""
    pact = build_pact(default_scenario.after(default_scenario.call(call).changes), fine=False)
    found = solve_public(pact_game(pact))
    assert found.status is Status.SOLVED
    holding = [r for r in analyse_regimes(pact, best_sets=False) if r.holds and r.key != "compensation"]
    assert len(holding) >= 3
    for regime in holding:
        assert found.outer[0].distances(np.array([regime.values])).max() <= 1e-9


def test_an_unseen_departure_leaves_the_state_to_the_signal(full):
    hidden = full.replace(monitoring=full.monitoring.replace(observed=()))
    game = pact_game(hidden)
    assert game.monitoring[0].n_signals == full.monitoring.n_signals
    assert (np.asarray(game.next_state[0]) == full.mask(full.trigger)).all()
