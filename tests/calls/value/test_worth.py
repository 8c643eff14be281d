"""What a call and what information are worth: against sums over months, and with the signs that theory gives."""

import numpy as np
import pytest

from negotiation.analysis.call_answers import call_answers
from negotiation.calls.outcomes.outcome import analyse_outcomes
from negotiation.calls.value.call_value import call_value
from negotiation.calls.value.information_value import (
    SignalQuality,
    information_value,
    pacts_by_source,
    review_blocks,
    trigger_sets,
    with_signal,
)
from negotiation.errors import InputError
from negotiation.solve.automata.one_shot_deviations import state_chain
from negotiation.trade.game.build import build_pact
from negotiation.trade.parameters.changes import Change
from tests.stored import frozen

MONTHS = 4000
CHANCES = {
    "no_call": 0.15,
    "breakdown": 0.15,
    "clarification": 0.3,
    "partial_concession": 0.25,
    "full_restoration": 0.15,
}


@pytest.fixture(scope="module")
def outcomes(default_scenario):
    return analyse_outcomes(default_scenario, best_sets=False)


@pytest.fixture(scope="module")
def worth(default_scenario, outcomes):
    return call_value(default_scenario, likely(outcomes, CHANCES))


def likely(outcomes, chances):
    return [each.replace(call=each.call.replace(probability=chances.get(each.call.name, 0.0))) for each in outcomes]


def flows(outcome, start, months):
    """Expected flows (months, parties) of a path from a distribution over its states, month by month."""
    pact, path = outcome.game.pact, outcome.path
    chain = state_chain(pact.monitoring, path)
    states = [
        np.append(pact.stage.payoffs[:, r, c] + path.adjustments[w][:, r, c], outcome.game.real[2:][:, r, c])
        for w, (r, c) in enumerate(path.actions)
    ]
    at, found = np.eye(len(chain))[start], []
    for _ in range(months):
        found.append(at @ np.array(states))
        at = at @ chain
    return np.array(found)


def present_value(outcome, start, beta, survival):
    """Sum over months: the path while the truce survives, war after it has ended."""
    pact = outcome.game.pact
    outside = np.append(
        pact.stage.payoffs[:, pact.punishment[0], pact.punishment[1]],
        outcome.game.real[2:][:, pact.punishment[0], pact.punishment[1]],
    )
    alive = survival ** np.arange(MONTHS)
    path = flows(outcome, start, MONTHS)
    monthly = alive[:, None] * path + (1 - alive)[:, None] * outside
    return (beta ** np.arange(MONTHS)) @ monthly


def test_worth_is_a_sum_over_months(default_scenario, outcomes, worth):
    beta = default_scenario.value("patience.monthly_discount")
    survival = default_scenario.value("patience.common_survival")
    never = present_value(outcomes[0], 0, beta, survival)
    for (name, _), row in zip(worth.chances, worth.by_outcome, strict=True):
        outcome = next(item for item in outcomes if item.call.name == name)
        assert row == pytest.approx(present_value(outcome, 0, beta, survival) - never, abs=1e-4)
    assert worth.ever == pytest.approx(np.array([chance for _, chance in worth.chances]) @ worth.by_outcome, abs=1e-9)


def test_waiting_a_month_is_a_sum_over_months(default_scenario, outcomes, worth):
    """One month without a call, then each outcome in its own state, worked out path by path."""
    beta = default_scenario.value("patience.monthly_discount")
    survival = default_scenario.value("patience.common_survival")
    reference = outcomes[0]
    low = reference.selected.low_if_deal
    first = flows(reference, 0, 1)[0]
    pact = reference.game.pact
    outside = np.append(pact.stage.payoffs[:, 1, 1], reference.game.real[2:][:, 1, 1])
    gain = np.zeros(4)
    for name, chance in worth.chances:
        outcome = next(item for item in outcomes if item.call.name == name)
        good = present_value(outcome, 0, beta, survival)
        due = present_value(outcome, 1 if outcome.holds and outcome.path.n_states > 2 else 0, beta, survival)
        later = survival * ((1 - low) * good + low * due) + (1 - survival) * outside / (1 - beta)
        gain += chance * (good - (first + beta * later))
    assert worth.now == pytest.approx(gain, abs=1e-4)


def test_signs_by_outcome(worth):
    """A breakdown costs everyone; a clarification helps everyone, for it only makes false alarms rarer."""
    names = [name for name, _ in worth.chances]
    assert names == ["breakdown", "clarification", "partial_concession", "full_restoration"]
    assert (worth.by_outcome[0] < 0).all()
    assert (worth.by_outcome[1] > 0).all()
    assert worth.parties == ("us", "china", "eu", "india")
    assert worth.price(0) == pytest.approx(worth.ever[0])


