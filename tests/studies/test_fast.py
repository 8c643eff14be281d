"""Regimes on columns of points: the answers of one scenario at a time at hundreds of random points, same refusals.

Expected values are those of the automata, whose one-shot deviations are solved as a linear system.
"""

import numpy as np
import pytest

from negotiation.calls.outcomes.batch import analyse_points, has_column_path, plain_fault
from negotiation.calls.outcomes.outcome import analyse_outcome
from negotiation.errors import InputError
from negotiation.solve.automata.one_shot_deviations import check_automaton
from negotiation.solve.regimes.analysis import build_automaton
from negotiation.solve.regimes.batch import REGIME_KEYS, _punished_share
from negotiation.solve.regimes.kinds import regime_kinds
from negotiation.solve.regimes.pact_arrays import pact_arrays
from negotiation.solve.regimes.search import best_choice
from negotiation.trade.files.load import load_scenario
from negotiation.trade.game.build import build_game, build_pact, pact_batch
from negotiation.trade.parameters.changes import Change
from negotiation.trade.scenario.parameter_columns import ParameterColumns
from tests.stored import frozen

CLOSE = {"abs": 1e-9, "rel": 1e-9}


def ranged(scenario):
    """Return every parameter with a range, but the trigger, which must be one of the edges."""
    found = {path: p for path, p in scenario.parameters.items() if p.low is not None and p.low < p.high}
    found.pop("monitoring.trigger", None)
    return list(found), np.array([p.low for p in found.values()]), np.array([p.high for p in found.values()])


def draw(scenario, count, seed, paths=None):
    names, low, high = ranged(scenario)
    keep = [index for index, name in enumerate(names) if paths is None or name in paths]
    rng = np.random.default_rng(seed)
    numbers = low + (high - low) * rng.random((count, len(names)))
    return [names[index] for index in keep], numbers[:, keep]


def plain(scenario):
    """Return {regime: (margin, length, payment, values)} of one scenario by the search and a linear solve."""
    pact = build_pact(scenario, fine=False)
    mask = pact.mask(pact.trigger)
    found = {}
    for kind in regime_kinds(pact):
        choice = best_choice(pact_arrays(pact, mask[None, :]), kind)
        check = check_automaton(pact.stage, pact.monitoring, pact.discount, build_automaton(pact, kind, mask, choice))
        length = choice.length if kind.form == "trigger" else 0.0
        margin = choice.margin if kind.form == "payment" else check.worst.slack
        found[kind.key] = (margin, length, choice.payment, check.values[0])
    return found


COUNTS = {
    "rollback-2025": 100,
    "after-ruling-2026": 20,
    "june-2025": 20,
    "gallium-germanium": 20,
    "two-figures-2025": 40,
}


@pytest.mark.parametrize("name", COUNTS)
def test_columns_are_the_plain_path_at_random_points(name):
    scenario = load_scenario(name).set("china_choice", "listed")
    paths, numbers = draw(scenario, COUNTS[name], seed=len(name))
    points = ParameterColumns.of(scenario, paths, numbers)
    compared = 0
    for call in scenario.calls:
        fast = analyse_points(call, points)
        for n in range(len(numbers)):
            changes = [Change(path, "set", float(value)) for path, value in zip(paths, numbers[n], strict=True)]
            try:
                want = plain(scenario.after([*changes, *call.changes]))
            except InputError:
                assert not fast.legal[n]
                assert plain_fault(call, points, n)
                continue
            assert fast.legal[n]
            assert plain_fault(call, points, n) == ""
            for index, key in enumerate(REGIME_KEYS):
                if key not in want:
                    assert np.isnan(fast.regimes.margin[n, index])
                    continue
                margin, length, payment, values = want[key]
                assert fast.regimes.margin[n, index] == pytest.approx(margin, **CLOSE)
                assert fast.regimes.length[n, index] == length
                assert fast.regimes.payment[n, index] == pytest.approx(payment, **CLOSE)
                assert fast.regimes.values[n, index] == pytest.approx(values, **CLOSE)
                compared += 1
    assert compared > 8 * COUNTS[name]


@pytest.mark.parametrize("name", ["rollback-2025", "textbook"])
def test_whole_outcomes_agree(name):
    """Selection, war where nothing holds, and the share of punished months, against the full analysis."""
    scenario = load_scenario(name)
    path = "patience.monthly_discount" if name == "rollback-2025" else "patience.discount"
    points = ParameterColumns.of(scenario, [path], np.array([[scenario.value(path)], [0.9]]))
    for call in scenario.calls:
        fast = analyse_points(call, points)
        for n, change in enumerate(points.changes_at(n) for n in range(2)):
            want = analyse_outcome(scenario.after(change), call, best_sets=False)
            assert fast.holds[n] == want.holds
            assert fast.regimes.holds[n, 1:].any() == any(r.holds for r in want.regimes if r.key != "stage_nash")
            assert fast.values[n] == pytest.approx(want.values, **CLOSE)
            for regime in want.regimes:
                index = REGIME_KEYS.index(regime.key)
                assert fast.regimes.punished[n, index] == pytest.approx(regime.punished_share, **CLOSE)
                assert fast.regimes.holds[n, index] == regime.holds


