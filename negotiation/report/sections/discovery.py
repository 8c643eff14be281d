"""Where the deal fails: boxes in the space of the parameters, in words."""

from __future__ import annotations

from negotiation.report.document import Block, CellValue, Column, Paragraph, Section, Table, literal
from negotiation.report.figures.breakeven import parameter_title
from negotiation.report.words import listed, percent
from negotiation.studies.discovery import Box
from negotiation.trade.scenario import Scenario


def discovery_section(scenario: Scenario, found: dict[str, tuple[bool, tuple[Box, ...]]], points: int) -> Section:
    """Return the boxes by outcome: (whether they are boxes of failure, the boxes); `points` were looked at."""
    rows: list[tuple[CellValue, ...]] = []
    sentences = []
    for name, (failing, boxes) in found.items():
        label = literal(scenario.call(name).label)
        if boxes:
            sentences.append(sentence(label, failing, boxes[0]))
        for box in boxes:
            verdict = "fails" if failing else "holds"
            rows.append((label, verdict, where(box), box.density, box.coverage, box.mass, box.base))
    columns = (
        Column("after"),
        Column("the deal"),
        Column("where"),
        Column("density", kind="number", digits=2, title="share of the points in the box at which it does"),
        Column("coverage", kind="number", digits=2, title="share of all such points that lie in the box"),
        Column("size", kind="number", digits=2, title="share of all points that lie in the box"),
        Column("everywhere", kind="number", digits=2, title="density without any limits"),
    )
    blocks: list[Block] = [Paragraph(text) for text in sentences]
    if rows:
        blocks.append(Table(columns, tuple(rows), "Boxes", key="failure-boxes"))
    else:
        blocks.append(Paragraph("No box stands out: the verdict is the same everywhere, or depends on no few limits."))
    return Section(
        "discovery",
        "Where the deal fails",
        tuple(blocks),
        f"Boxes found by PRIM (Friedman, Fisher 1999; Bryant, Lempert 2010) among {points:,} points. Where the deal fails "
        "almost everywhere, the boxes say where it holds instead.",
    )


def where(box: Box) -> str:
    """Return a box's limits in words, parameters by their titles; inline text."""
    return listed([literal(limit.sentence(parameter_title(limit.path))) for limit in box.limits]) or "everywhere"


def sentence(label: str, failing: bool, box: Box) -> str:
    """Return what one box says of one outcome."""
    verb = "fails" if failing else "holds"
    return (
        f"After **{label}** the deal {verb} mostly where {where(box)}: there it {verb} in {percent(box.density)} of the "
        f"points (everywhere: {percent(box.base)}), and {percent(box.coverage)} of all such points lie there."
    )
