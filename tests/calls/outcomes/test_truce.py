"""What the deal is worth once the truce ends, and how long it lives: a referee's figures for version 0.1.0."""

import pytest

from negotiation.calls.outcomes.decomposition import alive_after, common_value
from negotiation.calls.outcomes.outcome import analyse_outcome


@pytest.mark.parametrize(("choice", "for_good", "at_once"), [("listed", -0.605, -0.626), ("any share", -0.839, -0.866)])
def test_the_truce_saves_little_for_good(default_scenario, choice, for_good, at_once):
    scenario = default_scenario.set("china_choice", choice)
    scenario = scenario if choice == "listed" else scenario.replace(punishment=())
    outcome = analyse_outcome(scenario, scenario.call("no_call"), best_sets=False)
    pact = outcome.game.pact
    assert sum(common_value(outcome)) == pytest.approx(for_good, abs=1e-3)
    assert sum(pact.stage.payoff(pact.punishment)) == pytest.approx(at_once, abs=1e-3)


def test_few_truces_live_as_long_as_the_paths(default_scenario):
    assert alive_after(default_scenario, 12) == pytest.approx(0.30, abs=5e-3)
    assert alive_after(default_scenario, 36) == pytest.approx(0.027, abs=5e-4)
