"""Where QuantEcon's Abreu-Sannikov solver answers and is right, do we agree to 1e-8?

`python -m tests.benchmarks.perfect_quantecon [GAMES]`: random integer games, 2 x 2 to 8 x 8. QuantEcon runs in another
process, with its tolerance at 1e-13; it may raise an error, abort, or be wrong: then the plain solver says who is
right (`tests/solve/perfect/plain_perfect.py`).
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter

import numpy as np

from negotiation.games.dynamic import DynamicGame
from negotiation.games.stage import StageGame
from negotiation.solve.payoff_sets.solver import solve
from tests.benchmarks.measurement import measurement
from tests.solve.perfect import plain_perfect

CHILD = """
import json, sys
import numpy as np
from quantecon.game_theory import NormalFormGame, Player, RepeatedGame
for line in sys.stdin:
    table, delta = json.loads(line)
    first, second = np.array(table)
    game = RepeatedGame(NormalFormGame([Player(first), Player(np.ascontiguousarray(second.T))]), delta)
    try:
        hull = game.equilibrium_payoffs(options={"u_init": np.array([first.min(), second.min()]), "tol": 1e-13})
        print(json.dumps(hull.points[hull.vertices].tolist()), flush=True)
    except Exception as error:
        print(json.dumps(type(error).__name__), flush=True)
"""


def answers(given: list[tuple[list, float]]) -> list[object]:
    """Return QuantEcon's vertices or the name of what went wrong, for each game; a crash costs one game only."""
    found: list[object] = []
    while len(found) < len(given):
        lines = "".join(json.dumps(pair) + "\n" for pair in given[len(found) :])
        done = subprocess.run([sys.executable, "-c", CHILD], input=lines, capture_output=True, text=True, check=False)
        found += [json.loads(line) for line in done.stdout.splitlines()]
        if len(found) < len(given):
            found.append("abort")
    return found


def main(count: int) -> int:
    """Print how often the two agree, and return the number of games in which the plain solver is on the other side."""
    rng = np.random.default_rng(3)
    tables = [rng.integers(-10, 11, (2, *rng.integers(2, 9, 2))).astype(float) for _ in range(count)]
    deltas = [float(rng.choice([0.3, 0.6, 0.8, 0.9])) for _ in range(count)]
    tally: Counter[str] = Counter()
    wrong = 0
    given = [(table.tolist(), delta) for table, delta in zip(tables, deltas, strict=True)]
    for at, (table, delta, theirs) in enumerate(zip(tables, deltas, answers(given), strict=True)):
        names = tuple(tuple(map(str, range(size))) for size in table.shape[1:])
        found = solve(DynamicGame.repeated(StageGame(("row", "column"), names, table), delta))
        if isinstance(theirs, str):
            tally[f"{theirs} (the set is {'empty' if found.outer[0].is_empty else 'a ' + found.outer[0].kind})"] += 1
            continue
        low, spread = table.min(axis=(1, 2)), np.ptp(table, axis=(1, 2))
        ours, other = (found.outer[0].vertices - low) / spread, (np.array(theirs) - low) / spread
        if plain_perfect.between(ours, other) <= 1e-8:
            tally["agree to 1e-8"] += 1
            continue
        plain, _, _ = plain_perfect.solve_plainly(table, delta, 1e-13)
        right = plain_perfect.between(ours, plain) <= 1e-8
        wrong += not right
        tally["differ, the plain solver confirms us" if right else "differ, the plain solver does not confirm us"] += 1
        far = plain_perfect.between(ours, other)
        print(f"game {at}, {table.shape[1:]}, delta {delta}: {found.status.name}, {far:.2g}")
    for name, number in tally.most_common():
        print(f"{number:6d} {name}")
    return wrong


if __name__ == "__main__":
    with measurement("perfect_quantecon", "Payoff sets under perfect monitoring: against QuantEcon"):
        wrong = main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
    sys.exit(min(wrong, 1))
