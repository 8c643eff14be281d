"""Nashpy beside the exact enumeration: what it finds, what it misses.

Nashpy's support enumeration solves the indifference conditions of every pair of supports in doubles. It misses
equilibria of degenerate games and, through a comparison with zero, now and then one of an ordinary game. Its
Lemke-Howson paths are not used, since some never end in larger games (docs/decisions). Importing nashpy takes most of a
second, so it happens inside the function that calls it.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable

import numpy as np

from negotiation._values import Floats
from negotiation.solve.exact.payoffs import IntegerPayoffs, IntTable, Mix
from negotiation.solve.stage.equilibria import NASHPY, Finding

Pair = tuple[Mix, Mix]

SUPPORT_ACTIONS = 12  # actions in all up to which support enumeration is quick; its cost doubles with each one
ALIKE = 1e-9  # largest difference of a probability between two mixes that count as the same


def cross_checked(row: IntegerPayoffs, column: IntegerPayoffs, pairs: list[Pair]) -> Finding:
    """Return what nashpy finds in the game whose extreme equilibria are `pairs`, and how much of it is right.

    Every equilibrium that support enumeration can return is extreme, so one that is not in `pairs` is not confirmed.
    """
    size = len(row.table) + len(column.table)
    if size > SUPPORT_ACTIONS:
        note = f"not run with more than {SUPPORT_ACTIONS} actions in all"
        return Finding(f"{NASHPY} support enumeration", 0, 0, note, ran=False)
    method, raw = _support_enumeration(row, column)
    known = [_doubles(pair) for pair in pairs]
    confirmed = sum(1 for found in raw if any(_close(found, pair) for pair in known))
    missed = sum(1 for pair in known if not any(_close(found, pair) for found in raw))
    return Finding(method, len(raw), confirmed, f"misses {missed} of {len(known)} extreme equilibria" if missed else "")


def _support_enumeration(row: IntegerPayoffs, column: IntegerPayoffs) -> tuple[str, list[Floats]]:
    """Return the method's name and the distinct equilibria that nashpy finds, each as one vector (x, y)."""
    import nashpy

    game = nashpy.Game(_scaled(row.table), _scaled(column.table).T)
    found: list[Floats] = []
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # nashpy warns about every degenerate game
        for x, y in game.support_enumeration():
            mixes = np.concatenate((np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)))
            if not any(_close(mixes, other) for other in found):
                found.append(mixes)
    return f"{NASHPY} {nashpy.__version__} support enumeration", found


def _scaled(table: IntTable) -> Floats:
    """Return a table of integers of any size as doubles in [0, 1]."""
    top = max(cell for line in table for cell in line) or 1
    return np.array([[cell / top for cell in line] for line in table])


def _doubles(pair: Iterable[Mix]) -> Floats:
    return np.array([float(weight) for mix in pair for weight in mix])


def _close(one: Floats, other: Floats) -> bool:
    return bool(np.abs(one - other).max() <= ALIKE)
