"""Every colour of a report, defined once for the page (CSS) and the figures (matplotlib), for light and dark.

The series colours follow Okabe and Ito (2008), which colour-blind readers can tell apart; those too pale for a white
page are darkened until they stand out at 3:1, text colours at 4.5:1 or more (WCAG 2.1, AA). No colour carries meaning
alone: `series(i)` gives colour, marker, line style and hatch together.

Figures are drawn in the light colours named here; `svg.py` turns exactly these into CSS variables, so that one drawing
serves both schemes. A colour that is not listed here stays as it is in both.
"""

from typing import Any, NamedTuple

INK = "#1b1f24"
MUTED = "#59626c"
RULE = "#d5d9dd"
PAPER = "#ffffff"
WASH = "#f4f5f6"
ACCENT = "#0b4f7d"
BLUE = "#0072b2"
VERMILION = "#d55e00"
GREEN = "#008a64"
PURPLE = "#b3588d"
ORANGE = "#b87d00"
SKY = "#3a8fc4"
GREY = "#7a828b"

GOOD, BAD, WARNING, INFO = "#006b4e", "#b03a00", "#855700", "#075c91"

# Name of the CSS variable, colour on a light page, colour on a dark page.
SCHEMES: tuple[tuple[str, str, str], ...] = (
    ("ink", INK, "#e7eaed"),
    ("muted", MUTED, "#a4adb6"),
    ("rule", RULE, "#3a4149"),
    ("paper", PAPER, "#14181c"),
    ("wash", WASH, "#1e2329"),
    ("accent", ACCENT, "#7fc0ec"),
    ("blue", BLUE, "#56b4e9"),
    ("vermilion", VERMILION, "#f4874a"),
    ("green", GREEN, "#2fc79b"),
    ("purple", PURPLE, "#e29ac3"),
    ("orange", ORANGE, "#eab233"),
    ("sky", SKY, "#9bd3f5"),
    ("grey", GREY, "#98a1aa"),
    ("good", GOOD, "#4fd3aa"),
    ("bad", BAD, "#ff9d6b"),
    ("warning", WARNING, "#f0c04d"),
    ("info", INFO, "#86c8f2"),
    # Steps of an ordered scale, from nothing to much: pale to deep on white, deep to bright on black.
    ("step0", "#f2f6fa", "#1a232c"),
    ("step1", "#dbe8f3", "#1e3244"),
    ("step2", "#bcd6ea", "#22435d"),
    ("step3", "#94bfde", "#275778"),
    ("step4", "#66a3cf", "#2f6f97"),
    ("step5", "#2e77ad", "#4189b4"),
    ("step6", "#1b6296", "#61a4cc"),
    ("step7", "#0f4d7c", "#8bc0e2"),
    ("step8", "#07335a", "#bcdcf2"),
)

STEPS: tuple[str, ...] = tuple(light for name, light, _ in SCHEMES if name.startswith("step"))
LIGHT_STEPS = 5  # of the scale on which ink reads better than paper: one more or fewer falls below 4.5:1


Look = dict[str, Any]  # settings of a matplotlib artist


class Series(NamedTuple):
    """How the i-th line, point or area looks: colour, matplotlib marker, line style, hatch."""

    colour: str
    marker: str
    line: str
    hatch: str

    @property
    def fill(self) -> Look:
        """Matplotlib's settings of an area: plain, or hatched on the paper."""
        return {"facecolor": PAPER if self.hatch else self.colour, "edgecolor": self.colour, "hatch": self.hatch}

    @property
    def stroke(self) -> Look:
        """Matplotlib's settings of a line."""
        return {"color": self.colour, "linestyle": self.line}


# Hatches of lines only: one with dots or circles adds 100 kB to a figure.
_SERIES = (
    Series(BLUE, "o", "-", ""),
    Series(VERMILION, "s", "--", "///"),
    Series(GREEN, "^", "-.", "\\\\\\"),
    Series(PURPLE, "D", ":", "xxx"),
    Series(ORANGE, "v", "-", "|||"),
    Series(SKY, "P", "--", "+++"),
    Series(GREY, "X", "-.", "---"),
)


def series(index: int) -> Series:
    """Return the look of series `index` (0-based; from the eighth on the looks repeat).

    >>> series(0).colour == BLUE, series(7) == series(0)
    (True, True)
    """
    return _SERIES[index % len(_SERIES)]


def step(share: float) -> str:
    """Return the colour of the ordered scale at `share` in [0, 1]; values outside are drawn as the nearest end.

    >>> step(0.0) == STEPS[0], step(7.0) == STEPS[-1]
    (True, True)
    """
    last = len(STEPS) - 1
    return STEPS[min(last, max(0, round(share * last)))]


def ink_on(colour: str) -> str:
    """Return the text colour (PAPER or INK) that reads best on a step of the ordered scale, in both schemes.

    >>> ink_on(STEPS[8]) == PAPER, ink_on(STEPS[0]) == INK
    (True, True)
    """
    return PAPER if colour in STEPS[LIGHT_STEPS:] else INK


def css_variables() -> str:
    """Return the CSS that declares every colour as `--name`, light by default, dark where the reader prefers it."""
    light = "".join(f"--{name}:{colour};" for name, colour, _ in SCHEMES)
    dark = "".join(f"--{name}:{colour};" for name, _, colour in SCHEMES)
    return f":root{{{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