def test_own_payoffs_vary_too():
    scenario = frozen("textbook")
    paths = [path for path in scenario.parameters if path.startswith("payoffs.")]
    rng = np.random.default_rng(3)
    numbers = np.array([scenario.value(path) for path in paths]) + 0.3 * rng.normal(size=(40, len(paths)))
    points = ParameterColumns.of(scenario, paths, numbers)
    fast = analyse_points(scenario.calls[0], points)
    for n in range(40):
        want = plain(scenario.after([*points.changes_at(n), *scenario.calls[0].changes]))
        for key, (margin, length, _, values) in want.items():
            index = REGIME_KEYS.index(key)
            assert fast.regimes.margin[n, index] == pytest.approx(margin, **CLOSE)
            assert fast.regimes.length[n, index] == length
            assert fast.regimes.values[n, index] == pytest.approx(values, **CLOSE)


def test_the_economics_of_columns_is_that_of_single_numbers():
    """Payoffs and chances of low months by profile, against the game of each point."""
    scenario = frozen("rollback-2025")
    paths, numbers = draw(scenario, 25, seed=1)
    points = ParameterColumns.of(
        scenario, [*paths, "monitoring.trigger"], np.column_stack([numbers, np.repeat([0.5, 0.8], [9, 16])])
    )
    points = points.where(points.legal)
    batch = pact_batch(points)
    for n in range(points.count):
        pact = build_game(scenario.after(points.changes_at(n))).pact
        assert batch.payoffs[n] == pytest.approx(pact.stage.payoffs, rel=1e-12, abs=1e-13)
        assert batch.low[n] == pytest.approx(pact.monitoring.likelihood @ pact.mask(pact.trigger), rel=1e-12)
        assert batch.discount[n] == pytest.approx(pact.discount, rel=1e-14)


def test_a_point_replaces_what_the_call_sets_where_asked():
    scenario = frozen("rollback-2025")
    path = "monitoring.verification"
    points = ParameterColumns.of(scenario, [path], np.array([[0.0], [0.6]]))
    call = scenario.call("clarification")
    first, replaced = analyse_points(call, points), analyse_points(call.without([path]), points)
    assert first.regimes.low[0] == first.regimes.low[1] == replaced.regimes.low[1]
    no_call = analyse_points(scenario.call("no_call"), points)
    assert replaced.regimes.low[0] == no_call.regimes.low[0] > first.regimes.low[0]


def test_rules_between_numbers_refuse_points_one_by_one():
    scenario = frozen("rollback-2025")
    points = ParameterColumns.of(
        scenario, ["monitoring.delay_min", "monitoring.delay_max"], np.array([[0.1, 0.9], [0.9, 0.1]])
    )
    found = analyse_points(scenario.calls[0], points)
    assert found.legal.tolist() == [True, False]
    assert np.isnan(found.values[1]).all()
    assert "must be larger than monitoring.delay_min, got 0.9 and 0.1" in plain_fault(scenario.calls[0], points, 1)
    outside = ParameterColumns.of(scenario, ["minerals.leverage"], np.array([[-1.0], [np.nan], [0.5]]))
    assert outside.legal.tolist() == [False, False, True]


def test_a_path_that_is_none_is_refused_with_the_nearest():
    with pytest.raises(InputError, match=r"did you mean 'minerals\.leverage'"):
        ParameterColumns.of(frozen("rollback-2025"), ["minerals.leverge"], np.zeros((1, 1)))


def test_scenarios_with_own_automata_are_left_to_the_plain_path(default_scenario):
    assert has_column_path(default_scenario)
    assert not has_column_path(default_scenario.replace(regimes=("an automaton",)))


@pytest.mark.parametrize(
    ("p", "again", "length", "share"),
    [(0.2, 0.0, 3.0, 0.375), (0.2, 0.5, 1.0, 2 / 7), (0.0, 0.5, 3.0, 0.0), (0.1, 0.0, np.inf, 1.0)],
)
def test_share_of_months_punished(p, again, length, share):
    """By renewal: p L / (1 + p L) with L the expected length; a coin that must show no low month once lasts 2."""
    found = _punished_share(*(np.array([number]) for number in (p, again, length)))
    assert found == pytest.approx(share, rel=1e-12)
