"""An existing Dask cluster as an engine (extra: cluster): the same chunks, sent to its scheduler.

The scheduler computes a task again when its worker dies. Workers need this package in the same version; nothing is
written on their side, so no disk has to be shared.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, Self

from negotiation.errors import MachineError, OutputError

CONNECT_SECONDS = 20  # seconds until a scheduler that does not answer is given up


class DaskEngine:
    """An existing Dask scheduler at `address`, through the same interface (extra: cluster)."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.width = 1

    def __enter__(self) -> Self:
        try:
            import distributed
        except ImportError:
            raise OutputError(
                "The dask engine needs the extra 'cluster': pip install 'negotiation[cluster]'."
            ) from None
        try:
            self._client: Any = _connect(
                distributed.Client, self.address, timeout=CONNECT_SECONDS, set_as_default=False
            )
            self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except (OSError, TimeoutError, ValueError) as error:
            raise OutputError(
                f"The engine at {self.address} cannot be reached: {str(error) or type(error).__name__}. "
                "Nothing is lost; start a scheduler and its workers, or leave out --engine."
            ) from None
        # two tasks a thread keep every worker busy while results travel
        self.width = max(1, sum(self._client.nthreads().values()))
        self._executor: Executor = self._client.get_executor(pure=False, retries=3)
        return self

    def __exit__(self, *reason: object) -> None:
        self._executor.shutdown(wait=False)
        self._client.close(timeout=CONNECT_SECONDS)

    def submit(self, function: Callable[..., Any], task: Any) -> Future[Any]:
        """Send one task to the cluster."""
        return self._executor.submit(function, task)

    def check(self) -> None:
        """Raise `MachineError` when the scheduler no longer answers."""
        if self._client.status != "running":
            raise MachineError(f"The engine at {self.address} is gone.")


def _connect(client: Any, address: str, **options: Any) -> Any:
    """Return a connected client; distributed has no types."""
    return client(address, **options)
