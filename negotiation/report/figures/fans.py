"""Fan charts: the selected regime month by month while both sides comply, as bands over simulated paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negotiation.calls.outcomes.outcome import Outcome
from negotiation.calls.outcomes.simulated_paths import QUANTILES, Fan
from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.board import Board, sheet
from negotiation.report.figures.frame import Frame, Framed, OpenFrame, labels, padded, ticks
from negotiation.report.figures.typeset import shortened, width
from negotiation.report.render.palette import ACCENT, BLUE, MUTED
from negotiation.report.words import number, percent, significant, title

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS, LEFT, GAP, EDGE = 2, 40.0, 50.0, 8.0
PANEL, TITLE, FOOT, TOP = 104.0, 46.0, 26.0, 24.0
WIDE, NARROW = 0.22, 0.38
SHARES = ("share of normal", "ad valorem")


def fan_charts(key: str, outcome: Outcome, fans: tuple[Fan, ...]) -> Figure:
    """Return the fan charts of one outcome, a small panel for each series."""
    rows = -(-len(fans) // COLUMNS)

    def paint(board: Board) -> None:
        _legend(board)
        for index, fan in enumerate(fans):
            _panel(board, index, fan, last=index >= len(fans) - COLUMNS)

    return sheet(
        key,
        paint,
        alt=_alt(outcome, fans),
        caption=_caption(outcome, fans),
        data=_table(outcome, fans),
        height=TOP + rows * (PANEL + TITLE + FOOT) + 18,
    )


def series_title(fan: Fan) -> str:
    """Return a series' name as a heading: "Cumulative value: US" for "cumulative value: us"."""
    head, colon, party = fan.name.partition(": ")
    return head[:1].upper() + head[1:] + (f": {title(party)}" if colon else "")


def written(fan: Fan, value: float) -> str:
    """Return a value of a series as text: shares as percentages."""
    return percent(value) if fan.unit in SHARES else significant(value, 3)


def _end(fan: Fan, band: int) -> str:
    """Return where a quantile ends, with its unit."""
    words = written(fan, float(fan.bands[band, -1]))
    return words if fan.unit in SHARES else f"{words} {fan.unit}"


def _legend(board: Board) -> None:
    x = 0.0
    for shade, words in ((WIDE, "9 of 10 paths"), (NARROW + WIDE, "half of the paths"), (1.0, "median")):
        if shade < 1:
            board.box(x, 6, 20, 11, BLUE, alpha=shade)
        else:
            board.line([(x, 11.5), (x + 20, 11.5)], ACCENT, 2.2)
        board.text(x + 26, 12, words, size=12)
        x += 44 + width(words, 12)


def _panel(board: Board, index: int, fan: Fan, last: bool) -> None:
    row, column = divmod(index, COLUMNS)
    wide = (board.width - LEFT - GAP - EDGE) / COLUMNS
    left, top = LEFT + column * (wide + GAP), TOP + row * (PANEL + TITLE + FOOT)
    frame = Frame(board, left, top + TITLE, wide, PANEL, (1.0, max(fan.bands.shape[1], 2)), _range(fan))
    board.text(left - 32, top + 14, shortened(series_title(fan), wide + 36, 12.5, True), size=12.5, bold=True)
    end = shortened(f"median {_end(fan, 2)} at the end", wide + 36, 12)
    board.text(left - 32, top + 30, end, size=12, colour=MUTED)
    _draw(frame, fan, "month" if last else "")


def _draw(frame: Framed, fan: Fan, below: str) -> None:
    """Draw the axes, the bands and the median of one series."""
    months = _every_month(fan)
    marks = ticks(*frame.ys, 3)
    frame.y_axis(marks, names=[percent(mark) for mark in marks] if fan.unit in SHARES else ())
    places = _months(len(months))
    frame.x_axis(places, below, grid=False, names=labels(places))
    bands = [list(zip(months, band, strict=True)) for band in fan.bands.tolist()]
    for low, high, shade in ((0, 4, WIDE), (1, 3, NARROW)):
        frame.plane.area([*bands[low], *reversed(bands[high])], BLUE, alpha=shade)
    frame.plane.line(bands[2], ACCENT, 2.0)


def plot_fan(fan: Fan, axes: Axes) -> None:
    """Draw one series on axes: bands for half and for nine in ten of the paths, and the median."""
    _draw(OpenFrame(axes, (1.0, max(fan.bands.shape[1], 2)), _range(fan)), fan, "month")
    unit = "" if fan.unit in SHARES else f", {fan.unit}"
    axes.set_title(f"{series_title(fan)}{unit}: half of the paths, 9 of 10, median {_end(fan, 2)} at the end")


def _every_month(fan: Fan) -> list[float]:
    return [float(month) for month in range(1, fan.bands.shape[1] + 1)]


def _range(fan: Fan) -> tuple[float, float]:
    low, high = padded(fan.bands.ravel().tolist(), 0.05)
    if fan.unit == "share of normal" or fan.name.startswith(("months", "cumulative")):
        low, high = min(low, 0.0), max(high, 0.0)
    if fan.name.startswith("months"):
        low, high = 0.0, max(high, 1.0)
    if fan.unit in SHARES and high - low < 0.05:
        low, high = low - 0.03, high + 0.03
    return low, high


def _months(count: int) -> list[float]:
    step = 12 if count > 18 else 6 if count > 8 else 2
    return [1.0, *(float(month) for month in range(step, count + 1, step))]


def _alt(outcome: Outcome, fans: tuple[Fan, ...]) -> str:
    parts = [
        f"{series_title(fan)} ends at a median of {_end(fan, 2)} (9 of 10 paths: {_end(fan, 0)} to {_end(fan, 4)})"
        for fan in fans
    ]
    months = fans[0].bands.shape[1] if fans else 0
    return f"{len(fans)} fan charts over {months} months after {outcome.call.label}. {'; '.join(parts)}."


def _caption(outcome: Outcome, fans: tuple[Fan, ...]) -> str:
    regime = outcome.selected
    text = f"After **{literal(outcome.call.label)}**, under {literal(regime.label)}, while both sides comply."
    punished = next((fan for fan in fans if fan.name == "months punished"), None)
    if punished is not None:
        months = punished.bands.shape[1]
        median = number(float(punished.bands[2, -1]), 0)
        verb = "paid for" if regime.key == "compensation" else "spent in punishment"
        text += f" Of {months} months a median of {median} is {verb}."
    return text


def _table(outcome: Outcome, fans: tuple[Fan, ...]) -> Table:
    columns = (
        Column("series"),
        Column("unit"),
        Column("month", kind="number", digits=0),
        *(Column(percent(share), kind="number", group="quantile") for share in QUANTILES),
        Column("mean", kind="number"),
    )
    rows: list[tuple[CellValue, ...]] = []
    for fan in fans:
        count = fan.bands.shape[1]
        for month in sorted({1, *range(6, count + 1, 6), count}):
            bands = [float(value) for value in fan.bands[:, month - 1]]
            rows.append((literal(series_title(fan)), literal(fan.unit), month, *bands, float(fan.mean[month - 1])))
    return Table(columns, tuple(rows), f"Simulated paths after {literal(outcome.call.label)}")
