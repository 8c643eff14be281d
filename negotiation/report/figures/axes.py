"""What the figures draw with on matplotlib's axes: markers, keys, lanes with names, words that fit.

A figure of a page and `.plot(ax)` draw with the same functions, so none of them takes its sizes from the canvas. The
reader's own font draws the text, so words are cut without measuring one. Names come from users: control characters are
dropped, and anything too long ends in an ellipsis.
"""

from __future__ import annotations

import math
import textwrap
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from rich.text import Text

from negotiation.report.render.palette import GREY, INK, PAPER, RULE, Look
from negotiation.report.words import number

if TYPE_CHECKING:
    import matplotlib.artist
    import matplotlib.axes
    import matplotlib.figure

Axes: TypeAlias = "matplotlib.axes.Axes"
Canvas: TypeAlias = "matplotlib.figure.Figure"

SMALL = 11.5  # pixels of the smallest words: what a telephone shows is a seventh smaller
EM = 0.55  # width of a sign, of the size of the font: the mean of English words in DejaVu Sans; a Chinese one takes two
BOLD = 1.08  # how much wider bold words are


def marker(shape: str, colour: str, size: float = 8, hollow: bool = False, edge: str = "") -> Look:
    """Return matplotlib's settings of a marker of `size` pixels; a hollow one shows the paper inside."""
    return {
        "linestyle": "",
        "marker": shape,
        "markersize": size,
        "markerfacecolor": PAPER if hollow else colour,
        "markeredgecolor": edge or colour,
        "markeredgewidth": 1.7 if hollow or edge else 0.8,
    }


