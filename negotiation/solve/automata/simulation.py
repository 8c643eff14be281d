"""Paths of an automaton when everyone does as prescribed, many at once and seeded.

A signal source draws the public signal of a month for an array of profiles; the trade layer supplies one that also
returns the shipments behind the signal. Public lotteries over states are drawn too.
"""

from collections.abc import Callable

import numpy as np

from negotiation._values import Floats, Ints
from negotiation.games.automaton import Automaton
from negotiation.games.stage import Monitoring

# profiles (N, n) and a generator -> signal indices (N,) and what was observed behind them (N,)
SignalSource = Callable[[Ints, np.random.Generator], tuple[Ints, Floats]]


def simulate(
    automaton: Automaton, source: SignalSource, paths: int, months: int, rng: np.random.Generator
) -> tuple[Ints, Ints, Floats]:
    """Return states, signals and observations (N, T) of independent paths from state 0 on, N paths of T months."""
    states = np.zeros((paths, months), dtype=np.int64)
    signals, observations = np.zeros_like(states), np.zeros((paths, months))
    cumulative = automaton.transition.cumsum(axis=2)
    # a lottery's last step must be reached even when its probabilities sum to a hair less than one
    cumulative[:, :, -1] = 1.0
    here = np.zeros(paths, dtype=np.int64)
    for month in range(months):
        states[:, month] = here
        signals[:, month], observations[:, month] = source(automaton.actions[here], rng)
        draw = rng.random(paths)
        here = (draw[:, None] > cumulative[here, signals[:, month]]).sum(axis=1)
    return states, signals, observations


def signals_of(monitoring: Monitoring) -> SignalSource:
    """Return a source that draws signals from their likelihood; what is observed is the signal itself."""
    cumulative = monitoring.likelihood.cumsum(axis=-1)
    cumulative[..., -1] = 1.0

    def source(profiles: Ints, rng: np.random.Generator) -> tuple[Ints, Floats]:
        rows = cumulative[tuple(profiles.T)]
        drawn = (rng.random(len(profiles))[:, None] > rows).sum(axis=1).astype(np.int64)
        return drawn, drawn.astype(np.float64)

    return source
