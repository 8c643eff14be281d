"""A user's own automaton: checked, with the state, the player, the deviation and the gain named."""

import pytest

from negotiation.calls.outcomes.break_even import break_even
from negotiation.calls.outcomes.outcome import analyse_outcome
from negotiation.trade.files.load import load_scenario

LOW = '"<.25" = "{0}", ".25-.5" = "{0}", ".5-.8" = "{0}"'
TWO_STRIKES = f"""
format = 1
name = "two-strikes"
extends = "rollback-2025"
title = "Two strikes"
china_choice = "listed"

[[regimes]]
name = "two_strikes"
label = "two strikes"
deviation = "war"
states = [
  {{ name = "good", play = ["keep", "license"], on = {{ {LOW.format("warned")}, default = "good" }} }},
  {{ name = "warned", play = ["keep", "license"], on = {{ {LOW.format("back")}, default = "good" }} }},
  {{ name = "back", play = ["partial", "license"], on = {{ {LOW.format("back")}, default = "good" }} }},
  {{ name = "war", play = ["partial", "slow_walk"], on = {{ default = "war" }} }},
]

[[calls]]
name = "clarification"
regime = "two_strikes"
"""


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    file = tmp_path_factory.mktemp("own") / "two.toml"
    file.write_text(TWO_STRIKES)
    scenario = load_scenario(file)
    return analyse_outcome(scenario, scenario.call("clarification"))


def test_the_profitable_deviation_is_named(outcome):
    worst = outcome.selected.worst
    assert not outcome.selected.holds
    assert (worst.state, worst.player, worst.deviation) == ("good", "china", "slow_walk")
    # by hand: one low month only leads to the state "warned", whose value is close to that of "good"
    pact, automaton = outcome.game.pact, outcome.selected.automaton
    from negotiation.solve.automata.one_shot_deviations import automaton_values

    values = automaton_values(pact.stage, pact.monitoring, pact.discount, automaton)[:, 1]
    low = pact.monitoring.likelihood[0] @ pact.mask(pact.trigger)
    d, gain = pact.discount, pact.stage.payoffs[1, 0, 1]
    deviation = (1 - d) * gain + d * (low[1] * values[1] + (1 - low[1]) * values[0])
    assert worst.slack == pytest.approx(values[0] - deviation, abs=1e-12)
    assert "gains" in worst.sentence("USD bn/month")


def test_a_mutual_reversion_written_by_hand_is_the_built_in_one(tmp_path):
    """Three months of war after a low month: the same values, slacks and least discount factor."""
    chain = "".join(
        f'  {{ name = "p{k}", play = ["partial", "slow_walk"], on = {{ default = "{after}" }} }},\n'
        for k, after in ((1, "p2"), (2, "p3"), (3, "good"))
    )
    text = TWO_STRIKES.replace("two_strikes", "by_hand")
    head, tail = text.split("states = [\n", 1)
    low = '"<.25" = "p1", ".25-.5" = "p1", ".5-.8" = "p1"'
    good = f'  {{ name = "good", play = ["keep", "license"], on = {{ {low}, default = "good" }} }},\n'
    outside = '  { name = "war", play = ["partial", "slow_walk"], on = { default = "war" } },\n]'
    file = tmp_path / "hand.toml"
    file.write_text(head + "states = [\n" + good + chain + outside + tail.split("]\n\n", 1)[1].join(["\n\n", ""]))
    scenario = load_scenario(file)
    outcome = analyse_outcome(scenario, scenario.call("no_call"))
    built_in, own = outcome.selected, outcome.regime("by_hand")
    assert built_in.length == 3
    assert own.values == pytest.approx(built_in.values, abs=1e-12)
    assert own.worst.slack == pytest.approx(built_in.worst.slack, abs=1e-12)
    assert own.punished_share == pytest.approx(built_in.punished_share, abs=1e-9)


def test_break_evens_ask_about_the_own_regime(outcome):
    scenario = outcome.game.scenario.without_changes()
    found = break_even(scenario, outcome, "minerals.leverage")
    assert not found.holds_now
    assert found.nearest is None or found.nearest < 0.68
