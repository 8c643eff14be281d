"""Write Gambit's extreme equilibria of degenerate two-player games to a JSON file for the tests.

Needs pygambit (it compiles for some minutes), in an environment of its own:

    python -m venv gambit && gambit/bin/pip install pygambit==16.7.0
    gambit/bin/python tests/tools/gambit_extreme_equilibria.py tests/cases/gambit_extreme_equilibria.json

Gambit's `enummixed_solve(game, rational=True)` lists all extreme equilibria in exact arithmetic (Avis, Rosenberg,
Savani, von Stengel 2010). A game is stored as (row payoffs, column payoffs), an equilibrium as (row mix, column mix).
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

SEED = 20250601
SHAPES = ((2, 2), (2, 3), (3, 3), (3, 4), (4, 4), (4, 5), (5, 5))
RANGES = ((0, 1), (0, 2), (-9, 9))


def games() -> list[tuple[list[list[int]], list[list[int]]]]:
    """Return 42 games: each shape and range twice, half of those with a wide range made degenerate by a doubled row."""
    draw = random.Random(SEED)
    found = []
    for rows, columns in SHAPES:
        for low, high in RANGES:
            for repeat in range(2):
                pair = [[[draw.randint(low, high) for _ in range(columns)] for _ in range(rows)] for _ in range(2)]
                if high == 9 and repeat:
                    for table in pair:
                        table[-1] = list(table[0])
                found.append((pair[0], pair[1]))
    return found


def main(path: str) -> None:
    """Solve every game with Gambit and write the answers to `path`."""
    import pygambit  # not in the test environment, where this file is still imported to run its doctests

    cases = []
    for row, column in games():
        game = pygambit.Game.from_arrays(row, column)
        answer = pygambit.nash.enummixed_solve(game, rational=True)
        equilibria = [
            [[str(found[strategy]) for strategy in player.strategies] for player in game.players]
            for found in answer.equilibria
        ]
        cases.append({"A": row, "B": column, "extreme_equilibria": sorted(equilibria)})
    text = {
        "tool": f"pygambit {pygambit.__version__}, enummixed_solve(game, rational=True)",
        "command": "python tests/tools/gambit_extreme_equilibria.py tests/cases/gambit_extreme_equilibria.json",
        "seed": SEED,
        "cases": cases,
    }
    lines = json.dumps(text).replace('{"A"', '\n{"A"')
    Path(path).write_text(lines + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
