"""Games that the certificate tests share: published ones, each with what is known about it."""

import json
from fractions import Fraction

import numpy as np

from negotiation.games import DynamicGame, Monitoring, StageGame
from negotiation.games.files.load import any_game_of
from tests.stored import STORED

CASES = STORED / "repeated_games"


def case(name):
    return json.loads((CASES / f"{name}.json").read_text())


def perfect(row, column, discount):
    payoffs = np.array([row, column], dtype=float)
    names = tuple(f"r{k}" for k in range(payoffs.shape[1])), tuple(f"c{k}" for k in range(payoffs.shape[2]))
    return DynamicGame.repeated(StageGame(("row", "column"), names, payoffs), discount)


def dilemma(discount):
    """Abreu, Sannikov's prisoners' dilemma 9, 1, 10, 3: a point below 1/7, a segment up to 1/4, a polygon above."""
    return perfect([[9, 1], [10, 3]], [[9, 10], [1, 3]], discount)


def pennies():
    """Matching pennies: no equilibrium in pure strategies at any discount factor."""
    return perfect([[1, -1], [-1, 1]], [[-1, 1], [1, -1]], Fraction(1, 2))


def noisy(discount="9/10", p="9/10", q="1/2", r="1/5"):
    """A noisy dilemma: a good signal with chance p, q, r after 0, 1, 2 defections."""
    good = [[p, q], [q, r]]
    chances = [[[chance, str(1 - Fraction(chance))] for chance in row] for row in good]
    data = {"players": ["row", "column"], "actions": [["C", "D"], ["C", "D"]], "discount": discount}
    return any_game_of({**data, "payoffs": [[[2, -1], [3, 0]], [[2, 3], [-1, 0]]], "signals": chances}, "noisy dilemma")


def irrational():
    """The game whose set has a vertex with a coordinate (183 + sqrt 273) / 32."""
    return perfect([[3, 5, -2], [0, 8, -1], [-4, 9, 0]], [[-2, 8, 5], [5, 9, -4], [6, 4, 5]], Fraction(1, 2))


def two_states():
    """Two dilemmas; who cooperates decides which one comes next, through a noisy signal."""
    payoffs = [[[[2, -1], [3, 0]], [[2, 3], [-1, 0]]], [[[4, 0], [5, 1]], [[4, 5], [0, 1]]]]
    chances = [[["9/10", "1/10"], ["1/2", "1/2"]], [["1/2", "1/2"], ["1/5", "4/5"]]]
    states = [
        {"name": name, "payoffs": table, "signals": chances, "next_state": [1, 0]}
        for name, table in zip(("poor", "rich"), payoffs, strict=True)
    ]
    data = {"players": ["row", "column"], "actions": [["C", "D"], ["C", "D"]], "discount": "4/5", "states": states}
    return any_game_of(data, "two states")


def sgsolve():
    """The two-state dilemma of SGSolve: actions are seen, the next state is drawn."""
    data = case("sgsolve_pd_twostate_delta2_3")
    chances = {0.3333333333333333: Fraction(1, 3), 0.6666666666666666: Fraction(2, 3), 0.5: Fraction(1, 2)}
    stages, seen, exact = [], [], []
    for payoffs, moves in zip(data["payoffs"], data["transition"], strict=True):
        stages.append(StageGame(("row", "column"), (("D", "C"), ("D", "C")), np.moveaxis(np.array(payoffs), 2, 0)))
        seen.append(Monitoring(("to poor", "to rich"), np.array(moves), (0, 1)))
        exact.append(tuple(tuple(chances[chance] for chance in row) for line in moves for row in line))
    next_state = np.array([[0, 1], [0, 1]])
    states, discount = ("poor", "rich"), Fraction(2, 3)
    return DynamicGame(
        states, tuple(stages), tuple(seen), next_state, float(discount), discount, exact_likelihood=tuple(exact)
    )
