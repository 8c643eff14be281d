"""The backtest's tables and its calibration picture: rolling origin, four baselines, paired differences."""

from __future__ import annotations

import math

import numpy as np

from negotiation.evidence.data.months import month_text
from negotiation.evidence.forecasts.backtest import INDISTINCT, LEVELS, MODEL, Backtest
from negotiation.report.document import Block, CellValue, Column, Figure, Note, Paragraph, Section, Table, literal
from negotiation.report.figures.lines import Line, line_chart
from negotiation.report.words import percent

RETROSPECTIVE = (
    "Retrospective: every forecast uses only what was published at its origin, but the model was designed after 2025."
)


def backtest_section(found: Backtest) -> Section:
    """Return one horizon: differences with verdicts, coverage, every origin."""
    months = "month" if found.ahead == 1 else "months"
    text = (
        f"**{len(found.rows)} origins.** The 50 % intervals held {percent(found.covered[0])} of the figures, the 80 % intervals "
        f"{percent(found.covered[1])}. {verdict(found)}"
    )
    blocks: list[Block] = [
        Note(RETROSPECTIVE, "limit"),
        Paragraph(text),
        _differences(found),
        _means(found),
        _rows(found),
    ]
    title = f"{found.ahead} {months} ahead"
    return Section(f"ahead-{found.ahead}", title, tuple(blocks))


def verdict(found: Backtest) -> str:
    """Return the verdict in words: not distinguishable unless the intervals say otherwise, collapse months included or not."""
    better = [
        item.baseline for item in found.differences if item.verdict == "model better" and item.measure == "log score"
    ]
    calm = [item for item in found.without_collapse if item.measure == "log score"]
    still = [item.baseline for item in calm if item.verdict == "model better"]
    every = len({item.baseline for item in found.differences})
    first = (
        f"By log score the model is better than {len(better)} of {every} baselines"
        if better
        else f"By log score {INDISTINCT}"
    )
    second = f"better than {len(still)}" if still else INDISTINCT
    return f"{first}; without the two collapse months of April and May 2025, {second}."


def calibration_picture(found: tuple[Backtest, ...]) -> Figure:
    """Return how often figures fell below each forecast probability, against what was stated."""
    levels = list(LEVELS)
    lines = [Line("perfect", LEVELS)]
    lines += [Line(f"{item.ahead} ahead, {len(item.rows)} months", item.calibration()) for item in found]
    return line_chart(
        "calibration",
        levels,
        lines,
        x_title="forecast probability of less",
        y_title="share of months that came in below it",
        caption="Calibration of the model's forecasts: on the diagonal they are as sure as they should be.",
    )


def _differences(found: Backtest) -> Table:
    columns = (
        Column("baseline"),
        Column("measure"),
        Column("advantage", kind="number", digits=2, signed=True),
        Column("95 % block interval"),
        Column("verdict"),
        Column("advantage", kind="number", digits=2, signed=True, group="without April and May 2025"),
        Column("verdict", group="without April and May 2025"),
    )
    rows: list[tuple[CellValue, ...]] = [
        (
            literal(item.baseline),
            item.measure,
            item.mean,
            _interval(item.low, item.high),
            item.verdict,
            calm.mean,
            calm.verdict,
        )
        for item, calm in zip(found.differences, found.without_collapse, strict=True)
    ]
    note = "Positive: the model is better. Log score per unit of log tonnes; CRPS in tonnes."
    return Table(
        columns, tuple(rows), "Against the baselines", key=f"differences-{found.ahead}", sortable=False, notes=(note,)
    )


def _interval(low: float, high: float) -> str:
    return f"{low:.2f} to {high:.2f}" if math.isfinite(low) else "too few months"


def _means(found: Backtest) -> Table:
    columns = (
        Column("forecast"),
        Column("mean log score", kind="number", digits=2),
        Column("mean CRPS", "t", kind="number", digits=0),
    )
    names = [item.name for item in found.rows[0].scores] if found.rows else [MODEL]
    rows: list[tuple[CellValue, ...]] = [
        (
            literal(name),
            float(np.mean([row.scores[i].log_score for row in found.rows])),
            float(np.mean([row.scores[i].crps for row in found.rows])),
        )
        for i, name in enumerate(names)
        if found.rows
    ]
    return Table(columns, tuple(rows), "Mean scores", key=f"means-{found.ahead}")


def _rows(found: Backtest) -> Table:
    columns = (
        Column("month"),
        Column("origin"),
        Column("came", "t", kind="number", digits=0),
        Column("median", "t", kind="number", digits=0),
        Column("80 % interval"),
        Column("share below", kind="number", digits=2),
        *(Column(literal(score.name), kind="number", digits=2, group="log score") for score in found.rows[0].scores),
    )
    rows: list[tuple[CellValue, ...]] = [
        (month_text(row.month), row.as_of, row.actual, row.median, f"{row.eighty[0]:.0f} to {row.eighty[1]:.0f}", row.share,
         *(score.log_score for score in row.scores))
        for row in found.rows
    ]  # fmt: skip
    return Table(columns, tuple(rows), "Every origin", key=f"origins-{found.ahead}")
