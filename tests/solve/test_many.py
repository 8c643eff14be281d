"""Many games at once: the same answers in the same order, in flat memory, and nothing left running."""

import gc
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from negotiation.games.solution import Solution
from negotiation.solve.many import AHEAD, CHUNK, solve_many
from negotiation.solve.sets import solve
from tests.solve.public_games import random_game
from tests.solve.test_perfect import DILEMMA, repeated

SCRIPT = """
import multiprocessing, time
from negotiation.solve.many import solve_many
from tests.solve.test_many import noisy
if __name__ == "__main__":
    stream = solve_many(noisy(400), jobs=2)
    next(stream)
    print(*[child.pid for child in multiprocessing.active_children()], flush=True)
    time.sleep(60)
"""


def noisy(count):
    return [random_game(np.random.default_rng(seed), (2, 3), (2, 3), (1, 2)) for seed in range(count)]


def mixed():
    rng = np.random.default_rng(11)
    return [
        repeated(rng.integers(-5, 6, (*rng.integers(1, 6, 2), 2)), (0.3, 0.9, Fraction(1, 3))[at % 3])
        for at in range(60)
    ]


@pytest.mark.parametrize("jobs", [1, 2, None])
def test_the_same_answers_in_order(jobs):
    noisy_games = noisy(18)
    games = [*mixed(), *noisy_games[:9], *mixed()[:5], *noisy_games[9:]]
    alone = [solve(game).digest() for game in games]
    assert [found.digest() for found in solve_many(games, jobs=jobs)] == alone


def test_nothing_to_solve():
    assert list(solve_many([])) == []


def test_the_stream_can_be_left_early():
    stream = solve_many([repeated(DILEMMA, 0.5)] * 1000, jobs=2)
    assert next(stream).solved
    stream.close()


def test_memory_is_flat_in_the_number_of_games():
    """Answers are made a few chunks ahead of the reader, however many games there are."""
    workers = 2
    most = 0
    for at, _ in enumerate(solve_many([repeated(DILEMMA, 0.5)] * 12_000, jobs=workers)):
        if at % 3000 == 1500:
            most = max(most, sum(isinstance(held, Solution) for held in gc.get_objects()))
    assert most <= (AHEAD * workers + workers + 2) * CHUNK < 6000


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_workers_end_with_a_killed_parent():
    with subprocess.Popen([sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, text=True) as parent:
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        parent.kill()
    assert len(pids) == 2
    end = time.monotonic() + 10
    while any(map(running, pids)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(map(running, pids))


def running(pid):
    """Return whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
