"""Where chunks are computed: in this process, in processes of this machine, or on an existing Dask cluster.

The same chunks go to each of them. The scheduler of a cluster computes a task again when its worker dies; its workers
need this package in the same version and write nothing, so no disk has to be shared.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any, NamedTuple

from negotiation._cores import cores
from negotiation._processes import Processes
from negotiation.errors import InputError, MachineError, OutputError, nearest

EMBEDDED, SERIAL, DASK = "embedded", "serial", "dask"
CONNECT_SECONDS = 20  # until a scheduler that does not answer is given up


class Engine(NamedTuple):
    """An executor, None for this process; how many chunks it takes at once; what raises `MachineError` without it."""

    executor: Executor | None
    width: int
    check: Callable[[], None] = lambda: None


@contextmanager
def open_engine(wanted: str | Executor, jobs: int, chunks: int) -> Iterator[Engine]:
    """Start an engine for `chunks` chunks, and stop it at once afterwards; what is not finished is dropped.

    wanted: "embedded" (`jobs` processes, 0 for all cores), "serial", "dask:ADDRESS" (extra: cluster), or an executor of
    the caller's, which is not shut down. Raises `InputError` for another name, `OutputError` when it cannot start.
    """
    if isinstance(wanted, Executor):
        yield Engine(wanted, max(2, jobs))
        return
    kind, _, address = wanted.partition(":")
    width = min(jobs or cores(), chunks)  # one chunk needs no process of its own
    if kind == SERIAL or (kind == EMBEDDED and width == 1):
        yield Engine(None, 1)
    elif kind == EMBEDDED:
        with Processes(width) as processes:
            yield Engine(processes, width)
    elif kind == DASK and address:
        client = _dask_client(address)

        def check() -> None:
            if client.status != "running":
                raise MachineError(f"The engine at {address} is gone.")

        executor = client.get_executor(pure=False, retries=3)
        try:
            # two tasks a thread keep every worker busy while results travel
            yield Engine(executor, max(1, sum(client.nthreads().values())), check)
        finally:
            executor.shutdown(wait=False)
            client.close(timeout=CONNECT_SECONDS)
    elif kind == DASK:
        raise InputError.single("--engine", wanted, "needs an address", "write dask:tcp://127.0.0.1:8786")
    else:
        raise InputError.single("--engine", wanted, "is no engine", nearest(wanted, (EMBEDDED, SERIAL, "dask:ADDRESS")))


def _dask_client(address: str) -> Any:
    try:
        import distributed
    except ImportError:
        raise OutputError("The dask engine needs the extra 'cluster': pip install 'negotiation[cluster]'.") from None
    connect: Any = distributed.Client  # distributed has no types
    try:
        client = connect(address, timeout=CONNECT_SECONDS, set_as_default=False)
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except (OSError, TimeoutError, ValueError) as error:
        raise OutputError(
            f"The engine at {address} cannot be reached: {str(error) or type(error).__name__}. "
            "Nothing is lost; start a scheduler and its workers, or leave out --engine."
        ) from None
    return client
