"""Payoffs given directly: matrices and signals of a file become parameters, so that changes and sweeps reach them.

    payoffs.<player>.<row>.<column>    one number
    signals.<row>.<column>             the chances of all signals, in the order of `signals`

A matrix may be written as a list of rows, or cell by cell as tables; the latter is how an extending file changes one.
"""

import itertools
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from negotiation._tables import Key, kind_of
from negotiation._values import Value
from negotiation.errors import nearest
from negotiation.trade.files.parameters import check_origin
from negotiation.trade.files.problem_collector import ProblemCollector, key_fault
from negotiation.trade.files.tables import PayoffsTable, stated_or_inherited
from negotiation.trade.scenario.scenario import Scenario

FRAME_KEYS = frozenset(PayoffsTable.model_fields)
DEFAULT_UNIT = "points"
Actions = tuple[tuple[str, ...], ...]


class PayoffFrame(Value, kw_only=True):
    """What surrounds the matrices: players, actions, deal, punishment, unit, signals, trigger, observed players."""

    players: tuple[str, ...]
    actions: Actions = ((), ())
    deal: tuple[str, ...] = ()
    punishment: tuple[str, ...] = ()
    unit: str
    signals: tuple[str, ...] = ()
    trigger: tuple[str, ...] = ()
    observed: tuple[str, ...] = ()


def read_payoffs(
    collector: ProblemCollector, base: Scenario | None, as_of: str
) -> tuple[PayoffFrame | None, dict[str, Any]]:
    """Return the frame and path -> raw cell (a table with value, source and date) of the `[payoffs]` table.

    as_of: the date of cells where the table states none.
    """
    raw = collector.data.get("payoffs", {})
    if not isinstance(raw, Mapping):
        collector.fault(("payoffs",), f"is {kind_of(raw)}, not a table")
        return None, {}
    stated = raw.get("players")
    named = stated if isinstance(stated, list) else list(base.players) if base else ["us", "china"]
    players = tuple(player for player in named if isinstance(player, str))
    table = collector.table(PayoffsTable, {k: v for k, v in raw.items() if k in FRAME_KEYS}, ("payoffs",))
    for name in raw:
        if name not in FRAME_KEYS and name not in players:
            collector.fault(("payoffs", name), "unknown key", nearest(name, [*players, *sorted(FRAME_KEYS)]))
    if table is None:
        return None, {}
    frame = _frame(collector, table, players, base)
    if frame is None:
        return None, {}
    source, dated = table.source or "assumption", table.dated or as_of
    check_origin(collector, ("payoffs",), source, dated)
    if collector.is_spoiled(("payoffs", "source")) or collector.is_spoiled(("payoffs", "dated")):
        source, dated = "assumption", as_of  # said once, not again of every cell
    return frame, _cells(collector, raw, table, frame, {"source": source, "dated": dated})


def _frame(
    collector: ProblemCollector, table: PayoffsTable, players: tuple[str, ...], base: Scenario | None
) -> PayoffFrame | None:
    if len(players) != 2 or len(set(players)) != 2:
        collector.fault(("payoffs", "players"), f"needs two players with different names, got {len(players)}")
    inherit = partial(stated_or_inherited, table, base)
    rows, columns = base.actions if base else ((), ())
    rows = tuple(table.rows) if table.rows is not None else rows
    columns = tuple(table.columns) if table.columns is not None else columns
    for label, names in (("rows", rows), ("columns", columns), ("players", players)):
        if not names:
            collector.fault(("payoffs", label), "is missing or empty", "the names of the actions")
        if len(set(names)) != len(names):
            collector.fault(("payoffs", label), "has the same name twice")
        for name in names:
            fault = key_fault(name) or ("is a key of this table" if label == "players" and name in FRAME_KEYS else "")
            if fault:
                collector.fault(("payoffs", label), f"'{name}': {fault}")
    frame = PayoffFrame(
        players=players,
        actions=(rows, columns),
        unit=inherit("unit", DEFAULT_UNIT),
        **{name: inherit(name, ()) for name in ("deal", "punishment", "signals", "trigger")},
        # the row player's action is seen by default, as tariffs are; without signals everything is seen
        observed=inherit("observed", players[:1]),
    )
    _check_signals(collector, frame)
    for label, profile in (("deal", frame.deal), ("punishment", frame.punishment)):
        check_profile(collector, ("payoffs", label), profile, frame.actions)
    return None if collector.is_spoiled(("payoffs",)) else frame


