"""A map of two instruments: where the deal cannot hold at all, where some equilibrium has it, where a package does."""

from collections.abc import Sequence

from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.axes import Canvas, legend
from negotiation.report.figures.heat import HATCHED, draw_cells
from negotiation.report.render import svg
from negotiation.report.render.palette import GREY, WASH, step

HEAD, TALL, ROW = 82.0, 26.0, 18.0  # pixels of the words above, of a row of the map and of the key
IMPOSSIBLE, OPEN, POSSIBLE, ENFORCED = "impossible", "undecided", "possible", "enforced"
SIGNS = {IMPOSSIBLE: "×", OPEN: "?", POSSIBLE: "·", ENFORCED: "✓"}
LOOKS = {
    IMPOSSIBLE: HATCHED,
    OPEN: {"facecolor": WASH},
    POSSIBLE: {"facecolor": step(0.25)},
    ENFORCED: {"facecolor": step(0.75)},
}
WORDS = {
    IMPOSSIBLE: "proven: no pure equilibrium has it, even in its first month",
    OPEN: "proven neither way, and no simple package enforces it",
    POSSIBLE: "proven: some equilibrium has it; no simple package does",
    ENFORCED: "a simple package enforces it, checked state by state",
}


def deliver_map(
    key: str,
    xs: Sequence[float],
    ys: Sequence[float],
    kinds: Sequence[Sequence[str]],
    *,
    x_title: str,
    y_title: str,
    caption: str,
) -> Figure:
    """Return the map; `kinds[row][column]` is one of the four kinds at ys[row] and xs[column], lowest y last drawn."""
    order = sorted(range(len(ys)), key=lambda row: -ys[row])

    def draw(canvas: Canvas) -> None:
        axes = canvas.subplots()
        axes.set_title(f"{y_title} (up) and {x_title} (across)", x=0, fontsize=12, fontweight="normal")
        cells = {(place, column): kind for place, row in enumerate(order) for column, kind in enumerate(kinds[row])}
        signs = {place: SIGNS[kind] for place, kind in cells.items()}
        looks = {place: LOOKS[kind] for place, kind in cells.items()}
        draw_cells(axes, looks, signs, [f"{x:.2f}" for x in xs], [f"{ys[row]:.2f}" for row in order])
        entries = [(f"{SIGNS[kind]}  {WORDS[kind]}", {"edgecolor": GREY} | look) for kind, look in LOOKS.items()]
        legend(canvas, entries, 1, loc="outside lower left")

    return svg.figure(
        key,
        draw,
        alt=_alt(kinds, x_title, y_title),
        caption=caption,
        data=_table(xs, ys, kinds, y_title),
        height=HEAD + TALL * len(ys) + ROW * len(SIGNS),
    )


def _alt(kinds: Sequence[Sequence[str]], x_title: str, y_title: str) -> str:
    flat = [kind for row in kinds for kind in row]
    counts = "; ".join(f"{flat.count(kind)} cells: {WORDS[kind]}" for kind in SIGNS if kind in flat)
    return f"Map of {y_title} against {x_title}. {counts}."


def _table(xs: Sequence[float], ys: Sequence[float], kinds: Sequence[Sequence[str]], corner: str) -> Table:
    columns = (Column(literal(corner), kind="number", digits=3), *(Column(f"{x:.3f}") for x in xs))
    rows: list[tuple[CellValue, ...]] = [(float(y), *line) for y, line in zip(ys, kinds, strict=True)]
    return Table(columns, tuple(rows), "Kinds by amounts")
