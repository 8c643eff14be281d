"""Where chunks are computed: in this process, in processes of this machine, or on an existing Dask cluster.

All are a `concurrent.futures.Executor` behind one small interface. Worker processes of this machine hold the end of a
pipe whose other end only the driver has: when the driver dies, however it dies, the pipe breaks and they leave at once,
on any system. A pool whose worker was killed is broken for good (that is how the standard library sees it) and is built
again by `renew`.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Protocol, Self

from negotiation._cores import cores
from negotiation.errors import InputError, OutputError, nearest
from negotiation.studies.dask_engine import Dask

EMBEDDED, SERIAL, DASK = "embedded", "serial", "dask"


class Engine(Protocol):
    """What a study asks of an engine. `width`: how many chunks it computes at once."""

    width: int

    def __enter__(self) -> Self:
        """Start; `OutputError` when that cannot be done."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop at once; what is not finished is dropped."""

    def submit(self, function: Callable[..., Any], task: Any) -> Future[Any]:
        """Start one task."""

    def renew(self) -> None:
        """Be ready again after a worker died."""

    def check(self) -> None:
        """Raise `OutputError` when the engine is gone."""


class Serial:
    """Everything in this process, one chunk after the other."""

    width = 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        pass

    def submit(self, function: Callable[..., Any], task: Any) -> Future[Any]:
        """Compute at once."""
        future: Future[Any] = Future()
        try:
            future.set_result(function(task))
        except Exception as error:
            future.set_exception(error)
        return future

    def renew(self) -> None:
        """Nothing can be broken here."""

    def check(self) -> None:
        """Nothing can be gone."""


class Embedded:
    """Worker processes of this machine, started afresh (spawn), which die with the driver."""

    def __init__(self, jobs: int) -> None:
        self.width = jobs
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        self._context = get_context("spawn")
        self._ear, self._mouth = self._context.Pipe(duplex=False)
        self._start()
        return self

    def __exit__(self, *reason: object) -> None:
        self._mouth.close()
        self._ear.close()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _start(self) -> None:
        self._pool = ProcessPoolExecutor(
            self.width, mp_context=self._context, initializer=_settle_in, initargs=(self._ear,)
        )

    def submit(self, function: Callable[..., Any], task: Any) -> Future[Any]:
        """Send one task to a worker."""
        if self._pool is None:
            self._start()
        assert self._pool is not None
        return self._pool.submit(function, task)

    def renew(self) -> None:
        """Drop a broken pool; the next task starts another."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        self._pool = None

    def check(self) -> None:
        """Let the pool see that a worker was killed, where it cannot see it by itself.

        A worker that dies while it sends a result leaves half a message, which the pool goes on reading, and the lock
        for which the other workers wait. Without workers and without its own end of the pipe the message is over.
        """
        workers = list((getattr(self._pool, "_processes", None) or {}).values())
        if all(worker.is_alive() for worker in workers):
            return
        for worker in workers:
            worker.kill()
        with contextlib.suppress(AttributeError, OSError):
            self._pool._result_queue._writer.close()  # type: ignore[union-attr]


def _settle_in(ear: Connection) -> None:
    """Prepare a worker: an interruption is the driver's business, and without a driver there is no worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def listen() -> None:
        with contextlib.suppress(EOFError, OSError):
            ear.recv_bytes()
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()


class Given:
    """Any executor of the caller's; it is not shut down."""

    def __init__(self, executor: Executor, width: int) -> None:
        self.width = width
        self._executor = executor

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        pass

    def submit(self, function: Callable[..., Any], task: Any) -> Future[Any]:
        """Send one task to the executor."""
        return self._executor.submit(function, task)

    def renew(self) -> None:
        """Only its owner could mend it."""
        raise OutputError("The executor that was given is broken.")

    def check(self) -> None:
        """Nothing is known of it."""


def engine(name: str = EMBEDDED, jobs: int = 0) -> Engine:
    """Return an engine: "embedded" (`jobs` processes, 0 for all cores), "serial", or "dask:ADDRESS".

    Raises `InputError` for another name.
    """
    kind, _, address = name.partition(":")
    if kind == SERIAL or (kind == EMBEDDED and jobs == 1):
        return Serial()
    if kind == EMBEDDED:
        return Embedded(jobs or cores())
    if kind == DASK and address:
        return Dask(address)
    if kind == DASK:
        raise InputError.single("--engine", name, "needs an address", "write dask:tcp://127.0.0.1:8786")
    raise InputError.single("--engine", name, "is no engine", nearest(name, (EMBEDDED, SERIAL, "dask:ADDRESS")))


def worker_died(error: BaseException) -> bool:
    """Whether a task failed because its worker died, not because of itself."""
    return isinstance(error, BrokenExecutor) or type(error).__name__ in {"KilledWorker", "WorkerLost"}
