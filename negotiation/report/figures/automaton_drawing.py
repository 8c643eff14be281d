"""How an automaton is drawn: its states as cards from top to bottom, below each what leads on, an arrow to where.

Words have lines of their own, so that long names never collide with arrows. A move that repeats the state has no arrow;
what happens whenever a departure is seen is said once, below all states.
"""

from typing import Literal, NamedTuple

from negotiation.report.figures.axes import Axes, Canvas, marker, next_to, shorten, wrap
from negotiation.report.render.palette import ACCENT, BAD, GOOD, GREY, MUTED, PAPER, WARNING, Look
from negotiation.report.render.svg import WIDTH

Kind = Literal["stay", "response", "signal", "time", "exit"]

COLOURS: dict[Kind, str] = {"stay": GREY, "response": WARNING, "signal": WARNING, "time": GOOD, "exit": BAD}
CARD, LANES = 352.0, 84.0  # pixels of a card, and of the room on its right for all arrows
LINE, GAP = 16.0, 16.0  # pixels of a line of words, and between two states
MOST = 24  # states drawn: more make no picture


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


class Layout(NamedTuple):
    """Pixels from above: the middle of each card, the first line of each move, and the height of all."""

    cards: list[float]
    moves: list[tuple[Arrow, float, list[str]]]
    height: float


def layout(machine: Machine) -> Layout:
    """Return where everything stands."""
    cards, placed, y = [], [], 4.0
    moves = _moves(machine)
    for index, box in enumerate((*machine.boxes[:MOST], None)):
        if box is not None:
            cards.append(y + _tall(box) / 2)
            y += _tall(box) + LINE
        for arrow in moves:
            if arrow.source == (len(machine.boxes) if box is None else index):
                again = arrow.source == arrow.target
                text = f"again: {arrow.words}" if again else f"→ {machine.boxes[arrow.target].name}: {arrow.words}"
                lines = wrap(text, CARD - 26, 12, 4)
                placed.append((arrow, y, lines))
                y += LINE * len(lines) + 3
        y += GAP
    return Layout(cards, placed, y)


def _moves(machine: Machine) -> list[Arrow]:
    """Return an arrow for each pair of states and kind, with all its words; exits leave from below all states."""
    pairs: dict[tuple[int, int, Kind], Arrow] = {}
    exits: dict[tuple[int, str], list[str]] = {}
    for arrow in machine.arrows:
        pair = arrow.source, arrow.target, arrow.kind
        if arrow.kind == "exit":
            exits.setdefault((arrow.target, arrow.words), []).append(machine.boxes[arrow.source].name)
        else:
            pairs[pair] = arrow._replace(words=f"{pairs[pair].words}; {arrow.words}") if pair in pairs else arrow
    below = len(machine.boxes)
    for (target, words), sources in exits.items():
        where = "any state" if len(sources) == below else " or ".join(sources)
        pairs[below + len(pairs), target, "exit"] = Arrow(below, target, f"{words} in {where}", "exit")
    return list(pairs.values())


def _tall(box: Box) -> float:
    return 30 + LINE * len(_plays(box))


def _plays(box: Box) -> list[str]:
    return wrap(box.plays, CARD - 20, 12, 3)


def draw_machine(canvas: Canvas, machine: Machine, places: Layout) -> None:
    """Draw the cards, the moves below them, and an arrow from each move to the card it leads to."""
    canvas.set_layout_engine("none")
    axes = canvas.add_axes((0, 0, 1, 1))
    axes.axis("off")
    axes.set(xlim=(0, WIDTH), ylim=(places.height, 0))
    for index, (middle, box) in enumerate(zip(places.cards, machine.boxes, strict=False)):
        _card(axes, middle, box, first=index == 0)
    if len(machine.boxes) > MOST:
        next_to(axes, 0, places.height - 10, "the other states are in the table", 8, color=MUTED)
    ends: list[float] = []  # by lane, where its last arrow ends
    arrows = [move for move in places.moves if move[0].source != move[0].target and move[0].target < MOST]
    for arrow, y, _ in sorted(arrows, key=lambda move: abs(places.cards[move[0].target] - move[1])):
        goal = places.cards[arrow.target]
        lane = next((lane for lane, end in enumerate(ends) if end <= min(y, goal)), len(ends))
        ends[lane : lane + 1] = [max(y, goal)]
        x = CARD + 16 + min(10 * lane, LANES - 16)
        look: Look = {"color": COLOURS[arrow.kind], "linestyle": "--" if arrow.kind == "exit" else "-"}
        axes.plot([CARD, x, x, CARD + 8], [y, y, goal, goal], linewidth=1.6, **look)
        axes.plot(CARD + 6, goal, **marker("<", COLOURS[arrow.kind], 7))
    for arrow, y, lines in places.moves:
        axes.plot(12, y, **marker("o", COLOURS[arrow.kind], 6))
        for place, line in enumerate(lines):
            next_to(axes, 0, y + LINE * place, line, 22)


def _card(axes: Axes, middle: float, box: Box, first: bool) -> None:
    """Draw the card of a state; the one of the start has a heavier edge."""
    from matplotlib.patches import FancyBboxPatch

    tall = _tall(box)
    edge: Look = {"edgecolor": ACCENT if first else MUTED, "linewidth": 2.4 if first else 1.3}
    corner = (2, middle - tall / 2)
    axes.add_patch(FancyBboxPatch(corner, CARD - 2, tall, "round,pad=0,rounding_size=8", facecolor=PAPER, **edge))
    top = middle - tall / 2 + 16
    next_to(axes, 0, top, shorten(box.name, CARD - 70, 13, bold=True), 12, fontsize=13, fontweight="bold")
    if first:
        next_to(axes, CARD, top, "start", -10, color=ACCENT)
    for place, line in enumerate(_plays(box)):
        next_to(axes, 0, top + 4 + LINE * (place + 1), line, 12)
