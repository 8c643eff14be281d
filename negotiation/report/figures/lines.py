"""A line chart for experiments: several series over one parameter, told apart by colour, mark and line style."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.axes import SMALL, Axes, Canvas, shorten
from negotiation.report.render import svg
from negotiation.report.render.palette import GREY, MUTED, Look, series
from negotiation.report.words import number

HEIGHT, ROW = 360.0, 20.0  # pixels without the key, and of each row of the key
NAME = 180.0  # pixels of a name in the key, which has two columns


@dataclass(frozen=True)
class Line:
    """One series: a value for each x, None where there is none (the line breaks there)."""

    name: str
    values: tuple[float | None, ...]


def line_chart(
    key: str,
    xs: Sequence[float],
    lines: Sequence[Line],
    *,
    x_title: str,
    y_title: str,
    caption: str,
    marks: Sequence[tuple[float, str]] = (),
) -> Figure:
    """Return a line chart; `marks` are x values of note with their words, drawn as dotted lines."""

    def draw(canvas: Canvas) -> None:
        axes = canvas.subplots()
        axes.set_title(y_title, fontsize=12, fontweight="normal", color=MUTED, pad=24 if marks else 8)
        axes.set_xlabel(x_title)
        for place, words in marks:
            axes.axvline(place, color=GREY, linewidth=1.2, linestyle=":")
            look: Look = {"ha": "right" if place > (xs[0] + xs[-1]) / 2 else "left", "fontsize": SMALL, "color": MUTED}
            axes.text(place, 1.02, words, transform=axes.get_xaxis_transform(), in_layout=False, **look)
        for index, line in enumerate(lines):
            _draw(axes, xs, line, index)
        canvas.legend(loc="outside lower left", ncols=2)

    return svg.figure(
        key,
        draw,
        alt=_alt(xs, lines, x_title, y_title),
        caption=caption,
        data=_table(xs, lines, x_title, y_title),
        height=HEIGHT + ROW * -(-len(lines) // 2),
    )


def _draw(axes: Axes, xs: Sequence[float], line: Line, index: int) -> None:
    """Draw one series, broken where it has no value, with a mark at both ends of every piece."""
    look = series(index)
    values = np.array([np.nan if value is None else value for value in line.values])
    there = np.pad(np.isfinite(values), 1)
    ends = there[1:-1] & ~(there[:-2] & there[2:])
    words = line.name if ends.any() else f"{line.name} (never)"
    axes.plot(xs, values, marker=look.marker, markevery=ends, label=shorten(words, NAME), **look.stroke)


def _alt(xs: Sequence[float], lines: Sequence[Line], x_title: str, y_title: str) -> str:
    parts = []
    for line in lines:
        points = [(x, value) for x, value in zip(xs, line.values, strict=True) if value is not None]
        if points:
            (x0, first), (x1, last) = points[0], points[-1]
            parts.append(f"{line.name} from {number(first)} at {x0:g} to {number(last)} at {x1:g}")
        else:
            parts.append(f"{line.name} has no value anywhere")
    return f"Line chart of {y_title} against {x_title}: {'; '.join(parts)}."


def _table(xs: Sequence[float], lines: Sequence[Line], x_title: str, y_title: str) -> Table:
    columns = (Column(literal(x_title), kind="number"), *(Column(literal(line.name), kind="number") for line in lines))
    rows: list[tuple[CellValue, ...]] = [(float(x), *(line.values[i] for line in lines)) for i, x in enumerate(xs)]
    return Table(columns, tuple(rows), literal(y_title))
