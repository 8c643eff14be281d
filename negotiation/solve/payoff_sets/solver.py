"""One door to the set solvers: a game goes to the solver made for what its players see, many games go there at once.

`solve_many` uses all cores and flat memory, and gives the answers of `solve` in order. Games with perfect monitoring
are solved in threads (the kernel releases the interpreter lock) and in chunks that share scratch memory; games with
noisy monitoring in processes.
"""

import itertools
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack

from negotiation._cores import cores
from negotiation._processes import Processes
from negotiation._time_limit import time_limit
from negotiation.games.dynamic import DynamicGame
from negotiation.games.solution import Solution
from negotiation.solve.certificates.certify import with_certificate
from negotiation.solve.options import PERFECT, PUBLIC, Options
from negotiation.solve.perfect.solver import is_perfect, reveals, solve_batch, solve_perfect
from negotiation.solve.public.solver import solve_public

# several states and no noise: corners are found, not approached, so that more can be asked for
DEFAULT_OPTIONS = {"perfect": PERFECT, "seen": PUBLIC.replace(gap=1e-6), "noisy": PUBLIC}
CHUNK_OF_GAMES = 256  # games with perfect monitoring handed over at a time
CHUNK_OF_NOISY_GAMES = 2  # of seconds each; doubled, workers wait longer for the last one
AHEAD = 3  # chunks a worker that may wait to be read
FEW = 16  # fewer noisy games than this are solved here: a new process costs more than a second


def monitoring_kind(game: DynamicGame) -> str:
    """Return which settings of `DEFAULT_OPTIONS` fit a game."""
    if is_perfect(game):
        return "perfect"
    return "seen" if all(map(reveals, game.monitoring)) else "noisy"


def solve(game: DynamicGame, options: Options | None = None) -> Solution:
    """Return inner and outer sets of equilibrium payoffs of a two-player game, in each of its states.

    One state and actions that everyone sees (or a signal that reveals them): `solve_perfect`; otherwise `solve_public`.
    Without `options`, those of `DEFAULT_OPTIONS` for the `kind` of game. Raises `InputError` unless two play.
    """
    sort = monitoring_kind(game)
    chosen = DEFAULT_OPTIONS[sort] if options is None else options
    with time_limit(chosen.seconds):
        solution = solve_perfect(game, chosen) if sort == "perfect" else solve_public(game, chosen)
        return with_certificate(solution) if chosen.certificate else solution


def solve_many(
    games: Sequence[DynamicGame], options: Options | None = None, jobs: int | None = None
) -> Iterator[Solution]:
    """Yield the solution of each game, in order.

    jobs: how many games are solved at a time; every core this process may use by default. Answers do not depend on
    `jobs` and are those of `solve`. Raises `MachineError` when processes die over the same games again and again.
    """
    workers = jobs or cores()
    pools: dict[str, Executor] = {}  # threads for one kind of game and processes for the other, started when needed
    waiting: deque[Future[list[Solution]]] = deque()
    with ExitStack() as stack:
        for sort, chunk in _chunks(games, workers):
            kind = "threads" if sort == "perfect" else "processes"
            work: Callable[..., list[Solution]] = solve_batch if kind == "threads" else _solve_noisy
            if workers == 1 or (kind == "processes" and len(games) < FEW):
                future: Future[list[Solution]] = Future()
                future.set_result(work(chunk, options or DEFAULT_OPTIONS[sort]))
            else:
                if kind not in pools:
                    pools[kind] = ThreadPoolExecutor(workers) if kind == "threads" else Processes(workers)
                    stack.callback(pools[kind].shutdown, wait=True, cancel_futures=True)
                future = pools[kind].submit(work, chunk, options or DEFAULT_OPTIONS[sort])
            waiting.append(future)
            if len(waiting) > AHEAD * workers:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _chunks(games: Sequence[DynamicGame], workers: int) -> Iterator[tuple[str, list[DynamicGame]]]:
    """Yield runs of games of one kind, short enough that every worker gets some."""
    most = max(1, min(CHUNK_OF_GAMES, -(-len(games) // (2 * workers))))
    for sort, run in itertools.groupby(games, key=monitoring_kind):
        while chunk := list(itertools.islice(run, most if sort == "perfect" else CHUNK_OF_NOISY_GAMES)):
            yield sort, chunk


def _solve_noisy(games: Sequence[DynamicGame], options: Options) -> list[Solution]:
    return [solve_public(game, options) for game in games]
