"""Write Gambit's equilibria of random sender-receiver games to a JSON file for the tests.

Needs pygambit (it compiles for some minutes), in an environment of its own:

    python -m venv gambit && gambit/bin/pip install pygambit==16.7.0
    gambit/bin/python tests/tools/gambit_signalling.py tests/cases/gambit_signalling.json

A game is stored with its integer payoffs u(t, s, a), v(t, s, a) and prior weights. Gambit lists the extreme equilibria
of the game over plans in exact arithmetic (`enummixed_solve`, rational; for the games of three messages and three
responses, too large for that, those of the game tree that Lemke's method reaches, `lcp_solve`, rational); they are
stored as behaviour: chances of messages by type and of responses by message, duplicates left out. They are Nash
equilibria: the tests leave out those whose replies off the path are best to no belief.
"""

from __future__ import annotations

import itertools
import json
import multiprocessing
import random
import sys
from fractions import Fraction
from pathlib import Path

SEED = 20260101
SHAPES = {(2, 2, 2): 20, (2, 2, 3): 15, (2, 3, 2): 15, (3, 2, 2): 10, (2, 3, 3): 20}
COARSE = 3  # every third game has payoffs -1, 0, 1
TREES = (2, 3, 3)
LIMIT = 20  # seconds for one game: those that Gambit does not finish are left out


def random_case(rng: random.Random, shape: tuple[int, int, int], top: int) -> dict[str, list]:
    """Return prior weights and payoff cubes of a random game."""
    n, m, k = shape

    def cube() -> list[list[list[int]]]:
        return [[[rng.randint(-top, top) for _ in range(k)] for _ in range(m)] for _ in range(n)]

    return {"weights": [rng.randint(1, 5) for _ in range(n)], "sender": cube(), "receiver": cube()}


def equilibria(case: dict[str, list]) -> list[list[list[list[str]]]]:
    """Return Gambit's extreme equilibria as behaviour of sender and receiver."""
    import numpy as np
    import pygambit  # not in the test environment, where this file is still imported to run its doctests

    n, m, k = (len(case["sender"]), len(case["sender"][0]), len(case["sender"][0][0]))
    speeches, replies = list(itertools.product(range(m), repeat=n)), list(itertools.product(range(k), repeat=m))
    tables = [
        np.array([[_ex_ante(case, side, sent, answer) for answer in replies] for sent in speeches], dtype=object)
        for side in ("sender", "receiver")
    ]
    game = pygambit.Game.from_arrays(*tables)
    found = []
    for profile in pygambit.nash.enummixed_solve(game, rational=True).equilibria:
        mixes = [[Fraction(str(profile[strategy])) for strategy in player.strategies] for player in game.players]
        point = [behaviour(mixes[0], speeches, m), behaviour(mixes[1], replies, k)]
        if point not in found:
            found.append(point)
    return found


def _ex_ante(case: dict[str, list], side: str, sent: tuple[int, ...], answer: tuple[int, ...]) -> int:
    """Return the payoff of a pair of plans, weighted by the prior's weights."""
    return sum(w * case[side][t][s][answer[s]] for t, (w, s) in enumerate(zip(case["weights"], sent, strict=True)))


def tree_equilibria(case: dict[str, list]) -> list[list[list[list[str]]]]:
    """Return the equilibria of the game tree that Lemke's method reaches, as behaviour."""
    import pygambit  # see above

    n, m, k = (len(case["sender"]), len(case["sender"][0]), len(case["sender"][0][0]))
    game = pygambit.Game.new_tree(players=["sender", "receiver"])
    game.append_move(game.root, game.players.chance, [f"t{t}" for t in range(n)])
    game.set_chance_probs(game.root.infoset, [Fraction(w, sum(case["weights"])) for w in case["weights"]])
    for child in game.root.children:
        game.append_move(child, "sender", [f"m{s}" for s in range(m)])
    for s in range(m):
        game.append_move(
            [child.children[f"m{s}"] for child in game.root.children], "receiver", [f"r{a}" for a in range(k)]
        )
    for t, s, a in itertools.product(range(n), range(m), range(k)):
        outcome = game.add_outcome(f"{t} {s} {a}", [case["sender"][t][s][a], case["receiver"][t][s][a]])
        game.set_outcome(game.root.children[f"t{t}"].children[f"m{s}"].children[f"r{a}"], outcome)
    found = []
    for profile in pygambit.nash.lcp_solve(game, rational=True, use_strategic=False).equilibria:
        point = [
            [[str(Fraction(str(profile[action]))) for action in infoset.actions] for infoset in player.infosets]
            for player in game.players
        ]
        if point not in found:
            found.append(point)
    return found


def behaviour(mix: list[Fraction], plans: list[tuple[int, ...]], size: int) -> list[list[str]]:
    """Return the chance of each option at each place of the plans."""
    return [
        [
            str(sum((w for w, plan in zip(mix, plans, strict=True) if plan[at] == option), Fraction(0)))
            for option in range(size)
        ]
        for at in range(len(plans[0]))
    ]


def within_limit(case: dict[str, list], shape: tuple[int, int, int]) -> list[list[list[list[str]]]] | None:
    """Return the equilibria, or None where Gambit takes too long."""
    pool = multiprocessing.Pool(1)
    try:
        return pool.apply_async(tree_equilibria if shape == TREES else equilibria, (case,)).get(LIMIT)
    except multiprocessing.TimeoutError:
        return None
    finally:
        pool.terminate()


def main(target: Path) -> None:
    """Write the games of every shape with their equilibria."""
    import pygambit  # noqa: F401 - slow to import: once, before the processes that solve are started

    rng = random.Random(SEED)
    cases = []
    for shape, count in SHAPES.items():
        for number in range(count):
            case = random_case(rng, shape, 1 if number % COARSE == 0 else 9)
            found = within_limit(case, shape)
            if found is not None:
                cases.append({**case, "equilibria": found})
            sys.stderr.write(f"{shape} {number}: {'no answer' if found is None else len(found)}\n")
    target.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