def legend(holder: Canvas | Axes, entries: Sequence[tuple[str, Look]], columns: int, **place: Any) -> None:
    """Write a key of (words, look): a patch where the look has a face, else a line; above all axes of a canvas."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[matplotlib.artist.Artist] = [
        Patch(label=words, **look) if "facecolor" in look else Line2D([], [], label=words, **look)
        for words, look in entries
    ]
    holder.legend(handles=handles, ncols=columns, **({"loc": "outside upper left"} | place))


def panels(canvas: Canvas, count: int, columns: int, *shared: str, **margins: float) -> list[Axes]:
    """Return axes for `count` panels in rows of `columns`; shared: "sharex", "sharey".

    margins: of a gridspec whose panels all need the same room; without them matplotlib measures every word, twice.
    """
    if margins:
        canvas.set_layout_engine("none")
    grid = canvas.add_gridspec(-(-count // columns), columns, **margins)
    first = canvas.add_subplot(grid[0])
    share = dict.fromkeys(shared, first)
    return [first, *(canvas.add_subplot(grid[index], **share) for index in range(1, count))]


def lanes(axes: Axes, names: Sequence[str], places: Sequence[float] = (), room: float = 160) -> None:
    """Name lanes, by default 0, 1, ... from above, on the left, in `room` pixels."""
    axes.grid(False, axis="y")
    axes.grid(True, axis="x", color=RULE, linewidth=0.7)
    axes.tick_params(axis="y", length=0, labelsize=12, labelcolor=INK)  # before there are many ticks to change
    axes.set_yticks(places or range(len(names)), labels=[shorten(name, room) for name in names])
    axes.set_ylim(max(places or [len(names) - 1]) + 0.6, min(places or [0]) - 0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def rules(axes: Sequence[Axes], heights: Sequence[float]) -> None:
    """Draw faint lines across between groups of lanes, over all axes that stand side by side."""
    for one in axes:
        for height in heights:
            one.axhline(height, color=RULE, linewidth=0.8, clip_on=False)


def beside(axes: Axes, x: float, y: float, words: str, across: str = "axes fraction", **look: Any) -> None:
    """Write words at x (0 the left side of the axes, or of the figure; 1 the right) and height y of the data.

    across: what x is a share of, "axes fraction" or "figure fraction".
    """
    axes.annotate(words, (x, y), xycoords=(across, "data"), va="center", in_layout=False, **look)


def next_to(axes: Axes, x: float, y: float, words: str, right: float, **look: Any) -> None:
    """Write words `right` pixels to the right of a point, to its left where `right` is negative."""
    place: Look = {"textcoords": "offset points", "ha": "left" if right > 0 else "right", "va": "center"}
    axes.annotate(words, (x, y), (right, 0), in_layout=False, **place, **look)


def label_points(axes: Axes, labels: Sequence[tuple[Any, str, Look]], marks: Any) -> None:
    """Write words beside their points, the most important first, clear of one another, of the sides and of `marks`.

    marks: points in units of the data. Each label takes the first place around its point that covers least.
    """
    from matplotlib.transforms import Bbox

    spots = axes.transData.transform([*marks, *(point for point, _, _ in labels)])
    taken = [Bbox.from_extents(*(spot - 5), *(spot + 5)) for spot in spots]
    for point, words, look in labels:
        text = axes.annotate(words, point, (0, 0), textcoords="offset points", va="center", **look)

        def cost(place: tuple[float, float], text: Any = text) -> tuple[float, float]:
            text.set_position(place)
            text.set_horizontalalignment("left" if place[0] > 0 else "right" if place[0] < 0 else "center")
            box = text.get_window_extent()
            outside = not (axes.bbox.containsx(box.x0) and axes.bbox.containsx(box.x1))
            return box.count_overlaps(taken) + 3 * outside, abs(place[0]) + 2 * abs(place[1])

        best = min(_AROUND, key=cost)
        cost(best)
        taken.append(text.get_window_extent())
        if max(map(abs, best)) > 15:
            axes.annotate("", point, best, textcoords="offset points", arrowprops={"arrowstyle": "-", "color": GREY})


# pixels from a point to its words: to the right, to the left, above or below, the lines just high enough for words
_AROUND = [(x, y) for y in (0, 15, -15, 30, -30, 45, -45, 60, -60) for x in (9, -9, 0) if x or y]


def number_or_none(value: float) -> float | None:
    """Return a number for a table, None for NaN."""
    return None if math.isnan(value) else float(value)


def signed(value: float, digits: int = 2) -> str:
    """Return a number with its sign, zero without one.

    >>> signed(0.126), signed(-0.5, 1), signed(0.001)
    ('+0.13', '−0.5', '0.00')
    """
    text = number(value, digits)
    return f"+{text}" if value > 0 and text.strip("0.") else text


def clean(text: str) -> str:
    r"""Return the text on one line, without control characters.

    >>> clean("a\x00b\n c")
    'a b c'
    """
    return " ".join("".join(" " if unicodedata.category(sign)[0] == "C" else sign for sign in text).split())


def width(text: str, size: float = 12, bold: bool = False) -> float:
    """Return an estimate of a text's width in pixels at a font size in pixels, rather too wide than too narrow.

    >>> width("slow-walk", 10) < width("slow-walk", 10, bold=True) < 75
    True
    """
    return EM * size * Text(text).cell_len * (BOLD if bold else 1.0)


def shorten(text: str, room: float, size: float = 12, bold: bool = False) -> str:
    """Return the text cut with an ellipsis so that it fits into `room` pixels.

    >>> shorten("proportional snapback", 80)
    'proportiona…'
    """
    words = Text(clean(text), end="")
    words.truncate(max(int(room / width("x", size, bold)), 1), overflow="ellipsis")
    return words.plain


def wrap(text: str, room: float, size: float = 12, lines: int = 3) -> list[str]:
    """Return the text broken between words into at most `lines` lines of `room` pixels, the last one cut if need be.

    >>> wrap("shipments fall below the share of normal", 130)
    ['shipments fall', 'below the share of', 'normal']
    """
    words = clean(text).replace(" %", "\u00a0%")
    signs = max(int(room * len(words) / max(width(words, size), 1.0)), 1)
    broken = textwrap.wrap(words, signs, max_lines=lines, placeholder="…", break_on_hyphens=False)
    return [shorten(line, room, size) for line in broken]
