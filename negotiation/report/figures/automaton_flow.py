"""The layout of a simple regime: good standing above, its punishment below, war at the bottom, exits on the right."""

from __future__ import annotations

from negotiation.report.figures.automaton_parts import COLOURS, Arrow, Machine, card_height, draw_card
from negotiation.report.figures.board import Board
from negotiation.report.figures.typeset import wrapped
from negotiation.report.render.palette import ACCENT, BAD, INK, MUTED

LEFT, ROOM, BUS = 84.0, 280.0, 380.0
TOP, SIDE = 40.0, 84.0
DOWN, UP = LEFT + 60, LEFT + 26


def flow_height(machine: Machine) -> float:
    """Return the height of the picture in pixels."""
    tops = _tops(machine)
    return tops[-1] + card_height(machine.boxes[-1], ROOM) + (_loop_room(machine, len(tops) - 1)) + 8


def paint_flow(board: Board, machine: Machine) -> None:
    """Draw the boxes from top to bottom, with their arrows."""
    tops = _tops(machine)
    bottoms = [top + card_height(box, ROOM) for top, box in zip(tops, machine.boxes, strict=True)]
    board.curve([(LEFT + 20, 10), (LEFT + 20, TOP - 1)], ACCENT, 1.8)
    board.text(LEFT + 10, 14, "start", size=12, colour=ACCENT, align="right")
    for index, box in enumerate(machine.boxes):
        draw_card(board, box, LEFT, tops[index], ROOM, first=index == 0)
    for arrow in machine.arrows:
        if arrow.kind == "stay":
            _loop(board, arrow, tops[arrow.source], above=True)
        elif arrow.kind == "response":
            _loop(board, arrow, bottoms[arrow.source], above=False)
        elif arrow.kind == "signal":
            _down(board, arrow, bottoms[arrow.source], tops[arrow.target])
        elif arrow.kind == "time":
            _up(board, arrow, tops[arrow.source], bottoms[arrow.target])
    _exits(board, machine, tops, bottoms)


def _tops(machine: Machine) -> list[float]:
    """Return the upper edge of every box: room below for the words of a loop or of the arrow that leads down."""
    tops = [TOP]
    for index, box in enumerate(machine.boxes[:-1]):
        signal = machine.find("signal", index)
        room = 34.0 if signal is None else 22 + 16 * len(_signal_lines(signal))
        tops.append(tops[-1] + card_height(box, ROOM) + max(room, _loop_room(machine, index) + 20))
    return tops


def _loop_room(machine: Machine, index: int) -> float:
    loop = machine.find("response", index)
    return 0.0 if loop is None else 16 + 16.0 * len(_loop_lines(loop))


def _signal_lines(arrow: Arrow) -> list[str]:
    return wrapped(arrow.words, LEFT + ROOM - DOWN - 12, 12, 4)


def _loop_lines(arrow: Arrow) -> list[str]:
    return wrapped(arrow.words, LEFT + ROOM - 190, 12, 5)


def _loop(board: Board, arrow: Arrow, edge: float, above: bool) -> None:
    start, end = (LEFT + 52, LEFT + 92) if above else (LEFT + 24, LEFT + 64)
    away = -34 if above else 34
    colour = COLOURS[arrow.kind]
    path = [(start, edge), (start - 4, edge + away), (end + 4, edge + away), (end, edge + (-1 if above else 1))]
    board.curve(path, colour, 1.6)
    lines = wrapped(arrow.words, 270, 12, 1) if above else _loop_lines(arrow)
    board.lines(end + 12, edge + (-20 if above else 18), lines, size=12, colour=INK)


def _down(board: Board, arrow: Arrow, start: float, end: float) -> None:
    board.curve([(DOWN, start), (DOWN, end - 1)], COLOURS[arrow.kind], 1.8)
    lines = _signal_lines(arrow)
    board.lines(DOWN + 12, (start + end) / 2 - 8 * (len(lines) - 1), lines, size=12)


def _up(board: Board, arrow: Arrow, start: float, end: float) -> None:
    board.curve([(UP, start), (UP, end + 1)], COLOURS[arrow.kind], 1.8)
    lines = wrapped(arrow.words, UP - 12, 12, 3)
    board.lines(UP - 10, (start + end) / 2 - 8 * (len(lines) - 1), lines, size=12, align="right")


def _exits(board: Board, machine: Machine, tops: list[float], bottoms: list[float]) -> None:
    """Draw the exits to war as one line down the right side, with their words beside it."""
    exits = [arrow for arrow in machine.arrows if arrow.kind == "exit"]
    if not exits:
        return
    last = exits[0].target
    edge, goal = LEFT + ROOM, (tops[last] + bottoms[last]) / 2
    heights = [(tops[arrow.source] + bottoms[arrow.source]) / 2 for arrow in exits]
    for height in heights:
        board.line([(edge, height), (BUS, height)], BAD, 1.6, "--")
    board.line([(BUS, min(heights)), (BUS, goal)], BAD, 1.6, "--")
    board.curve([(BUS, goal), (edge + 2, goal)], BAD, 1.6)
    lines = wrapped(exits[0].words, board.width - BUS - 8, 12, 7)
    board.lines(BUS + 8, max(heights[0], TOP + 16), lines, leading=15, size=12, colour=MUTED)
