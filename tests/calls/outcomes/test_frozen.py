"""The answers of version 0.1.0 stay: its six scenarios, listed shares, every regime of every outcome."""

import json

import pytest

from negotiation._values import plain
from negotiation.calls.outcomes.outcome import analyse_outcomes
from tests.stored import STORED, frozen

ANSWERS = json.loads((STORED / "frozen" / "answers.json").read_text())
TERMS = ("key", "trigger_rule", "trigger", "length", "payment", "holds", "margin", "values", "least_discount")


def answers(name):
    """Return the verdicts of a frozen scenario, and the terms of each regime, as plain data."""
    scenario = frozen(name)
    outcomes = analyse_outcomes(scenario)
    rows = {outcome.call.name: outcome.verdict() for outcome in outcomes}
    for outcome in outcomes:
        rows[outcome.call.name]["stage"] = plain(outcome.game.pact.stage.payoffs)
        rows[outcome.call.name]["regimes"] = [
            {key: plain(getattr(regime, key)) for key in TERMS} for regime in outcome.regimes
        ]
    return rows


def differences(now, then, path=""):
    """Yield every place where what was answered then is not what is answered now, to 1e-9."""
    if isinstance(then, dict):
        for key in then:
            yield from differences(now[key], then[key], f"{path}.{key}")
    elif isinstance(then, list):
        assert len(now) == len(then), path
        for place, (one, other) in enumerate(zip(now, then, strict=True)):
            yield from differences(one, other, f"{path}[{place}]")
    elif isinstance(then, float):
        if now != pytest.approx(then, rel=1e-9, abs=1e-9):
            yield path, now, then
    elif now != then:
        yield path, now, then


@pytest.mark.parametrize("name", ANSWERS)
def test_the_frozen_scenarios_give_the_answers_of_their_version(name):
    now = json.loads(json.dumps(answers(name)))
    assert list(differences(now, ANSWERS[name])) == []
