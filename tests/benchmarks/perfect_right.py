"""Are the sets of games with perfect monitoring right? Thousands of random games against an independent solver.

`python -m tests.benchmarks.perfect_right [GAMES] [SEED]` draws integer games from 2 x 2 to 8 x 8 with discount factors
from .01 to .999, ratios among them, solves them here and by the plain operator (`tests/solve/perfect/plain_perfect.py`,
no shared code), and compares both bounds. At knife edges, where the plain solver's own bounds are apart, an exact
answer must be its own image in fractions (`tests/solve/perfect/exact_perfect.py`), and the bounds of a solved one must
pass the checker in fractions. Prints a table, and how the knife edges end.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np

from negotiation.games.dynamic import DynamicGame
from negotiation.games.solution import Solution, Status
from negotiation.games.stage import StageGame
from negotiation.solve.certificates.certify import with_certificate
from negotiation.solve.options import PERFECT
from negotiation.solve.payoff_sets.solver import solve_many
from negotiation.solve.perfect.batch import solve_in_kernel
from negotiation.solve.perfect.exact_solution import exact_set
from negotiation.verify.checker import check
from tests.benchmarks.measurement import measurement
from tests.solve.perfect import exact_perfect, plain_perfect

DISCOUNTS = (
    *(0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95),
    *(Fraction(1, 4), Fraction(1, 3), Fraction(1, 2), Fraction(3, 5), Fraction(2, 3), Fraction(3, 4), Fraction(9, 10)),
    *(0.99, Fraction(99, 100), 0.999),
)
RARE = {0.99: 0.7, Fraction(99, 100): 0.5, 0.999: 0.4}  # slow for the plain solver, so drawn less often
TOLERANCE = 1e-8  # of the payoff range


def draw(rng: np.random.Generator) -> DynamicGame:
    """Return a random game with integer payoffs."""
    weight = np.array([RARE.get(delta, 1.0) for delta in DISCOUNTS])
    delta = DISCOUNTS[rng.choice(len(DISCOUNTS), p=weight / weight.sum())]
    rows, columns = (int(size) for size in rng.integers(2, 9, 2))
    most = int(rng.choice([2, 5, 10, 20]))
    payoffs = rng.integers(-most, most + 1, (2, rows, columns))
    names = tuple(map(str, range(rows))), tuple(map(str, range(columns)))
    return DynamicGame.repeated(StageGame(("row", "column"), names, payoffs), delta)


def differences(game: DynamicGame, found: Solution) -> tuple[float, float, float]:
    """Return distances: of the outer and of the inner set from the plain outer set, and between the plain bounds."""
    payoffs = game.stage.payoffs
    outer, inner, _ = plain_perfect.solve_plainly(payoffs, game.discount, 1e-13)
    low, spread = payoffs.min(axis=(1, 2)), np.ptp(payoffs, axis=(1, 2))
    units = np.where(spread > 0, spread, 1.0)
    ours = [(sets[0].vertices - low) / units for sets in (found.outer, found.inner)]
    return (
        plain_perfect.between(outer, ours[0]),
        plain_perfect.between(outer, ours[1]),
        plain_perfect.between(outer, inner),
    )


def is_own_image(game: DynamicGame) -> bool:
    """Whether the set that is claimed to be exact is its own image under the operator in fractions."""
    result = solve_in_kernel([game], PERFECT)[0]
    exact = exact_set(game, [], (result.outer, result.inner), result.marks)
    if exact is None:
        return False
    polygon = exact_perfect.corners([exact.game.outside(point) for point in exact.polygon])
    payoffs = [[[Fraction(int(number)) for number in row] for row in own] for own in game.stage.payoffs]
    delta = Fraction(game.discount) if game.exact_discount is None else game.exact_discount
    return exact_perfect.image(payoffs, delta, polygon) == polygon


def is_proven(game: DynamicGame, found: Solution) -> bool:
    """Whether an answer at a knife edge is proven in fractions; bounds that stay apart are no answer."""
    if found.status is Status.EXACT:
        return is_own_image(game)
    return not found.solved or bool(check(with_certificate(found).certificate or {}).holds)


def main(count: int, seed: int) -> int:
    """Compare, print, and return the number of games in which something is wrong."""
    rng = np.random.default_rng(seed)
    games = [draw(rng) for _ in range(count)]
    answers = list(solve_many(games))
    with ThreadPoolExecutor(2) as pool:
        seen = list(pool.map(differences, games, answers))
    table: dict[str, Counter[str]] = defaultdict(Counter)
    worst: dict[str, float] = defaultdict(float)
    wrong, edges = 0, Counter[str]()
    for at, (game, found, (outer, inner, plain)) in enumerate(zip(games, answers, seen, strict=True)):
        delta = str(game.exact_discount or game.discount)
        row = table[delta]
        row["games"] += 1
        row[found.outer[0].kind] += 1
        row["exact"] += found.status is Status.EXACT
        if plain > TOLERANCE:
            row["knife edges"] += 1
            edges[found.status.name.lower().replace("_", " ")] += 1
            right = is_proven(game, found)
        else:
            worst[delta] = max(worst[delta], outer, inner)
            right = found.solved and max(outer, inner) <= TOLERANCE
        if not right:
            wrong += 1
            print(f"WRONG: game {at}, {game.stage.shape}, delta {delta}: {found.status.name}, {outer:.3g}, {inner:.3g}")
    report(table, worst)
    ends = ", ".join(f"{count} {status}" for status, count in edges.most_common())
    print(f"\n{wrong} wrong of {count}. Knife edges, where the plain solver's bounds are apart: {ends}.")
    return wrong


def report(table: dict[str, Counter[str]], worst: dict[str, float]) -> None:
    """Print one row for each discount factor and one for all games."""
    columns = ("games", "polygon", "segment", "point", "empty", "exact", "knife edges")
    print("| delta | " + " | ".join(columns) + " | largest difference |")
    print("|" + " --- |" * (len(columns) + 2))
    total: Counter[str] = Counter()
    for delta in sorted(table, key=lambda text: float(Fraction(text))):
        total.update(table[delta])
        print(f"| {delta} | " + " | ".join(str(table[delta][name]) for name in columns) + f" | {worst[delta]:.1e} |")
    print("| all | " + " | ".join(str(total[name]) for name in columns) + f" | {max(worst.values()):.1e} |")


if __name__ == "__main__":
    with measurement("perfect_right", "Payoff sets under perfect monitoring: are they right?"):
        arguments = [int(text) for text in sys.argv[1:]]
        wrong = main(*(arguments + [10_000, 1][len(arguments) :]))
    sys.exit(min(wrong, 1))
