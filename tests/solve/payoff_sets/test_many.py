"""Many games at once: the same answers in the same order, in flat memory, and nothing left running."""

import gc
import os
import signal
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest

from negotiation.games.solution import Solution
from negotiation.solve.payoff_sets.solver import AHEAD, CHUNK_OF_GAMES, solve, solve_many
from tests.processes import linux, state, wait_until, workers_of
from tests.solve.perfect.test_perfect import DILEMMA, repeated
from tests.solve.public.public_games import random_game

# no guard: a script's own module is not imported by the processes that it starts
SCRIPT = """
import time
from negotiation.solve.payoff_sets.solver import solve_many
from tests.solve.payoff_sets.test_many import noisy
stream = solve_many(noisy(400), jobs=2)
next(stream)
print("begun", flush=True)
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
    assert most <= (AHEAD * workers + workers + 2) * CHUNK_OF_GAMES < 6000


@linux
def test_workers_end_with_a_killed_parent():
    with subprocess.Popen([sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout.readline() == "begun\n"
        workers = workers_of(parent.pid)
        parent.kill()
    assert len(workers) == 2
    wait_until(lambda: not any(map(state, workers)), 10)


@linux
def test_killed_workers_change_no_answer():
    games = noisy(36)
    stream = solve_many(games, jobs=2)
    found = [next(stream).digest()]
    for _ in range(2):
        os.kill(wait_until(lambda: workers_of(os.getpid()))[0], signal.SIGKILL)
        found += [next(stream).digest() for _ in range(6)]
    assert [*found, *(solution.digest() for solution in stream)] == [solve(game).digest() for game in games]
