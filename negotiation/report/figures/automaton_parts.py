"""Boxes and arrows of an automaton's picture, before they are laid out."""

from __future__ import annotations

from typing import Literal, NamedTuple

from negotiation.report.figures.board import Board
from negotiation.report.figures.typeset import shortened, wrapped
from negotiation.report.render.palette import ACCENT, BAD, GOOD, GREY, MUTED, PAPER, WARNING

Kind = Literal["stay", "response", "signal", "time", "exit"]

COLOURS: dict[Kind, str] = {"stay": GREY, "response": WARNING, "signal": WARNING, "time": GOOD, "exit": BAD}


class Box(NamedTuple):
    """A state: its name and what it plays, in words."""

    name: str
    plays: str


class Arrow(NamedTuple):
    """A move between states by index: when it happens, in words, and what kind of move it is."""

    source: int
    target: int
    words: str
    kind: Kind


class Machine(NamedTuple):
    """All boxes (the first one starts) and all arrows."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]

    def find(self, kind: Kind, source: int) -> Arrow | None:
        """Return the arrow of a kind that leaves a box."""
        return next((arrow for arrow in self.arrows if arrow.kind == kind and arrow.source == source), None)


def card_height(box: Box, room: float, lines: int = 3) -> float:
    """Return the height of a box's card `room` pixels wide."""
    return 36 + 15 * len(wrapped(box.plays, room - 18, 12, lines)) if lines else 32.0


def draw_card(board: Board, box: Box, x: float, y: float, room: float, first: bool, lines: int = 3) -> None:
    """Draw a state's card from its top left corner; the first state has a heavier edge."""
    height = card_height(box, room, lines)
    board.card(x, y, room, height, PAPER, ACCENT if first else MUTED, 2.4 if first else 1.3)
    middle = x + room / 2
    name = shortened(box.name, room - 16, 13, bold=True)
    board.text(middle, y + (18 if lines else height / 2), name, size=13, bold=True, align="center")
    if lines:
        board.lines(middle, y + 37, wrapped(box.plays, room - 18, 12, lines), leading=15, size=12, align="center")
