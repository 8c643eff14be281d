"""Paragraphs, notes, tables and figures' data of a report, as text for a terminal."""

import io
import shutil
import textwrap
from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from negotiation.cli.messages import printable
from negotiation.report.document import Block, CellValue, Column, Details, Figure, Note, Paragraph, Table
from negotiation.report.render.cells import display_of
from negotiation.report.render.inline import plain

NARROWEST, WIDEST = 60, 1000  # characters: in a narrower window lines run over its edge, which no table does beyond


def window() -> int:
    """Return the width of the terminal in characters; 120 where there is none."""
    return max(shutil.get_terminal_size((120, 24)).columns, NARROWEST)


def block_text(blocks: Iterable[Block]) -> str:
    """Return blocks one below the other with a line between."""
    return printable("\n\n".join(_text(block) for block in blocks))


def _text(block: Block) -> str:
    match block:
        case Paragraph() | Note():
            return textwrap.fill(plain(block.text), window(), break_long_words=False)
        case Table():
            notes = [textwrap.fill(plain(note), window()) for note in block.notes]
            return "\n".join([plain(block.caption), _grid(block), *notes])
        case Figure():
            return f"{plain(block.caption)}\n{_grid(block.data)}"
        case Details():
            return block_text(block.blocks)
        case _:
            raise TypeError(f"a terminal shows no {type(block).__name__}")


def _grid(table: Table) -> str:
    grid = Grid(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    rows = [[_cell(*pair) for pair in zip(row, table.columns, strict=True)] for row in table.rows]
    for column, *cells in zip(table.columns, map(_head, table.columns), *rows, strict=True):
        longest = max(len(word) for cell in cells for word in cell.split() or [""])  # no word is broken
        grid.add_column(Text(cells[0]), justify="left" if column.kind == "text" else "right", min_width=longest)
    for row in rows:
        grid.add_row(*map(Text, row))
    console = Console(file=io.StringIO(), width=WIDEST, color_system=None)
    with console.capture() as text:
        console.print(grid, width=max(window(), console.measure(grid).minimum))
    return "\n".join(line.rstrip() for line in text.get().splitlines())


def _head(column: Column) -> str:
    group = f"{plain(column.group)} " if column.group else ""
    return f"{group}{plain(column.name)}{f' ({column.unit})' if column.unit else ''}"


def _cell(value: CellValue, column: Column) -> str:
    display = display_of(value, column)
    return f"{plain(display.text)} {display.cell.mark}".strip()
