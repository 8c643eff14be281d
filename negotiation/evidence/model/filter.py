"""The compiled filter over a history, for many draws of the parameters at once."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from negotiation._cores import cores
from negotiation._kernels import filter as kernels
from negotiation._values import Floats
from negotiation.evidence.model.history import History
from negotiation.evidence.model.priors import LEVELS, chain_constants, level_start

CHUNKS = 16  # in which draws are shared out among threads
THREADED = 256  # draws from which threads are worth starting


def smoothed_states(history: History, theta: Floats) -> tuple[Floats, Floats]:
    """Return smoothed probabilities (N, T, 2, 3) and level means (N, T) of a history for each row of theta (N, 17)."""
    _, _, smoothed, _, level = _run_kernel(history, theta, len(history.data))
    return smoothed, level


def last_beliefs(history: History, theta: Floats) -> tuple[Floats, Floats]:
    """Return log-likelihoods (N,) and beliefs after the last month of a history, (N, 2, 3, K), for theta (N, 17)."""
    values, _, _, last, _ = _run_kernel(history, theta, 0)
    return values, last


def log_likelihoods(history: History, theta: Floats) -> Floats:
    """Return the log-likelihood of each row of theta (N, 17), on all cores where there is enough to do."""
    if len(theta) < THREADED:
        return last_beliefs(history, theta)[0]
    with ThreadPoolExecutor(cores()) as pool:
        parts = pool.map(lambda rows: last_beliefs(history, rows)[0], np.array_split(theta, CHUNKS))
        return np.concatenate(list(parts))


def _run_kernel(history: History, theta: Floats, months: int) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Return log-likelihoods, filtered, smoothed, last beliefs, level means; only first and last if `months` is 0."""
    count, levels = len(theta), LEVELS
    values, last, means = np.empty(count), np.zeros((count, 2, 3, len(levels))), np.zeros((count, months))
    filtered, smoothed = np.zeros((2, count, months, 2, 3))
    kernels.run_all(
        theta, history.data, history.errors, levels, level_start(), fixed=chain_constants(), values=values,
        filtered=filtered, smoothed=smoothed, last=last, means=means,
    )  # fmt: skip
    return values, filtered, smoothed, last, means
