"""All numbers at once: Sobol indices, by outcome."""

from __future__ import annotations

from negotiation.report.document import Block, Details, Note, Section, literal
from negotiation.report.figures.study_bars import sobol_bars
from negotiation.studies.sensitivity import SobolIndices
from negotiation.trade.scenario.scenario import Scenario

WORDS = {"joint": "joint value", "holds": "verdict (holds or not)"}


def sobol_section(scenario: Scenario, found: dict[tuple[str, str], SobolIndices | str]) -> Section:
    """Return the indices of each (outcome, measure), the first in full, the others behind a summary.

    A text in place of indices says why there are none.
    """
    figures = [
        sobol_bars(f"sobol-{name.replace('_', '-')}-{measure}", item, scenario.call(name).label, WORDS[measure])
        for (name, measure), item in found.items()
        if not isinstance(item, str)
    ]
    blocks: list[Block] = list(figures[:1])
    if figures[1:]:
        blocks.append(Details("The verdict, and the other call outcomes", tuple(figures[1:])))
    for (name, measure), item in found.items():
        if isinstance(item, str):
            blocks.append(
                Note(f"The {WORDS[measure]} after {literal(scenario.call(name).label)} has no indices: {item}.")
            )
    indices = [item for item in found.values() if not isinstance(item, str)]
    dropped = max((item.dropped for item in indices), default=0)
    if dropped:
        rows = next(item.rows for item in indices if item.dropped == dropped)
        text = f"{dropped:,} of {rows + dropped:,} rows hold a point that could not be computed and are left out: the indices are those of the part of the ranges that could be, approximately."
        blocks.append(Note(text, "limit"))
    return Section(
        "sobol",
        "All numbers at once",
        tuple(blocks),
        "The variance over all ranges together, split by parameter (Sobol 2001; Saltelli et al. 2010). Where the total is "
        "far above the first order, the parameter matters through the company it keeps.",
    )
