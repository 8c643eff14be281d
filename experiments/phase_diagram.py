"""Over which values of two numbers does which call make the deal self-enforcing?

Draws the boundary for pairs of numbers that decide most, refined where neighbouring points disagree instead of on a
full grid. Takes about 5 seconds.
"""

from __future__ import annotations

from typing import Any

from negotiation.cli.experiment import experiment
from negotiation.report.document import Report, literal
from negotiation.report.figures.breakeven import parameter_title
from negotiation.report.pages.study import phase_data
from negotiation.report.sections.phase import phase_section
from negotiation.report.words import enumeration, percent
from negotiation.studies.phase import NOTHING, PhaseDiagram, phase_diagram
from negotiation.trade.scenario.scenario import Scenario

# the pair, and between which values (the plausible ranges, patience as far as deals have lasted)
PAIRS = (
    (("minerals.leverage", "monitoring.delay_probability"), ((0.2, 0.95), (0.05, 0.5))),
    (("politics.us.preferred_tariff", "minerals.dependent_output"), ((0.5, 0.7), (10.0, 60.0))),
    (("patience.expected_life_months", "monitoring.verification"), ((2.0, 30.0), (0.0, 0.9))),
)
GRID, DEPTH, QUICK = 16, 4, 2
SMALLEST = 0.005


def run(scenario: Scenario, quick: bool = False) -> tuple[Report, dict[str, Any]]:
    """Return a phase diagram for each pair; quick: the first pair, a coarser boundary."""
    pairs = PAIRS[:1] if quick else PAIRS
    found = [phase_diagram(scenario, paths, ends, grid=GRID, depth=QUICK if quick else DEPTH) for paths, ends in pairs]
    sections = [phase_section(scenario, item, f"phase-{place}") for place, item in enumerate(found, 1)]
    report = Report(
        "Phase diagrams",
        "Which call makes the deal hold, and where?",
        literal(scenario.title),
        tuple(sentence(scenario, item) for item in found),
        sections=tuple(sections),
    )
    return report, {"phases": [phase_data(item) for item in found]}


def sentence(scenario: Scenario, found: PhaseDiagram) -> str:
    """Return what a diagram says, inline text."""
    first, second = (literal(parameter_title(path)) for path in found.paths)
    parts = [
        f"{percent(found.share(place))} from {literal(scenario.call(name).label)} on"
        for place, name in enumerate(found.outcomes)
        if found.share(place) >= SMALLEST
    ]
    nothing = f", and in {percent(found.share(NOTHING))} no call suffices" if found.share(NOTHING) >= SMALLEST else ""
    return f"Over {first} and {second} the deal holds in {enumeration(parts) or '0 %'}{nothing}."


if __name__ == "__main__":
    experiment(run)
