"""How the payoffs of a game file are laid out: two matrices, or one table whose cells hold a pair each.

    matrices    payoffs[player][row][column], shape (2, rows, columns)
    cells       payoffs[row][column][player], shape (rows, columns, 2)

The key `layout` says which. Without it the shape decides; where it fits both, payoffs are two matrices, which is said.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from negotiation.errors import nearest
from negotiation.games.files.exact_table import Reader
from negotiation.games.files.tables import GameEntry, StateEntry

MATRICES, CELLS = "matrices", "cells"
WORDS = {
    MATRICES: "as two matrices, the first player's payoffs and then the second's",
    CELLS: "cell by cell, a pair of payoffs in each",
}


class Layout(NamedTuple):
    """How payoffs are written, the numbers of rows and columns (0 where they cannot be told), and what to say of it."""

    name: str
    shape: tuple[int, int]
    remark: str = ""

    def table(self, raw: Any, shape: tuple[int, int], path: str, reader: Reader) -> tuple[Fraction, ...] | None:
        """Return both players' payoffs, the first player's first; None on a fault, which is recorded."""
        if self.name == MATRICES:
            return reader.table(raw, (2, *shape), path)
        pairs = reader.table(raw, (*shape, 2), path)
        return None if pairs is None else pairs[0::2] + pairs[1::2]


def layout(game: GameEntry, state: StateEntry, dot: str, reader: Reader) -> Layout:
    """Return the layout of a state's payoffs, as stated or as the shape has it."""
    stated = state.layout if state.layout is not None else game.layout
    if stated is not None and stated not in WORDS:
        where = f"{dot}layout" if state.layout is not None else "layout"
        reader.fault(where, f"there is no layout '{stated}'", nearest(stated, WORDS))
        stated = MATRICES
    first, second, third = _sizes(state.payoffs, 3)
    shapes = {MATRICES: (second, third), CELLS: (first, second)}
    if stated is not None:
        return Layout(stated, shapes[stated])
    known = _known(game, state)
    fits = [name for name, fit in ((MATRICES, first == 2), (CELLS, third == 2)) if fit]
    fits = [name for name in fits if known in (None, shapes[name])] or fits or [MATRICES]
    name = fits[0]
    if len(fits) == 1 and name == MATRICES:
        return Layout(name, shapes[name])
    remark = f"{dot}payoffs were read {WORDS[name]}"
    if len(fits) > 1:
        remark += f'; they fit the other layout too, for which write "layout": "{CELLS}"'
    return Layout(name, shapes[name], f"{remark}.")


def _known(game: GameEntry, state: StateEntry) -> tuple[int, int] | None:
    """Return the numbers of rows and columns that other keys of the file tell, None where none does."""
    actions = state.actions if state.actions is not None else game.actions
    if actions is not None:
        return (len(actions[0]), len(actions[1])) if len(actions) == 2 else None
    for table in (state.signals, state.next_state if state.signals is None else None):
        rows, columns = _sizes(table, 2)
        if rows and columns:
            return rows, columns
    return None


def _sizes(raw: Any, depth: int) -> list[int]:
    """Return the lengths of nested lists along their first entries, 0 where there is no list."""
    found = []
    for _ in range(depth):
        found.append(len(raw) if isinstance(raw, list) else 0)
        raw = raw[0] if isinstance(raw, list) and raw else None
    return found
