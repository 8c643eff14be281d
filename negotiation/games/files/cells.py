"""Games as a spreadsheet saves them: a CSV of cells "a, b", with or without the names of actions (docs/game-files.md).

A first line without any pair names the columns, a first column without any pair the rows.
"""

import csv
import io
from fractions import Fraction
from typing import Any, NamedTuple

from negotiation._numbers import ratio_of_text
from negotiation.errors import InputError, Problem, excerpt

Row = tuple[int, list[str]]  # number of the line, cells
CELL_EXAMPLE = 'write "3, 0" or "1/2, 0.25": the first player\'s payoff, then the second\'s'


class CellGrid(NamedTuple):
    """The rows of pairs (line, cells), names of columns and rows, and the corner; None where the file has no names."""

    body: list[Row]
    columns: list[str] | None
    rows: list[str] | None
    corner: str


def cells_data(text: str, origin: str) -> dict[str, Any]:
    """Return the plain data of a CSV, as `load.any_game_of` takes it; raise `InputError` with the line."""
    tables = [rows for mark in ",;\t" if (rows := _rows(text, mark, origin))]
    if not tables:
        raise InputError.single(origin, "", "is empty", CELL_EXAMPLE)
    parted = [rows for rows in tables if len(rows[0][1]) > 1] or tables
    grid = min(map(_grid, parted), key=lambda grid: len(_faults(grid)))
    if faults := _faults(grid):
        raise InputError(origin, faults)
    shape = len(grid.body), len(grid.body[0][1])
    names = [
        given if given is not None else [str(number) for number in range(size)]
        for given, size in zip((grid.rows, grid.columns), shape, strict=True)
    ]
    data = {"payoffs": [[_pair(cell) for cell in cells] for _, cells in grid.body], "layout": "cells", "actions": names}
    players = [name.strip() for name in grid.corner.split("\\")]
    return {**data, "players": players} if len(players) == 2 and all(players) else data


def _rows(text: str, mark: str, origin: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, skipinitialspace=True)
    try:
        rows = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error as error:
        raise InputError.single(origin, "", f"line {reader.line_num}: is not CSV: {error}") from None
    return [(line, cells) for line, cells in rows if any(cells)]


def _grid(rows: list[Row]) -> CellGrid:
    head = rows[0][1]
    titled = len(rows) > 1 and not any(isinstance(_pair(cell), list) for cell in head)
    body = rows[1:] if titled else rows
    named = len(body[0][1]) > 1 and not any(isinstance(_pair(cells[0]), list) for _, cells in body)
    names = [cells[0] for _, cells in body] if named else None
    body = [(line, cells[1:]) for line, cells in body] if named else body
    cornered = titled and named and len(head) > len(body[0][1])
    return CellGrid(body, head[cornered:] if titled else None, names, head[0] if cornered else "")


def _faults(grid: CellGrid) -> list[Problem]:
    """Return what is wrong with a grid: cells that are no pair, and lines of another length."""
    size = len(grid.body[0][1])
    faults = []
    if grid.columns is not None and len(grid.columns) != size:
        message = f"names {len(grid.columns)} columns, the first line of payoffs has {size} cells"
        faults.append(Problem("the first line", message))
    for line, cells in grid.body:
        if len(cells) != size:
            faults.append(Problem(f"line {line}", f"has {len(cells)} cells, the first line of payoffs has {size}"))
        for number, cell in enumerate(cells, 1 + (grid.rows is not None)):
            if isinstance(reason := _pair(cell), str):
                faults.append(Problem(f"line {line}, cell {number}", f"'{excerpt(cell, 40)}' {reason}", CELL_EXAMPLE))
    return faults


def _pair(cell: str) -> list[Fraction] | str:
    """Return the two numbers of a cell, or a clause that says why it has none."""
    inside = cell.strip()
    if inside[:1] + inside[-1:] in ("()", "[]"):
        inside = inside[1:-1]
    mark = next((mark for mark in ",;" if mark in inside), None)
    parts = inside.split(mark)
    try:
        return [ratio_of_text(part) for part in parts] if len(parts) == 2 else "is not a pair of payoffs"
    except ValueError as error:
        return str(error)
