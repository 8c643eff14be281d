"""Defiance or delay: on 1 June 2025, was China withholding on purpose or was its licensing slow?

What the shipments published by then say under three priors, what would have changed it, and what came of it since.
Takes about 45 seconds, half of it for solving the game over 200 draws of the posterior.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from negotiation.cli.experiment import experiment
from negotiation.evidence.answers.assessment import assess
from negotiation.evidence.answers.base_rates import base_rates, without_each
from negotiation.evidence.answers.posterior_to_game import HEADLINE_DRAWS, headline_shares
from negotiation.evidence.answers.public_figure import public_figure
from negotiation.evidence.data.events import load_events
from negotiation.evidence.data.shipments import load_shipments
from negotiation.evidence.model.posterior import FULL, QUICK
from negotiation.evidence.model.priors import PRIORS
from negotiation.report.document import Report
from negotiation.report.figures.evidence import shipments_and_causes
from negotiation.report.runs.results_evidence import assessment_data, evidence_data, public_figure_data, rates_data
from negotiation.report.sections.evidence import evidence_section
from negotiation.report.sections.evidence_more import (
    headline_section,
    next_section,
    public_section,
    rates_section,
    split_section,
)
from negotiation.trade.scenario.scenario import Scenario

EVE = date(2025, 6, 1)
RATES_KNOWN = date(2026, 11, 1)


def run(scenario: Scenario, quick: bool = False) -> tuple[Report, dict[str, Any]]:
    """Return the answer as of the eve of the call of June 2025 and as of the newest figure; quick: few draws."""
    effort, draws = (QUICK, 5) if quick else (FULL, HEADLINE_DRAWS)
    then = assess(EVE, tuple(PRIORS), effort=effort)
    now = assess(date.fromisoformat(load_shipments().newest), tuple(PRIORS), effort=effort, look_ahead=False)
    headline = headline_shares(scenario, now.posteriors[now.middle], draws)
    answer = (then.sentence(), then.sentence(then.last + 1), f"Known by now: {now.sentence(then.last + 1)}")
    figure, events = public_figure(scenario), load_events()
    rates = base_rates(events, RATES_KNOWN), without_each(events, RATES_KNOWN)
    sections = (
        next_section(then),
        split_section(now),
        evidence_section(now, scenario),
        headline_section(headline),
        public_section(figure),
        rates_section(*rates),
    )
    picture = shipments_and_causes("evidence-then", then)
    report = Report("Defiance or delay", "Was it defiance or delay?", "As of 1 June 2025, and since.", answer, picture,
                    sections=sections)  # fmt: skip
    return report, {
        "then": assessment_data(then),
        "evidence": {**evidence_data(now, scenario), "headline": headline},
        "public_figure": public_figure_data(figure),
        "base_rates": rates_data(*rates),
    }


if __name__ == "__main__":
    experiment(run, then="evidence")
