"""One state of a game file: its actions, payoffs, signals, and the state that follows each signal (docs/game-files.md).

The key `layout` says how payoffs are laid out. Without it the shape decides; where it fits both layouts, payoffs are
two matrices, which is said.
"""

from fractions import Fraction
from typing import Any, NamedTuple

from negotiation.errors import count_text, nearest
from negotiation.games.dynamic import Rows
from negotiation.games.files.entries import CELLS, FORM_WORDS, MATRICES, GameEntry, Reader, StateEntry
from negotiation.games.stage import ROW_TOLERANCE

Actions = tuple[tuple[str, ...], ...]


class StateRead(NamedTuple):
    """One state as read.

    payoffs: of each player, chances: after each profile, as ratios. observed: players seen besides the signal.
    following: the successor of each signal. remarks: how the file was read, one sentence each.
    """

    name: str
    actions: Actions
    payoffs: Rows
    chances: Rows
    signals: tuple[str, ...]
    observed: tuple[int, ...]
    following: tuple[int, ...]
    remarks: tuple[str, ...]


class StateReader(NamedTuple):
    """What a state is read in: the game's own entry, names of players and states, and where problems go."""

    game: GameEntry
    players: tuple[str, ...]
    states: tuple[str, ...]
    reader: Reader

    def read(self, state: StateEntry, name: str, path: str) -> StateRead | None:
        """Return the state that stands at `path` of the file, or None with its problems recorded."""
        before, dot = len(self.reader.problems), f"{path}." if path else ""
        layout, shape, remark = self._layout(state, dot)
        actions = self._actions(state, shape, dot)
        if actions is None or len(self.players) != 2:
            return None
        shape = (len(actions[0]), len(actions[1]))
        payoffs = self.reader.table(state.payoffs, (2, *shape) if layout == MATRICES else (*shape, 2), f"{dot}payoffs")
        observed: tuple[int, ...] = (0, 1)
        if state.signals is None:
            targets = self._profile_successors(state.next_state, shape, f"{dot}next_state")
            following = tuple(range(len(self.states)))
            chances = tuple(tuple(Fraction(target == number) for number in following) for target in targets)
            signals = tuple(f"to {name}" for name in self.states) if len(self.states) > 1 else ("nothing else",)
            if state.observed is not None:
                self.reader.fault(f"{dot}observed", "has no meaning without signals: every action is seen")
        else:
            chances, signals = self._signals(state, shape, dot)
            observed = self._observed(state, dot)
            following = self._successors(state.next_state, len(signals), "signals", f"{dot}next_state")
        if payoffs is None or len(self.reader.problems) > before:
            return None
        half = len(payoffs) // 2
        matrices = (payoffs[:half], payoffs[half:]) if layout == MATRICES else (payoffs[0::2], payoffs[1::2])
        remarks = [remark] if remark else []
        if rounded := sum(sum(row) != 1 for row in chances):
            what = f"{dot}signals: the chances of {count_text(rounded, 'distribution')}"
            remarks.append(f"{what} sum to 1 only when rounded; they are divided by their sum.")
        return StateRead(
            name=name,
            actions=actions,
            payoffs=matrices,
            chances=chances,
            signals=signals,
            observed=observed,
            following=following,
            remarks=tuple(remarks),
        )

    def _layout(self, state: StateEntry, dot: str) -> tuple[str, tuple[int, int], str]:
        """Return the layout of payoffs, the numbers of rows and columns (0 where unknown), and what to say of it."""
        stated = state.layout or self.game.layout
        first, second, third = _sizes(state.payoffs, 3)
        shapes = {MATRICES: (second, third), CELLS: (first, second)}
        told = self._told_shape(state)
        fits = [name for name, fit in ((MATRICES, first == 2), (CELLS, third == 2)) if fit]
        fits = [name for name in fits if told in (None, shapes[name])] or fits or [MATRICES]
        layout = stated or fits[0]
        remark = f"{dot}payoffs were read {FORM_WORDS[layout]}"
        if len(fits) > 1:
            remark += f'; they fit the other layout too, for which write "layout": "{CELLS}"'
        return layout, shapes[layout], "" if stated or fits == [MATRICES] else f"{remark}."

    def _told_shape(self, state: StateEntry) -> tuple[int, int] | None:
        """Return the numbers of rows and columns that other keys of the file tell, None where none does."""
        actions = state.actions if state.actions is not None else self.game.actions
        if actions is not None:
            return (len(actions[0]), len(actions[1])) if len(actions) == 2 else None
        rows, columns = _sizes(state.next_state if state.signals is None else state.signals, 2)
        return (rows, columns) if rows and columns else None

    def _actions(self, state: StateEntry, shape: tuple[int, int], dot: str) -> Actions | None:
        """Return the names of both players' actions; numbers as names where the file gives none."""
        stated = state.actions if state.actions is not None else self.game.actions
        where = f"{dot}actions" if state.actions is not None else "actions"
        if stated is None:
            stated = [[str(number) for number in range(size)] for size in shape]
            if not all(stated):
                self.reader.fault(f"{dot}payoffs", "needs two matrices with at least one row and one column")
                return None
        if len(stated) != 2:
            self.reader.fault(where, f"has {len(stated)} lists, one for each of the two players is needed")
            return None
        for number, names in enumerate(stated):
            if not names:
                self.reader.fault(f"{where}[{number}]", "is empty: a player needs at least one action")
            elif len(set(names)) < len(names):
                self.reader.fault(f"{where}[{number}]", "has the same action twice")
        return tuple(map(tuple, stated)) if all(stated) else None

    def _signals(self, state: StateEntry, shape: tuple[int, int], dot: str) -> tuple[Rows, tuple[str, ...]]:
        chances = self.reader.table(state.signals, (*shape, -1), f"{dot}signals")
        if chances is None:
            return (), ()
        size = len(chances) // (shape[0] * shape[1])
        rows = tuple(chances[start : start + size] for start in range(0, len(chances), size))
        for index, row in enumerate(rows):
            where = "{}signals[{}][{}]".format(dot, *divmod(index, shape[1]))
            total = sum(row, Fraction(0))
            if min(row) < 0:
                self.reader.fault(where, f"has a negative chance, {float(min(row)):g}")
            elif abs(total - 1) > ROW_TOLERANCE:
                text = f"sums to {float(total):.12g}, not to 1: chances must be a distribution"
                self.reader.fault(where, text)
        names = state.signal_names or self.game.signal_names or [f"signal {number}" for number in range(size)]
        if len(names) != size or len(set(names)) < size:
            self.reader.fault(f"{dot}signal_names", f"needs {size} different names, got {len(names)}")
        return rows, tuple(names)

    def _observed(self, state: StateEntry, dot: str) -> tuple[int, ...]:
        players = set()
        stated = state.observed if state.observed is not None else self.game.observed
        for number, player in enumerate(stated or ()):
            if player in self.players:
                players.add(self.players.index(player))
            elif player in (0, 1) and not isinstance(player, bool):
                players.add(int(player))
            else:
                hint = nearest(str(player), self.players)
                self.reader.fault(f"{dot}observed[{number}]", f"there is no player {player!r}", hint)
        return tuple(sorted(players))

    def _target(self, raw: Any, path: str) -> int:
        if isinstance(raw, str):
            if raw in self.states:
                return self.states.index(raw)
            self.reader.fault(path, f"there is no state '{raw}'", nearest(raw, self.states))
        elif isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw < len(self.states):
            return raw
        else:
            self.reader.fault(path, f"is {raw}, states are numbered 0 to {len(self.states) - 1}")
        return 0

    def _successors(self, raw: Any, count: int, what: str, path: str) -> tuple[int, ...]:
        """Return the successor of each signal or profile; one state needs none, one entry alone stands for all."""
        if raw is None and len(self.states) > 1:
            self.reader.fault(path, "is missing", "the state that follows each signal")
        if raw is None:
            return (0,) * count
        if not isinstance(raw, list):
            return (self._target(raw, path),) * count
        if count and len(raw) != count:
            self.reader.fault(path, f"has {len(raw)} entries, one for each of {count} {what} is needed")
        return tuple(self._target(entry, f"{path}[{number}]") for number, entry in enumerate(raw))

    def _profile_successors(self, raw: Any, shape: tuple[int, int], path: str) -> tuple[int, ...]:
        """Return the successor of each profile where every action is seen: a matrix, a flat list, or one for all."""
        if isinstance(raw, list) and raw and all(isinstance(row, list) for row in raw):
            if [len(row) for row in raw] != [shape[1]] * shape[0]:
                text = f"needs {shape[0]} rows with {shape[1]} entries, one successor for each profile"
                self.reader.fault(path, text)
                return ()
            raw = [entry for row in raw for entry in row]
        return self._successors(raw, shape[0] * shape[1], "profiles", path)


def _sizes(raw: Any, depth: int) -> list[int]:
    """Return the lengths of nested lists along their first entries, 0 where there is no list."""
    sizes = []
    for _ in range(depth):
        sizes.append(len(raw) if isinstance(raw, list) else 0)
        raw = raw[0] if isinstance(raw, list) and raw else None
    return sizes
