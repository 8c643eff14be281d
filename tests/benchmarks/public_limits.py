"""What the solver for noisy monitoring answers on random games, by discount factor, as a Markdown table.

    python tests/benchmarks/public_limits.py [GAMES]    (default 30 for each discount factor)

2 x 2 to 4 x 4 actions, 2 to 6 signals, one to three states, any players observed; ties, impossible and certain signals.
Every inner set is checked to lie within its outer set. Process CPU time.
"""

import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np

from negotiation.games.solution import Status
from negotiation.solve.public import solve_public
from tests.solve.public_games import random_game

DISCOUNTS = (0.05, 0.2, 0.35, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999)
CLEAR = (Status.SOLVED, Status.EXACT, Status.EMPTY)
LIMITS = (Status.ITERATION_LIMIT, Status.TIME_LIMIT)


def row(delta: float, count: int) -> str:
    """Return the row of one discount factor."""
    seen, taken = Counter(), []
    for number in range(count):
        game = random_game(np.random.default_rng([number, round(1000 * delta)]), (2, 4), (2, 6), (1, 3), delta)
        start = time.process_time()
        found = solve_public(game)
        taken.append((time.process_time() - start) * 1e3)
        kind = "clear" if found.status in CLEAR else "limit" if found.status in LIMITS else found.status.name
        seen[kind] += 1
        for inner, outer in zip(found.inner, found.outer, strict=True):
            if not inner.is_empty and outer.distances(inner.vertices).max() > 1e-9 * np.ptp(game.stages[0].payoffs):
                raise RuntimeError(f"game {number} at delta {delta}: the inner set leaves the outer one")
    cells = [f"{seen['clear']} of {count}", seen["KNIFE_EDGE"], seen["GAP"], seen["limit"]]
    times = [f"{np.median(taken):.0f}", f"{np.quantile(taken, 0.9):.0f}"]
    return "| " + " | ".join(map(str, [delta, *cells, *times])) + " |"


def main(count: int) -> None:
    """Print the table."""
    lines = [
        "| delta | solved to 1e-3 or proven empty | knife edge | gap left | limit | median ms | nine in ten below |"
    ]
    lines += ["|---|---|---|---|---|---|---|", *(row(delta, count) for delta in DISCOUNTS)]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
