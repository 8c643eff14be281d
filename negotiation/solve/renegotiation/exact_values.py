"""Values of a public automaton over a dynamic game, in doubles and in ratios.

V(s, w) = (1 - delta) (u_s + adjustments_w)(a^w) + delta sum_y rho(y | s, a^w) sum_w' P(w' | w, y) V(next(s, y), w') for
public state s and automaton state w, normalised by (1 - delta).
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from negotiation._values import Floats
from negotiation.games.automaton import Automaton
from negotiation.games.dynamic import DynamicGame, ratios
from negotiation.games.stage import Profile

Node = tuple[int, int]  # public state, automaton state
Exact = dict[Node, tuple[Fraction, ...]]


def doubles_of(game: DynamicGame, automaton: Automaton, nodes: list[Node]) -> Floats:
    """Return V in doubles, (S, W, n)."""
    players = automaton.actions.shape[1]
    chain, flow = np.zeros((len(nodes), len(nodes))), np.empty((len(nodes), players))
    for row, (state, w) in enumerate(nodes):
        profile = profile_of(automaton, w)
        flow[row] = (game.stages[state].payoffs + automaton.adjustments[w])[(slice(None), *profile)]
        for signal, chance in enumerate(game.monitoring[state].likelihood[profile]):
            first = int(game.next_state[state, signal]) * automaton.n_states
            chain[row, first : first + automaton.n_states] += chance * automaton.transition[w, signal]
    solved = np.linalg.solve(np.eye(len(nodes)) - game.discount * chain, (1 - game.discount) * flow)
    return np.asarray(solved, dtype=np.float64).reshape(game.n_states, automaton.n_states, players)


def profile_of(automaton: Automaton, w: int) -> Profile:
    """Return the profile that automaton state w plays."""
    return tuple(int(action) for action in automaton.actions[w])


def ratios_of(game: DynamicGame, automaton: Automaton, nodes: list[Node]) -> Exact:
    """Return V in ratios, by elimination from the last node to the first (a chain of months fills in little)."""
    numbers = ratios(game)
    delta, players = numbers.discount, automaton.actions.shape[1]
    rows: dict[Node, dict[Node, Fraction]] = {}
    right: Exact = {}
    for state, w in nodes:
        profile = profile_of(automaton, w)
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
