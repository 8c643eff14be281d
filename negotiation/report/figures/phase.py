"""A phase diagram: the plane of two parameters, coloured by the first call outcome after which the deal holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from negotiation._values import Ints
from negotiation.report.document import CellValue, Column, Figure, Table, literal
from negotiation.report.figures.board import WIDTH, Board, sheet
from negotiation.report.figures.breakeven import parameter_title
from negotiation.report.figures.frame import SMALL, Frame, Framed, OpenFrame, ticks
from negotiation.report.figures.typeset import shortened
from negotiation.report.render.palette import GREY, INK, PAPER, RULE, WASH, series
from negotiation.report.words import percent
from negotiation.studies.phase import NOTHING, REFUSED, PhaseDiagram
from negotiation.trade.scenario.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEFT, TOP, SIDE = 58.0, 12.0, 300.0
Runs = list[tuple[int, int, int]]


def phase_figure(key: str, found: PhaseDiagram, scenario: Scenario) -> Figure:
    """Return the phase diagram with the scenario's present point marked."""
    labels = _labels(found)
    names = {label: _name(scenario, found, label) for label in labels}
    legend = TOP + SIDE + 50

    def paint(board: Board) -> None:
        ends = [(float(low), float(high)) for low, high in zip(found.low, found.high, strict=True)]
        frame = Frame(board, LEFT, TOP, WIDTH - LEFT - 12, SIDE, ends[0], ends[1])
        _draw(frame, found, labels)
        frame.x_axis(ticks(*frame.xs), shortened(parameter_title(found.paths[0]), frame.width, 12.5), grid=False)
        frame.y_axis(ticks(*frame.ys), grid=False)
        board.text(14, TOP + SIDE / 2, shortened(parameter_title(found.paths[1]), SIDE, 12.5), align="center", angle=90)
        _present(frame, found, scenario)
        for index, label in enumerate(labels):
            y = legend + 20 * index
            board.box(LEFT, y - 7, 22, 14, **_look(label, RULE))
            board.text(LEFT + 30, y, f"{names[label]} ({_share(found, label)})", size=SMALL)

    rows: list[tuple[CellValue, ...]] = [(literal(names[label]), found.share(label)) for label in labels]
    told = "; ".join(f"{names[label]}: {percent(found.share(label))} of the area" for label in labels)
    titles = [literal(parameter_title(path)) for path in found.paths]
    return sheet(
        key,
        paint,
        alt=f"Phase diagram of {found.paths[0]} and {found.paths[1]}. {told}.",
        caption=(
            f"Which call makes the deal self-enforcing over {titles[0]} and {titles[1]}: the first outcome, in the "
            f"scenario's order, after which its selected regime holds. {found.evaluated:,} points were judged where a "
            f"full grid of the same fineness needs {found.brute:,}. The mark is the base case."
        ),
        data=Table(
            (Column("first outcome whose selected rule holds"), Column("share of the area", kind="number")),
            tuple(rows),
            "Areas",
        ),
        height=legend + 20 * len(labels),
    )


def plot_phase(found: PhaseDiagram, axes: Axes) -> None:
    """Draw a phase diagram on axes, with a legend."""
    from matplotlib.patches import Patch

    labels = _labels(found)
    frame = OpenFrame(axes, *((float(low), float(high)) for low, high in zip(found.low, found.high, strict=True)))
    _draw(frame, found, labels)
    frame.x_axis(ticks(*frame.xs), parameter_title(found.paths[0]), grid=False)
    frame.y_axis(ticks(*frame.ys), grid=False, title=parameter_title(found.paths[1]))
    names = {NOTHING: "after none of them", REFUSED: "outside the model"}
    handles = []
    for label in labels:
        look = _look(label, RULE)
        patch = Patch(facecolor=look["fill"], edgecolor=look["edge"], hatch=look.get("hatch", ""))
        patch.set_label(f"{names.get(label) or found.outcomes[label]} ({_share(found, label)})")
        handles.append(patch)
    title = "first outcome after which the deal holds"
    axes.legend(handles=handles, title=title, loc="upper left", bbox_to_anchor=(1, 1))


