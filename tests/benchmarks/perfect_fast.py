"""How fast are sets of games with perfect monitoring found? Against QuantEcon's Abreu-Sannikov solver, both warm.

`python -m tests.benchmarks.perfect_fast [GAMES]` takes for each number of actions and discount factor GAMES games with
payoffs uniform on [-1, 1] whose set is a polygon (on others QuantEcon raises an error): once through `solve_many`, with
status, once one by one, and a few of them through QuantEcon, in a process of its own, as it can abort the interpreter;
only games that it answers count. Times are process CPU time a game in microseconds, medians of three runs; `wall` is
elapsed time on all cores. A second table compares delta = .9 and .999 on all games, uniform and integer payoffs.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from statistics import geometric_mean, median

import numpy as np

from negotiation.games.dynamic import DynamicGame
from negotiation.games.stage import StageGame
from negotiation.solve.payoff_sets.solver import solve, solve_many
from tests.benchmarks.measurement import measurement

ACTIONS, DISCOUNTS = (3, 5, 8, 15), (0.3, 0.6, 0.9)
THEIRS = {3: 60, 5: 40, 8: 30, 15: 20}  # games given to QuantEcon
RUNS = 3

CHILD = """
import json, sys, time
import numpy as np
from quantecon.game_theory import NormalFormGame, Player, RepeatedGame
tables, delta = json.load(sys.stdin)
def build(table):
    first, second = np.array(table)
    return RepeatedGame(NormalFormGame([Player(first), Player(np.ascontiguousarray(second.T))]), delta)
times = []
for number, table in enumerate([tables[0], *tables]):
    game = build(table)
    began = time.process_time()
    try:
        game.equilibrium_payoffs(options={"u_init": np.full(2, np.array(table).min())})
    except Exception:  # whatever it raises: only games that it answers count
        continue
    if number:
        times.append(time.process_time() - began)
    print(json.dumps(times), flush=True)
"""


def tables(size: int, count: int, rng: np.random.Generator, whole: bool = False) -> np.ndarray:
    """Return payoffs (count, 2, size, size)."""
    shape = (count, 2, size, size)
    return rng.integers(-10, 11, shape).astype(float) if whole else rng.uniform(-1, 1, shape)


def build(table: np.ndarray, delta: float) -> DynamicGame:
    """Return the repeated game."""
    names = tuple(map(str, range(len(table[0]))))
    return DynamicGame.repeated(StageGame(("row", "column"), (names, names), table), delta)


def polygons(size: int, delta: float, count: int, rng: np.random.Generator) -> np.ndarray:
    """Return payoffs of games whose set is a polygon."""
    kept: list[np.ndarray] = []
    while len(kept) < count:
        drawn = tables(size, count, rng)
        answers = solve_many([build(table, delta) for table in drawn])
        kept += [table for table, found in zip(drawn, answers, strict=True) if found.inner[0].kind == "polygon"]
    return np.array(kept[:count])


def ours(games: list[DynamicGame]) -> tuple[float, float]:
    """Return CPU and elapsed microseconds a game through `solve_many`, medians."""
    cpu, wall = [], []
    for _ in range(RUNS):
        began, clock = time.process_time(), time.perf_counter()
        statuses = [found.status for found in solve_many(games)]
        cpu.append((time.process_time() - began) / len(statuses) * 1e6)
        wall.append((time.perf_counter() - clock) / len(statuses) * 1e6)
    return median(cpu), median(wall)


def single(games: list[DynamicGame]) -> float:
    """Return CPU microseconds of a single call, median over games."""
    times = []
    for game in games:
        began = time.process_time()
        solve(game)
        times.append(time.process_time() - began)
    return median(times) * 1e6


def theirs(payoffs: np.ndarray, delta: float) -> tuple[float, int]:
    """Return QuantEcon's mean CPU microseconds a game, warm, and how many games it answered."""
    given = json.dumps([payoffs.tolist(), delta])
    done = subprocess.run([sys.executable, "-c", CHILD], input=given, capture_output=True, text=True, check=False)
    times = json.loads((done.stdout.strip().splitlines() or ["[]"])[-1])
    return (float(np.mean(times)) * 1e6, len(times)) if times else (float("nan"), 0)


def main(count: int) -> None:
    """Print both tables and the geometric mean."""
    rng = np.random.default_rng(2)
    list(solve_many([build(table, 0.5) for table in tables(3, 4, rng)]))  # compile, or load
    print(
        "| actions | delta | solve_many, us | wall, us | single call, us | QuantEcon, us | answered | ratio | single |"
    )
    print("|" + " --- |" * 9)
    ratios, elapsed, singles = [], [], []
    for size in ACTIONS:
        for delta in DISCOUNTS:
            payoffs = polygons(size, delta, count, rng)
            games = [build(table, delta) for table in payoffs]
            cpu, wall = ours(games)
            one = single(games[:200])
            other, answered = theirs(payoffs[: THEIRS[size]], delta)
            ratios.append(other / cpu)
            elapsed.append(other / wall)
            singles.append(other / one)
            print(
                f"| {size} | {delta} | {cpu:.0f} | {wall:.0f} | {one:.0f} | {other:.0f} | {answered} of {THEIRS[size]} "
                f"| {other / cpu:.0f} | {other / one:.0f} |",
                flush=True,
            )
    least = min(ratios)
    print(
        f"\nGeometric mean {geometric_mean(ratios):.0f}, least {least:.0f}; by elapsed time on all cores "
        f"{geometric_mean(elapsed):.0f}, least {min(elapsed):.0f}; one by one {geometric_mean(singles):.0f}.\n"
    )
    print("| actions | payoffs | delta .9, us | delta .999, us | ratio |\n" + "|" + " --- |" * 5)
    for size in ACTIONS:
        for whole in (False, True):
            payoffs = tables(size, count, rng, whole)
            near, far = (ours([build(table, delta) for table in payoffs])[0] for delta in (0.9, 0.999))
            kind = "integer" if whole else "uniform"
            print(f"| {size} | {kind} | {near:.0f} | {far:.0f} | {far / near:.2f} |", flush=True)


if __name__ == "__main__":
    with measurement("perfect_fast", "Payoff sets under perfect monitoring: time against QuantEcon"):
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
