"""Weakly renegotiation-proof strategies: nobody would agree, in any punishment, to go back to another continuation.

A public automaton over a dynamic game is weakly renegotiation-proof when no continuation value that its own histories
lead to is strictly better for every player than another one in the same public state (Farrell, Maskin 1989). Two
readings are kept apart: over the histories that occur when everybody does as prescribed (false alarms included), and
over all histories, those after deviations included, which is Farrell and Maskin's condition.

Symbols: V(s, w) values of automaton state w in public state s, normalised by (1 - delta),

    V(s, w) = (1 - delta) (u_s + adjustments_w)(a^w)
              + delta sum_y rho(y | s, a^w) sum_w' P(w' | w, y) V(next(s, y), w').

Comparisons that doubles cannot decide clearly are made again in ratios, the game's numbers taken as they are given.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import numpy as np

from negotiation._values import Floats, Value
from negotiation.games.automaton import Automaton
from negotiation.games.dynamic import DynamicGame, ratios
from negotiation.games.stage import Profile
from negotiation.solve.automata.one_shot_deviations import check_fit
from negotiation.solve.exact.rationals import coprime_integers, solve_square

Node = tuple[int, int]  # public state, automaton state
Exact = dict[Node, tuple[Fraction, ...]]

CLEAR = 1e-9  # of the largest value: a difference beyond it is decided by doubles


class Domination(Value):
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


class RenegotiationCheck(Value):
    """Whether a strategy is weakly renegotiation-proof.

    values: (S, W, n). on_path: the clearest domination among continuations that occur without deviations, None when
    there is none; anywhere: the same over all histories (Farrell and Maskin's condition). ratios: whether a comparison
    had to be made in ratios.
    """

    values: Floats
    on_path: Domination | None
    anywhere: Domination | None
    ratios: bool


def renegotiation_check(game: DynamicGame, automaton: Automaton) -> RenegotiationCheck:
    """Return whether an automaton is weakly renegotiation-proof; it need not be an equilibrium.

    The automaton starts in its state 0, in every public state. Raises `InputError` when it does not fit the game.
    """
    for stage, monitoring in zip(game.stages, game.monitoring, strict=True):
        check_fit(stage, monitoring, automaton)
    values = _values(game, automaton)
    verdicts: list[Domination | None] = []
    exact: Exact | None = None
    for reached in (_reached(game, automaton, False), _reached(game, automaton, True)):
        pair, doubtful = _compared(values, reached)
        if pair is None and doubtful:
            exact = exact or _ratios(game, automaton)
            pairs = (zip(exact[better], exact[worse], strict=True) for better, worse in doubtful)
            true = [pair for pair, both in zip(doubtful, pairs, strict=True) if all(a > b for a, b in both)]
            pair = true[0] if true else None
        verdicts.append(None if pair is None else _dominated(game, automaton, values, *pair))
    return RenegotiationCheck(values, verdicts[0], verdicts[1], exact is not None)


def _values(game: DynamicGame, automaton: Automaton) -> Floats:
    """Return V in doubles, (S, W, n)."""
    states, plans, players = game.n_states, automaton.n_states, automaton.actions.shape[1]
    chain, flow = np.zeros((states, plans, states, plans)), np.empty((states, plans, players))
    for state, w in product(range(states), range(plans)):
        profile = _profile(automaton, w)
        flow[state, w] = (game.stages[state].payoffs + automaton.adjustments[w])[(slice(None), *profile)]
        for signal, chance in enumerate(game.monitoring[state].likelihood[profile]):
            chain[state, w, game.next_state[state, signal]] += chance * automaton.transition[w, signal]
    count = states * plans
    system = np.eye(count) - game.discount * chain.reshape(count, count)
    values = np.linalg.solve(system, (1 - game.discount) * flow.reshape(count, players))
    return np.asarray(values, dtype=np.float64).reshape(flow.shape)


def _ratios(game: DynamicGame, automaton: Automaton) -> Exact:
    """Return V in ratios."""
    numbers, players = ratios(game), automaton.actions.shape[1]
    delta, nodes = numbers.discount, list(product(range(game.n_states), range(automaton.n_states)))
    system = []
    for place, (state, w) in enumerate(nodes):
        profile = _profile(automaton, w)
        cell = int(np.ravel_multi_index(profile, game.stages[state].shape))
        row = [Fraction(int(other == place)) for other in range(len(nodes))]
        for signal, chance in enumerate(numbers.chances[state][cell]):
            lottery = [Fraction(share) for share in automaton.transition[w, signal].tolist()]
            first, total = int(game.next_state[state, signal]) * automaton.n_states, sum(lottery, Fraction(0))
            for next_w, share in enumerate(lottery):
                row[first + next_w] -= delta * chance * share / total
        extra = automaton.adjustments[w][(slice(None), *profile)].tolist()
        flow = [numbers.payoffs[state][i][cell] + Fraction(extra[i]) for i in range(players)]
        system.append(coprime_integers([*row, *((1 - delta) * number for number in flow)]))
    solution = solve_square(system)
    assert solution is not None  # the matrix is diagonally dominant
    return {node: tuple(row) for node, row in zip(nodes, solution, strict=True)}


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
    monitoring = game.monitoring[state]
    followed = monitoring.likelihood[_profile(automaton, w)]
    possible = monitoring.likelihood.reshape(-1, monitoring.n_signals).max(axis=0) if deviations else followed
    for signal in np.flatnonzero(possible > 0):
        after = int(game.next_state[state, signal])
        for next_w in np.flatnonzero(automaton.transition[w, signal] > 0):
            yield after, int(next_w)
        if deviations:
            for player in monitoring.observed:
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


def _dominated(game: DynamicGame, automaton: Automaton, values: Floats, better: Node, worse: Node) -> Domination:
    names = automaton.names
    return Domination(
        game.states[better[0]],
        names[better[1]],
        names[worse[1]],
        tuple(values[better].tolist()),
        tuple(values[worse].tolist()),
    )
