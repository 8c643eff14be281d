"""Kernels without reference counts: they return no arrays, and nothing that a solver makes is left behind."""

import importlib
import pkgutil

import numpy as np
import pytest
from numba.core import types
from numba.core.runtime import _nrt_python, rtsys

import negotiation._kernels
from negotiation.evidence.model.filter import smoothed_states
from negotiation.evidence.model.history import History
from negotiation.evidence.model.priors import priors, theta_of
from negotiation.games import DynamicGame, StageGame
from negotiation.solve.payoff_sets.solver import solve
from tests.solve.public.public_games import random_game

NAMES = (("a", "b", "c"), ("a", "b", "c"))


def perfect():
    for seed in range(4):
        payoffs = np.random.default_rng(seed).integers(-4, 5, (2, 3, 3)).astype(float)
        solve(DynamicGame.repeated(StageGame(("one", "two"), NAMES, payoffs), 0.6))


def noisy():
    for seed in range(4):
        solve(random_game(np.random.default_rng(seed), (2, 3), (2, 3), (1, 2)))


def filtered():
    data = np.full((4, 12), np.nan)
    data[:, :10] = [4700, 600, 0.001, 0.015, 1.2, 0, 0, 1.0, 0, 0]
    history = History(first=12 * 2025, data=data, errors=np.zeros((4, 2)), observed=4, as_of="2025-12-31")
    smoothed_states(history, theta_of(priors(), np.zeros((3, 16))))


@pytest.mark.parametrize("work", [perfect, noisy, filtered])
def test_every_array_that_is_made_is_freed(work):
    work()
    _nrt_python.memsys_enable_stats()
    try:
        before = rtsys.get_allocation_stats()
        work()
        after = rtsys.get_allocation_stats()
    finally:
        _nrt_python.memsys_disable_stats()
    assert after.alloc - before.alloc == after.free - before.free > 0
    assert after.mi_alloc - before.mi_alloc == after.mi_free - before.mi_free > 0


def arrays(kind):
    """Return whether a type is an array or has one in it."""
    return isinstance(kind, types.Array) or (isinstance(kind, types.BaseTuple) and any(map(arrays, kind.types)))


def test_lean_kernels_return_no_array():
    """Of all that were compiled or loaded here: a cold cache (as in a fresh checkout) sees every one that is called."""
    perfect()
    noisy()
    filtered()
    lean, seen = 0, 0
    for info in pkgutil.iter_modules(negotiation._kernels.__path__):
        module = importlib.import_module(f"negotiation._kernels.{info.name}")
        for kernel in vars(module).values():
            if getattr(kernel, "targetoptions", {}).get("_nrt") is False and kernel.__module__ == module.__name__:
                lean += 1
                for overload in kernel.overloads.values():
                    seen += 1
                    assert not arrays(overload.signature.return_type), kernel
    assert lean > 50
    assert seen > 0
