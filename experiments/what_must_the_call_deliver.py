"""What must the call deliver? A map of verification against the audience cost, and the least package.

Delays are twice as frequent and the deal is expected to live four months, unless --set says otherwise. Each cell says
whether a simple package enforces the deal, and if not, whether any equilibrium can have it at all, proven. About 20
seconds.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from negotiation.calls.agreement.automaton import package_slack
from negotiation.calls.agreement.certificates import deal_is_playable
from negotiation.calls.agreement.instruments import AUDIENCE, VERIFICATION
from negotiation.calls.agreement.linear_programme import ROW_SLACK
from negotiation.calls.agreement.packages import feasible_package
from negotiation.calls.agreement.requirements import Requirements, requirements
from negotiation.cli.experiment import experiment
from negotiation.report.document import Report
from negotiation.report.figures.deliver_map import ENFORCED, IMPOSSIBLE, OPEN, POSSIBLE, deliver_map
from negotiation.report.runs.results_call import delivery_data
from negotiation.report.sections.deliver import deliver_section, deliver_sentence
from negotiation.solve.public.enforceability import Answer
from negotiation.trade.parameters.changes import Change
from negotiation.trade.scenario.scenario import Scenario

STRESS = (Change("monitoring.delay_probability", "scale", 2.0), Change("patience.expected_life_months", "set", 4.0))
VERIFIED, COSTS = 9, 9  # points of the map a side; each takes a package or a proof
KINDS = {Answer.PROVEN_NO: IMPOSSIBLE, Answer.UNDECIDED: OPEN, Answer.PROVEN_YES: POSSIBLE}


def run(scenario: Scenario, quick: bool = False) -> tuple[Report, dict[str, Any]]:
    """Return the map and the answer; quick: a coarser map, no pairs."""
    strained = scenario if scenario.changes else scenario.after(STRESS)
    demands = requirements(strained, pairs=not quick)
    verification, cost = (demands.problem.instruments[key] for key in (VERIFICATION, AUDIENCE))
    xs = [float(x) for x in np.linspace(verification.present, verification.cap, 4 if quick else VERIFIED)]
    ys = [float(y) for y in np.linspace(cost.present, cost.cap, 4 if quick else COSTS)]
    kinds = [[_kind(demands, x, y) for x in xs] for y in ys]
    picture = deliver_map(
        "deliver-map",
        xs,
        ys,
        kinds,
        x_title="share of genuine delays verified",
        y_title="audience cost in a low month",
        caption="Where the deal enforces itself, and where it is proven that it can or cannot.",
    )
    question = "What must the call deliver?"
    changes = "; ".join(change.sentence() for change in strained.changes)
    subtitle = f"{strained.title} ({changes})"
    answer = (deliver_sentence(demands),)
    report = Report(question, question, subtitle, answer, picture=picture, sections=(deliver_section(demands),))
    plane = {"verification": xs, "audience_cost": ys, "answers": kinds}
    return report, {"delivery": delivery_data(demands), "map": plane}


def _kind(demands: Requirements, verified: float, cost: float) -> str:
    amounts = {**demands.problem.present, VERIFICATION: verified, AUDIENCE: cost}
    package = feasible_package(demands.problem, amounts)
    if package is not None and package_slack(demands.problem, package) >= -ROW_SLACK:
        return ENFORCED
    return KINDS[deal_is_playable(demands.problem, amounts)]


if __name__ == "__main__":
    experiment(run, then="run SCENARIO")