def _check_signals(collector: ProblemCollector, frame: PayoffFrame) -> None:
    if len(set(frame.signals)) != len(frame.signals) or not all(signal.strip() for signal in frame.signals):
        collector.fault(("payoffs", "signals"), "needs different names, none of them empty")
    for name in frame.trigger:
        collector.check_name(("payoffs", "trigger"), "signal", name, frame.signals)
    for name in frame.observed:
        collector.check_name(("payoffs", "observed"), "player", name, frame.players)


def check_profile(
    collector: ProblemCollector, key: Key, profile: Sequence[str], actions: Sequence[Sequence[str]]
) -> None:
    """Record a profile that is missing, of the wrong length, or names no action."""
    if not profile:
        collector.fault(key, "is missing", "one action for each player")
        return
    if len(profile) != len(actions):
        collector.fault(key, f"needs one action for each of {len(actions)} players, got {len(profile)}")
        return
    for name, names in zip(profile, actions, strict=True):
        if names and name not in names:
            collector.fault(key, f"'{name}' is not an action", nearest(name, names))


def _cells(
    collector: ProblemCollector, raw: Mapping[str, Any], table: PayoffsTable, frame: PayoffFrame, origin: dict[str, str]
) -> dict[str, Any]:
    """Return path -> raw cell of every matrix, be it a list of rows or tables of rows by name."""
    matrices: dict[tuple[str, ...], Any] = {("payoffs", player): raw.get(player) for player in frame.players}
    matrices |= {("payoffs", "likelihood"): table.likelihood, ("signals",): collector.data.get("signals")}
    cells: dict[str, Any] = {}
    for key, matrix in matrices.items():
        if isinstance(matrix, Mapping):
            cells |= _cells_by_name(collector, key, matrix, frame.actions)
        elif matrix is not None and key == ("signals",):
            collector.fault(key, f"is {kind_of(matrix)}, not a table")
        elif matrix is not None and _is_matrix(collector, key, matrix, frame.actions):
            section = "signals" if matrix is table.likelihood else ".".join(key)
            for (row, column), cell in zip(itertools.product(*frame.actions), itertools.chain(*matrix), strict=True):
                if section == "signals" and (not isinstance(cell, list) or len(cell) != len(frame.signals)):
                    text = f"row '{row}', column '{column}': needs {len(frame.signals)} chances, one for each signal"
                    collector.fault(key, text)
                else:
                    cells[f"{section}.{row}.{column}"] = {"value": cell, **origin}
    return cells


def _cells_by_name(
    collector: ProblemCollector, key: tuple[str, ...], stated: Mapping[str, Any], actions: Actions
) -> dict[str, Any]:
    """Return the cells of a matrix that is written as tables of rows, each a table of columns."""
    cells: dict[str, Any] = {}
    rows, columns = actions
    for row, below in stated.items():
        if row not in rows:
            collector.fault((*key, row), "is not a row", nearest(row, rows))
        elif not isinstance(below, Mapping):
            collector.fault((*key, row), f"is {kind_of(below)}, needs a table of columns")
        else:
            cells |= {".".join((*key, row, column)): cell for column, cell in below.items() if column in columns}
            for column in below:
                if column not in columns:
                    collector.fault((*key, row, column), "is not a column", nearest(column, columns))
    return cells


def _is_matrix(collector: ProblemCollector, key: Key, matrix: Any, actions: Actions) -> bool:
    """Return whether a matrix has one entry for each row and column; record it when not."""
    rows, columns = map(len, actions)
    if not isinstance(matrix, list) or not matrix or not all(isinstance(row, list) for row in matrix):
        text = "needs a list of rows, such as [[3, 0], [5, 1]]"
    elif len({len(row) for row in matrix}) != 1:
        text = "is not rectangular: its rows have " + ", ".join(str(len(row)) for row in matrix) + " entries"
    elif (len(matrix), len(matrix[0])) != (rows, columns):
        text = f"is {len(matrix)} by {len(matrix[0])}, but there are {rows} rows and {columns} columns"
    else:
        return True
    collector.fault(key, text)
    return False