def test_the_chance_of_a_breakdown_at_which_the_call_pays_nobody(default_scenario, outcomes):
    """A referee's figures for the listed game of version 0.1.0, at the base rates of its day."""
    worth = call_value(default_scenario, outcomes)
    evens = [worth.break_even(place) for place in range(4)]
    assert all(below for _, below in evens)
    assert [even for even, _ in evens] == pytest.approx([0.269, 0.291, 0.309, 0.332], abs=2e-3)
    for place, (even, _) in enumerate(evens):
        rest = {name: chance for name, chance in worth.chances if name != "breakdown"}
        chances = {name: (1 - even) * chance / sum(rest.values()) for name, chance in rest.items()}
        again = call_value(default_scenario, likely(outcomes, {**chances, "breakdown": even}))
        assert again.ever[place] == pytest.approx(0, abs=1e-9)
    sure = call_value(default_scenario, likely(outcomes, {"breakdown": 1.0}))
    assert sure.break_even(0) is None


def test_a_sure_breakdown_is_refused(default_scenario, outcomes):
    sure = call_value(default_scenario, likely(outcomes, {"breakdown": 1.0}))
    assert (sure.ever < 0).all()
    assert sure.wants(0) == "refuses the call"
    # a month of the deal before the breakdown is worth having
    assert (sure.now < 0).all()
    clear = call_value(default_scenario, likely(outcomes, {"no_call": 0.5, "clarification": 0.5}))
    assert clear.chances == (("clarification", 1.0),)
    assert clear.wants(1) == "wants the call now"
    with pytest.raises(InputError, match="nothing but 'no_call' has a chance"):
        call_value(default_scenario, likely(outcomes, {"no_call": 1.0}))


def test_a_call_that_never_comes_is_worth_nothing_to_compare(default_scenario, outcomes):
    never = default_scenario.replace(
        calls=tuple(call.replace(probability=float(call.name == "no_call")) for call in default_scenario.calls)
    )
    answers = call_answers(never, likely(outcomes, {"no_call": 1.0}), demands=False)
    assert answers.worth is None


@pytest.fixture(scope="module")
def information(default_scenario):
    return information_value(default_scenario)


def test_more_information_never_lowers_the_joint_value(information):
    """A finer signal can be ignored, so under the same regime with terms chosen anew the two together never lose."""
    assert len(information) == 12
    second = [item for item in information if item.source in ("rest-of-world figures", "licence register")]
    assert all(item.joint >= -1e-12 for item in second)
    assert all(item.holds == (True, True) for item in information)


def test_who_gains_from_false_alarms_loses_by_information(information):
    """Under the snapback the US keeps part of what a false alarm costs China: better information takes it away."""
    by_regime = {item.regime: item for item in information if item.source.startswith("clarification")}
    assert by_regime["proportional_snapback"].gain[0] < 0 < by_regime["proportional_snapback"].joint
    assert by_regime["compensation"].gain[0] < 0
    assert min(by_regime["mutual_reversion"].gain) > 0


def test_an_uninformative_source_is_worth_nothing(default_scenario):
    blind = SignalQuality(common=0.3, noise=0.3, aimed=1.0, alarm=0.2, false_alarm=0.2)
    for item in information_value(default_scenario, blind):
        if item.source in ("rest-of-world figures", "licence register"):
            assert item.gain == pytest.approx((0.0, 0.0), abs=1e-9)


def test_global_controls_blind_the_world_figures(default_scenario):
    """When the world is hit as hard as the US, its figures tell less of intent than when controls are aimed."""

    def joint(aimed):
        found = information_value(default_scenario, SignalQuality(aimed=aimed))
        return next(x.joint for x in found if x.source == "rest-of-world figures" and x.regime == "mutual_reversion")

    assert joint(1.0) > joint(0.0) >= -1e-12


def test_the_second_signal_leaves_shipments_as_they_were(default_scenario):
    base = build_pact(default_scenario)
    for which in ("world", "register"):
        pact = with_signal(default_scenario, SignalQuality(), which)
        joint = pact.monitoring.likelihood
        n = base.monitoring.n_signals
        assert joint.sum(axis=-1) == pytest.approx(1)
        assert joint[..., :n] + joint[..., n:] == pytest.approx(base.monitoring.likelihood, abs=1e-12)
        assert len(trigger_sets(pact, base)) > len(trigger_sets(base, base))


def test_information_needs_economics_and_probabilities(default_scenario):

    assert information_value(frozen("textbook")) == ()
    with pytest.raises(InputError, match="is no probability"):
        SignalQuality(alarm=1.5)
    with pytest.raises(InputError, match="no shipments"):
        with_signal(frozen("textbook"), SignalQuality(), "world")
    assert set(pacts_by_source(default_scenario, SignalQuality())) >= {"rest-of-world figures", "licence register"}


def test_seeing_less_often_burns_less_and_needs_more(closed_form, default_game):
    expected, tolerance, _ = closed_form("AMP_review_block_2")
    one, two, _ = review_blocks(default_game.pact)
    assert (two.burn, two.stake) == pytest.approx(tuple(expected), abs=tolerance)
    assert two.burn == pytest.approx(one.burn / 2)
    assert two.stake > one.stake


def test_verification_at_its_present_degree_is_worth_nothing(default_scenario):
    verified = default_scenario.after([Change("monitoring.verification", "set", 0.6)])
    same = [item for item in information_value(verified) if item.source.startswith("clarification")]
    assert all(item.gain == pytest.approx((0.0, 0.0), abs=1e-12) for item in same)
