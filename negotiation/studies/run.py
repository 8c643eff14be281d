"""Run a study: compute what is missing, keep each chunk as soon as it is there, and never lose one.

docs/decisions/0051-chunks-files-and-engines.md says why a kill at any moment costs only the chunks in flight.
"""

import pickle
from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from dataclasses import dataclass
from pathlib import Path

from negotiation._processes import STRIKES, DeadWorkerError
from negotiation._values import Floats
from negotiation._version import __version__
from negotiation.errors import MachineError, OutputError
from negotiation.studies.compute import compute_task
from negotiation.studies.design import study_points
from negotiation.studies.engine import EMBEDDED, Engine, open_engine
from negotiation.studies.store import Store, default_folder
from negotiation.studies.study import Study
from negotiation.studies.table import write_table

LOOK_SECONDS = 5.0  # seconds between looks at an engine that says nothing

# (points done, points in all, what happened) -> nothing
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class StudyRun:
    """A finished study: its store, chunks that were there already, chunks found damaged, rows not computed, table."""

    store: Store
    resumed: int
    damaged: int
    not_computed: int
    table: Path | None


def run_study(
    study: Study,
    folder: Path | None = None,
    engine: str | Executor = EMBEDDED,
    jobs: int = 0,
    fresh: bool = False,
    table: str = "",
    progress: Progress | None = None,
) -> StudyRun:
    """Run a study to its end and return what is in its folder.

    engine: the name of one (see `open_engine`), or any executor. table: "csv", "parquet" or "none"; by default a CSV
    file where it stays small. Raises `OutputError` when the folder is another study's, the engine cannot be reached, or
    the disk is full, and `MachineError` when workers die again and again; finished chunks stay.
    """
    store = Store.open(folder or default_folder(study), study, fresh)
    say = progress or (lambda _done, _total, _note: None)
    resumed, damaged = len(store.parts), len(store.damaged)
    notes = [f"{damaged} damaged part(s) are computed again"] if damaged else []
    if store.rewritten:
        notes.append("study.json was damaged and is written again")
    if store.strangers:
        some = ", ".join(store.strangers[:3])
        notes.append(f"{len(store.strangers)} thing(s) in parts/ are no parts ({some}): left alone")
    try:
        for note in (*notes, f"{resumed} of {store.chunks} chunks were there" if resumed else ""):
            say(store.points_done, study.size, note)
        if store.missing:
            with open_engine(engine, jobs, len(store.missing)) as ready:
                try:
                    _compute_missing(study, store, ready, say)
                except OutputError as error:
                    chunks = f"{len(store.parts)} of {store.chunks} chunks are kept"
                    raise type(error)(f"{error} {chunks}; run again to compute only the rest.") from None
        failed = store.not_computed()
        store.finish(failed)
        return StudyRun(store, resumed, damaged, failed, write_table(store, table))
    finally:
        store.release()


def _compute_missing(study: Study, store: Store, engine: Engine, say: Progress) -> None:
    """Compute and keep missing chunks; one that kills its workers is left out, any other failure ends the study."""
    sample = study.sample
    lean = sample.replace(draws=sample.draws[:1].copy(), points=1) if sample and sample.kind == "draws" else sample
    pickled = pickle.dumps(study.replace(sample=lean))  # a worker gets its points with the task, so it needs no draws
    waiting, stuck = deque(store.missing), list[int]()
    running: dict[Future[tuple[bytes, str]], int] = {}
    while (waiting or running) and len(stuck) < STRIKES:
        while waiting and len(running) < engine.width + 1:
            number = waiting.popleft()
            points = study_points(study, number * study.chunk, (number + 1) * study.chunk)
            running[_submit(engine.executor, pickled, points)] = number
        done, _ = wait(running, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
        if not done:
            engine.check()
        for future in done:
            number = running.pop(future)
            error = CancelledError() if future.cancelled() else future.exception()
            if error is None:
                content, version = future.result()
                if version != __version__:
                    raise OutputError(f"A worker runs version {version}, the driver {__version__}: use the same.")
                store.write(number, content)
                say(store.points_done, study.size, "")
                continue
            engine.check()
            if isinstance(error, DeadWorkerError) or type(error).__name__ == "KilledWorker":  # the second is Dask's
                stuck.append(number)
            elif isinstance(error, MachineError):
                raise error
            else:
                kind = MachineError if isinstance(error, (BrokenExecutor, CancelledError)) else OutputError
                raise kind(f"The study stopped in chunk {number}: {type(error).__name__}: {error}.") from error
    if stuck:
        raise MachineError(f"The study is not complete: workers died {STRIKES} times over chunk {min(stuck)}.")


def _submit(executor: Executor | None, pickled: bytes, points: Floats) -> Future[tuple[bytes, str]]:
    future: Future[tuple[bytes, str]] = Future()
    try:
        if executor is not None:
            return executor.submit(compute_task, pickled, points)
        future.set_result(compute_task(pickled, points))
    except Exception as error:
        future.set_exception(error)
    return future
