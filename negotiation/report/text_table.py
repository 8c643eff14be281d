"""Plain tables for the terminal: columns as wide as needed, the last one wrapped to the window; short numbers."""

import shutil
import textwrap
from collections.abc import Iterable, Sequence

from negotiation._numbers import display_step, rounded_text
from negotiation.trade.parameters.parameter import Number

COLUMN_GAP = "  "
NARROWEST_COLUMN = 30  # characters of the last column, however small the window


def table(head: Sequence[str], rows: Iterable[Sequence[str]], width: int | None = None) -> str:
    """Return a table as text; columns of numbers are right-aligned, the last one is wrapped.

    >>> print(table(("name", "n"), [("a", "1"), ("bc", "22")]))
    name  n
    ----  --
    a     1
    bc    22
    """
    body = [tuple(map(str, row)) for row in rows]
    columns = list(zip(head, *body, strict=True))
    *widths, last = (max(map(len, column)) for column in columns)
    used = sum(widths) + len(COLUMN_GAP) * len(widths)
    window = width or shutil.get_terminal_size((120, 24)).columns
    last = min(last, max(window - used, NARROWEST_COLUMN))
    pads = [str.rjust if body and all(map(_numeric, column[1:])) else str.ljust for column in columns[:-1]]
    lines = []
    for row in (head, ["-" * size for size in (*widths, last)], *body):
        first, *more = textwrap.wrap(row[-1], last) or [""]
        cells = [pad(cell, size) for pad, cell, size in zip(pads, row[:-1], widths, strict=True)]
        lines += [COLUMN_GAP.join([*cells, first]).rstrip(), *(" " * used + part for part in more)]
    return "\n".join(lines)


def _numeric(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def brief(value: Number) -> str:
    """Return a number or a vector to six digits, as a table shows it; of a large one all before the point."""
    if isinstance(value, tuple):
        return "[" + ", ".join(brief(number) for number in value) + "]"
    return rounded_text(value, display_step(0.0, abs(value)))
