"""What every picture of payoff space has in common: sets, the frontier, the deal and war."""

from __future__ import annotations

from negotiation._values import Floats
from negotiation.report.figures.frame import Framed
from negotiation.report.render.palette import ACCENT, BAD, GOOD, SKY


def draw_frontier(frame: Framed, pareto: Floats) -> None:
    """Draw the efficient frontier, from the best for one player to the best for the other."""
    if len(pareto) > 1:
        frame.plane.line(pareto.tolist(), ACCENT, 2.4)


def draw_deal(frame: Framed, payoffs: tuple[float, ...]) -> None:
    """Mark the deal with a star."""
    frame.plane.mark(payoffs[0], payoffs[1], "*", GOOD, 15)


def draw_punishment(frame: Framed, payoffs: tuple[float, ...]) -> None:
    """Mark war with a cross."""
    frame.plane.mark(payoffs[0], payoffs[1], "X", BAD, 11)


def draw_sets(frame: Framed, inner: Floats, outer: Floats) -> None:
    """Draw the outer set outlined and the inner set filled; vertices (V, 2)."""
    _region(frame, outer, "none", SKY)
    _region(frame, inner, SKY, "none")


def _region(frame: Framed, vertices: Floats, fill: str, edge: str) -> None:
    if len(vertices) == 1:
        x, y = vertices[0].tolist()
        frame.plane.mark(x, y, "o", SKY, 6)
    elif len(vertices) == 2:
        frame.plane.line(vertices.tolist(), SKY, 2.0)
    elif len(vertices):
        frame.plane.area(vertices.tolist(), fill, edge=edge, alpha=0.35 if fill != "none" else 1.0, stroke=1.4)
