"""Table cells as they are shown: the words, the value to sort by, and the signs that go with a tone.

Numbers are written with a true minus sign and a thin space between thousands; None, and a number that is not one, are
"n/a"; True and False are "✓ yes" and "✗ no", so that neither sign nor colour stands alone.
"""

import math
from typing import NamedTuple

import numpy as np

from negotiation.report.document import Cell, CellValue, Column

MISSING = "n/a"
TONE_WORDS = {"info": "Note", "warning": "Caution", "limit": "Limit", "good": "Holds", "bad": "Does not hold"}
_THIN = "\u202f"
_LONG = 36  # characters from which a text cell asks for a wider column


class CellDisplay(NamedTuple):
    """One cell ready to be written: inline `text`, `sort` key ("" sorts last), and the cell it came from."""

    text: str
    sort: str
    cell: Cell
    classes: str


def display_of(value: CellValue, column: Column) -> CellDisplay:
    """Return how `value` is shown under `column`."""
    cell = value if isinstance(value, Cell) else Cell(value)
    text, sort = _words(cell, column)
    kinds = (
        ("number", column.kind == "number"),
        ("mark", column.kind == "mark"),
        ("long", column.kind == "text" and len(text) > _LONG),
        ("missing", text == MISSING),
        ("bold", cell.bold),
        ("judgement", cell.judgement),
        (f"tone-{cell.tone}", bool(cell.tone)),
    )
    return CellDisplay(text, sort, cell, " ".join(name for name, holds in kinds if holds))


def _words(cell: Cell, column: Column) -> tuple[str, str]:
    value = cell.value
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return MISSING, ""
    if isinstance(value, bool | np.bool_):
        return ("✓ yes", "1") if value else ("✗ no", "0")
    if isinstance(value, str):
        return value, value
    return number(value, column.digits, column.signed), f"{float(value):.12g}".replace("inf", "Infinity")


def number(value: float, digits: int | None = None, signed: bool = False) -> str:
    """Return a number with `digits` decimals, or with three significant digits when None.

    >>> number(-0.5, 2), number(12345.678, 0), number(0.12345), number(2.0), number(2, 1, True)
    ('−0.50', '12\u202f346', '0.123', '2', '+2.0')
    """
    if math.isnan(value):
        return MISSING
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if digits is None:
        whole = value == math.floor(value)
        digits = 0 if whole else min(12, max(0, 2 - math.floor(math.log10(abs(value)))))
    text = f"{abs(value):,.{digits}f}"
    text = text.replace(",", _THIN if len(text.partition(".")[0]) > 5 else "")
    if not text.strip("0."):
        return text
    return ("−" if value < 0 else "+" if signed else "") + text
