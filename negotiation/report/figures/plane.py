"""What every picture of payoff space has in common: the frontier, the deal and war."""

from __future__ import annotations

from negotiation._values import Floats
from negotiation.report.figures.frame import Frame
from negotiation.report.render.palette import ACCENT, BAD, GOOD


def draw_frontier(frame: Frame, pareto: Floats) -> None:
    """Draw the efficient frontier, from the best for one player to the best for the other."""
    corners = frame.points(pareto[:, 0].tolist(), pareto[:, 1].tolist())
    if len(corners) > 1:
        frame.board.line(corners, ACCENT, 2.4)


def draw_deal(frame: Frame, payoffs: tuple[float, ...]) -> None:
    """Mark the deal with a star."""
    frame.board.mark(frame.x(payoffs[0]), frame.y(payoffs[1]), "*", GOOD, 15)


def draw_war(frame: Frame, payoffs: tuple[float, ...]) -> None:
    """Mark war with a cross."""
    frame.board.mark(frame.x(payoffs[0]), frame.y(payoffs[1]), "X", BAD, 11)
