"""Would the model have forecast US-bound shipments better than forecasts that know nothing of causes?

Rolling origin, one and two months ahead, log score and CRPS against five baselines with paired block intervals; beside
it, shipments around the leaders' contacts, without causal words. Takes some minutes, a second once cached.
"""

from __future__ import annotations

from typing import Any

from negotiation.cli.experiment import experiment
from negotiation.evidence.data.events import load_events
from negotiation.evidence.data.months import month_of
from negotiation.evidence.data.shipments import load_shipments
from negotiation.evidence.forecasts.backtest import backtest
from negotiation.evidence.forecasts.event_study import event_study
from negotiation.evidence.model.posterior import FULL, Effort
from negotiation.report.document import Report
from negotiation.report.runs.results_evidence import backtest_data
from negotiation.report.sections.evidence_backtest import RETROSPECTIVE, backtest_section, calibration_picture, verdict
from negotiation.report.sections.evidence_more import contacts_section
from negotiation.trade.scenario.scenario import Scenario

HORIZONS = (1, 2)
BRIEF = Effort(384, 4, 768)
FEW = tuple(month_of(2025, month) for month in (4, 7, 8, 10, 11, 12))


def run(scenario: Scenario, quick: bool = False) -> tuple[Report, dict[str, Any]]:
    """Return the backtest of the shipped figures; quick: six months and few draws. The scenario plays no part."""
    rows = load_shipments()
    scored = tuple(
        backtest(rows, ahead, effort=BRIEF if quick else FULL, months=FEW if quick else ()) for ahead in HORIZONS
    )
    study = event_study(rows, load_events(), scored[1])
    answer = tuple(f"{each.ahead} ahead, {len(each.rows)} origins: {verdict(each)}" for each in scored)
    sections = (*(backtest_section(each) for each in scored), contacts_section(study))
    report = Report("Scored against history", "Does the model forecast shipments?", scenario.title,
                    (*answer, RETROSPECTIVE), calibration_picture(scored), sections=sections)  # fmt: skip
    return report, {"backtest": backtest_data(scored, study)}


if __name__ == "__main__":
    experiment(run, then="evidence")
