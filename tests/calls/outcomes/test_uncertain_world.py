"""Shares of the uncertain world: a referee's, those of the plain path at the same points, splits counted by hand."""

from contextlib import suppress

import numpy as np
import pytest
from scipy.stats import qmc

from negotiation.calls.outcomes import uncertain_world as module
from negotiation.calls.outcomes.outcome import analyse_outcome
from negotiation.calls.outcomes.uncertain_world import WORLD_POINTS, uncertain_world
from negotiation.errors import InputError
from negotiation.trade.parameters.changes import Change
from negotiation.trade.scenario.plausible_ranges import group_paths, plausible_ranges
from tests.stored import frozen

# a referee's shares at the numbers of version 0.1.0 and listed shares
REFEREE = {"no_call": 0.47, "clarification": 0.49, "partial_concession": 0.64, "full_restoration": 0.51}


@pytest.fixture(scope="module")
def world(default_scenario):
    return uncertain_world(default_scenario, default_scenario.calls, 7)


def test_the_referees_shares(world):
    for name, share in REFEREE.items():
        assert world.share_of(name).holds == pytest.approx(share, abs=0.03)
    assert world.share_of("breakdown").holds == 0
    assert world.share_of("breakdown").number is None
    assert world.share_of("nothing") is None


def places(scenario, seed):
    ranges = {path: plausible_ranges(scenario)[path] for path in group_paths(scenario, "judgement")}
    return ranges, qmc.Sobol(len(ranges), rng=np.random.default_rng(seed)).random(WORLD_POINTS)


def test_shares_are_those_of_single_scenarios_at_the_same_points(default_scenario, monkeypatch):
    monkeypatch.setattr(module, "WORLD_POINTS", 64)
    world = uncertain_world(default_scenario, default_scenario.calls, 3)
    ranges, unit = places(default_scenario, 3)
    low, high = np.array(list(ranges.values())).T
    scenarios = []
    for point in low + (high - low) * unit[:64]:
        with suppress(InputError):
            changes = [Change(path, "set", float(value)) for path, value in zip(ranges, point, strict=True)]
            scenarios.append(default_scenario.after(changes))
    assert 50 < len(scenarios) == world.points
    for call in default_scenario.calls[:3]:
        holds = sum(analyse_outcome(scenario, call, best_sets=False).holds for scenario in scenarios)
        assert world.share_of(call.name).holds == holds / world.points


@pytest.mark.parametrize("count", [1, 2])
def test_splits_are_the_parts_that_differ_most(count):
    rng = np.random.default_rng(count)
    above = rng.random((500, 5)) < 0.5
    holds = (above[:, 1] & above[:, 3]) | (rng.random(500) < 0.1)
    split = module._best_split(holds, above, tuple("abcde"), count)
    assert split.paths in ((("b",), ("d",)) if count == 1 else (("b", "d"),))
    first = above[:, "abcde".index(split.paths[0])]
    if count == 1:
        assert split.shares == pytest.approx([holds[~first].mean(), holds[first].mean()])
    else:
        second = above[:, "abcde".index(split.paths[1])]
        want = [[holds[(first == a) & (second == b)].mean() for b in (False, True)] for a in (False, True)]
        assert split.shares == pytest.approx(np.array(want))


def test_no_shares_without_ranges_or_with_a_users_automaton(default_scenario):
    textbook = frozen("textbook")
    bare = {path: parameter.replace(low=None, high=None) for path, parameter in textbook.parameters.items()}
    assert uncertain_world(textbook.replace(parameters=bare), textbook.calls, 7) is None
    ordinary = default_scenario.calls[0]
    assert uncertain_world(default_scenario, [ordinary], 7).shares[0].outcome == ordinary.name
