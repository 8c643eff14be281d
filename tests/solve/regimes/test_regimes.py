"""Regimes against the stored closed forms (source and method in tests/cases/closed_forms.json) and printed results."""

import math

import numpy as np
import pytest

from negotiation.games.pact import Pact, Pledges
from negotiation.games.stage import Monitoring, StageGame
from negotiation.solve.automata.one_shot_deviations import automaton_values
from negotiation.solve.regimes.analysis import analyse_regimes
from negotiation.solve.regimes.enforcement_cost import review_block
from negotiation.solve.regimes.kinds import regime_kinds, trigger_automaton
from negotiation.solve.regimes.pact_arrays import pact_arrays
from negotiation.solve.regimes.search import best_choice, crossings, least_discount
from tests.stored import STORED

G, L_CN, H, F, L_US = 0.4650709455238751, 0.3615660109896786, 0.8266369565135537, 0.3862322441992567, 0.2644084160386605
P, Q = 0.19711478366259355, 0.9986302039356391


def two_actions(p=P, q=Q, discount=0.9, pledges=None, us_gain=F, us_loss=L_US):
    """The default dispute with two actions each: (keep, partial) and (license, slow-walk), low month with p or q."""
    us = [[0.0, -us_loss - us_gain], [us_gain, -us_loss]]
    china = [[0.0, G], [-H, G - H]]
    stage = StageGame(("us", "china"), (("keep", "partial"), ("license", "slow_walk")), np.array([us, china]))
    rows = np.array([[p, 1 - p], [q, 1 - q]])
    monitoring = Monitoring(("low", "fine"), np.broadcast_to(rows, (2, 2, 2)), (0,))
    return Pact(stage, monitoring, discount, (0, 0), (1, 1), ("low",), ("low", "fine"), pledges or Pledges())


def kind_of(pact, key):
    return next(kind for kind in regime_kinds(pact) if kind.key == key)


def mask_of(pact):
    return pact.mask(pact.trigger)[None, :]


def china_only(pact):
    """The same pact with a US that is never tempted, so that only China's constraint can bind."""
    payoffs = pact.stage.payoffs.copy()
    payoffs[0] = [[0.0, -1.0], [-0.5, -0.2644]]
    return pact.replace(stage=pact.stage.replace(payoffs=payoffs))


def test_grim_thresholds_per_player(closed_form):
    us, tol, _ = closed_form("default_game_grim_threshold_US")
    china, _, _ = closed_form("default_game_grim_threshold_China")
    perfect = two_actions(p=0.0, q=1.0)
    kind = kind_of(perfect, "mutual_reversion")
    assert least_discount(pact_arrays(perfect, mask_of(perfect)), kind) == pytest.approx(max(us, china), abs=tol)
    assert least_discount(pact_arrays(china_only(perfect), mask_of(perfect)), kind) == pytest.approx(china, abs=tol)


@pytest.mark.parametrize("case", ["pd_sym", "pd_asym_china_more_tempted"])
def test_grim_cases(case):
    """Friedman 1971, tests/cases/repeated.json: the more tempted side binds (5/7, not 1/2)."""
    import json
    from fractions import Fraction

    cases = json.loads((STORED / "repeated.json").read_text())
    entry = next(item for item in cases if item["id"] == case)
    stage = StageGame(("us", "china"), (("C", "D"), ("C", "D")), np.array([entry["A"], entry["B"]]))
    monitoring = Monitoring(("C", "D"), np.broadcast_to(np.eye(2), (2, 2, 2)), (0,))
    pact = Pact(stage, monitoring, 0.9, (0, 0), (1, 1), ("D",), ("C", "D"))
    found = least_discount(pact_arrays(pact, mask_of(pact)), kind_of(pact, "mutual_reversion"))
    assert found == pytest.approx(float(Fraction(entry["binding"])), abs=1e-8)


def test_obligation_lowers_the_threshold(closed_form):
    expected, tol, inputs = closed_form("obligation_lowers_threshold")
    pact = china_only(two_actions(p=0.0, q=1.0, pledges=Pledges(column_audience_cost=inputs["phi"])))
    found = least_discount(pact_arrays(pact, mask_of(pact)), kind_of(pact, "mutual_reversion"))
    assert found == pytest.approx(expected, abs=tol)


@pytest.mark.parametrize("discount", [0.7, 0.9])
def test_length_under_perfect_monitoring(closed_form, discount):
    expected, _, _ = closed_form(f"T_period_perfect_delta_{discount}")
    pact = china_only(two_actions(p=0.0, q=1.0, discount=discount))
    # off the path every length costs nothing: the shortest that deters is chosen
    assert best_choice(pact_arrays(pact, mask_of(pact)), kind_of(pact, "mutual_reversion")).length == expected


def test_length_and_binding_lottery_under_noise(closed_form):
    length, _, _ = closed_form("noisy_reversion_T")
    strength, tol, _ = closed_form("noisy_reversion_A")
    pact = two_actions()
    kind = kind_of(pact, "mutual_reversion")
    assert best_choice(pact_arrays(pact, mask_of(pact)), kind).length == length
    regime = next(r for r in analyse_regimes(pact) if r.key == "mutual_reversion")
    weight = regime.randomised.probability
    spent = weight * 0.9**length + (1 - weight) * 0.9 ** (length - 1)
    assert 0.9 * (1 - spent) == pytest.approx(strength, abs=max(tol, 1e-9))


@pytest.mark.parametrize("discount", [0.9, 0.98])
def test_binding_value_is_the_wedge_at_every_discount(closed_form, discount):
    expected, tol, _ = closed_form(f"binding_reversion_value_delta_{discount}")
    regimes = analyse_regimes(two_actions(discount=discount))
    regime = next(r for r in regimes if r.key == "mutual_reversion" and r.trigger_rule == "threshold")
    assert regime.randomised.values[1] == pytest.approx(expected, abs=tol)


