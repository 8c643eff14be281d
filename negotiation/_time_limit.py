"""A time limit that every part of a computation sees, however deep, without being handed from function to function.

`with time_limit(seconds)` sets it; loops that may last call `checkpoint`, which raises once the time is over. Limits
nest: the one that ends first counts. Each thread and each process has its own.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from negotiation.errors import NegotiationError

Clock = Callable[[], float]

_LIMITS: ContextVar[tuple[tuple[float, Clock], ...]] = ContextVar("time limits", default=())


class OutOfTimeError(NegotiationError):
    """The time limit was reached; whoever set the limit says what was left out."""


@contextmanager
def time_limit(seconds: float | None, clock: Clock = time.perf_counter) -> Iterator[None]:
    """Limit what runs inside to `seconds` of the clock; None adds no limit."""
    token = _LIMITS.set(_LIMITS.get() if seconds is None else (*_LIMITS.get(), (clock() + seconds, clock)))
    try:
        yield
    finally:
        _LIMITS.reset(token)


def out_of_time() -> bool:
    """Whether a limit has been reached.

    >>> with time_limit(0.5, iter([0.0, 0.4, 0.6]).__next__):
    ...     out_of_time(), out_of_time()
    (False, True)
    """
    return any(clock() > end for end, clock in _LIMITS.get())


def checkpoint() -> None:
    """Raise `OutOfTimeError` once a limit has been reached."""
    if out_of_time():
        raise OutOfTimeError("the time limit was reached")
