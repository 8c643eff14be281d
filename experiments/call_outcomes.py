"""After which call outcome does the deal enforce itself, and why? The main job: every outcome under every regime.

Takes about 10 seconds. The options are those of `negotiation run`.
"""

from __future__ import annotations

import sys
from typing import Any

from negotiation.analysis.scenario_analysis import AnalysisOptions, analyse
from negotiation.cli import main
from negotiation.report.document import Report
from negotiation.report.pages.main import main_report
from negotiation.report.runs.results import results
from negotiation.trade.scenario.scenario import Scenario


def run(scenario: Scenario, quick: bool = False) -> tuple[Report, dict[str, Any]]:
    """Return the main report of a scenario; quick: fewer paths, and no payoff sets."""
    found = analyse(scenario, AnalysisOptions(quick=quick))
    return main_report(found, "not kept", "python3 experiments call_outcomes"), {"run": results(found)}


if __name__ == "__main__":
    main(["run", *sys.argv[1:]])
