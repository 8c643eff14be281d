"""Which call makes the deal self-enforcing, over two parameters."""

from __future__ import annotations

from negotiation.report.document import Section, literal
from negotiation.report.figures.phase import phase_figure
from negotiation.studies.phase import PhaseDiagram
from negotiation.trade.scenario.scenario import Scenario


def phase_section(scenario: Scenario, found: PhaseDiagram, key: str = "phase") -> Section:
    """Return the section with one phase diagram."""
    figure = phase_figure(f"{key}-diagram", found, scenario)
    first, second = (literal(path.rpartition(".")[2].replace("_", " ")) for path in found.paths)
    return Section(
        key,
        f"Which call makes the deal hold, over {first} and {second}",
        (figure,),
        "The boundary is refined where neighbouring points disagree; a feature smaller than the coarse grid can be "
        "missed. An axis that a call would set shows the number that counts after the call.",
    )