def _labels(found: PhaseDiagram) -> list[int]:
    return [label for label in (*range(len(found.outcomes)), NOTHING, REFUSED) if found.share(label) > 0]


def _draw(frame: Framed, found: PhaseDiagram, labels: list[int]) -> None:
    """Colour the plane by label."""
    for label in labels:
        for outline in outlines(raster(found), label):
            frame.plane.area([(_at(found, 0, x), _at(found, 1, y)) for x, y in outline], **_look(label))


def _name(scenario: Scenario, found: PhaseDiagram, label: int) -> str:
    if label == NOTHING:
        return "after none of them"
    return "outside the model" if label == REFUSED else scenario.call(found.outcomes[label]).label


def _share(found: PhaseDiagram, label: int) -> str:
    share = found.share(label)
    return "below 1 %" if share < 0.005 else percent(share)


def _look(label: int, edge: str = "none") -> dict[str, Any]:
    if label == NOTHING:
        return {"fill": WASH, "edge": edge}
    if label == REFUSED:
        return {"fill": PAPER, "edge": GREY, "hatch": "xxx"}
    style = series(label)
    return {"fill": style.colour, "edge": PAPER if style.hatch else edge, "hatch": style.hatch}


def _present(frame: Frame, found: PhaseDiagram, scenario: Scenario) -> None:
    x, y = (scenario.value(path) for path in found.paths)
    if frame.xs[0] <= x <= frame.xs[1] and frame.ys[0] <= y <= frame.ys[1]:
        frame.plane.mark(x, y, "o", INK, 10, hollow=True)


def _at(found: PhaseDiagram, axis: int, share: float) -> float:
    return float(found.low[axis] + share * (found.high[axis] - found.low[axis]))


def raster(found: PhaseDiagram) -> Ints:
    """Return the labels on the finest grid, (rows from below, columns)."""
    step = (found.high - found.low) / round(found.brute**0.5 - 1)
    places = np.rint((found.cells[:, :2] - found.low) / step).astype(int)
    sizes = np.rint(found.cells[:, 2] / step[0]).astype(int)
    size = round(found.brute**0.5 - 1)
    grid = np.full((size, size), NOTHING, dtype=np.int64)
    for (x, y), wide, label in zip(places, sizes, found.labels, strict=True):
        grid[y : y + wide, x : x + wide] = label
    return grid


def outlines(grid: Ints, label: int) -> Iterator[list[tuple[float, float]]]:
    """Yield polygons, in shares of the sides, that together cover the cells with a label.

    Runs of neighbouring rows are stacked as long as each meets exactly one run of the next row.
    """
    size = len(grid)
    stacks: list[Runs] = []
    for row in range(size + 1):
        runs = _runs(grid[row] == label) if row < size else []
        grown: list[Runs] = []
        for stack in stacks:
            meets = [run for run in runs if _touch(run, stack[-1])]
            alone = len(meets) == 1 and sum(_touch(meets[0], (other[-1][1], other[-1][2])) for other in stacks) == 1
            if alone:
                grown.append([*stack, (row, *meets[0])])
                runs.remove(meets[0])
            else:
                yield _polygon(stack, size)
        stacks = grown + [[(row, *run)] for run in runs]


def _runs(hit: np.ndarray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], hit.astype(np.int8), [0]])))
    return [(int(start), int(stop)) for start, stop in zip(edges[::2], edges[1::2], strict=True)]


def _touch(run: tuple[int, int], other: tuple[int, ...]) -> bool:
    return run[0] < other[-1] and other[-2] < run[1]


def _polygon(stack: Runs, size: int) -> list[tuple[float, float]]:
    right = [point for row, _, stop in stack for point in ((stop, row), (stop, row + 1))]
    left = [point for row, start, _ in reversed(stack) for point in ((start, row + 1), (start, row))]
    corners: list[tuple[float, float]] = []
    for point in [*right, *left]:
        # a corner on a straight line says nothing
        if len(corners) > 1 and (
            corners[-1][0] == corners[-2][0] == point[0] or corners[-1][1] == corners[-2][1] == point[1]
        ):
            corners.pop()
        corners.append(point)
    return [(x / size, y / size) for x, y in corners]
