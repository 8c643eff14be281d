"""The call game: values of the repeated game in it, what its equilibria are, and what they say of the outcomes."""

import numpy as np
import pytest

from negotiation.calls.outcomes.outcome import analyse_outcomes
from negotiation.calls.signalling.call_game import KEEP, CallAssumptions, call_game
from negotiation.calls.signalling.continuation_values import Cooperator, continuation_values
from negotiation.calls.signalling.outcome_probabilities import (
    BREAKDOWN,
    ProbabilityRange,
    equilibrium_probabilities,
    outcome_of,
    outcome_probabilities,
    stands_for,
)
from negotiation.errors import InputError
from negotiation.solve.regimes.analysis import analyse_regime
from negotiation.solve.signalling.equilibria import POOLING, SEPARATING
from negotiation.trade.game.build import build_pact

PRIORS = (0.05, 0.3, 0.5, 0.8)


@pytest.fixture(scope="module")
def pact(default_scenario):
    return build_pact(default_scenario, fine=False)


@pytest.fixture(scope="module")
def broken(default_scenario):
    """The pact after a breakdown: a short life, in which no trigger regime holds."""
    return build_pact(default_scenario.after(default_scenario.call("breakdown").changes), fine=False)


def test_values_are_those_of_the_regime_where_it_holds(pact):
    found = continuation_values(pact, "mutual_reversion", 0.0, Cooperator())
    regime = analyse_regime(pact, "mutual_reversion")
    assert found.holds
    assert found.complies
    assert found.sender[0, 0] == pytest.approx(regime.values[1], abs=1e-12)
    assert found.receiver[:, 0] == pytest.approx([regime.values[0]] * 2, abs=1e-12)
    outside = pact.stage.payoff(pact.punishment)
    assert (found.receiver[0, 1], found.sender[0, 1]) == pytest.approx(outside)


def test_the_best_policy_beats_every_other(broken):
    """Every stationary policy against the automaton, by brute force, on the shortest response."""
    found = continuation_values(broken, "mutual_reversion", 0.3, Cooperator())
    staked = broken.replace(pledges=broken.pledges.replace(column_audience_cost=0.3))
    regime = analyse_regime(staked, "mutual_reversion")
    states, likelihood, d = regime.automaton.n_states, staked.monitoring.likelihood, staked.discount
    own = staked.stage.payoffs[1] + regime.automaton.adjustments[:, 1]
    rows = regime.automaton.actions[:, 0]
    best = -np.inf
    for plan in np.ndindex(*([3] * states)):
        chain = np.array([likelihood[rows[w], plan[w]] @ regime.automaton.transition[w] for w in range(states)])
        flow = np.array([own[w, rows[w], plan[w]] for w in range(states)])
        best = max(best, np.linalg.solve(np.eye(states) - d * chain, (1 - d) * flow)[0])
    assert states <= 6
    assert found.sender[0, 0] == pytest.approx(best, abs=1e-12)
    assert not found.complies


def test_the_cooperator_loses_what_its_parameters_say(pact):
    plain = continuation_values(pact, "mutual_reversion", 0.0, Cooperator())
    assert plain.sender[1, 1] == pytest.approx(-0.8266369565, abs=1e-9)  # a tariff and nothing for holding back
    same = continuation_values(pact, "mutual_reversion", 0.5, Cooperator(temptation=1.0))
    assert same.sender[1] == pytest.approx(same.sender[0], abs=1e-12)
    proud = continuation_values(pact, "mutual_reversion", 0.5, Cooperator(audience_cost=2.0))
    humble = continuation_values(pact, "mutual_reversion", 0.5, Cooperator(audience_cost=0.0))
    assert proud.sender[1, 0] < humble.sender[1, 0]
    with pytest.raises(InputError, match="temptation"):
        Cooperator(temptation=-1)


@pytest.mark.parametrize("prior", PRIORS)
def test_where_the_deal_enforces_itself_the_call_need_not_reveal_the_type(pact, prior):
    found = call_game(pact, CallAssumptions(prior=prior))
    assert not found.trust_is_needed
    assert found.empty_threats == ("hedge", "snap back")
    assert found.trust == (1.0, 1.0, 1.0)
    assert all(reading.valid and reading.keeping == (1.0, 1.0) for reading in found.readings)


