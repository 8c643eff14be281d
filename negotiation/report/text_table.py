"""Plain tables for the terminal: columns as wide as needed, the last one wrapped to the window; short numbers."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Container, Iterable, Sequence

from negotiation._numbers import display_step, rounded_text
from negotiation.trade.parameters.parameter import Number

GAP = "  "
NARROWEST = 30


def table(head: Sequence[str], rows: Iterable[Sequence[str]], width: int | None = None) -> str:
    """Return a table as text; columns of numbers are right-aligned, the last one is wrapped.

    >>> print(table(("name", "n"), [("a", "1"), ("bc", "22")]))
    name  n
    ----  --
    a     1
    bc    22
    """
    body = [tuple(str(cell) for cell in row) for row in rows]
    widths = [max(len(row[column]) for row in [tuple(head), *body]) for column in range(len(head))]
    window = width or shutil.get_terminal_size((120, 24)).columns
    right = {column for column in range(len(head) - 1) if body and all(_numeric(row[column]) for row in body)}
    used = sum(widths[:-1]) + len(GAP) * (len(widths) - 1)
    last = min(widths[-1], max(window - used, NARROWEST))
    lines = [_line(head, widths, right), _line(["-" * size for size in [*widths[:-1], last]], widths, right)]
    for row in body:
        parts = textwrap.wrap(row[-1], last) or [""]
        lines.append(_line([*row[:-1], parts[0]], widths, right))
        lines += [" " * used + part for part in parts[1:]]
    return "\n".join(lines)


def _line(cells: Sequence[str], widths: Sequence[int], right: Container[int]) -> str:
    padded = [
        cell.rjust(size) if column in right else cell.ljust(size)
        for column, (cell, size) in enumerate(zip(cells, widths, strict=True))
    ]
    return GAP.join(padded).rstrip()


def _numeric(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def brief(value: Number) -> str:
    """Return a number or a vector to six digits, as a table shows it; of a large one all before the point."""
    if isinstance(value, tuple):
        return "[" + ", ".join(brief(item) for item in value) + "]"
    return rounded_text(value, display_step(0.0, abs(value)))
