"""China sees its desk: a referee's numbers, each kind of month by brute force, columns, and payoff sets of plans."""

import numpy as np
import pytest
from scipy.optimize import linprog

from negotiation.calls.outcomes.batch import analyse_points
from negotiation.calls.outcomes.outcome import analyse_outcome
from negotiation.errors import InputError
from negotiation.solve.automata.one_shot_deviations import check_automaton
from negotiation.solve.payoff_sets.solver import solve
from negotiation.solve.regimes.analysis import analyse_regimes
from negotiation.solve.regimes.batch import REGIME_KEYS
from negotiation.solve.regimes.pact_arrays import binding_share, pact_arrays
from negotiation.trade.game.build import build_pact
from negotiation.trade.game.repeated_game import pact_game
from negotiation.trade.scenario.parameter_columns import ParameterColumns
from tests.stored import frozen

SEEN = "monitoring.delay_seen_by_china=1"


def listed(*changes):
    return frozen("rollback-2025").after(SEEN, *changes)


def any_share(*changes):
    return frozen("rollback-2025").replace(punishment=()).after("china_choice=any share", SEEN, *changes)


def stake_needed(scenario, fine):
    """Return the stake that deters player 1 in every month, from listed plans or from any share."""
    pact = build_pact(scenario)
    arrays = pact_arrays(pact, pact.mask(pact.trigger)[None, :])
    if fine:
        return float(arrays.stakes(pact.deal)[0].max())
    gains = pact.stage.payoffs[1, pact.deal[0]] - pact.stage.payoffs[(1, *pact.deal)]
    more = (pact.monitoring.likelihood[pact.deal[0]] - pact.monitoring.likelihood[pact.deal]) @ pact.mask(pact.trigger)
    return float((gains[gains > 1e-9] / more[gains > 1e-9]).max())


@pytest.mark.parametrize(
    ("verified", "fine", "stake"), [(0, False, 6.39), (0, True, 6.71), (0.3, True, 1.39), (0.6, True, 0.78)]
)
def test_the_referees_stakes(verified, fine, stake):
    scenario = (any_share if fine else listed)(f"monitoring.verification={verified}")
    assert stake_needed(scenario, fine) == pytest.approx(stake, abs=5e-3)


@pytest.mark.parametrize(("make", "most", "reverted"), [(listed, 3.26, 1.17), (any_share, 3.05, 1.10)])
def test_what_a_low_month_can_cost(make, most, reverted):
    """At the very most all that the deal is worth from then on, and in a reversion for ever less the months in it."""
    pact = build_pact(make())
    worth = pact.stage.payoffs[(1, *pact.deal)] - pact.stage.payoffs[(1, *pact.punishment)]
    odds = pact.discount / (1 - pact.discount)
    low = float(pact.monitoring.likelihood[pact.deal] @ pact.mask(pact.trigger))
    assert odds * worth == pytest.approx(most, abs=5e-3)
    assert odds * worth / (1 + odds * low) == pytest.approx(reverted, abs=5e-3)


def test_without_verification_no_simple_rule_holds_and_clarification_survives():
    rules = {regime.key: regime for regime in analyse_regimes(build_pact(any_share()), best_sets=False)}
    assert not any(regime.holds for key, regime in rules.items() if key != "stage_nash")
    scenario = any_share()
    clarified = analyse_outcome(scenario, scenario.call("clarification"), best_sets=False).selected
    assert (clarified.holds, clarified.length) == (True, 4)
    assert clarified.joint == pytest.approx(-0.182, abs=5e-4)
    some = analyse_regimes(build_pact(any_share("monitoring.verification=0.3")), best_sets=False)
    heavy = next(regime for regime in some if regime.key == "heavy_snapback")
    assert (heavy.holds, heavy.length) == (True, 1)
    assert heavy.joint == pytest.approx(-0.333, abs=5e-4)


@pytest.mark.parametrize(
    ("levels", "cost", "cost_unseen", "weights"),
    [([0.4, 0.9], 0.190, 0.056, (2.94, 0.49)), (np.linspace(0.005, 0.5, 100), 0.225, 0.096, None)],
)
def test_the_cheapest_charges_by_bin(levels, cost, cost_unseen, weights):
    """The linear programme over what each bin costs, with one row a share and kind of month."""
    pact = build_pact(any_share())
    column, row = pact.deal[1], pact.deal[0]
    levels, kept = np.asarray(levels), pact.monitoring.likelihood[pact.deal][:-1]

    def least(cases):
        more, gains = [], []
        for case in cases:
            payoffs, likelihood = case.fine.model(levels, np.zeros_like(levels))
            more.append((likelihood - case.monitoring.likelihood[row, column])[:, :-1])
            gains.append(payoffs[row] - case.stage.payoffs[1, row, column])
        return linprog(kept, A_ub=-np.vstack(more), b_ub=-np.concatenate(gains))

    seen, unseen = least(pact.informed), least((build_pact(any_share("monitoring.delay_seen_by_china=0")),))
    assert (seen.fun, unseen.fun) == (pytest.approx(cost, rel=0.01), pytest.approx(cost_unseen, rel=0.01))
    if weights:
        charged = dict(zip(pact.monitoring.signals, seen.x, strict=False))
        assert (charged["<.25"], charged[".5-.8"]) == pytest.approx(weights, abs=5e-3)


