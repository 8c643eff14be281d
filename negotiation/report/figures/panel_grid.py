"""What the pictures with one panel for each call outcome share: the grid of panels, the key, sets and regimes."""

from __future__ import annotations

from negotiation.calls.outcomes.outcome import Outcome
from negotiation.report.figures.board import WIDTH, Board
from negotiation.report.figures.frame import Frame, ticks
from negotiation.report.figures.typeset import shortened, width
from negotiation.report.render.palette import ACCENT, BAD, GOOD, INK, SKY, series
from negotiation.solve.regimes.analysis import BEST_SET, Regime

COLUMNS, LEFT, GAP, EDGE = 2, 36.0, 22.0, 10.0
PANEL, TITLE, FOOT, KEY = 176.0, 26.0, 40.0, 18.0
Range = tuple[float, float]
INNER_OUTER = (("inner", "equilibria, inner"), ("outer", "outer bound"))


def shown(outcome: Outcome) -> list[Regime]:
    """Return the regimes that are drawn; stage Nash is the cross of war itself."""
    return [regime for regime in outcome.regimes if regime.trigger_rule != BEST_SET and regime.key != "stage_nash"]


def regime_names(outcomes: list[Outcome]) -> dict[str, str]:
    """Return the key and label of every regime that is drawn; its place is the regime's look."""
    return {regime.key: regime.label for outcome in outcomes for regime in shown(outcome)}


def height(outcomes: list[Outcome], top: float) -> float:
    """Return the height of a sheet whose panels start at `top`."""
    return top + -(-len(outcomes) // COLUMNS) * (PANEL + TITLE + FOOT)


def panel(board: Board, index: int, top: float, ranges: tuple[Range, Range]) -> Frame:
    """Return the frame of panel number `index`, its axes drawn."""
    row, column = divmod(index, COLUMNS)
    wide = (board.width - LEFT - GAP - EDGE) / COLUMNS
    frame = Frame(board, LEFT + column * (wide + GAP), top + row * (PANEL + TITLE + FOOT) + TITLE, wide, PANEL, *ranges)
    frame.x_axis(ticks(*frame.xs, 3))
    marks = ticks(*frame.ys, 4)
    frame.y_axis(marks, names=() if column == 0 else [""] * len(marks))
    return frame


def draw_regimes(frame: Frame, outcome: Outcome, known: list[str], size: float = 8.5) -> None:
    """Mark every regime: filled where it holds, hollow where not; the selected one is drawn last."""
    chosen = outcome.selected
    others = [regime for regime in shown(outcome) if regime is not chosen]
    for regime in [*others, *([chosen] if chosen.key in known else [])]:
        look = series(known.index(regime.key))
        x, y = regime.values
        frame.plane.mark(x, y, look.marker, look.colour, size, hollow=not regime.holds)


def key_lines(names: list[str], *more: tuple[str, str]) -> list[list[tuple[float, str, str]]]:
    """Return the key as lines of (x, what is shown, words), broken where the width of the figure ends.

    names: labels of the regimes. more: further signs with their words.
    """
    items = [(f"regime {index}", name) for index, name in enumerate(names)]
    items += [("hollow", "does not hold"), ("ring", "selected"), ("deal", "deal"), ("war", "war (stage Nash)")]
    items.append(("frontier", "frontier"))
    items += more
    lines: list[list[tuple[float, str, str]]] = [[]]
    x = 0.0
    for what, name in items:
        words = shortened(name, 190)
        wide = 34 + width(words, 12)
        if lines[-1] and x + wide > WIDTH + 12:
            lines.append([])
            x = 0.0
        lines[-1].append((x, what, words))
        x += wide
    return lines


def write_key(board: Board, lines: list[list[tuple[float, str, str]]]) -> None:
    """Write the key at the top of the board."""
    for index, line in enumerate(lines):
        y = 10 + KEY * index
        for x, what, words in line:
            _sign(board, x + 9, y, what)
            board.text(x + 22, y, words, size=12)


def _sign(board: Board, x: float, y: float, what: str) -> None:
    if what.startswith("regime"):
        look = series(int(what.split()[1]))
        board.mark(x, y, look.marker, look.colour, 8.5)
    elif what in ("hollow", "ring"):
        board.mark(x, y, "o", INK if what == "hollow" else "none", 8 if what == "hollow" else 14, what == "hollow", INK)
    elif what in ("deal", "war"):
        board.mark(x, y, "*" if what == "deal" else "X", GOOD if what == "deal" else BAD, 13 if what == "deal" else 10)
    elif what == "frontier":
        board.line([(x - 8, y), (x + 8, y)], ACCENT, 2.4)
    elif what == "bargain":
        board.mark(x, y, "d", INK, 7)
    elif what == "inner":
        board.box(x - 8, y - 5, 16, 10, SKY, alpha=0.35)
    elif what == "outer":
        board.box(x - 8, y - 5, 16, 10, "none", edge=SKY, stroke=1.4)
