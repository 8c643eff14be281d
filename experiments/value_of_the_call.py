"""What is the call worth, who wants it, and what would better information bring?

Every equilibrium of the call game, the worth of a call to each side and to third parties, and the value of information
with its sign. Takes about 5 seconds.
"""

from __future__ import annotations

from typing import Any

from negotiation.analysis.call_answers import call_answers, historical_chances
from negotiation.calls.outcomes.outcome import analyse_outcomes
from negotiation.calls.value.information_value import information_value, review_blocks
from negotiation.cli.experiment import experiment
from negotiation.report.document import Report
from negotiation.report.runs.results_call import call_data, information_data
from negotiation.report.sections.call_game import call_game_section
from negotiation.report.sections.worth import information_section, worth_section, worth_sentence
from negotiation.trade.scenario.scenario import Scenario


def run(scenario: Scenario, quick: bool = False) -> tuple[Report, dict[str, Any]]:
    """Return the worth of the call; quick: without the value of information."""
    outcomes = analyse_outcomes(scenario, best_sets=False)
    answers = call_answers(scenario, outcomes, demands=False)
    rates = historical_chances(scenario)
    values = {"call": call_data(scenario, answers)}
    sections = [call_game_section(scenario, answers.thresholds, answers.game, answers.fragile, rates)]
    answer = ["The scenario has no call outcomes to compare."]
    if answers.worth is not None:
        sections.insert(0, worth_section(answers.worth))
        answer = [worth_sentence(answers.worth)]
    if not quick:
        worth, often = information_value(scenario), review_blocks(outcomes[0].game.pact)
        sections.append(information_section(worth, often, scenario.players))
        values["information"] = information_data(worth, often)
    question = "What is the call worth?"
    return Report(question, question, scenario.title, tuple(answer), sections=tuple(sections)), values


if __name__ == "__main__":
    experiment(run)
