"""Compensation against the best that transfers can do, at the default scenario."""

import pytest

from negotiation.calls.outcomes.outcome import analyse_outcome
from negotiation.calls.proofs.benchmarks import transfer_benchmark
from negotiation.games import DynamicGame
from negotiation.solve.public.solver import solve_public
from negotiation.solve.transfers.solver import transfer_steps


@pytest.fixture(scope="module")
def outcomes(default_scenario):
    return [analyse_outcome(default_scenario, call) for call in default_scenario.calls]


def test_compensation_without_a_call(outcomes, closed_form):
    """Joint -W (1 - eta) = -.0229 from .7013 on; with transfers 0, so that .963 of the gain over war is attained."""
    burn, tolerance, inputs = closed_form("joint_burn_by_instrument")
    least, near, _ = closed_form("compensation_critical_delta_equals_reversion")
    found = next(each for each in map(transfer_benchmark, outcomes) if each.outcome == "no_call")
    assert found.compensation_joint == pytest.approx(-burn[3], abs=1e-6)
    assert found.compensation_least == pytest.approx(least, abs=1e-5)
    assert found.best_joint == pytest.approx(0, abs=1e-12)
    assert found.worst == pytest.approx([-4.701708848, -1.8413325671], abs=1e-9)
    outside = inputs["LU"] + inputs["LC"]
    assert found.share == pytest.approx(1 - burn[3] / outside, abs=1e-5)
    assert tolerance < 1e-6 < near + 1e-5


def test_the_deal_needs_the_stake_of_both_temptations(outcomes):
    """Paying China only after the signal that slow-walking hardly ever gives, L = f + g / (1 - least likelihood ratio).

    With full sight it would be f + g, and no stake below that can ever do. What decides the discount factor is how much
    the punishments need: from L (1 - delta) / delta = 0 - minmax sum on they can be used, and then so can the deal.
    """
    found = next(each for each in map(transfer_benchmark, outcomes) if each.outcome == "no_call")
    pact = next(each for each in outcomes if each.call.name == "no_call").game.pact
    steps = transfer_steps(DynamicGame.repeated(pact.stage, pact.discount, pact.monitoring))
    f = pact.stage.deviations(0, pact.deal).max() - pact.stage.payoff(pact.deal)[0]
    g = pact.stage.deviations(1, pact.deal).max() - pact.stage.payoff(pact.deal)[1]
    slow = (pact.deal[0], int(pact.stage.deviations(1, pact.deal).argmax()))
    seen = pact.monitoring.likelihood[pact.deal] > 0
    least = (pact.monitoring.likelihood[slow][seen] / pact.monitoring.likelihood[pact.deal][seen]).min()
    assert float(steps.need(pact.deal).liquidity) == pytest.approx(f + g / (1 - least), abs=1e-9)
    needed = max(float(steps.need(profile).liquidity) for profile in steps.step_at(found.deal_least).punishing)
    assert needed > f + g
    assert found.deal_least == pytest.approx(needed / (needed - sum(found.worst)), abs=1e-12)
    assert found.deal_always == pytest.approx(found.deal_least, abs=1e-12)


def test_transfers_do_at_least_as_well_as_any_equilibrium_without(outcomes):
    for outcome, found in zip(outcomes, map(transfer_benchmark, outcomes), strict=True):
        pact = outcome.game.pact
        without = solve_public(DynamicGame.repeated(pact.stage, pact.discount, pact.monitoring))
        assert without.inner[0].support([1.0, 1.0]) <= found.best_joint + 1e-6
        assert found.deal_least <= found.deal_always
        assert found.punishment_joint <= found.best_joint
        if found.compensation_least is not None:
            assert found.deal_least <= found.compensation_least


def test_where_compensation_fails_the_benchmark_says_so(outcomes):
    """After a breakdown delta is .70 and compensation needs .791 (model, section 4)."""
    found = next(each for each in map(transfer_benchmark, outcomes) if each.outcome == "breakdown")
    assert found.compensation_joint is None
    assert found.share == 0
    assert found.compensation_least == pytest.approx(0.791, abs=5e-4)
    each = [transfer_benchmark(outcome) for outcome in outcomes]
    assert [benchmark.outcome for benchmark in each] == [outcome.call.name for outcome in outcomes]
