"""What the solver for noisy monitoring answers on random games, by discount factor, as a Markdown table.

    python -m tests.benchmarks.public_limits [GAMES]         (default 30 for each discount factor)
    python -m tests.benchmarks.public_limits any COUNT SEED  statuses of games of all kinds, through `solve`

2 x 2 to 4 x 4 actions, 2 to 6 signals, one to three states, any players observed; ties, impossible and certain signals.
Every inner set is checked to lie within its outer set. Process CPU time. `any` takes 1 x 1 to 4 x 4 actions, 1 to 6
signals, payoffs of scale 1e-9 to 1e9 and discount factors from .01 to .97; an exception ends it.
"""

import sys
import time
from collections import Counter

import numpy as np

from negotiation.games.solution import Solution, Status
from negotiation.solve.payoff_sets.solver import solve
from negotiation.solve.public.solver import solve_public
from tests.benchmarks.measurement import measurement
from tests.solve.public.public_games import random_game

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
        check(found, f"game {number} at delta {delta}")
    cells = [f"{seen['clear']} of {count}", seen["KNIFE_EDGE"], seen["GAP"], seen["limit"]]
    times = [f"{np.median(taken):.0f}", f"{np.quantile(taken, 0.9):.0f}"]
    return "| " + " | ".join(map(str, [delta, *cells, *times])) + " |"


def check(found: Solution, name: str) -> None:
    """Raise unless every inner set lies within its outer set."""
    extent = max(float(np.ptp(stage.payoffs)) for stage in found.game.stages)
    for inner, outer in zip(found.inner, found.outer, strict=True):
        if not inner.is_empty and (outer.is_empty or outer.distances(inner.vertices).max() > 1e-8 * extent):
            raise RuntimeError(f"{name}: the inner set leaves the outer one")


def anything(count: int, seed: int) -> None:
    """Print how often each status occurs in random games of all kinds."""
    seen: Counter[str] = Counter()
    for number in range(count):
        rng = np.random.default_rng([number, seed])
        delta, scale = float(rng.choice((0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97))), float(rng.choice((1e-9, 1, 1, 1e9)))
        game = random_game(rng, (1, 4), (1, 6), (1, 3), delta)
        stages = tuple(stage.replace(payoffs=stage.payoffs * scale) for stage in game.stages)
        found = solve(game.replace(stages=stages))
        check(found, f"game {number}")
        seen[found.status.name] += 1
    sys.stdout.write(f"{count} games: " + ", ".join(f"{name} {n}" for name, n in seen.most_common()) + "\n")


def main(count: int) -> None:
    """Print the table."""
    lines = [
        "| delta | solved to 1e-3 or proven empty | knife edge | gap left | limit | median ms | nine in ten below |"
    ]
    lines += ["|---|---|---|---|---|---|---|", *(row(delta, count) for delta in DISCOUNTS)]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    with measurement("public_limits", "Payoff sets under noisy monitoring: what is solved"):
        if sys.argv[1:2] == ["any"]:
            anything(int(sys.argv[2]), int(sys.argv[3]))
        else:
            main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
