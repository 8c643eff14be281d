"""Ripples: the economic value a month to every party, those who only watch included, by call outcome."""

from negotiation.calls.outcomes.comparison import Comparison
from negotiation.errors import InputError
from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.axes import Canvas, lanes, next_to, panels, rules, shorten, signed, wrap
from negotiation.report.render import svg
from negotiation.report.render.palette import GREY, MUTED, series
from negotiation.report.words import enumeration, title

LANE, HEAD, FOOT = 32.0, 34.0, 24.0  # pixels of an outcome, of the parties' names, and of the unit
COLUMNS = 4  # panels beside each other
NAME = 92.0  # pixels of the name of an outcome


def ripples(comparison: Comparison) -> Figure:
    """Return the economic value of each outcome to each party; raises `InputError` without economics."""
    game = comparison.calls[0].outcome.game
    if not game.has_economics:
        raise InputError.single(comparison.scenario.name, "ripples", "payoffs given directly have no economic values")
    parties = game.parties
    names = ["\n".join(wrap(row.outcome.call.label, NAME, 12, 2)) for row in comparison.calls]

    def draw(canvas: Canvas) -> None:
        for index, axes in enumerate(panels(canvas, len(parties), COLUMNS)):
            # each party on its own scale, each number on the free side of its bar
            values = [float(row.outcome.economic[index]) for row in comparison.calls]
            axes.barh(range(len(values)), values, 0.36, **series(index).fill)
            digits = 2 if max(map(abs, values)) >= 0.1 else 3
            for y, value in enumerate(values):
                next_to(axes, max(value, 0.0), y, signed(value, digits), 4)
            lanes(axes, [""] * len(values))
            axes.set_yticks(range(len(values)), labels=[""] * len(values) if index % COLUMNS else names)
            axes.axvline(0, color=GREY, linewidth=1.0)
            rules([axes], [y - 0.5 for y in range(len(values))])
            axes.set_xticks([])
            low, high = min(0.0, *values), max(0.0, *values)
            axes.set_xlim(low, high + 0.9 * max(high - low, 1e-12))
            axes.set_title(shorten(title(parties[index]), 80, 13, bold=True))
        words = f"{comparison.scenario.unit}, each party on its own scale"
        canvas.supxlabel(shorten(words, 440), x=0, ha="left", fontsize=12, color=MUTED)

    return svg.figure(
        "ripples",
        draw,
        alt=_alt(comparison, parties),
        caption=_caption(comparison, parties),
        data=_table(comparison, parties),
        height=(HEAD + LANE * len(comparison.calls)) * -(-len(parties) // COLUMNS) + FOOT,
    )


def _alt(comparison: Comparison, parties: tuple[str, ...]) -> str:
    parts = []
    for row in comparison.calls:
        worth = enumeration(
            [f"{title(name)} {signed(float(row.outcome.economic[index]), 3)}" for index, name in enumerate(parties)]
        )
        parts.append(f"{row.outcome.call.label}: {worth}")
    return f"Economic value per month by call outcome and party, in {comparison.scenario.unit}. {'; '.join(parts)}."


def _caption(comparison: Comparison, parties: tuple[str, ...]) -> str:
    text = (
        "Economic value a month on the path of the selected regime, all parties discounted alike while the deal lives, "
        "without political weights and without money paid between the two players."
    )
    winners = [
        f"{literal(title(name))} after {literal(row.outcome.call.label)}"
        for index, name in enumerate(parties)
        for row in comparison.calls
        if float(row.outcome.economic[index]) > 1e-9
    ]
    return text + (
        f" Better off than under a deal kept by all: {enumeration(winners)}." if winners else " Nobody gains."
    )


def _table(comparison: Comparison, parties: tuple[str, ...]) -> Table:
    unit = literal(comparison.scenario.unit)
    columns = (Column("outcome"), *(Column(literal(title(name)), unit, "number", 3, True) for name in parties))
    rows: tuple[tuple[CellValue, ...], ...] = tuple(
        (literal(row.outcome.call.label), *(float(value) for value in row.outcome.economic)) for row in comparison.calls
    )
    return Table(columns, rows, "Economic value per month by outcome and party")
