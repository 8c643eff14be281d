"""In how much of the uncertain world each conclusion stands, and where in it the deal fails: boxes, in words."""

from negotiation._values import Value
from negotiation.report.document import Block, Note, Paragraph, Section, literal
from negotiation.report.figures.breakeven import parameter_title
from negotiation.report.figures.study_bars import share_bars
from negotiation.report.tables import numbers, table
from negotiation.report.words import count_text, enumeration, percent
from negotiation.studies.discovery import PrimBox
from negotiation.studies.results import Conclusion
from negotiation.trade.scenario.call_outcome import STAGE_NASH
from negotiation.trade.scenario.scenario import Scenario

FIRM, SHAKY = 0.9, 0.6  # shares of the points from which a conclusion is called firm, and below which unsure
# what is said where it holds, and where it fails
DEAL_VERDICTS = ("the deal holds", "the deal fails")
SIMPLE = ("some simple regime would hold", "no simple regime would hold")


def robustness_section(items: tuple[Conclusion, ...], points: int, refused: int) -> Section:
    """Return the shares of all conclusions; `points` were computed, `refused` could not be."""
    shares = bool(points and items)
    blocks: list[Block] = [share_bars("conclusion-shares", items, points) if shares else Note(_nothing(points))]
    if refused:
        count = count_text(refused, "further point" if points else "point")
        text = f"{count} could not be computed for some outcome, which counts nowhere. The column `reason` of the table says why: a rule of the model may be broken, as by an elasticity beyond which no preferred tariff exists."
        blocks.append(Note(text))
    return Section(
        "robustness",
        "In how much of the uncertain world does it stand?",
        tuple(blocks),
        "A conclusion counts only if it survives what is not known. Shares are of the points of this study, each weighing "
        "the same: they are as good as the ranges, and no forecast.",
    )


def firmness(items: tuple[Conclusion, ...]) -> str:
    """Return one sentence on which conclusions are firm and which are not, inline text."""
    points = len(items[0].stands) if items else 1
    if not items or not points:
        return _nothing(points)
    firm = sum(conclusion.share >= FIRM for conclusion in items)
    shaky = [
        f"“{conclusion.sentence}” ({percent(conclusion.share)})" for conclusion in items if conclusion.share < SHAKY
    ]
    verb = "stand" if len(items) > 1 else "stands"
    text = f"{firm} of {count_text(len(items), 'conclusion')} {verb} in at least {percent(FIRM)} of the points"
    return f"{text}; least sure: {enumeration(shaky[:3])}." if shaky else f"{text}."


def _nothing(points: int) -> str:
    if not points:
        return "No point could be computed for every outcome, so nothing is concluded."
    return "The model refuses the base case after every outcome, so there is no conclusion to judge."


class Search(Value):
    """What was looked for after one outcome: share of the points where it fails, whether boxes of failure, the boxes.

    boxes: None where the rarer verdict was too rare to look for.
    """

    fails: float
    failing: bool
    boxes: tuple[PrimBox, ...] | None


def discovery_section(scenario: Scenario, searches: dict[str, Search], points: int) -> Section:
    """Return where the deal fails by outcome; `points` were looked at."""
    rows = []
    blocks: list[Block] = []
    for name, search in searches.items():
        call = scenario.call(name)
        subject = SIMPLE if call.regime == STAGE_NASH else DEAL_VERDICTS
        blocks.append(Paragraph(_sentence(literal(call.label), subject, search)))
        for box in search.boxes or ():
            shares = (box.density, box.coverage, box.mass, box.base)
            rows.append((literal(call.label), subject[search.failing], _limits(box), *shares))
    columns = (
        *("after", "verdict", "where"),
        *numbers(2, "density", title="share of the points in the box at which it does"),
        *numbers(2, "coverage", title="share of all such points that lie in the box"),
        *numbers(2, "size", title="share of all points that lie in the box"),
        *numbers(2, "everywhere", title="density without any limits"),
    )
    return Section(
        "discovery",
        "Where the deal fails",
        (*blocks, table("Boxes", "failure-boxes", columns, rows)),
        f"Boxes found by PRIM (Friedman, Fisher 1999; Bryant, Lempert 2010) among {points:,} points. Where the deal fails "
        "at more than half of them, the boxes say where it holds instead.",
    )


def _limits(box: PrimBox) -> str:
    return enumeration([literal(limit.sentence(parameter_title(limit.path))) for limit in box.limits]) or "everywhere"


def _sentence(label: str, subject: tuple[str, str], search: Search) -> str:
    other, rarer = subject if search.failing else subject[::-1]
    share = search.fails if search.failing else 1 - search.fails
    if search.boxes:
        box = search.boxes[0]
        return (
            f"After **{label}**, {rarer} mostly where {_limits(box)}: so it is at {percent(box.density)} of the points there "
            f"(everywhere: {percent(box.base)}), and {percent(box.coverage)} of all such points lie there."
        )
    if not share:
        return f"After **{label}**, {other} at every point."
    why = "too few to look for limits around them" if search.boxes is None else "but no few limits set them apart"
    return f"After **{label}**, {rarer} at {percent(share)} of the points{':' if search.boxes is None else ','} {why}."
