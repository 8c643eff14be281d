"""How wide words are, and how they are broken or shortened to fit: figures are laid out without measuring a font.

The reader's own font draws the text, so widths are those of a wide common sans (DejaVu Sans, in em); narrower fonts
leave air. Names come from users: control characters are dropped, and anything too long ends in an ellipsis.
"""

from __future__ import annotations

import unicodedata

_NARROW = frozenset("iljtfI.,'|:;!()[]·‘’ ")
_WIDE = frozenset("mwMW%@—…∞")


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
    return size * sum(_em(sign) for sign in text) * (1.08 if bold else 1.0)


def shortened(text: str, room: float, size: float = 12, bold: bool = False) -> str:
    """Return the text cut with an ellipsis so that it fits into `room` pixels.

    >>> shortened("proportional snapback", 80)
    'proportion…'
    """
    text = clean(text)
    if width(text, size, bold) <= room:
        return text
    while text and width(text + "…", size, bold) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def wrapped(text: str, room: float, size: float = 12, lines: int = 3, bold: bool = False) -> list[str]:
    """Return the text broken between words into at most `lines` lines of `room` pixels, the last one cut if need be.

    >>> wrapped("shipments fall below 80 % of normal", 130)
    ['shipments fall below', '80 % of normal']
    """
    found = [""]
    for word in clean(text).replace(" %", "\u00a0%").split(" "):
        trial = f"{found[-1]} {word}".strip()
        if found[-1] and width(trial, size, bold) > room:
            found.append(word)
        else:
            found[-1] = trial
    kept = found[:lines]
    if len(found) > lines:
        kept[-1] += " " + " ".join(found[lines:])
    return [shortened(line, room, size, bold) for line in kept]


def _em(sign: str) -> float:
    if unicodedata.combining(sign):
        return 0.0
    if unicodedata.east_asian_width(sign) in "WF":
        return 1.0
    if sign in _NARROW:
        return 0.35
    if sign in _WIDE:
        return 0.95
    return 0.68 if sign.isupper() else 0.61
