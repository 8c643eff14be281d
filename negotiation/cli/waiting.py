"""What is said while somebody waits: kernels that are compiled, the step of a solver, the points of a study."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from negotiation._kernels import compiled
from negotiation._processes import Processes
from negotiation.games.dynamic import DynamicGame
from negotiation.games.stage import Monitoring, StageGame

KERNELS = {"perfect": "sets.many", "noisy": "public.apply", "evidence": "filter.run_all"}  # part -> its last kernel
NOTE = "compiling for the first time on this machine, about {seconds} s; later calls start at once"
COMPILING_SECONDS = {"perfect": 20, "noisy": 10, "evidence": 15}  # measured on two cores, and only said

Step = Callable[[str, str], None]


@contextmanager
def compiling(parts: Sequence[str]) -> Iterator[None]:
    """Say on stderr that `parts` have to be compiled first, where they have to.

    Where the noisy kernels are missing beside others, a helper compiles them into the cache that all processes share.
    It is ended with the block: whatever is missing then is compiled where it is needed.
    """
    cold = [part for part in parts if not compiled.is_warm(KERNELS[part])]
    if not cold:
        yield
        return
    sys.stderr.write(NOTE.format(seconds=max(COMPILING_SECONDS[part] for part in cold)) + "\n")
    with Processes(1) as helper:
        if "noisy" in cold and len(cold) > 1:
            helper.submit(noisy)
        yield


def noisy() -> None:
    """Solve a small game with noisy monitoring."""
    from negotiation.solve.payoff_sets.solver import solve

    names = (("keep", "leave"), ("keep", "leave"))
    stage = StageGame(("first", "second"), names, np.array([[[2.0, -1.0], [3.0, 0.0]], [[2.0, 3.0], [-1.0, 0.0]]]))
    signals = Monitoring(("good", "bad"), np.array([[[0.9, 0.1], [0.5, 0.5]], [[0.5, 0.5], [0.2, 0.8]]]))
    solve(DynamicGame.repeated(stage, 0.9, signals))


@contextmanager
def progress(quiet: bool = False) -> Iterator[Step]:
    """Yield a function to be called with (what is being done, the piece that is done); it shows a spinner with both."""
    if quiet or not sys.stderr.isatty():
        yield lambda _stage, _piece: None
        return
    from rich.console import Console

    start = time.perf_counter()
    with Console(stderr=True).status("solving …", spinner="dots") as status:

        def step(stage: str, piece: str) -> None:
            status.update(f"{stage}: {piece.replace('_', ' ')}  [dim]{time.perf_counter() - start:.1f} s[/dim]")

        yield step


@contextmanager
def study_progress(total: int, quiet: bool = False) -> Iterator[Callable[[int, int, str], None]]:
    """Yield the progress function of a study: points done, rate and time left below its notes (a worker died).

    Without a terminal only the notes are written, to standard error.
    """
    if quiet or not sys.stderr.isatty():
        yield lambda _done, _total, note: None if quiet or not note else print(note, file=sys.stderr)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("points  {task.fields[rate]}  left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=total, rate="")

        def step(done: int, _total: int, note: str) -> None:
            speed = shown.tasks[0].speed
            shown.update(task, completed=done, rate=f"{speed:,.0f} a second" if speed else "")
            if note:
                shown.console.print(note, highlight=False, markup=False)

        yield step
