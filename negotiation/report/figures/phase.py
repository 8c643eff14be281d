"""A phase diagram: the plane of two parameters, coloured by the first call outcome after which the deal holds."""

from collections.abc import Iterator

import numpy as np

from negotiation._values import Floats, Ints
from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.axes import Axes, Canvas, legend, marker, shorten
from negotiation.report.figures.breakeven import parameter_title
from negotiation.report.render import svg
from negotiation.report.render.palette import GREY, INK, PAPER, RULE, WASH, Look, series
from negotiation.report.words import percent
from negotiation.studies.phase import NOTHING, OUTSIDE, PhaseDiagram
from negotiation.trade.scenario.scenario import Scenario

NAMES = {NOTHING: "after none of them", OUTSIDE: "outside the model"}
HEIGHT, ROW = 356.0, 19.0  # pixels without the key, and of each of its rows


def phase_figure(key: str, diagram: PhaseDiagram, scenario: Scenario) -> Figure:
    """Return the phase diagram with the scenario's present point marked."""
    labels = _labels(diagram)
    names = {label: NAMES.get(label) or scenario.call(diagram.outcomes[label]).label for label in labels}

    def draw(canvas: Canvas) -> None:
        axes = canvas.subplots()
        _draw(diagram, axes)
        x, y = (scenario.value(path) for path in diagram.paths)
        if diagram.low[0] <= x <= diagram.high[0] and diagram.low[1] <= y <= diagram.high[1]:
            axes.plot(x, y, **marker("o", INK, 10, hollow=True))
        legend(canvas, _key(diagram, names), 1, loc="outside lower left")

    rows: list[tuple[CellValue, ...]] = [(literal(names[label]), diagram.share(label)) for label in labels]
    told = "; ".join(f"{names[label]}: {percent(diagram.share(label))} of the area" for label in labels)
    titles = [literal(parameter_title(path)) for path in diagram.paths]
    return svg.figure(
        key,
        draw,
        alt=f"Phase diagram of {diagram.paths[0]} and {diagram.paths[1]}. {told}.",
        caption=(
            f"Which call makes the deal self-enforcing over {titles[0]} and {titles[1]}: the first outcome, in the "
            f"scenario's order, after which its selected regime holds. {diagram.evaluated:,} points were judged where "
            f"a full grid of the same fineness needs {diagram.brute:,}. The mark is the base case."
        ),
        data=Table(
            (Column("first outcome whose selected rule holds"), Column("share of the area", kind="number")),
            tuple(rows),
            "Areas",
        ),
        height=HEIGHT + ROW * len(labels),
    )


def plot_phase(diagram: PhaseDiagram, axes: Axes) -> None:
    """Draw a phase diagram on axes, with a legend."""
    _draw(diagram, axes)
    entries = _key(diagram, {label: NAMES.get(label) or diagram.outcomes[label] for label in _labels(diagram)})
    title = "first outcome after which the deal holds"
    legend(axes, entries, 1, loc="upper left", title=title, bbox_to_anchor=(1, 1))


def _labels(diagram: PhaseDiagram) -> list[int]:
    return [label for label in (*range(len(diagram.outcomes)), NOTHING, OUTSIDE) if diagram.share(label) > 0]


def _draw(diagram: PhaseDiagram, axes: Axes) -> None:
    """Colour the plane by label."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    for label in _labels(diagram):
        corners = [diagram.low + (diagram.high - diagram.low) * outline for outline in outlines(raster(diagram), label)]
        closed = [Path(np.concatenate([points, points[:1]]), closed=True) for points in corners]
        axes.add_patch(PathPatch(Path.make_compound_path(*closed), linewidth=0.8, **_look(label)))
    axes.set(xlim=(diagram.low[0], diagram.high[0]), ylim=(diagram.low[1], diagram.high[1]))
    axes.set_xlabel(shorten(parameter_title(diagram.paths[0]), 380, 12))
    axes.set_ylabel(shorten(parameter_title(diagram.paths[1]), 290, 12))
    axes.grid(False)


def _key(diagram: PhaseDiagram, names: dict[int, str]) -> list[tuple[str, Look]]:
    """Return the key: the name and the share of each label, with its look."""
    shares = {label: diagram.share(label) for label in names}
    said = {label: "below 1 %" if share < 0.005 else percent(share) for label, share in shares.items()}
    return [(shorten(f"{name} ({said[label]})", 400), _look(label, RULE)) for label, name in names.items()]


def _look(label: int, edge: str = "none") -> Look:
    if label == NOTHING:
        return {"facecolor": WASH, "edgecolor": edge}
    if label == OUTSIDE:
        return {"facecolor": PAPER, "edgecolor": GREY, "hatch": "xxx"}
    style = series(label)
    return {"facecolor": style.colour, "edgecolor": PAPER if style.hatch else edge, "hatch": style.hatch}


def raster(diagram: PhaseDiagram) -> Ints:
    """Return the labels on the finest grid, (rows from below, columns)."""
    step = (diagram.high - diagram.low) / round(diagram.brute**0.5 - 1)
    places = np.rint((diagram.cells[:, :2] - diagram.low) / step).astype(int)
    sizes = np.rint(diagram.cells[:, 2] / step[0]).astype(int)
    size = round(diagram.brute**0.5 - 1)
    grid = np.full((size, size), NOTHING, dtype=np.int64)
    for (x, y), wide, label in zip(places, sizes, diagram.labels, strict=True):
        grid[y : y + wide, x : x + wide] = label
    return grid


# from a cell (row, column) to its neighbours, and the ends (x, y) of the side between them, the cell on the left
_SIDES = (((-1, 0), (0, 0), (1, 0)), ((0, 1), (1, 0), (1, 1)), ((1, 0), (1, 1), (0, 1)), ((0, -1), (0, 1), (0, 0)))


def outlines(grid: Ints, label: int) -> Iterator[Floats]:
    """Yield polygons (n, 2), in shares of the sides, around the cells with a label; holes run the other way."""
    inside = np.pad(grid == label, 1)
    ends: dict[tuple[int, int], list[tuple[int, int]]] = {}  # of the sides on the border, by their start
    for neighbour, (x0, y0), (x1, y1) in _SIDES:
        border = inside & ~np.roll(inside, (-neighbour[0], -neighbour[1]), axis=(0, 1))
        for row, column in (np.argwhere(border) - 1).tolist():
            ends.setdefault((column + x0, row + y0), []).append((column + x1, row + y1))
    while ends:
        loop = [next(iter(ends))]
        while loop[-1] in ends:
            following = ends[loop[-1]]
            if len(following) == 1:
                del ends[loop[-1]]
            loop.append(following.pop())
        steps = np.diff(np.array([*loop, loop[1]]), axis=0)
        turns = (steps[1:] != steps[:-1]).any(axis=1)  # a point on a straight line says nothing
        yield np.array(loop)[1:][turns] / len(grid)
