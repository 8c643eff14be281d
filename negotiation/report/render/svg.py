"""Figures as small inline SVG: the same bytes every time, readable on light and dark pages, safe to inline together.

`draw` gets an empty matplotlib `Figure` and fills it, in the colours of `palette`. What comes back has text as text
(searchable, in the page's own font), ids that start with the figure's key, no date, no font, no script, no size but a
viewBox (one unit is one CSS pixel at natural size), and CSS variables in place of the palette's colours. Text is never
read as mathematics, so a name with a dollar sign is drawn as it is. matplotlib is imported only when it draws.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any

from negotiation.report.document import Figure, Table
from negotiation.report.render import palette

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

Draw = Callable[["Canvas"], None]

_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_GEOMETRY = re.compile(r'(?<= )(d|x|y|x1|x2|y1|y2|width|height|transform|points)="([^"]*)"')
_FONT = re.compile(r"font: ([^;\"]*?)(\d+(?:\.\d+)?px) [^;\"]+")
_COLOUR = re.compile(r"#[0-9a-f]{6}\b")
_STYLE = re.compile(r'style="([^"]*)"')
_VARIABLES = {light: f"var(--{name})" for name, light, _ in palette.SCHEMES}


def figure_svg(
    key: str, draw: Draw, *, title: str, desc: str, width: float = 680, height: float = 400
) -> str:  # fmt: skip
    """Return the SVG text of what `draw(figure)` draws on a canvas of `width` × `height` CSS pixels.

    `key` must be unique among the figures of a page; `title` and `desc` are what a screen reader says.
    """
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure as Canvas
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    buffer = io.StringIO()
    with matplotlib.rc_context(_settings(key)), warnings.catch_warnings():
        # A name in a script the measuring font lacks is still drawn by the reader's own font.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        canvas = Canvas(figsize=(width / 72, height / 72), layout="constrained")
        backend: Any = FigureCanvasSVG(canvas)
        draw(canvas)
        if isinstance(canvas.get_layout_engine(), ConstrainedLayoutEngine):
            canvas.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
        else:
            # savefig would draw everything twice, the first time only to lay out what needs no layout
            canvas.patch.set_visible(False)
            backend.print_svg(buffer, metadata={"Date": None})
    return _inline(buffer.getvalue(), key, title, desc)


def figure(
    key: str,
    draw: Draw,
    *,
    alt: str,
    caption: str,
    data: Table,
    title: str = "",
    width: float = 680,
    height: float = 400,
    wide: bool = False,
) -> Figure:
    """Return a `Figure` block with its drawing: `alt` says what is seen, `data` holds the numbers drawn."""
    svg = figure_svg(key, draw, title=title or data.caption or key, desc=alt, width=width, height=height)
    return Figure(key=key, svg=svg, alt=alt, caption=caption, data=data, wide=wide)


def _settings(key: str) -> dict[Any, Any]:
    """Return matplotlib's settings: nothing is taken from the user's own configuration that shows."""
    from cycler import cycler
    from matplotlib import rcParamsDefault

    known: dict[Any, Any] = rcParamsDefault
    defaults = {name: value for name, value in known.items() if not name.startswith("backend")}
    looks = [palette.series(index) for index in range(7)]
    cycle = cycler(color=[look.colour for look in looks]) + cycler(linestyle=[look.line for look in looks])
    ink = dict.fromkeys(("text.color", "axes.labelcolor", "axes.titlecolor"), palette.INK)
    quiet = dict.fromkeys(("xtick.color", "ytick.color", "axes.edgecolor"), palette.GREY)
    labels = dict.fromkeys(("xtick.labelcolor", "ytick.labelcolor"), palette.MUTED)
    sizes = dict.fromkeys(("font.size", "axes.labelsize", "xtick.labelsize", "ytick.labelsize", "legend.fontsize"), 12)
    return {
        **defaults, **ink, **quiet, **labels, **sizes,
        "svg.fonttype": "none", "svg.hashsalt": key, "text.parse_math": False, "font.family": ["DejaVu Sans"],
        "axes.titlesize": 13, "axes.titleweight": "bold", "axes.titlelocation": "left", "axes.titlepad": 10,
        "axes.spines.top": False, "axes.spines.right": False, "axes.prop_cycle": cycle, "axes.linewidth": 0.8,
        "axes.grid": True, "axes.axisbelow": True, "grid.color": palette.RULE, "grid.linewidth": 0.7,
        "axes.facecolor": "none", "figure.facecolor": "none", "axes.unicode_minus": True,
        "lines.linewidth": 2.0, "lines.markersize": 7, "hatch.linewidth": 0.8, "patch.linewidth": 0.8,
        "xtick.major.size": 3, "ytick.major.size": 3, "legend.frameon": False, "legend.handlelength": 2.6,
    }  # fmt: skip


def _inline(svg: str, key: str, title: str, desc: str) -> str:
    """Return matplotlib's SVG document `svg` as a fragment for a page."""
    head, _, body = svg[svg.index("<svg") :].partition(">")
    box = re.search(r'viewBox="([^"]*)"', head)
    body = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->|<style.*?</style>", "", body, flags=re.DOTALL)
    body = body.replace("xlink:href", "href")
    body = _GEOMETRY.sub(lambda found: f'{found[1]}="{_compact(found[2])}"', body)
    body = re.sub(r' (fill|stroke)="(#[0-9a-f]{6})"', r' style="\1: \2"', body)  # an attribute takes no variable
    body = _STYLE.sub(lambda found: f'style="{_restyled(found[1])}"', body)
    body = _named(_trimmed(body), key)
    label = f'role="img" aria-labelledby="{key}-title {key}-desc"'
    words = f'<title id="{key}-title">{escape(title)}</title>\n<desc id="{key}-desc">{escape(desc)}</desc>'
    style = 'style="stroke-linejoin:round;stroke-linecap:butt;font-family:var(--sans,sans-serif)"'
    view = box[1] if box else "0 0 100 100"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" {label} {style}>\n{words}\n{body}\n'


