"""A rectangle of a board with a scale on each side, and round numbers for its axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from negotiation.report.figures.board import Board, Pen
from negotiation.report.render.palette import GREY, INK, MUTED, RULE
from negotiation.report.words import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SMALL = 11.5


class Frame:
    """Maps numbers to pixels: xs and ys are (low, high) of the data; logarithmic in x where `log_x`."""

    def __init__(
        self,
        board: Board,
        left: float,
        top: float,
        width: float,
        height: float,
        xs: tuple[float, float],
        ys: tuple[float, float] = (0.0, 1.0),
        log_x: bool = False,
    ) -> None:
        self.board, self.left, self.top, self.width, self.height = board, left, top, width, height
        self.xs, self.ys, self.log_x = xs, ys, log_x

    @cached_property
    def plane(self) -> Pen:
        """Axes of the frame's own, in the units of the data, above what the board has so far."""
        pen = self.board.plane(*self.sides)
        _scale(pen.axes, self.xs, self.ys, self.log_x)
        return pen

    @property
    def sides(self) -> tuple[float, float, float, float]:
        """Left, top, width and height in pixels."""
        return self.left, self.top, self.width, self.height

    @property
    def right(self) -> float:
        """Pixel of the right side."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Pixel of the lower side."""
        return self.top + self.height

    def x(self, value: float) -> float:
        """Return the pixel of a number on the horizontal scale."""
        low, high = self.xs
        if self.log_x:
            low, high, value = math.log(low), math.log(high), math.log(max(value, 1e-300))
        return self.left + self.width * (value - low) / (high - low)

    def y(self, value: float) -> float:
        """Return the pixel of a number on the vertical scale, high numbers above."""
        low, high = self.ys
        return self.bottom - self.height * (value - low) / (high - low)

    def points(self, xs: Sequence[float], ys: Sequence[float]) -> list[tuple[float, float]]:
        """Return data points as pixels."""
        return [(self.x(float(x)), self.y(float(y))) for x, y in zip(xs, ys, strict=True)]

    def x_axis(self, marks: Sequence[float], title: str = "", grid: bool = True, names: Sequence[str] = ()) -> None:
        """Draw round numbers below, faint lines up from them, and a title below the numbers."""
        for place, name in zip(marks, names or labels(marks), strict=True):
            x = self.x(place)
            if grid:
                self.board.line([(x, self.top), (x, self.bottom)], RULE, 0.7)
            self.board.text(x, self.bottom + 12, name, size=SMALL, colour=MUTED, align="center")
        if title:
            self.board.text(self.left + self.width / 2, self.bottom + 30, title, colour=INK, align="center")

    def y_axis(self, marks: Sequence[float], grid: bool = True, names: Sequence[str] = ()) -> None:
        """Draw round numbers to the left and faint lines across."""
        for place, name in zip(marks, names or labels(marks), strict=True):
            y = self.y(place)
            if grid:
                self.board.line([(self.left, y), (self.right, y)], RULE, 0.7)
            self.board.text(self.left - 6, y, name, size=SMALL, colour=MUTED, align="right")

    def zero_x(self, value: float = 0.0) -> None:
        """Draw the vertical line at a number."""
        self.board.line([(self.x(value), self.top), (self.x(value), self.bottom)], GREY, 1.0)


class OpenFrame:
    """The frame that axes of a reader's own are: the same data are drawn in it, the axes show the scales."""

    def __init__(self, axes: Axes, xs: tuple[float, float], ys: tuple[float, float]) -> None:
        self.plane, self.xs, self.ys = Pen(axes), xs, ys
        _scale(axes, xs, ys)
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_axisbelow(True)

    def x_axis(self, marks: Sequence[float], title: str = "", grid: bool = True, names: Sequence[str] = ()) -> None:
        """Show round numbers, faint lines up from them, and a title."""
        self.plane.axes.set_xticks(marks, labels=list(names or labels(marks)))
        self.plane.axes.set_xlabel(title)
        if grid:
            self.plane.axes.grid(axis="x", color=RULE, linewidth=0.7)

    def y_axis(self, marks: Sequence[float], grid: bool = True, names: Sequence[str] = (), title: str = "") -> None:
        """Show round numbers and faint lines across."""
        self.plane.axes.set_yticks(marks, labels=list(names or labels(marks)))
        self.plane.axes.set_ylabel(title)
        if grid:
            self.plane.axes.grid(axis="y", color=RULE, linewidth=0.7)


Framed = Frame | OpenFrame


def _scale(axes: Axes, xs: tuple[float, float], ys: tuple[float, float], log_x: bool = False) -> None:
    if log_x:
        axes.set_xscale("log")
    axes.set_xlim(*xs)
    axes.set_ylim(*ys)
    axes.set_autoscale_on(False)


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Return about `count` round numbers inside [low, high], steps of 1, 2 or 5 times a power of ten.

    >>> ticks(0.47, 1.0)
    [0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    """
    if not high > low:
        return [low]
    raw = (high - low) / max(count, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = min((power * factor for factor in (1, 2, 5, 10)), key=lambda size: abs(math.log(size / raw)))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(index * step, 12) + 0.0 for index in range(first, last + 1)]


def labels(marks: Sequence[float]) -> list[str]:
    """Return round numbers as text, all with the same decimals.

    >>> labels([0.5, 1.0]), labels([-20.0, 0.0])
    (['0.5', '1.0'], ['−20', '0'])
    """
    digits = next((d for d in range(8) if all(abs(mark - round(mark, d)) < 1e-9 for mark in marks)), 8)
    texts = [number(mark, digits) for mark in marks]
    return ["0" if not float(text.replace("−", "-")) else text for text in texts]


def signed(value: float, digits: int = 2) -> str:
    """Return a number with its sign, zero without one.

    >>> signed(0.126), signed(-0.5, 1), signed(0.001)
    ('+0.13', '−0.5', '0.00')
    """
    text = number(value, digits)
    return f"+{text}" if value > 0 and text.strip("0.") else text


def padded(values: Sequence[float], share: float = 0.08, include: Sequence[float] = ()) -> tuple[float, float]:
    """Return (low, high) of the finite values and `include`, with some room on both sides, never an empty interval."""
    finite = [float(value) for value in (*values, *include) if np.isfinite(value)]
    low, high = (min(finite), max(finite)) if finite else (0.0, 1.0)
    reach = high - low if high - low > 1e-12 * max(abs(high), abs(low), 1.0) else max(abs(high), 1.0)
    return low - share * reach, high + share * reach
