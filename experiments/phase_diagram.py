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
from negotiation.report.sections.sensitivity import phase_section
from negotiation.report.words import enumeration, percent
from negotiation.studies.phase import NOTHING, PhaseDiagram, phase_diagram
from negotiation.trade.scenario.scenario import Scenario

# the pair, and between which values (the plausible ranges, patience as far as deals have lasted)
PAIRS = (
    (("minerals.leverage", "monitoring.delay_probability"), ((0.2, 0.95), (0.05, 0.5))),
    (("politics.us.preferred_tariff", "minerals.dependent_output"), ((0.5, 0.7), (10.0, 60.0))),
    (("patience.expected_life_months", "monitoring.verification"), ((2.0, 30.0), (0.0, 0.9))),
)
GRID, DEPTH, QUICK = 16, 4, 2  # coarse cells a side; halvings on the boundary, fewer with --quick
SMALLEST = 0.005  # share of the plane below which an outcome is not told


def run(scenario: Scenario, quick: bool = False) -> tuple[Report, dict[str, Any]]:
    """Return a phase diagram for each pair; quick: the first pair, a coarser boundary."""
    pairs = PAIRS[:1] if quick else PAIRS
    depth = QUICK if quick else DEPTH
    diagrams = [phase_diagram(scenario, paths, ends, grid=GRID, depth=depth) for paths, ends in pairs]
    sections = [phase_section(scenario, diagram, f"phase-{place}") for place, diagram in enumerate(diagrams, 1)]
    report = Report(
        "Phase diagrams",
        "Which call makes the deal hold, and where?",
        literal(scenario.title),
        tuple(sentence(scenario, diagram) for diagram in diagrams),
        sections=tuple(sections),
    )
    return report, {"phases": [phase_data(diagram) for diagram in diagrams]}


def sentence(scenario: Scenario, diagram: PhaseDiagram) -> str:
    """Return what a diagram says, inline text."""
    first, second = (literal(parameter_title(path)) for path in diagram.paths)
    parts = [
        f"{percent(diagram.share(place))} from {literal(scenario.call(name).label)} on"
        for place, name in enumerate(diagram.outcomes)
        if diagram.share(place) >= SMALLEST
    ]
    none = diagram.share(NOTHING)
    nothing = f", and in {percent(none)} no call suffices" if none >= SMALLEST else ""
    return f"Over {first} and {second} the deal holds in {enumeration(parts) or '0 %'}{nothing}."


if __name__ == "__main__":
    experiment(run)
