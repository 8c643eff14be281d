"""How many processor cores this process may use, and what must not take them."""

import os


def cores() -> int:
    """Return the number of processor cores that this process may use, which may be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def one_thread_each() -> None:
    """Keep threads of a numerical library from cores that processes share; call it before numpy is imported.

    Linear systems are small here, and more threads would only change last digits. A setting of the user's stays.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
