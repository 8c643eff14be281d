"""Where chunks are computed: in this process, in processes of this machine, or on an existing Dask cluster.

The same chunks go to each of them. The scheduler of a cluster computes a task again when its worker dies; its workers
need this package in the same version and write nothing, so no disk has to be shared.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, Self

from negotiation._cores import cores
from negotiation._processes import Processes
from negotiation.errors import InputError, MachineError, OutputError, nearest

EMBEDDED, SERIAL, DASK = "embedded", "serial", "dask"
CONNECT_SECONDS = 20  # until a scheduler that does not answer is given up


class Engine:
    """Everything in this process, one chunk after the other; and what a study asks of any engine.

    width: how many chunks it computes at once. As a context it starts (`OutputError` when it cannot) and stops at once.
    """

    width = 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        """Stop; what is not finished is dropped."""

    def submit(self, function: Callable[..., Any], task: Any) -> Future[Any]:
        """Start one task."""
        future: Future[Any] = Future()
        try:
            future.set_result(function(task))
        except Exception as error:
            future.set_exception(error)
        return future

    def check(self) -> None:
        """Raise `MachineError` when the engine is gone."""


class ExecutorEngine(Engine):
    """Any executor of the caller's; it is not shut down."""

    def __init__(self, executor: Executor, width: int) -> None:
        self.width = width
        self._executor = executor

    def submit(self, function: Callable[..., Any], task: Any) -> Future[Any]:
        """Send one task to the executor."""
        return self._executor.submit(function, task)


class ProcessEngine(ExecutorEngine):
    """Worker processes of this machine, which die with the driver."""

    def __init__(self, jobs: int) -> None:
        super().__init__(Processes(jobs), jobs)

    def __exit__(self, *reason: object) -> None:
        self._executor.shutdown()


class DaskEngine(ExecutorEngine):
    """An existing Dask scheduler at `address` (extra: cluster)."""

    def __init__(self, address: str) -> None:
        self.address = address

    def __enter__(self) -> Self:
        try:
            import distributed
        except ImportError:
            raise OutputError(
                "The dask engine needs the extra 'cluster': pip install 'negotiation[cluster]'."
            ) from None
        client: Any = distributed.Client  # distributed has no types
        try:
            self._client = client(self.address, timeout=CONNECT_SECONDS, set_as_default=False)
            self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except (OSError, TimeoutError, ValueError) as error:
            raise OutputError(
                f"The engine at {self.address} cannot be reached: {str(error) or type(error).__name__}. "
                "Nothing is lost; start a scheduler and its workers, or leave out --engine."
            ) from None
        # two tasks a thread keep every worker busy while results travel
        self.width = max(1, sum(self._client.nthreads().values()))
        self._executor = self._client.get_executor(pure=False, retries=3)
        return self

    def __exit__(self, *reason: object) -> None:
        self._executor.shutdown(wait=False)
        self._client.close(timeout=CONNECT_SECONDS)

    def check(self) -> None:
        """Raise `MachineError` when the scheduler no longer answers."""
        if self._client.status != "running":
            raise MachineError(f"The engine at {self.address} is gone.")


def make_engine(name: str = EMBEDDED, jobs: int = 0) -> Engine:
    """Return an engine: "embedded" (`jobs` processes, 0 for all cores), "serial", or "dask:ADDRESS".

    Raises `InputError` for another name.
    """
    kind, _, address = name.partition(":")
    if kind == SERIAL or (kind == EMBEDDED and jobs == 1):
        return Engine()
    if kind == EMBEDDED:
        return ProcessEngine(jobs or cores())
    if kind == DASK and address:
        return DaskEngine(address)
    if kind == DASK:
        raise InputError.single("--engine", name, "needs an address", "write dask:tcp://127.0.0.1:8786")
    raise InputError.single("--engine", name, "is no engine", nearest(name, (EMBEDDED, SERIAL, "dask:ADDRESS")))
