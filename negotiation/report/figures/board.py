"""What the figures draw with and on: a pen for any axes, and a board of CSS pixels with its origin at the top left.

A board is one bare matplotlib axes over the whole canvas. Placing words in pixels keeps them readable at a known size
and makes the layout independent of the fonts installed. Data may have axes of their own on it (`Board.plane`), the same
as a reader gets from `.plot`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from negotiation.report.document import Figure, Table
from negotiation.report.figures.typeset import clean
from negotiation.report.render import svg
from negotiation.report.render.palette import INK, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

WIDTH = 455.0
TEXT = 12.5

Points = Sequence[tuple[float, float]]


class Pen:
    """Draws on matplotlib axes, in their units; later things lie above earlier ones."""

    def __init__(self, axes: Axes) -> None:
        self._axes = axes
        self._layer = 1.0
        self._clip = False

    @property
    def axes(self) -> Axes:
        """What is drawn on."""
        return self._axes

    def _over(self) -> float:
        """Return a layer above everything drawn so far."""
        self._layer += 0.01
        return self._layer

    @contextmanager
    def clipped(self) -> Iterator[None]:
        """Draw lines, areas and marks inside the axes only, while the context lasts."""
        self._clip = True
        try:
            yield
        finally:
            self._clip = False

    def _place(self, artist: Any) -> None:
        artist.set_zorder(self._over())
        artist.set_clip_on(self._clip)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = TEXT,
        colour: str = INK,
        align: str = "left",
        bold: bool = False,
        italic: bool = False,
        angle: float = 0,
        right: float = 0.0,
    ) -> None:
        """Write one line of words centred vertically on y; `align` is "left", "center" or "right" of x.

        right: points that the words are moved to the right.
        """
        down = 0.36 * size  # from the middle of the letters to the line they stand on
        shift = (right + down, 0.0) if angle == 90 else (right, -down)
        self.axes.annotate(
            clean(words),
            (x, y),
            xytext=shift,
            textcoords="offset points",
            annotation_clip=False,
            fontsize=size,
            color=colour,
            fontweight="bold" if bold else "normal",
            fontstyle="italic" if italic else "normal",
            zorder=self._over(),
            ha=align,
            va="baseline",
            rotation=angle,
            rotation_mode="anchor",
        )

    def line(
        self,
        points: Points,
        colour: str = INK,
        width: float = 1.2,
        dash: str | tuple[float, tuple[float, ...]] = "-",
        alpha: float = 1.0,
    ) -> None:
        """Draw a line through points; `dash` is a matplotlib line style."""
        xs, ys = zip(*points, strict=True)
        look: dict[str, Any] = {"color": colour, "linewidth": width, "linestyle": dash, "alpha": alpha}
        self._place(self.axes.plot(xs, ys, marker="", **look)[0])

    def mark(
        self, x: float, y: float, marker: str, colour: str, size: float = 9, hollow: bool = False, edge: str = ""
    ) -> None:
        """Draw a matplotlib marker of about `size` pixels; a hollow one shows the paper inside."""
        (spot,) = self.axes.plot(
            [x],
            [y],
            linestyle="",
            marker=marker,
            markersize=size,
            markerfacecolor=PAPER if hollow else colour,
            markeredgecolor=edge or colour,
            markeredgewidth=1.7 if hollow or edge else 0.8,
        )
        self._place(spot)

    def area(
        self, points: Points, fill: str, *, edge: str = "none", hatch: str = "", alpha: float = 1.0, stroke: float = 0.8
    ) -> None:
        """Draw a closed shape; a hatch is drawn in the colour of the edge."""
        from matplotlib.patches import Polygon

        corners = np.asarray(points, dtype=np.float64)
        look: dict[str, Any] = {"facecolor": fill, "edgecolor": edge, "linewidth": stroke, "alpha": alpha}
        look |= {"hatch": hatch} if hatch else {}
        patch = Polygon(corners, closed=True, **look)
        self.axes.add_artist(patch)
        self._place(patch)

    def box(self, x: float, y: float, width: float, height: float, fill: str, **paint: Any) -> None:
        """Draw a rectangle from its top left corner (a negative width goes to the left)."""
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        self.area(corners, fill, **paint)


class Board(Pen):
    """A canvas of `width` × `height` pixels."""

    def __init__(self, canvas: Canvas, width: float, height: float) -> None:
        canvas.set_layout_engine("none")
        self.canvas, self.width, self.height = canvas, width, height
        super().__init__(self._pixels())
        self._below = False  # whether something else lies above the axes of pixels

    def _pixels(self) -> Axes:
        axes = self.canvas.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_axis_off()
        axes.set_xlim(0, self.width)
        axes.set_ylim(self.height, 0)
        axes.set_autoscale_on(False)
        return axes

    @property
    def axes(self) -> Axes:
        """The axes of pixels, new ones where others lie above those so far."""
        if self._below:
            self._axes, self._below = self._pixels(), False
        return self._axes

    def plane(self, left: float, top: float, width: float, height: float) -> Pen:
        """Return a pen for axes of their own on a rectangle of the board, above everything drawn so far."""
        place = (left / self.width, 1 - (top + height) / self.height, width / self.width, height / self.height)
        axes = self.canvas.add_axes(place)
        axes.set_axis_off()
        self._below = True
        return Pen(axes)

    def lines(self, x: float, y: float, words: Sequence[str], *, leading: float = 16, **style: Any) -> None:
        """Write several lines, the first centred vertically on y, `leading` pixels apart."""
        for index, line in enumerate(words):
            self.text(x, y + index * leading, line, **style)

    def card(self, x: float, y: float, width: float, height: float, fill: str, edge: str, thick: float = 1.4) -> None:
        """Draw a box with round corners."""
        from matplotlib.patches import FancyBboxPatch

        style = "round,pad=0,rounding_size=8"
        look: dict[str, Any] = {"facecolor": fill, "edgecolor": edge, "linewidth": thick}
        patch = FancyBboxPatch((x, y), width, height, boxstyle=style, **look)
        self.axes.add_artist(patch)
        self._place(patch)

    def curve(self, points: Points, colour: str, width: float = 1.4, dash: str = "-", head: bool = True) -> None:
        """Draw a smooth path through a start, control points and an end (two: line, three: parabola, four: cubic)."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        step = {2: Path.LINETO, 3: Path.CURVE3, 4: Path.CURVE4}[len(points)]
        path = Path(np.asarray(points, dtype=np.float64), [Path.MOVETO, *[step] * (len(points) - 1)])
        look: dict[str, Any] = {"facecolor": "none", "edgecolor": colour, "linewidth": width, "linestyle": dash}
        patch = PathPatch(path, **look)
        self.axes.add_artist(patch)
        self._place(patch)
        if head:
            self.head(points[-2], points[-1], colour)

    def head(self, start: tuple[float, float], tip: tuple[float, float], colour: str, size: float = 8) -> None:
        """Draw an arrow head at `tip`, pointing away from `start`."""
        along = np.subtract(tip, start)
        along = along / max(float(np.hypot(*along)), 1e-9)
        across = np.array([-along[1], along[0]])
        base = np.asarray(tip) - size * along
        corners = [tip, tuple(base + 0.45 * size * across), tuple(base - 0.45 * size * across)]
        self.area([(float(x), float(y)) for x, y in corners], colour)

    def tick(self, x: float, y: float, good: bool, colour: str, size: float = 16) -> None:
        """Draw a filled sign for yes (a disc with a tick) or no (a square with a cross)."""
        self.mark(x, y, "o" if good else "s", colour, size if good else 0.88 * size)
        r = size / 4
        strokes = [[(-r, 0), (-0.25 * r, 0.8 * r), (r, -0.8 * r)]] if good else [[(-r, -r), (r, r)], [(-r, r), (r, -r)]]
        for stroke in strokes:
            self.line([(x + dx * 0.9, y + dy * 0.9) for dx, dy in stroke], PAPER, 1.9)


def sheet(
    key: str,
    paint: Callable[[Board], None],
    *,
    alt: str,
    caption: str,
    data: Table,
    height: float,
    width: float = WIDTH,
    wide: bool = False,
) -> Figure:
    """Return the figure that `paint(board)` draws on a board of `width` × `height` pixels."""

    def draw(canvas: Canvas) -> None:
        paint(Board(canvas, width, height))

    return svg.figure(key, draw, alt=alt, caption=caption, data=data, width=width, height=height, wide=wide)
