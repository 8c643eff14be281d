"""Weakly renegotiation-proof strategies: nobody would agree, in any punishment, to go back to another continuation.

A public automaton over a dynamic game is weakly renegotiation-proof when no continuation value that its own histories
lead to is strictly better for every player than another one in the same public state (Farrell, Maskin 1989). Two
readings are kept apart: over the histories that occur when everybody does as prescribed (false alarms included), and
over all histories, those after deviations included, which is Farrell and Maskin's condition.

Symbols: V(s, w) values of automaton state w in public state s. Comparisons that doubles cannot decide clearly are
made again in ratios, the game's numbers taken as they are given (`games.ratios`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from negotiation._values import Floats, Value
from negotiation.errors import InputError
from negotiation.games.automaton import Automaton
from negotiation.games.dynamic import DynamicGame
from negotiation.games.ratios import ratios
from negotiation.games.stage import Profile, StageGame
from negotiation.solve.automata import automaton_values

Node = tuple[int, int]  # public state, automaton state
Exact = dict[Node, tuple[Fraction, ...]]

CLEAR = 1e-9  # of the largest value: a difference beyond it is decided by doubles


@dataclass(frozen=True, eq=False)
class Dominated(Value):
    """In public state `where`, everybody prefers automaton state `better` to `worse`; payoffs (n,) of both."""

    where: str
    better: str
    worse: str
    better_values: tuple[float, ...]
    worse_values: tuple[float, ...]

    def sentence(self) -> str:
        """Say which continuation everybody would rather have."""
        first, second = (", ".join(f"{v:.4g}" for v in values) for values in (self.better_values, self.worse_values))
        return f"in '{self.worse}' ({second}) everybody would rather return to '{self.better}' ({first})"


@dataclass(frozen=True, eq=False)
class RenegotiationCheck(Value):
    """Whether a strategy is weakly renegotiation-proof.

    values: (S, W, n). on_path: the clearest domination among continuations that occur without deviations, None when
    there is none; anywhere: the same over all histories. ratios: whether a comparison had to be made in ratios.
    """

    values: Floats
    on_path: Dominated | None
    anywhere: Dominated | None
    ratios: bool

    _floats: ClassVar[tuple[str, ...]] = ("values",)

    @property
    def passes_on_path(self) -> bool:
        """Whether no continuation that occurs without deviations is dominated by another."""
        return self.on_path is None

    @property
    def passes(self) -> bool:
        """Whether no continuation whatever is dominated by another: weakly renegotiation-proof."""
        return self.anywhere is None


def renegotiation_check(game: DynamicGame, automaton: Automaton) -> RenegotiationCheck:
    """Return whether an automaton is weakly renegotiation-proof; it need not be an equilibrium.

    The automaton starts in its state 0, in every public state. Raises `InputError` when it does not fit the game.
    """
    for stage, seen in zip(game.stages, game.monitoring, strict=True):
        automaton_values(stage, seen, game.discount, automaton)  # raises when it does not fit
    nodes = [(state, w) for state in range(game.n_states) for w in range(automaton.n_states)]
    values = _values(game, automaton, nodes)
    found: list[Dominated | None] = []
    exact: Exact | None = None
    for reached in (_reached(game, automaton, False), _reached(game, automaton, True)):
        clear, doubtful = _compared(values, reached)
        if clear is None and doubtful:
            exact = exact or _exact_values(game, automaton, nodes)
            true = [pair for pair in doubtful if _all_more(exact[pair[0]], exact[pair[1]])]
            clear = true[0] if true else None
        found.append(None if clear is None else _dominated(game, automaton, values, *clear))
    return RenegotiationCheck(values, found[0], found[1], exact is not None)


def farrell_maskin(stage: StageGame, values: tuple[float, ...]) -> tuple[Profile | None, ...]:
    """Return for each of two players a pure profile that punishes it as Farrell and Maskin's theorem 1 asks.

    While player i is punished by a^i, i's best reply earns less than v_i and the punisher at least v_j. Where both
    exist and actions are seen, v is a weakly renegotiation-proof payoff for patient players. None where no profile
    does it. Of several, the one that hurts i most. Raises `InputError` for another number of players than two.
    """
    if stage.n_players != 2:
        raise InputError.single("stage game", "players", f"{stage.n_players} players, the theorem is for two")
    found: list[Profile | None] = []
    for player in (0, 1):
        fit = [
            (float(stage.deviations(player, profile).max()), profile)
            for profile in stage.profiles()
            if stage.payoff(profile)[1 - player] >= values[1 - player]
        ]
        best = min(fit, default=None)
        found.append(best[1] if best is not None and best[0] < values[player] else None)
    return tuple(found)


def _values(game: DynamicGame, automaton: Automaton, nodes: list[Node]) -> Floats:
    """Return V in doubles, (S, W, n)."""
    players = automaton.actions.shape[1]
    chain, flow = np.zeros((len(nodes), len(nodes))), np.empty((len(nodes), players))
    for row, (state, w) in enumerate(nodes):
        profile = _profile(automaton, w)
        flow[row] = (game.stages[state].payoffs + automaton.adjustments[w])[(slice(None), *profile)]
        for signal, chance in enumerate(game.monitoring[state].likelihood[profile]):
            first = int(game.next_state[state, signal]) * automaton.n_states
            chain[row, first : first + automaton.n_states] += chance * automaton.transition[w, signal]
    solved = np.linalg.solve(np.eye(len(nodes)) - game.discount * chain, (1 - game.discount) * flow)
    return np.asarray(solved, dtype=np.float64).reshape(game.n_states, automaton.n_states, players)


def _profile(automaton: Automaton, w: int) -> Profile:
    return tuple(int(action) for action in automaton.actions[w])


def _reached(game: DynamicGame, automaton: Automaton, deviations: bool) -> list[Node]:
    """Return the nodes that histories lead to, without deviations or with any."""
    waiting = [(state, 0) for state in range(game.n_states)]
    reached = set(waiting)
    while waiting:
        for node in _successors(game, automaton, *waiting.pop(), deviations):
            if node not in reached:
                reached.add(node)
                waiting.append(node)
    return sorted(reached)


def _successors(game: DynamicGame, automaton: Automaton, state: int, w: int, deviations: bool) -> Iterator[Node]:
    seen = game.monitoring[state]
    followed = seen.likelihood[_profile(automaton, w)]
    possible = seen.likelihood.reshape(-1, seen.n_signals).max(axis=0) if deviations else followed
    for signal in np.flatnonzero(possible > 0):
        after = int(game.next_state[state, signal])
        for next_w in np.flatnonzero(automaton.transition[w, signal] > 0):
            yield after, int(next_w)
        if deviations:
            for player in seen.observed:
                if game.stages[state].shape[player] > 1:
                    yield after, int(automaton.on_deviation[w, player])


def _compared(values: Floats, reached: list[Node]) -> tuple[tuple[Node, Node] | None, list[tuple[Node, Node]]]:
    """Return the clearest strict domination among nodes of one public state, and the pairs in doubt."""
    room = CLEAR * float(np.abs(values).max())
    best: tuple[float, tuple[Node, Node]] | None = None
    doubtful = []
    for better in reached:
        for worse in reached:
            if better[0] != worse[0] or better == worse:
                continue
            margin = float((values[better] - values[worse]).min())
            if margin > room and (best is None or margin > best[0]):
                best = (margin, (better, worse))
            elif abs(margin) <= room:
                doubtful.append((better, worse))
    return (None if best is None else best[1]), doubtful


def _exact_values(game: DynamicGame, automaton: Automaton, nodes: list[Node]) -> Exact:
    """Return V in ratios, by elimination from the last node to the first (a chain of months fills in little)."""
    numbers = ratios(game)
    delta, players = numbers.discount, automaton.actions.shape[1]
    rows: dict[Node, dict[Node, Fraction]] = {}
    right: Exact = {}
    for state, w in nodes:
        profile = _profile(automaton, w)
        at = int(np.ravel_multi_index(profile, game.stages[state].shape))
        extra = automaton.adjustments[w][(slice(None), *profile)]
        flow = [numbers.payoffs[state][i][at] + Fraction(float(extra[i])) for i in range(players)]
        right[state, w] = tuple((1 - delta) * number for number in flow)
        row = rows[state, w] = {(state, w): Fraction(1)}
        for signal, chance in enumerate(numbers.chances[state][at]):
            lottery = [Fraction(float(share)) for share in automaton.transition[w, signal]]
            total = sum(lottery, Fraction(0))
            for next_w, share in enumerate(lottery):
                if chance and share:
                    to = (int(game.next_state[state, signal]), next_w)
                    row[to] = row.get(to, Fraction(0)) - delta * chance * share / total
    return _solved(rows, right, nodes)


def _solved(rows: dict[Node, dict[Node, Fraction]], right: Exact, nodes: list[Node]) -> Exact:
    """Solve the sparse linear system; the matrix is diagonally dominant, so that no pivot is zero."""

    def add(node: Node, factor: Fraction, other: Node) -> None:
        for column, entry in rows[other].items():
            rows[node][column] = rows[node].get(column, Fraction(0)) - factor * entry
        right[node] = tuple(a - factor * b for a, b in zip(right[node], right[other], strict=True))
        rows[node].pop(other, None)

    for at in range(len(nodes) - 1, -1, -1):
        for node in nodes[:at]:
            if nodes[at] in rows[node]:
                add(node, rows[node][nodes[at]] / rows[nodes[at]][nodes[at]], nodes[at])
    solved: Exact = {}
    for node in nodes:
        rest = {column: entry for column, entry in rows[node].items() if column != node}
        values = [
            (right[node][i] - sum((entry * solved[column][i] for column, entry in rest.items()), Fraction(0)))
            / rows[node][node]
            for i in range(len(right[node]))
        ]
        solved[node] = tuple(values)
    return solved


def _all_more(first: tuple[Fraction, ...], second: tuple[Fraction, ...]) -> bool:
    return all(a > b for a, b in zip(first, second, strict=True))


def _dominated(game: DynamicGame, automaton: Automaton, values: Floats, better: Node, worse: Node) -> Dominated:
    names = automaton.names
    return Dominated(
        game.states[better[0]],
        names[better[1]],
        names[worse[1]],
        tuple(float(number) for number in values[better]),
        tuple(float(number) for number in values[worse]),
    )
