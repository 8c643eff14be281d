"""Where chunks are computed: in this process, in processes of this machine, or on an existing Dask cluster.

All are a `concurrent.futures.Executor` behind one small interface.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, Protocol, Self

from negotiation._cores import cores
from negotiation._processes import Processes
from negotiation.errors import InputError, nearest
from negotiation.studies.dask_engine import DaskEngine

EMBEDDED, SERIAL, DASK = "embedded", "serial", "dask"


class Engine(Protocol):
    """What a study asks of an engine. `width`: how many chunks it computes at once."""

    width: int

    def __enter__(self) -> Self:
        """Start; `OutputError` when that cannot be done."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
        """Stop at once; what is not finished is dropped."""

    def submit(self, function: Callable[..., Any], task: Any) -> Future[Any]:
        """Start one task."""

    def check(self) -> None:
        """Raise `MachineError` when the engine is gone."""


class SerialEngine:
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

    def check(self) -> None:
        """Nothing can be gone."""


class ExecutorEngine:
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

    def check(self) -> None:
        """Nothing is known of it."""


class ProcessEngine(ExecutorEngine):
    """Worker processes of this machine, which die with the driver."""

    def __init__(self, jobs: int) -> None:
        super().__init__(Processes(jobs), jobs)

    def __exit__(self, *reason: object) -> None:
        self._executor.shutdown()


def make_engine(name: str = EMBEDDED, jobs: int = 0) -> Engine:
    """Return an engine: "embedded" (`jobs` processes, 0 for all cores), "serial", or "dask:ADDRESS".

    Raises `InputError` for another name.
    """
    kind, _, address = name.partition(":")
    if kind == SERIAL or (kind == EMBEDDED and jobs == 1):
        return SerialEngine()
    if kind == EMBEDDED:
        return ProcessEngine(jobs or cores())
    if kind == DASK and address:
        return DaskEngine(address)
    if kind == DASK:
        raise InputError.single("--engine", name, "needs an address", "write dask:tcp://127.0.0.1:8786")
    raise InputError.single("--engine", name, "is no engine", nearest(name, (EMBEDDED, SERIAL, "dask:ADDRESS")))