def test_permanent_reversion_thresholds():
    """Model text: permanent reversion with trigger y < .80 needs China .701, US .739; the larger is the regime's."""
    for pact, expected in ((china_only(two_actions()), 0.7012536526), (two_actions(), 0.739)):
        mask = mask_of(pact)[0]
        kind = kind_of(pact, "mutual_reversion")

        def worst(discount, pact=pact, kind=kind, mask=mask):
            from negotiation.solve.automata.one_shot_deviations import check_automaton

            automaton = trigger_automaton(pact, kind, mask, math.inf)
            return check_automaton(pact.stage, pact.monitoring, discount, automaton).worst.slack

        from scipy.optimize import brentq

        assert brentq(worst, 0.5, 0.9) == pytest.approx(expected, abs=5e-4)


def test_compensation_needs_the_same_patience_as_reversion(closed_form):
    expected, _, _ = closed_form("compensation_critical_delta_equals_reversion")
    pact = two_actions(pledges=Pledges(compensation_cap=10.0))
    found = least_discount(pact_arrays(china_only(pact), mask_of(pact)), kind_of(pact, "compensation"))
    assert found == pytest.approx(expected, abs=1e-8)


def test_legal_uncertainty(closed_form):
    expected, _, inputs = closed_form("legal_uncertainty_threshold")
    pact = china_only(two_actions())
    payoffs = pact.stage.payoffs.copy()
    payoffs[1, 1] = [-inputs["zeta"] * H, G - inputs["zeta"] * H]
    pact = pact.replace(stage=pact.stage.replace(payoffs=payoffs))
    found = least_discount(pact_arrays(pact, mask_of(pact)), kind_of(pact, "mutual_reversion"))
    assert found == pytest.approx(expected, abs=1e-8)


def test_calibrated_snapback_splits_the_wedge(closed_form):
    china, tol, inputs = closed_form("calibrated_snapback_split_China")
    us, _, _ = closed_form("calibrated_snapback_split_US")
    pact = two_actions(discount=inputs["delta"])
    kind = kind_of(pact, "proportional_snapback")
    # one month, begun with probability pi; a low month inside it does not restart in the closed form
    calm = type(kind)(kind.key, kind.label, kind.form, False, kind.punishment)
    automaton = trigger_automaton(pact, calm, mask_of(pact)[0], 1, inputs["pi"])
    values = automaton_values(pact.stage, pact.monitoring, inputs["delta"], automaton)[0]
    # the restart version pays h again when the punishment month is low too, in the same proportion
    assert values[0] / values[1] == pytest.approx(us / china, abs=1e-9)
    regime = next(r for r in analyse_regimes(pact) if r.key == "proportional_snapback")
    assert regime.randomised.values == pytest.approx((us, china), abs=max(tol, 1e-9))


def test_wedge_and_who_receives_it(closed_form):
    amount, tol, _ = closed_form("enforcement_wedge_default")
    burns, _, inputs = closed_form("joint_burn_by_instrument")
    regimes = {r.key: r for r in analyse_regimes(two_actions()) if r.trigger_rule == "threshold"}
    assert regimes["mutual_reversion"].wedge.amount == pytest.approx(amount, abs=tol)
    assert inputs["W"] == pytest.approx(amount)
    found = [regimes[key].wedge.joint for key in ("mutual_reversion", "proportional_snapback", "compensation")]
    assert found == pytest.approx([burns[0], burns[2], burns[3]], abs=1e-9)
    # an audience cost gives the US nothing: the joint burn is the wedge itself
    assert burns[1] == pytest.approx(amount)


def test_abreu_milgrom_pearce_value(closed_form):
    """u - g / (l - 1) = 2/3 with u = 1, g = 1, p = .1, q = .4, from an automaton with a lottery over lengths."""
    expected, tol, i = closed_form("AMP_value_from_automaton_delta_.95")
    china = np.array([[0.0, i["gain"]], [-i["u"] - i["gain"], -i["u"]]]) + i["u"]
    pact = two_actions(p=i["p"], q=i["q"], discount=i["delta"])
    payoffs = np.array([[[1.0, -1.0], [0.5, 0.0]], china])
    pact = pact.replace(stage=pact.stage.replace(payoffs=payoffs))
    regime = next(r for r in analyse_regimes(pact) if r.key == "mutual_reversion" and r.trigger_rule == "threshold")
    assert regime.holds
    assert regime.randomised.values[1] == pytest.approx(expected, abs=max(tol, 1e-9))


def test_review_block(closed_form):
    (burn, stake), tol, i = closed_form("AMP_review_block_2")
    block = review_block(i["g"], i["p"], i["q"], i["n"])
    assert (block.burn, block.stake) == pytest.approx((burn, stake), abs=tol)


def test_crossings_say_when_a_regime_starts_to_hold():
    pact = two_actions()
    kind = kind_of(pact, "mutual_reversion")
    ((start, holds),) = crossings(pact_arrays(pact, mask_of(pact)), kind)
    assert holds
    below = best_choice(pact_arrays(pact.replace(discount=start - 1e-6), mask_of(pact)), kind)
    above = best_choice(pact_arrays(pact.replace(discount=start + 1e-6), mask_of(pact)), kind)
    assert not below.holds
    assert above.holds


def test_a_trigger_that_catches_nothing_never_holds():
    pact = two_actions(p=0.5, q=0.5)
    for regime in analyse_regimes(pact):
        assert regime.key == "stage_nash" or not regime.holds
        assert regime.wedge is None or math.isinf(regime.wedge.amount)
