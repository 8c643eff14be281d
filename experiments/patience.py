"""How patient must each side be, and what is patience worth once the deal is feasible?

Varies the expected life of the deal, and with it the discount factor, for every call outcome under its selected regime.
Takes about 5 seconds.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from negotiation.calls.outcomes.outcome import analyse_outcomes
from negotiation.cli.experiment import experiment
from negotiation.games.pact import Pact
from negotiation.report.document import Paragraph, Report, Section
from negotiation.report.figures.lines import Line, line_chart
from negotiation.report.sections.outcomes import regime_table
from negotiation.report.words import call_label, enumeration, number
from negotiation.solve.regimes.analysis import analyse_regime
from negotiation.trade.scenario.scenario import Scenario

LOWEST, HIGHEST = 0.3, 0.98  # discount factors shown


def run(scenario: Scenario, quick: bool = False) -> tuple[Report, dict[str, Any]]:
    """Return joint values over the discount factor, and the least discount factors; quick: a coarser grid."""
    discounts = np.linspace(LOWEST, HIGHEST, 12 if quick else 69)
    outcomes = analyse_outcomes(scenario)
    lines = []
    for outcome in outcomes:
        pact = outcome.game.pact
        values = [_joint(pact.replace(discount=float(d)), outcome.call.regime) for d in discounts]
        lines.append(Line(outcome.call.label, tuple(values)))
    chart = line_chart(
        "joint-values",
        [float(d) for d in discounts],
        lines,
        x_title="discount factor δ",
        y_title=f"joint value of the selected regime, {scenario.unit} (a gap: it does not hold)",
        caption="Patience decides whether a rule is feasible at all. Once it is, more of it changes little: the steps "
        "come from whole months of punishment.",
        marks=((outcomes[0].game.pact.discount, "δ of the scenario"),),
    )
    needed = [
        f"{call_label(o)} {number(o.selected.least_discount, 2)}" for o in outcomes if o.call.regime != "stage_nash"
    ]
    answer = (f"The least discount factor of the selected regime is {enumeration(needed)}.",)
    present = enumeration([f"{number(o.game.pact.discount)} after {call_label(o)}" for o in outcomes])
    note = Paragraph(
        f"Both sides discount alike. At hand is δ = {present}; slack is what the side that binds has left there."
    )
    section = Section("least", "Least discount factors", (regime_table(outcomes), note))
    question = "How patient must each side be?"
    report = Report("Patience", question, scenario.title, answer, picture=chart, sections=(section,))
    joint = {outcome.call.name: line.values for outcome, line in zip(outcomes, lines, strict=True)}
    regimes = {outcome.call.name: outcome.regimes for outcome in outcomes}
    at_hand = {outcome.call.name: outcome.game.pact.discount for outcome in outcomes}
    joints = {outcome.call.name: [regime.joint for regime in outcome.regimes] for outcome in outcomes}
    found = {"discounts": discounts, "joint_values": joint, "regimes": regimes, "joint": joints, "at_hand": at_hand}
    return report, found


def _joint(pact: Pact, regime: str) -> float | None:
    if regime == "stage_nash":
        return float(sum(pact.stage.payoff(pact.punishment)))
    solved = analyse_regime(pact, regime)
    return solved.joint if solved.holds else None


if __name__ == "__main__":
    experiment(run)
