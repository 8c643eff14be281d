"""The layout of a user's automaton: its states on an ellipse, clockwise from the top, arrows bent apart and numbered.

The words of every arrow stand below under its number, so that long names never collide with the drawing. Where a seen
departure leads is said once instead of being drawn from every state.
"""

from __future__ import annotations

import math

import numpy as np

from negotiation._values import Floats
from negotiation.report.figures.automaton_parts import COLOURS, Arrow, Machine, card_height, draw_card
from negotiation.report.figures.board import WIDTH, Board
from negotiation.report.figures.typeset import wrapped
from negotiation.report.render.palette import ACCENT, BAD, INK, MUTED, PAPER

MOST = 24
LEADING = 16.0


def circle_height(machine: Machine) -> float:
    """Return the height of the picture in pixels."""
    entries = _entries(machine, WIDTH)
    return _drawing(len(machine.boxes)) + LEADING * sum(len(lines) for _, lines in entries) + 16


def paint_circle(board: Board, machine: Machine) -> None:
    """Draw arrows first, then the cards over them, then the numbers, and the words below."""
    count = len(machine.boxes)
    room, lines = _card(count)
    places = _places(board, machine, room, lines)
    badges = []
    for arrow in _drawn(machine):
        tall = card_height(machine.boxes[arrow.source], room, lines)
        badges.append(_arrow(board, arrow, places, room, tall))
    for index, box in enumerate(machine.boxes):
        x, y = places[index]
        draw_card(board, box, x - room / 2, y - card_height(box, room, lines) / 2, room, index == 0, lines)
    for index, (place, arrow) in enumerate(zip(badges, _drawn(machine), strict=True)):
        _badge(board, float(place[0]), float(place[1]), str(index + 1), COLOURS[arrow.kind])
    board.text(0, 12, "heavy edge: start", size=12, colour=ACCENT)
    y = _drawing(count) + 8
    for name, words in _entries(machine, board.width):
        colour = BAD if name == "–" else INK
        board.text(16, y, name, size=12, align="right", bold=True, colour=colour)
        board.lines(24, y, words, leading=LEADING, size=12, colour=colour if name else MUTED)
        y += LEADING * len(words)


def _drawing(count: int) -> float:
    """Return the height of the drawing above the words."""
    return 130.0 if count == 1 else 268.0 if count == 2 else min(300.0 + 30.0 * (count - 3), 720.0)


def _card(count: int) -> tuple[float, int]:
    """Return width and lines of words of the cards."""
    return (148.0, 2) if count <= 4 else (116.0, 0) if count <= 9 else (72.0, 0)


def _drawn(machine: Machine) -> list[Arrow]:
    """Return one arrow for each pair of states, with all its words; seen departures are not drawn."""
    found: dict[tuple[int, int], Arrow] = {}
    for arrow in machine.arrows:
        key = (arrow.source, arrow.target)
        if arrow.kind == "exit":
            continue
        known = found.get(key)
        found[key] = arrow if known is None else known._replace(words=f"{known.words}; {arrow.words}")
    return list(found.values())


def _entries(machine: Machine, room: float) -> list[tuple[str, list[str]]]:
    """Return the lines below the drawing: (number, wrapped words)."""
    names = [box.name for box in machine.boxes]
    texts = [(str(index + 1), _sentence(arrow, names)) for index, arrow in enumerate(_drawn(machine))]
    if len(texts) > MOST:
        texts = [*texts[:MOST], ("", "the others are in the table")]
    exits: dict[tuple[int, str], list[str]] = {}
    for arrow in machine.arrows:
        if arrow.kind == "exit":
            exits.setdefault((arrow.target, arrow.words), []).append(names[arrow.source])
    for (target, words), sources in exits.items():
        where = "in any state" if len(sources) == len(names) else f"in {', '.join(sources)}"
        texts.append(("–", f"{words} {where} → {names[target]}"))
    return [(name, wrapped(text, room - 26, 12, 3)) for name, text in texts]


def _sentence(arrow: Arrow, names: list[str]) -> str:
    where = "again" if arrow.source == arrow.target else f"→ {names[arrow.target]}"
    return f"{names[arrow.source]} {where}: {arrow.words}"


def _places(board: Board, machine: Machine, room: float, lines: int) -> list[Floats]:
    """Return the centre of every card."""
    count = len(machine.boxes)
    tall = max(card_height(box, room, lines) for box in machine.boxes)
    drawing = _drawing(count)
    centre = np.array([board.width / 2, drawing / 2])
    across, down = board.width / 2 - room / 2 - 12, drawing / 2 - tall / 2 - 38
    angles = [2 * math.pi * index / count for index in range(count)]
    return [centre + (count > 1) * np.array([across * math.sin(angle), -down * math.cos(angle)]) for angle in angles]


def _arrow(board: Board, arrow: Arrow, places: list[Floats], room: float, tall: float) -> Floats:
    """Draw one arrow; return where its number goes."""
    start, end = places[arrow.source], places[arrow.target]
    if arrow.source == arrow.target:
        middle = float(np.mean([place[1] for place in places]))
        return _loop(board, arrow, start, tall, above=float(start[1]) <= middle + 1)
    along = end - start
    across = np.array([-along[1], along[0]]) / max(float(np.hypot(*along)), 1e-9)
    control = (start + end) / 2 - 30.0 * across
    first, last = _border(start, control, room, tall), _border(end, control, room, tall)
    board.curve([_pair(first), _pair(control), _pair(last)], COLOURS[arrow.kind], 1.5)
    # nearer to its source than to the crossings in the middle
    place: Floats = 0.42 * first + 0.46 * control + 0.12 * last
    return place


def _loop(board: Board, arrow: Arrow, centre: Floats, tall: float, above: bool) -> Floats:
    side = -1 if above else 1
    x, edge = float(centre[0]), float(centre[1]) + side * tall / 2
    path = [(x - 14, edge), (x - 20, edge + 34 * side), (x + 20, edge + 34 * side), (x + 14, edge + side)]
    board.curve(path, COLOURS[arrow.kind], 1.5)
    place: Floats = np.array([x, edge + 26 * side])
    return place


def _border(centre: Floats, towards: Floats, room: float, tall: float) -> Floats:
    """Return where the line from a card's centre crosses its edge, a little outside."""
    along = towards - centre
    scale = min(
        (room / 2 + 3) / max(abs(float(along[0])), 1e-9),
        (tall / 2 + 3) / max(abs(float(along[1])), 1e-9),
    )
    point: Floats = centre + along * min(scale, 1.0)
    return point


def _badge(board: Board, x: float, y: float, name: str, colour: str) -> None:
    board.mark(x, y, "o", PAPER, 17, edge=colour)
    board.text(x, y, name, size=11, align="center", bold=True, colour=colour)


def _pair(point: Floats) -> tuple[float, float]:
    return float(point[0]), float(point[1])
