"""Figures as small inline SVG: the same bytes every time, readable on light and dark pages, safe to inline together.

`draw` gets an empty matplotlib `Figure` (one unit is one CSS pixel) and fills it with axes, in the colours of
`palette`. What comes back has text as text (searchable, in the page's own font), ids that start with the figure's key,
no date, no font, no script, no size but a viewBox, and CSS variables in place of the palette's colours. Text is never
read as mathematics, so a name with a dollar sign is drawn as it is. matplotlib is imported only when it draws.
"""

import io
import re
import warnings
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from negotiation.report.document import Figure, Table
from negotiation.report.render import palette

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

WIDTH = 455.0  # CSS pixels of a figure: what a telephone shows at six sevenths of its size
Draw = Callable[["Canvas"], None]

_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_REFERENCE = re.compile(r"(?<=url\(#)[^)]+|(?<=href=\"#)[^\"]+")
_VARIABLES = {light: f"var(--{name})" for name, light, _ in palette.SCHEMES}
_COLOUR = re.compile("|".join(_VARIABLES))
_SANS = "var(--sans,sans-serif)"
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160)), " ")  # XML has none of them


def figure(key: str, draw: Draw, *, alt: str, caption: str, data: Table, height: float) -> Figure:
    """Return what `draw(canvas)` draws on a canvas of `WIDTH` × `height` CSS pixels, as a block of a report.

    key: unique among the figures of a page. alt: says what is seen, also to a screen reader. data: the numbers drawn.
    """
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure as Canvas

    buffer = io.StringIO()
    with matplotlib.rc_context(_settings(key)), warnings.catch_warnings():
        # A name in a script the measuring font lacks is still drawn by the reader's own font.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        canvas = Canvas(figsize=(WIDTH / 72, height / 72), dpi=72, layout="constrained")
        backend: Any = FigureCanvasSVG(canvas)
        draw(canvas)
        canvas.patch.set_visible(False)
        backend.print_svg(buffer, metadata={"Date": None})
    svg = _inline(buffer.getvalue().translate(_CONTROLS), key, data.caption or key, alt.translate(_CONTROLS))
    return Figure(key=key, svg=svg, alt=alt, caption=caption, data=data)


def _settings(key: str) -> dict[Any, Any]:
    """Return matplotlib's settings: nothing is taken from the user's own configuration that shows."""
    from matplotlib import rcParamsDefault

    every: dict[Any, Any] = rcParamsDefault
    defaults = {name: value for name, value in every.items() if not name.startswith("backend")}
    ink = dict.fromkeys(("text.color", "axes.labelcolor", "axes.titlecolor"), palette.INK)
    labels = dict.fromkeys(("xtick.color", "ytick.color", "xtick.labelcolor", "ytick.labelcolor"), palette.MUTED)
    sizes = dict.fromkeys(("font.size", "axes.labelsize", "legend.fontsize"), 12)
    small = dict.fromkeys(("xtick.labelsize", "ytick.labelsize"), 11.5)
    spines = dict.fromkeys((f"axes.spines.{side}" for side in ("top", "right", "left", "bottom")), False)
    return {
        **defaults, **ink, **labels, **sizes, **small, **spines,
        "svg.fonttype": "none", "svg.hashsalt": key, "text.parse_math": False, "font.family": ["DejaVu Sans"],
        "axes.titlesize": 13, "axes.titleweight": "bold", "axes.titlelocation": "left", "axes.titlepad": 8,
        "axes.grid": True, "axes.axisbelow": True, "grid.color": palette.RULE, "grid.linewidth": 0.7,
        "axes.facecolor": "none", "axes.unicode_minus": True, "axes.formatter.useoffset": False,
        "hatch.linewidth": 0.8, "lines.linewidth": 2.0, "xtick.major.size": 0, "ytick.major.size": 0,
        "legend.frameon": False, "legend.handlelength": 1.4, "legend.columnspacing": 0.9, "legend.handletextpad": 0.5,
        "legend.borderaxespad": 0, "legend.borderpad": 0.2,
    }  # fmt: skip


def _inline(text: str, key: str, title: str, desc: str) -> str:
    """Return matplotlib's SVG document as a fragment for a page."""
    references = set(_REFERENCE.findall(text))
    drawing = ElementTree.fromstring(text)
    body = [copy for part in drawing for copy in _cleaned(part, key, references)]
    root = ElementTree.Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=drawing.attrib["viewBox"], role="img")
    root.set("aria-labelledby", f"{key}-title {key}-desc")
    root.set("style", f"stroke-linejoin:round;stroke-linecap:butt;font-family:{_SANS}")
    for name, words in (("title", title), ("desc", desc)):
        ElementTree.SubElement(root, name, id=f"{key}-{name}").text = words
    root.extend(body)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _cleaned(part: ElementTree.Element, key: str, references: set[str]) -> Iterator[ElementTree.Element]:
    """Yield a copy without what is not seen: groups around nothing, styles for all, white space, digits.

    Names start with the figure's key; those that nothing refers to are dropped.
    """
    copy = ElementTree.Element(part.tag.rpartition("}")[2])
    copy.text, copy.tail = part.text if copy.tag == "text" else None, "\n"
    style = []
    for full_name, full_value in part.items():
        name = full_name.rpartition("}")[2]
        value = full_value.replace("url(#", f"url(#{key}-").replace("  ", " ")
        if name == "style":
            style += [_declaration(text) for text in value.split("; ")]
        elif name in ("fill", "stroke"):  # an attribute takes no variable
            style.append(_declaration(f"{name}: {value}"))
        elif name == "href":
            copy.set(name, f"#{key}-{value[1:]}")
        elif name == "id" and value in references:
            copy.set(name, f"{key}-{value}")
        elif name != "id" and not value.startswith("rotate(-0 "):
            copy.set(name, _NUMBER.sub(_rounded, value))
    if style:
        copy.set("style", ";".join(filter(None, style)))
    copy.extend(grandchild for child in part for grandchild in _cleaned(child, key, references))
    if copy.tag == "g" and not copy.attrib:
        yield from copy
    elif copy.tag not in ("metadata", "style") and style != ["fill:none"] and (copy.tag != "defs" or len(copy)):
        yield copy


def _rounded(digits: re.Match[str]) -> str:
    # Hundredths of a pixel are invisible, and drop the last digits in which machines may differ.
    return f"{round(float(digits[0]), 2) + 0.0:.10g}"


def _declaration(text: str) -> str:
    """Return one CSS declaration with the page's colours and the page's font."""
    name, _, value = text.partition(": ")
    if name in ("font-family", ""):
        return ""
    if name == "font":
        value = f"{value.partition('px ')[0]}px {_SANS}"
    return f"{name}:{_COLOUR.sub(lambda light: _VARIABLES[light[0]], value)}"
