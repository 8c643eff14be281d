"""In how much of the uncertain world each conclusion of the base case stands."""

from __future__ import annotations

from negotiation.errors import count_text
from negotiation.report.document import Block, Note, Section
from negotiation.report.figures.study_bars import share_bars
from negotiation.report.words import enumeration, percent
from negotiation.studies.conclusions import Conclusion

FIRM, SHAKY = 0.9, 0.6


def robustness_section(items: tuple[Conclusion, ...], points: int, refused: int) -> Section:
    """Return the shares of all conclusions; `points` were computed, `refused` could not be."""
    blocks: list[Block] = (
        [share_bars("conclusion-shares", items, points)] if points and items else [Note(_nothing(points))]
    )
    if refused:
        text = f"{count_text(refused, 'further point')} could not be computed for some outcome, which counts nowhere. The column `reason` of the table says why: a rule of the model may be broken, as by an elasticity beyond which no preferred tariff exists."
        blocks.append(Note(text.replace("further ", "" if not points else "further ")))
    return Section(
        "robustness",
        "In how much of the uncertain world does it stand?",
        tuple(blocks),
        "A conclusion counts only if it survives what is not known. Shares are of the points of this study, each weighing "
        "the same: they are as good as the ranges, and no forecast.",
    )


def firmness(items: tuple[Conclusion, ...]) -> str:
    """Return one sentence on which conclusions are firm and which are not, inline text."""
    if not items or not len(items[0].stands):
        return _nothing(len(items[0].stands) if items else 1)
    firm = [item for item in items if item.share >= FIRM]
    shaky = [item for item in items if item.share < SHAKY]
    parts = [
        f"{len(firm)} of {count_text(len(items), 'conclusion')} stand{'' if len(items) > 1 else 's'} in at least {percent(FIRM)} of the points"
    ]
    if shaky:
        named = enumeration([f"“{item.sentence}” ({percent(item.share)})" for item in shaky[:3]])
        parts.append(f"least sure: {named}")
    return "; ".join(parts) + "."


def _nothing(points: int) -> str:
    if not points:
        return "No point could be computed for every outcome, so nothing is concluded."
    return "The model refuses the base case after every outcome, so there is no conclusion to judge."
