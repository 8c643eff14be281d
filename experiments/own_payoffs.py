"""Your own payoff matrix, from a few lines of Python: edit the numbers below and run again.

The scenario file `textbook` does the same without Python. Takes about 2 seconds.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from negotiation.cli.experiment import experiment
from negotiation.games import Monitoring, StageGame
from negotiation.games.pact import Pact
from negotiation.report.document import Column, Paragraph, Report, Section, Table, literal
from negotiation.report.words import enumeration, number
from negotiation.solve.regimes.analysis import analyse_regimes
from negotiation.solve.stage.nash import stage_equilibria
from negotiation.trade.scenario.scenario import Scenario

ROW = [[3.0, 0.0], [5.0, 1.0]]
COLUMN = [[3.0, 5.0], [0.0, 1.0]]
# how often the column player's action is seen as it was
ACCURACY = 0.9
COLUMNS = (
    Column("regime"),
    Column("holds", kind="mark"),
    Column("terms"),
    Column("row", "points", "number"),
    Column("column", "points", "number"),
    Column("least δ", kind="number"),
)


def run(scenario: Scenario, quick: bool = False) -> tuple[Report, dict[str, Any]]:
    """Return the regimes of the matrix above at the scenario's discount factor; quick makes no difference here."""
    del quick
    actions = (("cooperate", "defect"), ("cooperate", "defect"))
    stage = StageGame(("row", "column"), actions, np.array([ROW, COLUMN]), "points")
    likelihood = np.array([[ACCURACY, 1 - ACCURACY], [1 - ACCURACY, ACCURACY]])
    monitoring = Monitoring(("looks like cooperate", "looks like defect"), np.broadcast_to(likelihood, (2, 2, 2)), (0,))
    pact = Pact(
        stage=stage,
        monitoring=monitoring,
        discount=scenario.discount,
        deal=(0, 0),
        punishment=(1, 1),
        trigger=("looks like defect",),
        eligible=monitoring.signals,
    )
    regimes = [r for r in analyse_regimes(pact) if r.trigger_rule == "threshold" and r.key != "stage_nash"]
    rows = tuple((literal(r.label), r.holds, r.terms, *r.values, r.least_discount) for r in regimes)
    good = [f"{r.label} (least δ {number(r.least_discount, 2)})" for r in regimes if r.holds]
    how = f"holds by {enumeration(good)}" if good else "holds by no simple regime with this trigger"
    equilibria = Paragraph(literal(stage_equilibria(stage).describe()))
    section = Section("regimes", "Regimes", (equilibria, Table(COLUMNS, rows, "Regimes")))
    text = f"At δ = {number(pact.discount, 2)} the deal {how}."
    report = Report("Own payoffs", "Does your deal enforce itself?", "", (text,), sections=(section,))
    return report, {"discount": pact.discount, "payoffs": stage.payoffs, "regimes": regimes}


if __name__ == "__main__":
    experiment(run, scenario="textbook", then="new mine --from textbook")
