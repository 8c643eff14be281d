"""Run a study: compute what is missing, keep each chunk as soon as it is there, and never lose one.

Every chunk is a pure function of the study and its number, and is kept under a name that says what it must hash to. A
kill at any moment therefore costs only the chunks in flight; running again computes what is missing; and the final
files are the same bytes whichever engine worked and however often it was killed.
"""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from negotiation._processes import STRIKES, DeadWorkerError
from negotiation._version import __version__
from negotiation.errors import MachineError, OutputError
from negotiation.studies.compute import ChunkTask, ComputedChunk, compute_task
from negotiation.studies.design import StudyDesign
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
    try:
        return _run(study, store, engine, jobs=jobs, table=table, say=progress or (lambda _done, _total, _note: None))
    finally:
        store.release()


def _run(study: Study, store: Store, engine: str | Executor, *, jobs: int, table: str, say: Progress) -> StudyRun:
    resumed, damaged = len(store.parts), len(store.damaged)
    if damaged:
        say(store.points_done, study.size, f"{damaged} damaged part(s) are computed again")
    if store.rewritten:
        say(store.points_done, study.size, "study.json was damaged and is written again")
    if store.strangers:
        some = ", ".join(store.strangers[:3])
        told = f"{len(store.strangers)} thing(s) in parts/ are no parts ({some}): left alone"
        say(store.points_done, study.size, told)
    say(store.points_done, study.size, f"{resumed} of {store.chunks} chunks were there" if resumed else "")
    if store.missing:
        with open_engine(engine, jobs, len(store.missing)) as ready:
            _Driver(study, store, ready, say).run()
    failed = store.not_computed()
    store.finish(failed)
    return StudyRun(store, resumed, damaged, failed, write_table(store, table))


class _Driver:
    def __init__(self, study: Study, store: Store, ready: Engine, say: Progress) -> None:
        self.store, self.engine, self.say, self.size = store, ready, say, study.size
        self.design, self.chunk = StudyDesign(study), study.chunk
        # a worker gets its points with the task, so it needs no draws
        self.pickled = pickle.dumps(_without_draws(study))
        self.waiting = deque(store.missing)
        self.stuck: list[int] = []
        self.running: dict[Future[Any], int] = {}

    def run(self) -> None:
        try:
            while (self.waiting or self.running) and len(self.stuck) < STRIKES:
                while self.waiting and len(self.running) < self.engine.width + 1:
                    self._submit(self.waiting.popleft())
                done, _ = wait(self.running, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
                if not done:
                    self.engine.check()
                for future in done:
                    self._take(future)
            if self.stuck:
                raise MachineError(
                    f"The study is not complete: workers died {STRIKES} times over chunk {min(self.stuck)}."
                )
        except OutputError as error:
            progress = f"{len(self.store.parts)} of {self.store.chunks} chunks are kept"
            raise type(error)(f"{error} {progress}; run again to compute only the rest.") from None

    def _submit(self, number: int) -> None:
        points = self.design.block(number * self.chunk, (number + 1) * self.chunk)
        try:
            future = self.engine.executor.submit(compute_task, ChunkTask(number, self.pickled, points))
        except Exception as error:
            future = Future()
            future.set_exception(error)
        self.running[future] = number

    def _take(self, future: Future[Any]) -> None:
        """Keep a finished chunk, or leave out one that kills its workers; anything else ends the study."""
        number = self.running.pop(future)
        error = CancelledError() if future.cancelled() else future.exception()
        if error is None:
            computed: ComputedChunk = future.result()
            if computed.version != __version__:
                text = f"A worker runs version {computed.version}, the driver {__version__}: use the same."
                raise OutputError(text)
            self.store.write(number, computed.content)
            self.say(self.store.points_done, self.size, "")
            return
        self.engine.check()
        if isinstance(error, DeadWorkerError) or type(error).__name__ == "KilledWorker":  # the second is Dask's
            self.stuck.append(number)
            return
        if isinstance(error, MachineError):
            raise error
        kind = MachineError if isinstance(error, (BrokenExecutor, CancelledError)) else OutputError
        raise kind(f"The study stopped in chunk {number}: {type(error).__name__}: {error}.") from error


def _without_draws(study: Study) -> Study:
    """Return the study for a worker: the same outcomes, regimes and paths, without a table of draws to carry around."""
    if study.sample is None or study.sample.kind != "draws":
        return study
    first = study.sample.draws[:1]
    return study.replace(sample=study.sample.replace(draws=np.array(first), points=1))
