"""Where the deal fails: boxes in the space of the parameters, in words."""

from __future__ import annotations

from dataclasses import dataclass

from negotiation.report.document import Block, CellValue, Column, Paragraph, Section, Table, literal
from negotiation.report.figures.breakeven import parameter_title
from negotiation.report.words import enumeration, percent
from negotiation.studies.discovery import PrimBox
from negotiation.studies.results import STAGE_NASH
from negotiation.trade.scenario.scenario import Scenario

DEAL = ("the deal holds", "the deal fails")
SIMPLE = ("some simple regime would hold", "no simple regime would hold")


@dataclass(frozen=True)
class Search:
    """What was looked for after one outcome: share of the points where it fails, whether boxes of failure, the boxes.

    boxes: None where the rarer verdict was too rare to look for.
    """

    fails: float
    failing: bool
    boxes: tuple[PrimBox, ...] | None


def discovery_section(scenario: Scenario, found: dict[str, Search], points: int) -> Section:
    """Return what was found by outcome; `points` were looked at."""
    rows: list[tuple[CellValue, ...]] = []
    blocks: list[Block] = []
    for name, search in found.items():
        call = scenario.call(name)
        subject = SIMPLE if call.regime == STAGE_NASH else DEAL
        blocks.append(Paragraph(told(literal(call.label), subject, search)))
        for box in search.boxes or ():
            verdict = subject[1 if search.failing else 0]
            rows.append((literal(call.label), verdict, where(box), box.density, box.coverage, box.mass, box.base))
    columns = (
        Column("after"),
        Column("verdict"),
        Column("where"),
        Column("density", kind="number", digits=2, title="share of the points in the box at which it does"),
        Column("coverage", kind="number", digits=2, title="share of all such points that lie in the box"),
        Column("size", kind="number", digits=2, title="share of all points that lie in the box"),
        Column("everywhere", kind="number", digits=2, title="density without any limits"),
    )
    if rows:
        blocks.append(Table(columns, tuple(rows), "Boxes", key="failure-boxes"))
    return Section(
        "discovery",
        "Where the deal fails",
        tuple(blocks),
        f"Boxes found by PRIM (Friedman, Fisher 1999; Bryant, Lempert 2010) among {points:,} points. Where the deal fails "
        "at more than half of them, the boxes say where it holds instead.",
    )


def where(box: PrimBox) -> str:
    """Return a box's limits in words, parameters by their titles; inline text."""
    return enumeration([literal(limit.sentence(parameter_title(limit.path))) for limit in box.limits]) or "everywhere"


def told(label: str, subject: tuple[str, str], search: Search) -> str:
    """Return what was found after one outcome; subject: the verdict in words, where it holds and where it fails."""
    rarer, other = subject if not search.failing else subject[::-1]
    share = search.fails if search.failing else 1 - search.fails
    if search.boxes:
        box = search.boxes[0]
        return (
            f"After **{label}**, {rarer} mostly where {where(box)}: so it is at {percent(box.density)} of the points there "
            f"(everywhere: {percent(box.base)}), and {percent(box.coverage)} of all such points lie there."
        )
    if not share:
        return f"After **{label}**, {other} at every point."
    if search.boxes is None:
        return f"After **{label}**, {rarer} at {percent(share)} of the points: too few to look for limits around them."
    return f"After **{label}**, {rarer} at {percent(share)} of the points, but no few limits set them apart."
