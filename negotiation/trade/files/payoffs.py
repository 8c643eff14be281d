"""Payoffs given directly: matrices and signals of a file become parameters, so that changes and sweeps reach them.

    payoffs.<player>.<row>.<column>    one number
    signals.<row>.<column>             the chances of all signals, in the order of `signals`

A matrix may be written as a list of rows, or cell by cell as tables; the latter is how an extending file changes one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from negotiation.errors import nearest
from negotiation.trade.files.parameters import check_origin
from negotiation.trade.files.problem_collector import ProblemCollector, key_fault
from negotiation.trade.files.tables import PayoffsTable, kind_of, validate_table
from negotiation.trade.files.toml_positions import Key
from negotiation.trade.parameters.units import PAYOFF_UNITS
from negotiation.trade.scenario.scenario import Scenario

FRAME = frozenset(PayoffsTable.model_fields)
DEFAULT_UNIT = "points"


class PayoffFrame(NamedTuple):
    """What surrounds the matrices: players, actions, deal, punishment, unit, signals, trigger, observed players."""

    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    deal: tuple[str, ...]
    punishment: tuple[str, ...]
    unit: str
    signals: tuple[str, ...]
    trigger: tuple[str, ...]
    observed: tuple[str, ...]


def read_payoffs(
    reading: ProblemCollector, base: Scenario | None, as_of: str
) -> tuple[PayoffFrame | None, dict[str, Any]]:
    """Return the frame and path -> raw cell (a table with value, source and date) of the `[payoffs]` table.

    as_of: the date of cells where the table states none.
    """
    raw = reading.data.get("payoffs", {})
    if not isinstance(raw, Mapping):
        reading.fault(("payoffs",), f"is {kind_of(raw)}, not a table")
        return None, {}
    stated = raw.get("players")
    named = stated if isinstance(stated, list) else list(base.players) if base else ["us", "china"]
    players = tuple(player for player in named if isinstance(player, str))
    table = validate_table(reading, PayoffsTable, {k: v for k, v in raw.items() if k in FRAME}, ("payoffs",))
    for name in raw:
        if name not in FRAME and name not in players:
            reading.fault(("payoffs", name), "unknown key", nearest(name, [*players, *sorted(FRAME)]))
    if table is None:
        return None, {}
    frame = _frame(reading, table, players, base)
    if frame is None:
        return None, {}
    source, dated = table.source or "assumption", table.dated or as_of
    check_origin(reading, ("payoffs",), source, dated)
    if reading.is_spoiled(("payoffs", "source")) or reading.is_spoiled(("payoffs", "dated")):
        source, dated = "assumption", as_of  # said once, not again of every cell
    return frame, _cells(reading, raw, table, frame, {"source": source, "dated": dated})


def _frame(
    reading: ProblemCollector, table: PayoffsTable, players: tuple[str, ...], base: Scenario | None
) -> PayoffFrame | None:
    if len(players) != 2 or len(set(players)) != 2:
        reading.fault(("payoffs", "players"), f"needs two players with different names, got {len(players)}")
    rows, columns = base.actions if base else ((), ())
    rows = tuple(table.rows) if table.rows is not None else rows
    columns = tuple(table.columns) if table.columns is not None else columns
    for label, names in (("rows", rows), ("columns", columns), ("players", players)):
        if not names:
            reading.fault(("payoffs", label), "is missing or empty", "the names of the actions")
        if len(set(names)) != len(names):
            reading.fault(("payoffs", label), "has the same name twice")
        for name in names:
            fault = key_fault(name) or ("is a key of this table" if label == "players" and name in FRAME else "")
            if fault:
                reading.fault(("payoffs", label), f"'{name}': {fault}")
    unit = table.unit or (base.unit if base else DEFAULT_UNIT)
    if unit not in PAYOFF_UNITS:
        reading.fault(("payoffs", "unit"), f"unknown unit '{unit}'", nearest(unit, PAYOFF_UNITS))
    signals = tuple(table.signals) if table.signals is not None else (base.signals if base else ())
    trigger = tuple(table.trigger) if table.trigger is not None else (base.trigger if base else ())
    # the row player's action is seen by default, as tariffs are; without signals everything is seen
    seen = (base.observed if base else players[:1]) if table.observed is None else tuple(table.observed)
    _check_signals(reading, signals, trigger, seen, players)
    deal = tuple(table.deal) if table.deal is not None else (base.deal if base else ())
    punishment = tuple(table.punishment) if table.punishment is not None else (base.punishment if base else ())
    for label, profile in (("deal", deal), ("punishment", punishment)):
        check_profile(reading, ("payoffs", label), profile, (rows, columns))
    if reading.problems and reading.is_spoiled(("payoffs",)):
        return None
    return PayoffFrame(players, (rows, columns), deal, punishment, unit, signals, trigger, seen)


def _check_signals(
    reading: ProblemCollector,
    signals: Sequence[str],
    trigger: Sequence[str],
    seen: Sequence[str],
    players: Sequence[str],
) -> None:
    if len(set(signals)) != len(signals) or not all(signal.strip() for signal in signals):
        reading.fault(("payoffs", "signals"), "needs different names, none of them empty")
    for name in trigger:
        if name not in signals:
            reading.fault(("payoffs", "trigger"), f"there is no signal '{name}'", nearest(name, signals))
    for name in seen:
        if name not in players:
            reading.fault(("payoffs", "observed"), f"there is no player '{name}'", nearest(name, players))


def check_profile(
    reading: ProblemCollector, key: Key, profile: Sequence[str], actions: Sequence[Sequence[str]]
) -> None:
    """Record a profile that is missing, of the wrong length, or names no action."""
    if not profile:
        reading.fault(key, "is missing", "one action for each player")
        return
    if len(profile) != len(actions):
        reading.fault(key, f"needs one action for each of {len(actions)} players, got {len(profile)}")
        return
    for name, names in zip(profile, actions, strict=True):
        if names and name not in names:
            reading.fault(key, f"'{name}' is not an action", nearest(name, names))


def _cells(
    reading: ProblemCollector, raw: Mapping[str, Any], table: PayoffsTable, frame: PayoffFrame, origin: dict[str, str]
) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    rows, columns = frame.actions
    for player in frame.players:
        key = ("payoffs", player)
        stated = raw.get(player)
        if isinstance(stated, Mapping):
            for row, below in stated.items():
                _tables(reading, (*key, row), below, rows, columns, cells)
        elif stated is not None and _rectangular(reading, key, stated, rows, columns):
            for row, numbers in zip(rows, stated, strict=True):
                for column, number in zip(columns, numbers, strict=True):
                    cells[f"payoffs.{player}.{row}.{column}"] = {"value": number, **origin}
    key = ("payoffs", "likelihood")
    if table.likelihood is not None and _rectangular(reading, key, table.likelihood, rows, columns):
        for row, lists in zip(rows, table.likelihood, strict=True):
            for column, chances in zip(columns, lists, strict=True):
                if not isinstance(chances, list) or len(chances) != len(frame.signals):
                    text = f"row '{row}', column '{column}': needs {len(frame.signals)} chances, one for each signal"
                    reading.fault(key, text)
                    continue
                cells[f"signals.{row}.{column}"] = {"value": chances, **origin}
    signals = reading.data.get("signals")
    if isinstance(signals, Mapping):
        for row, below in signals.items():
            _tables(reading, ("signals", row), below, rows, columns, cells)
    return cells


def _tables(
    reading: ProblemCollector,
    key: tuple[str, ...],
    below: Any,
    rows: Sequence[str],
    columns: Sequence[str],
    cells: dict[str, Any],
) -> None:
    """Add the cells of one row that are written as tables or bare numbers."""
    if key[-1] not in rows:
        reading.fault(key, "is not a row", nearest(key[-1], rows))
    elif not isinstance(below, Mapping):
        reading.fault(key, f"is {kind_of(below)}, needs a table of columns")
    else:
        for column, cell in below.items():
            if column in columns:
                cells[".".join((*key, column))] = cell
            else:
                reading.fault((*key, column), "is not a column", nearest(column, columns))


def _rectangular(reading: ProblemCollector, key: Key, matrix: Any, rows: Sequence[str], columns: Sequence[str]) -> bool:
    """Record a matrix that is not len(rows) by len(columns); return whether it is."""
    if not isinstance(matrix, list) or not matrix or not all(isinstance(row, list) for row in matrix):
        reading.fault(key, "needs a list of rows, such as [[3, 0], [5, 1]]")
        return False
    lengths = {len(row) for row in matrix}
    if len(lengths) != 1:
        reading.fault(
            key, "is not rectangular: its rows have " + ", ".join(str(len(row)) for row in matrix) + " entries"
        )
        return False
    if (len(matrix), lengths.pop()) != (len(rows), len(columns)):
        text = f"is {len(matrix)} by {len(matrix[0])}, but there are {len(rows)} rows and {len(columns)} columns"
        reading.fault(key, text)
        return False
    return True