def _trimmed(body: str) -> str:
    """Drop what is not seen: empty frames, rotations by nothing, groups around nothing, white space."""
    body = re.sub(r'<path [^>]*style="fill:none"/>| transform="rotate\(0 [^"]*"', "", body)
    body = re.sub(r"<defs>\s*</defs>", "", body)
    kept, opened = [], []
    for piece in re.split(r"(<g\b[^>]*>|</g>)", body):
        if piece.startswith("<g"):
            opened.append(bare := "=" not in piece.replace(" id=", ""))
        elif piece == "</g>":
            bare = opened.pop()
        else:
            bare = False
        kept.append("" if bare else piece)
    return re.sub(r"\s*\n\s*", "\n", "".join(kept)).strip()


def _named(body: str, key: str) -> str:
    """Prefix every id that is referred to with the figure's key, and drop the others."""
    used = set(re.findall(r'(?:url\(|href=")#([^)"]+)', body))
    body = re.sub(r' id="([^"]*)"', lambda found: f' id="{key}-{found[1]}"' if found[1] in used else "", body)
    return re.sub(r'(url\(|href=")#', rf"\1#{key}-", body)


def _compact(geometry: str) -> str:
    # Hundredths of a pixel are invisible, and drop the last digits in which machines may differ.
    short = _NUMBER.sub(lambda found: f"{round(float(found[0]), 2) + 0.0:.10g}", geometry)
    return re.sub(r" ?\n ?", "", short).replace("(-0 ", "(0 ")


def _restyled(style: str) -> str:
    style = _COLOUR.sub(lambda found: _VARIABLES.get(found[0], found[0]), style)
    style = re.sub(r"font-family: [^;]+;? ?", "", style)
    style = _FONT.sub(r"font: \1\2 var(--sans,sans-serif)", style)
    return style.replace(": ", ":").replace("; ", ";")
