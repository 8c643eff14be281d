"""A report with one of everything, and a scenario author who puts HTML and control characters into names."""

import math

import pytest

from negotiation.report.document import (
    Badge,
    Bullets,
    Cell,
    Clause,
    Column,
    Details,
    Figure,
    Grid,
    Heading,
    Note,
    Paragraph,
    Report,
    Section,
    Table,
    literal,
)

EVIL = '<script>alert("x")</script> *a* [b](javascript:alert(1)) ../../etc\x07\u202e'
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 440 300" role="img"><title>t</title></svg>'


def build(name: str = EVIL) -> Report:
    data = Table((Column("month", "months", "number"), Column("low", "%", "number", 1)), ((0, 70.0), (1, 69.5)), "Data")
    table = Table(
        (
            Column("Call outcome"),
            Column("least δ", "", "number", 3, group="Reversion", title="smallest discount factor"),
            Column("holds", "", "mark", group="Reversion"),
            Column("value", "$bn", "number", 2, signed=True),
        ),
        (
            (literal(name), 0.9126, False, -0.314),
            ("clarification", Cell(0.25, mark="best", bold=True), True, Cell(12345.0, judgement=True, title="judged")),
            ("none", None, None, math.inf),
        ),
        "Least patience | by outcome",
        key="outcomes",
        notes=("*Italic* numbers are judgement.",),
    )
    every = (
        Paragraph("A **call** changes `a|b`, see [outcomes](#outcomes) and [a source](https://example.org/a)."),
        Heading("Where it comes from"),
        Heading("Where it comes from"),
        Note("Careful.", "warning"),
        Bullets(("one", "two")),
        Clause("Trigger", (("Window", "one month"),), "If shipments fall, tariffs return."),
        table,
        Details("More", (Figure("inner", SVG, "inner words", "Inner caption.", data),)),
        Grid((Figure("left", SVG, "left words", "Left.", data), Figure("right", SVG, "right words", "Right.", data))),
    )
    return Report(
        title=name,
        question="Does it hold?",
        subtitle="A **stylised** deal",
        answer=("It holds.", "It costs 2.", "Half is judgement."),
        picture=Figure("answer-picture", SVG, "bars <b>", "Caption.", data),
        flip="Leverage above 0.84.",
        badges=(Badge("digest", "9c41e2"), Badge("judgement", "3 of 9", "warning", "numbers marked as judged")),
        sections=(Section("calls", "What each call changes", every, "An intro."), Section("limits", "Limits", ())),
        provenance=(("Command", "`negotiation run`"),),
    )


@pytest.fixture
def report() -> Report:
    return build()
