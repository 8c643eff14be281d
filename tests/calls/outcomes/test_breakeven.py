"""Break-evens and dilemma windows against printed boundaries and against the claim itself on both sides."""

import numpy as np
import pytest

from negotiation.calls.outcomes.break_even import break_even, break_evens, scan_grid
from negotiation.calls.outcomes.dilemma import dilemma_conditions, dilemma_windows
from negotiation.calls.outcomes.outcome import analyse_outcome
from negotiation.trade.game.build import build_pact
from negotiation.trade.parameters.changes import Change
from negotiation.trade.scenario.plausible_ranges import plausible_ranges


@pytest.fixture(scope="module")
def no_call(default_scenario):
    return analyse_outcome(default_scenario, default_scenario.call("no_call"))


def test_leverage_break_even_is_the_printed_one(default_scenario, no_call):
    """Model text: the deal dies at a leverage above .84 (delta .9)."""
    assert break_even(default_scenario, no_call, "minerals.leverage").nearest == pytest.approx(0.84, abs=0.002)


@pytest.mark.parametrize(
    "path",
    ["minerals.leverage", "monitoring.delay_probability", "minerals.dependent_output", "legal.snapback_survival"],
)
def test_the_claim_flips_at_the_boundary(default_scenario, no_call, path):
    found = break_even(default_scenario, no_call, path)
    assert found.nearest is not None
    verdicts = []
    for factor in (1 - 1e-4, 1 + 1e-4):
        moved = default_scenario.after([Change(path, "set", found.nearest * factor)])
        verdicts.append(analyse_outcome(moved, moved.call("no_call")).selected.holds)
    assert verdicts[0] != verdicts[1]


def test_a_number_the_call_sets_is_varied_after_the_call(default_scenario):
    full = analyse_outcome(default_scenario, default_scenario.call("full_restoration"))
    found = break_even(default_scenario, full, "patience.expected_life_months")
    assert found.value == pytest.approx(18.17)
    assert 0.995 * (1 - 1 / found.nearest) == pytest.approx(full.selected.least_discount, abs=1e-4)


@pytest.mark.parametrize("name", ["no_call", "partial_concession", "full_restoration", "breakdown"])
def test_columns_find_what_one_value_at_a_time_finds(default_scenario, name):
    outcome = analyse_outcome(default_scenario, default_scenario.call(name))
    by_path = {found.path: found for found in break_evens(default_scenario, [outcome])}
    for path in ("minerals.leverage", "monitoring.delay_probability", "patience.expected_life_months"):
        plain, found = break_even(default_scenario, outcome, path), by_path[path]
        assert (found.holds_now, found.searched) == (plain.holds_now, plain.searched)
        assert [above for _, above in found.boundaries] == [above for _, above in plain.boundaries]
        span = plain.searched[1] - plain.searched[0]
        assert [at for at, _ in found.boundaries] == pytest.approx([at for at, _ in plain.boundaries], abs=2e-6 * span)


def test_the_nearest_flip_within_its_range_leads(default_scenario, no_call):
    found = break_evens(default_scenario, [no_call])
    assert {path for path, _ in plausible_ranges(default_scenario).items()} >= {
        one.path for one in found if one.plausible
    }
    assert len({one.path for one in found}) == len(found) > 20
    places = [(not one.plausible, one.distance) for one in found]
    assert places == sorted(places)


def test_against_any_share_the_claim_flips_at_the_boundary(default_scenario):
    scenario = default_scenario.replace(punishment=()).set("china_choice", "any share")
    outcome = analyse_outcome(scenario, scenario.call("no_call"))
    found = next(one for one in break_evens(scenario, [outcome]) if one.path == "minerals.leverage")
    verdicts = [
        analyse_outcome(moved, moved.call("no_call")).selected.holds
        for moved in (scenario.set("minerals.leverage", found.nearest * factor) for factor in (1 - 1e-4, 1 + 1e-4))
    ]
    assert verdicts[0] != verdicts[1]


def test_a_call_may_set_ordered_numbers_beyond_those_of_the_scenario(default_scenario):
    shares = {"license": 0.8, "slow_walk": 0.9, "withhold": 0.95}
    changes = tuple(Change(f"actions.china.{action}.withheld", "set", share) for action, share in shares.items())
    call = default_scenario.call("no_call").replace(changes=changes)
    outcome = analyse_outcome(default_scenario, call)
    path = "actions.china.slow_walk.withheld"
    found = next(one for one in break_evens(default_scenario, [outcome]) if one.path == path)
    assert found == break_even(default_scenario, outcome, path)
    assert (found.value, found.holds_now) == (0.9, outcome.selected.holds)
    assert 0.8 < found.searched[0] <= 0.9 <= found.searched[1] < 0.95


def test_dilemma_window_of_the_preferred_tariff(default_scenario):
    """Model text: a dilemma only for t* between .518 and .645."""
    window = next(w for w in dilemma_windows(default_scenario) if w.path == "politics.us.preferred_tariff")
    (low, starts), (high, goes_on) = window.boundaries
    assert (starts, goes_on) == (True, False)
    assert (low, high) == pytest.approx((0.518, 0.645), abs=6e-4)
    assert window.inside
    assert window.fails_below
    assert window.fails_above


def test_conditions_name_what_breaks(default_scenario):
    pact = build_pact(default_scenario.after([Change("politics.us.preferred_tariff", "set", 0.66)]), fine=False)
    broken = [name for name, room in dilemma_conditions(pact).items() if room < 0]
    assert any("US" in name for name in broken)


def test_scan_stays_inside_the_domain_and_contains_the_present_value(default_scenario):
    for path in ("minerals.leverage", "legal.snapback_survival", "monitoring.delay_probability"):
        grid = scan_grid(default_scenario, path)
        assert (np.diff(grid) > 0).all()
        assert grid[0] >= 0
        assert grid[0] <= default_scenario.value(path) <= grid[-1]
