"""One state of a game file: its actions, payoffs, signals, and the state that follows each signal."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from negotiation.errors import nearest
from negotiation.games.files.exact_table import Reader
from negotiation.games.files.layout import layout
from negotiation.games.files.tables import GameEntry, StateEntry, Texts
from negotiation.games.stage import ROW_TOLERANCE


class StateRead(NamedTuple):
    """One state as read: exact payoffs and chances, action names, signals, seen players, successor of each signal, and
    sentences on how it was read.
    """

    name: str
    actions: tuple[tuple[str, ...], ...]
    payoffs: tuple[Fraction, ...]
    chances: tuple[Fraction, ...]
    signals: tuple[str, ...]
    observed: tuple[int, ...]
    following: tuple[int, ...]
    remarks: tuple[str, ...]


class Context(NamedTuple):
    """What a state is read in: the game's own entries, names of players and states, and where problems go."""

    game: GameEntry
    players: tuple[str, ...]
    states: tuple[str, ...]
    reader: Reader


def read_state(context: Context, state: StateEntry, name: str, path: str) -> StateRead | None:
    """Return the state that stands at `path` of the file, or None with its problems recorded."""
    game, players, names, reader = context
    before, dot = len(reader.problems), f"{path}." if path else ""
    laid_out = layout(game, state, dot, reader)
    actions = _actions(game, state, laid_out.shape, dot, reader)
    if actions is None or len(players) != 2:
        return None
    shape = (len(actions[0]), len(actions[1]))
    payoffs = laid_out.table(state.payoffs, shape, f"{dot}payoffs", reader)
    observed: tuple[int, ...] = (0, 1)
    if state.signals is None:
        following = _seen_successors(state, shape, names, f"{dot}next_state", reader)
        signals = tuple(f"to {target}" for target in names) if len(names) > 1 else ("nothing else",)
        chances = tuple(Fraction(int(y == to)) for to in following for y in range(len(names)))
        following = tuple(range(len(names)))
        if state.observed is not None:
            reader.fault(f"{dot}observed", "has no meaning without signals: every action is seen")
    else:
        chances, signals = _signals(state.signals, state.signal_names or game.signal_names, shape, dot, reader)
        observed = _observed(state.observed if state.observed is not None else game.observed, players, dot, reader)
        following = _successors(state.next_state, len(signals), names, f"{dot}next_state", reader)
    if payoffs is None or len(reader.problems) > before:
        return None
    remarks = [laid_out.remark] if laid_out.remark else []
    rounded = sum(sum(chances[at : at + len(signals)]) != 1 for at in range(0, len(chances), len(signals)))
    if rounded:
        what = f"{rounded} distribution{'s' if rounded > 1 else ''}"
        remarks.append(
            f"{dot}signals: the chances of {what} sum to 1 only when rounded; they are divided by their sum."
        )
    return StateRead(name, actions, payoffs, chances, signals, observed, following, tuple(remarks))


def _actions(
    game: GameEntry, state: StateEntry, shape: tuple[int, int], dot: str, reader: Reader
) -> tuple[tuple[str, ...], ...] | None:
    """Return the names of both players' actions; numbers as names where the file gives none."""
    stated = state.actions if state.actions is not None else game.actions
    where = f"{dot}actions" if state.actions is not None else "actions"
    if stated is None:
        stated = [[str(at) for at in range(size)] for size in shape]
        if not all(stated):
            reader.fault(f"{dot}payoffs", "needs two matrices with at least one row and one column")
            return None
    if len(stated) != 2:
        reader.fault(where, f"has {len(stated)} lists, one for each of the two players is needed")
        return None
    for at, names in enumerate(stated):
        if not names:
            reader.fault(f"{where}[{at}]", "is empty: a player needs at least one action")
        elif len(set(names)) < len(names):
            reader.fault(f"{where}[{at}]", "has the same action twice")
    return tuple(tuple(names) for names in stated) if all(stated) else None


def _signals(
    raw: list[Any], names: Texts | None, shape: tuple[int, int], dot: str, reader: Reader
) -> tuple[tuple[Fraction, ...], tuple[str, ...]]:
    chances = reader.table(raw, (*shape, -1), f"{dot}signals")
    if chances is None:
        return (), ()
    size = len(chances) // (shape[0] * shape[1])
    for at in range(0, len(chances), size):
        row, place = chances[at : at + size], divmod(at // size, shape[1])
        where = f"{dot}signals[{place[0]}][{place[1]}]"
        if min(row) < 0:
            reader.fault(where, f"has a negative chance, {float(min(row)):g}")
        elif abs(sum(row, Fraction(-1))) > ROW_TOLERANCE:
            reader.fault(
                where, f"sums to {float(sum(row, Fraction(0))):.12g}, not to 1: chances must be a distribution"
            )
    if names is not None and (len(names) != size or len(set(names)) < size):
        reader.fault(f"{dot}signal_names", f"needs {size} different names, got {len(names)}")
    return chances, tuple(names) if names is not None else tuple(f"signal {at}" for at in range(size))


def _observed(raw: list[str | int] | None, players: tuple[str, ...], dot: str, reader: Reader) -> tuple[int, ...]:
    found = set()
    for at, player in enumerate(raw or ()):
        if isinstance(player, int) and 0 <= player < 2:
            found.add(player)
        elif player in players:
            found.add(players.index(str(player)))
        else:
            reader.fault(f"{dot}observed[{at}]", f"there is no player {player!r}", nearest(str(player), players))
    return tuple(sorted(found))


def _target(raw: Any, names: tuple[str, ...], path: str, reader: Reader) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw < len(names):
        return raw
    if isinstance(raw, str) and raw in names:
        return names.index(raw)
    if isinstance(raw, str):
        reader.fault(path, f"there is no state '{raw}'", nearest(raw, names))
    else:
        reader.fault(path, f"is {raw}, states are numbered 0 to {len(names) - 1}")
    return 0


def _successors(raw: Any, count: int, names: tuple[str, ...], path: str, reader: Reader) -> tuple[int, ...]:
    """Return the successor of each signal; one state needs none, one entry alone stands for every signal."""
    if raw is None and len(names) == 1:
        return (0,) * count
    if raw is None:
        reader.fault(path, "is missing", "the state that follows each signal")
        return ()
    if not isinstance(raw, list):
        return (_target(raw, names, path, reader),) * count
    if count and len(raw) != count:
        reader.fault(path, f"has {len(raw)} entries, one for each of {count} signals is needed")
    return tuple(_target(entry, names, f"{path}[{at}]", reader) for at, entry in enumerate(raw))


def _seen_successors(
    state: StateEntry, shape: tuple[int, int], names: tuple[str, ...], path: str, reader: Reader
) -> tuple[int, ...]:
    """Return the successor of each profile where every action is seen: a matrix, a flat list, or one state for all."""
    raw, count = state.next_state, shape[0] * shape[1]
    if isinstance(raw, list) and raw and all(isinstance(row, list) for row in raw):
        if len(raw) != shape[0] or any(len(row) != shape[1] for row in raw):
            reader.fault(path, f"needs {shape[0]} rows with {shape[1]} entries, one successor for each profile")
            return (0,) * count
        raw = [entry for row in raw for entry in row]
    if isinstance(raw, list) and len(raw) != count:
        reader.fault(path, f"has {len(raw)} entries, one for each of {count} profiles is needed: actions are seen")
        return (0,) * count
    return _successors(raw, count, names, path, reader)
