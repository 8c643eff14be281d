"""Where labels go beside their points so that they cover neither each other nor the points: greedy, deterministic.

Labels are placed in the order given (the most important first); each takes the cheapest of a few places around its
point, overlaps being dear and distance cheap. A label far from its point is tied to it by a thin line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from negotiation.report.figures.board import Board
from negotiation.report.figures.typeset import width
from negotiation.report.render.palette import GREY, INK

_PLACES = ((1, 0), (-1, 0), (0, -1), (0, 1), (0.8, -0.8), (-0.8, -0.8), (0.8, 0.8), (-0.8, 0.8))
_DISTANCES = (9.0, 20.0, 34.0, 50.0)
_TIED = 15.0


class Label(NamedTuple):
    """Words that belong to the point (x, y) in pixels."""

    x: float
    y: float
    words: str
    bold: bool = False
    colour: str = ""


class _Area(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: _Area) -> float:
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(across, 0.0) * max(down, 0.0)


def write_labels(
    board: Board,
    labels: Sequence[Label],
    bounds: tuple[float, float, float, float],
    points: Sequence[tuple[float, float]] = (),
    size: float = 12,
) -> None:
    """Write labels beside their points, inside bounds (left, top, right, bottom), clear of all `points`."""
    marks = [_Area(x - 6, y - 6, x + 6, y + 6) for x, y in (*points, *((item.x, item.y) for item in labels))]
    taken: list[_Area] = []
    for item in labels:
        area, distance = _best(item, _Area(*bounds), [*marks, *taken], size)
        taken.append(area)
        if distance > _TIED:
            corner = (min(max(item.x, area.left), area.right), min(max(item.y, area.top + 2), area.bottom - 2))
            board.line([(item.x, item.y), corner], GREY, 0.7)
        centre = ((area.left + area.right) / 2, (area.top + area.bottom) / 2)
        board.text(*centre, item.words, size=size, align="center", bold=item.bold, colour=item.colour or INK)


def _best(item: Label, bounds: _Area, others: list[_Area], size: float) -> tuple[_Area, float]:
    wide, tall = width(item.words, size, item.bold), size + 3

    def cost(place: tuple[_Area, float]) -> float:
        area, distance = place
        outside = wide * tall - area.overlap(bounds)
        return 3 * outside + sum(area.overlap(other) for other in others) + 2 * distance

    places: list[tuple[_Area, float]] = []
    for distance in _DISTANCES:
        for right, down in _PLACES:
            x = item.x + right * distance + np.sign(right) * wide / 2
            y = item.y + down * distance + np.sign(down) * tall / 2
            places.append((_Area(x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2), distance))
    return min(places, key=cost)
