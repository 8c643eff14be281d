"""A heat map for experiments: a number for each pair of choices, written into its cell; hatched where nothing holds."""

from collections.abc import Sequence

from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.axes import Axes, Canvas, shorten
from negotiation.report.render import svg
from negotiation.report.render.palette import GREY, INK, MUTED, WASH, Look, ink_on, step
from negotiation.report.words import number

HEAD, TALL = 98.0, 26.0  # pixels of the words above, and of a row
HATCHED: Look = {"facecolor": WASH, "edgecolor": GREY, "hatch": "///"}
MOST_NUMBERS = 6  # columns whose cells are wide enough for a number


def heat_map(
    key: str,
    xs: Sequence[str],
    ys: Sequence[str],
    values: Sequence[Sequence[float | None]],
    *,
    x_title: str,
    y_title: str,
    value_title: str,
    caption: str,
    best: tuple[int, int] | None = None,
    digits: int = 3,
) -> Figure:
    """Return a heat map: `values[row][column]` with names `ys` and `xs`, None where there is no value.

    A stronger colour is higher. `best` is the (row, column) that is framed.
    """
    numbers = [value for row in values for value in row if value is not None]
    low = min(numbers, default=0.0)
    reach = max(numbers, default=0.0) - low

    def draw(canvas: Canvas) -> None:
        axes = canvas.subplots()
        # deep on a light page is bright on a dark one, so "stronger" and not "darker"
        canvas.suptitle(
            f"{value_title}: a stronger colour is higher;\nhatched: does not hold",
            x=0, ha="left", fontsize=12, color=MUTED,
        )  # fmt: skip
        axes.set_xlabel(x_title)
        axes.set_title(y_title, x=-0.02, ha="right", fontsize=12, fontweight="normal")
        cells = {
            (row, column): HATCHED if value is None else {"facecolor": step((value - low) / reach if reach else 1.0)}
            for row, line in enumerate(values)
            for column, value in enumerate(line)
        }
        if best is not None:
            cells[best] = cells[best] | {"edgecolor": INK, "linewidth": 2.2, "zorder": 2}
        numbered = len(xs) <= MOST_NUMBERS
        words = {place: number(values[place[0]][place[1]], digits) for place, look in cells.items() if look != HATCHED}
        draw_cells(axes, cells, words if numbered else {}, xs, [shorten(name, 112, 12) for name in ys])

    return svg.figure(
        key,
        draw,
        alt=_alt(xs, ys, values, value_title, best),
        caption=caption,
        data=_table(xs, ys, values, y_title),
        height=HEAD + TALL * len(ys),
    )


Cell = tuple[int, int]  # row from above, column


def draw_cells(
    axes: Axes, looks: dict[Cell, Look], words: dict[Cell, str], xs: Sequence[str], ys: Sequence[str]
) -> None:
    """Draw a table of coloured cells with names `xs` above and `ys` to the left."""
    from matplotlib.patches import Rectangle

    for place, look in looks.items():
        axes.add_patch(Rectangle((place[1] - 0.49, place[0] - 0.46), 0.98, 0.92, **look))
        if place in words:
            ink = ink_on(look["facecolor"])
            axes.text(place[1], place[0], words[place], ha="center", va="center", fontsize=12, color=ink)
    axes.set(xlim=(-0.5, len(xs) - 0.5), ylim=(len(ys) - 0.5, -0.5))
    axes.set_xticks(range(len(xs)), labels=xs)
    axes.set_yticks(range(len(ys)), labels=ys)
    axes.tick_params(axis="x", top=True, labeltop=True, bottom=False, labelbottom=False)
    axes.xaxis.set_label_position("top")
    axes.grid(False)


def _alt(
    xs: Sequence[str],
    ys: Sequence[str],
    values: Sequence[Sequence[float | None]],
    title: str,
    best: tuple[int, int] | None,
) -> str:
    holding = sum(value is not None for row in values for value in row)
    text = f"Heat map of {title} for {len(ys)} by {len(xs)} choices"
    text += "." if holding == len(xs) * len(ys) else f"; {holding} of them hold, the others have no value."
    if best is not None:
        top = values[best[0]][best[1]]
        text += f" The best is {ys[best[0]]} with {xs[best[1]]}: {number(top)}."
    return text


def _table(xs: Sequence[str], ys: Sequence[str], values: Sequence[Sequence[float | None]], corner: str) -> Table:
    columns = (Column(literal(corner)), *(Column(literal(name), kind="number", digits=4) for name in xs))
    rows: list[tuple[CellValue, ...]] = [(literal(name), *line) for name, line in zip(ys, values, strict=True)]
    return Table(columns, tuple(rows), "Values by choice")