@pytest.mark.parametrize("prior", PRIORS)
def test_where_it_does_not_a_pledge_that_ties_hands_restores_it(broken, prior):
    found = call_game(broken, CallAssumptions(prior=prior))
    assert found.trust_is_needed
    assert found.empty_threats == ("snap back",)
    assert [after.complies for after in found.after] == [False, False, True]
    pledged = [r for r in found.readings if r.component.sent[2] == 3 and r.component.kind == POOLING]
    assert pledged
    assert pledged[0].valid
    assert pledged[0].keeping == (1.0, 1.0)


def test_trust_threshold_with_continuation_values(broken):
    """Without pledges worth anything the US keeps after silence exactly up to mu*."""
    (trust,) = {round(mu, 12) for mu in call_game(broken).trust[:2]}
    values = call_game(broken).after[0].receiver
    assert values[0, 0] * trust + values[1, 0] * (1 - trust) == pytest.approx(values[0, 1], abs=1e-9)
    for prior, keeps in ((trust - 0.02, True), (trust + 0.02, False)):
        found = call_game(broken, CallAssumptions(prior=prior, pledges=(50.0,)))
        silent = [r for r in found.readings if r.component.sent[0] == 3 and r.component.kind == POOLING]
        assert any(r.keeping == (1.0, 1.0) for r in silent) is keeps


def test_huge_pledges_separate_or_stay_unused(broken):
    """Nobody signs a pledge that costs more in false alarms than being hedged against."""
    found = call_game(broken, CallAssumptions(prior=0.8, pledges=(50.0,)))
    assert all(not reading.component.sent[2] for reading in found.readings)


def test_certain_types(broken):
    strategic, friend = (call_game(broken, CallAssumptions(prior=prior)) for prior in (1.0, 0.0))
    assert strategic.game.types == ("strategic",)
    assert friend.game.types == ("co-operator",)
    assert all(reading.keeping[1] == 1.0 for reading in friend.readings)


def test_outcome_chances(default_scenario, broken):
    found = call_game(broken)
    chances = equilibrium_probabilities(found)
    assert sum(chance.value for chance in chances.values()) == pytest.approx(1)
    rates = {"breakdown": ProbabilityRange(0.2, 0.1, 0.4, "5 of 25 calls")}
    table = outcome_probabilities(default_scenario, found, rates)
    assert [row.outcome for row in table] == [call.name for call in default_scenario.calls]
    assert [row.base_rate is not None for row in table] == [False, True, False, False, False]
    assert [row.judgement for row in table] == [call.probability for call in default_scenario.calls]
    for reading in found.readings:
        for point in reading.component.extremes:
            assert sum(outcome_of(found, *point).values()) == pytest.approx(1)
    assert stands_for(found, 0, "hedge") == BREAKDOWN
    assert stands_for(found, 2, KEEP) == "full_restoration"


def test_separating_pledges_stand_for_different_outcomes(pact):
    found = call_game(pact)
    (reading,) = found.readings
    assert reading.component.kind == SEPARATING
    chances = equilibrium_probabilities(found)
    assert chances["full_restoration"].value == pytest.approx(0.5)
    assert chances["breakdown"].high == 0


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: CallAssumptions(prior=1.2), "prior: 1.2 is no probability"),
        (lambda: CallAssumptions(prior=float("nan")), "is no probability"),
        (lambda: CallAssumptions(pledges=(-0.1,)), "pledges: a pledge must be above 0"),
    ],
)
def test_bad_assumptions_are_one_sentence(make, words):
    with pytest.raises(InputError, match=words):
        make()


def test_bad_names_are_one_sentence(pact):
    with pytest.raises(InputError, match="no trigger regime"):
        continuation_values(pact, "compensation", 0.0, Cooperator())


def test_every_scenario_has_a_call_game(default_scenario):
    from negotiation.trade.files.load import load_scenario

    for name in ("june-2025", "after-ruling-2026", "gallium-germanium", "textbook"):
        assert call_game(build_pact(load_scenario(name), fine=False)).readings
    assert len(analyse_outcomes(default_scenario, ["no_call"], best_sets=False)) == 1
