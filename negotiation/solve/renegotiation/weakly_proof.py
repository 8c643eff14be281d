"""Weakly renegotiation-proof strategies: nobody would agree, in any punishment, to go back to another continuation.

A public automaton over a dynamic game is weakly renegotiation-proof when no continuation value that its own histories
lead to is strictly better for every player than another one in the same public state (Farrell, Maskin 1989). Two
readings are kept apart: over the histories that occur when everybody does as prescribed (false alarms included), and
over all histories, those after deviations included, which is Farrell and Maskin's condition.

Symbols: V(s, w) values of automaton state w in public state s. Comparisons that doubles cannot decide clearly are
made again in ratios, the game's numbers taken as they are given (`games.dynamic.Ratios`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from negotiation._values import Floats, Value
from negotiation.games.automaton import Automaton
from negotiation.games.dynamic import DynamicGame
from negotiation.solve.automata.one_shot_deviations import automaton_values
from negotiation.solve.renegotiation.exact_values import Exact, Node, doubles_of, profile_of, ratios_of

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
    values = doubles_of(game, automaton, nodes)
    found: list[Dominated | None] = []
    exact: Exact | None = None
    for reached in (_reached(game, automaton, False), _reached(game, automaton, True)):
        clear, doubtful = _compared(values, reached)
        if clear is None and doubtful:
            exact = exact or ratios_of(game, automaton, nodes)
            true = [pair for pair in doubtful if _all_more(exact[pair[0]], exact[pair[1]])]
            clear = true[0] if true else None
        found.append(None if clear is None else _dominated(game, automaton, values, *clear))
    return RenegotiationCheck(values, found[0], found[1], exact is not None)


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
    followed = seen.likelihood[profile_of(automaton, w)]
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