@pytest.mark.parametrize("make", [listed, any_share])
def test_what_holds_holds_in_each_kind_of_month(make):
    """2,001 shares in every state and kind of month, values from a linear solve of the mean month."""
    scenario, levels, tried = make(), np.linspace(0, 1, 2001), 0
    for call in scenario.calls:
        pact = build_pact(scenario.after(call.changes))
        mask = pact.mask(pact.trigger)
        for regime in analyse_regimes(pact, best_sets=make is any_share):
            automaton = regime.automaton
            values = check_automaton(pact.stage, pact.monitoring, pact.discount, automaton).values[:, 1]
            worst = -np.inf
            for case in pact.informed:
                payoffs, likelihood = case.fine.model(levels, np.zeros_like(levels))
                if make is listed:
                    payoffs, likelihood = case.stage.payoffs[1], case.monitoring.likelihood[0]
                for state, (row, column) in enumerate(automaton.actions):
                    follow = pact.discount * automaton.transition[state] @ values
                    if state == 0 and regime.key != "stage_nash":
                        charge = pact.pledges.column_audience_cost + regime.payment
                        follow -= (1 - pact.discount) * charge * pact.mask(regime.trigger)
                    kept = (1 - pact.discount) * case.stage.payoffs[1, row, column]
                    kept += case.monitoring.likelihood[row, column] @ follow
                    worst = max(worst, ((1 - pact.discount) * payoffs[row] + likelihood @ follow).max() - kept)
            if regime.holds:
                assert worst <= 1e-9
                tried += 1
    assert tried > 5
    assert mask.any()


def test_the_binding_share_is_that_of_the_kind_of_month_that_binds():
    pact = build_pact(any_share())
    share, mask, late = binding_share(pact, pact.mask(pact.trigger)), pact.mask(pact.trigger), pact.informed[1]
    levels = np.linspace(1e-6, 0.5, 50_001)
    payoffs, likelihood = late.fine.model(levels, np.zeros_like(levels))
    more = (likelihood - late.monitoring.likelihood[late.deal]) @ mask
    gain = payoffs[0] - late.stage.payoffs[(1, *late.deal)]
    assert share == pytest.approx(levels[(gain / more).argmax()], abs=1e-3)


@pytest.mark.parametrize("choice", ["listed", "any share"])
def test_columns_are_the_plain_path(choice):
    """With the option, delays and verification that vary; no delay at all leaves one kind of month."""
    scenario = frozen("rollback-2025").replace(punishment=()).after(f"china_choice={choice}")
    paths = ["monitoring.delay_seen_by_china", "monitoring.delay_probability", "monitoring.verification"]
    numbers = np.array([[1, 0.2, 0.3], [0, 0.2, 0.3], [1, 0.0, 0.0], [1, 0.35, 0.7], [1, 0.2, 0.0]])
    points = ParameterColumns.of(scenario, paths, numbers)
    for call in scenario.calls[:3]:
        fast = analyse_points(call, points)
        for n in np.flatnonzero(fast.legal):
            want = analyse_outcome(scenario.after(points.changes_at(n)), call, best_sets=False)
            for regime in want.regimes:
                index = REGIME_KEYS.index(regime.key)
                assert fast.regimes.holds[n, index] == regime.holds
                assert fast.regimes.length[n, index] == regime.length
                assert fast.regimes.values[n, index] == pytest.approx(regime.values, abs=1e-7)


def test_plans_enter_the_payoff_sets():
    """Nine actions of the listed game, and less for both together than where China does not see its desk."""
    games = [pact_game(build_pact(scenario)) for scenario in (frozen("rollback-2025"), listed())]
    assert [len(game.stages[0].actions[1]) for game in games] == [3, 9]
    unseen, seen = (solve(game).outer[0].support(np.array([1.0, 1.0])) for game in games)
    assert seen < unseen - 1e-3


def test_a_flag_is_0_or_1():
    with pytest.raises(InputError, match="must be 0 \\(no\\) or 1 \\(yes\\)"):
        frozen("rollback-2025").after("monitoring.delay_seen_by_china=0.5")
