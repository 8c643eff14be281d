"""Where each outcome's gain comes from: signed, stacked bars of selection, primitives and what was computed."""

from negotiation.calls.outcomes.comparison import Comparison
from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.axes import Canvas, beside, lanes, legend, marker, rules, shorten, signed
from negotiation.report.render import svg
from negotiation.report.render.palette import GREY, INK, PAPER, series
from negotiation.report.words import enumeration

PARTS = (
    ("selection", "which regime is agreed on"),
    ("primitives", "what the call changes"),
    ("computed", "length or payment chosen anew"),
)
ROW, FRAME = 46.0, 116.0  # pixels of an outcome, and of the key and the axis


def decomposition_bars(comparison: Comparison) -> Figure:
    """Return each outcome's joint gain over the reference, split into assumed selection, primitives, and computed."""
    rows = comparison.calls
    gains = [[sum(getattr(row.decomposition, part)) for part, _ in PARTS] for row in rows]

    def draw(canvas: Canvas) -> None:
        axes = canvas.subplots()
        for y, (row, parts) in enumerate(zip(rows, gains, strict=True)):
            reached = {False: 0.0, True: 0.0}  # the end of the bars so far to the left, to the right
            for index, value in enumerate(parts):
                axes.barh(y, value, 0.35, reached[value > 0], **series(index).fill)
                reached[value > 0] += value
            axes.plot(sum(parts), y, zorder=3, clip_on=False, **marker("D", INK, edge=PAPER))
            beside(axes, 0.0, y - 0.42, shorten(row.outcome.call.label, 400, 12.5, bold=True), fontweight="bold")
            axes.text(1.02, y, signed(sum(parts)), transform=axes.get_yaxis_transform(), va="center", fontweight="bold")
        lanes(axes, [""] * len(rows))
        rules([axes], [y - 0.66 for y in range(len(rows))])
        axes.axvline(0, color=GREY, linewidth=1.0)
        reference = shorten(comparison.scenario.calls[0].label, 130)
        axes.set_xlabel(f"joint gain over {reference}, {shorten(comparison.scenario.unit, 150)}")
        fills = [(f"{part}: {words}", series(index).fill) for index, (part, words) in enumerate(PARTS)]
        legend(canvas, [*fills, ("total", marker("D", INK))], 1)

    return svg.figure(
        "decomposition",
        draw,
        alt=_alt(comparison, gains),
        caption=_caption(comparison, gains),
        data=_table(comparison, gains),
        height=ROW * len(rows) + FRAME,
    )


def _alt(comparison: Comparison, gains: list[list[float]]) -> str:
    parts = []
    for row, values in zip(comparison.calls, gains, strict=True):
        split = enumeration([f"{name} {signed(value, 3)}" for (name, _), value in zip(PARTS, values, strict=True)])
        parts.append(f"{row.outcome.call.label}: {signed(sum(values), 3)} ({split})")
    return f"Joint gain over {comparison.scenario.calls[0].label} in {comparison.scenario.unit}. {'; '.join(parts)}."


def _caption(comparison: Comparison, gains: list[list[float]]) -> str:
    reference = literal(comparison.scenario.calls[0].label)
    text = (
        f"Joint gain over **{reference}**. Plain and slanted bars are assumed: the regime that is agreed on, and what "
        "the call does to the numbers. Only the back-slanted part is computed. Bars to the left are losses; the "
        "diamond is the sum."
    )
    totals = [sum(values) for values in gains]
    if totals:
        best = max(range(len(totals)), key=lambda index: totals[index])
        name = literal(comparison.calls[best].outcome.call.label)
        text += f" The largest gain is that of **{name}**." if totals[best] > 0 else " No outcome gains."
    return text


def _table(comparison: Comparison, gains: list[list[float]]) -> Table:
    unit = literal(comparison.scenario.unit)
    columns = (
        Column("outcome"),
        *(Column(name, unit, "number", 3, True, title=words) for name, words in PARTS),
        Column("total", unit, "number", 3, True),
    )
    rows: tuple[tuple[CellValue, ...], ...] = tuple(
        (literal(row.outcome.call.label), *parts, sum(row.decomposition.total))
        for row, parts in zip(comparison.calls, gains, strict=True)
    )
    return Table(columns, rows, f"Joint gain over {literal(comparison.scenario.calls[0].label)}, split")
