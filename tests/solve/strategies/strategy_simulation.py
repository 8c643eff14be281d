"""Paths of a public strategy when everyone does as prescribed: seeded, many at once, first lottery included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from negotiation._values import Floats, Ints
from negotiation.errors import InputError
from negotiation.games.automaton import Automaton
from negotiation.solve.strategies.public_strategy import PublicStrategy


@dataclass(frozen=True)
class Play:
    """Simulated play: `plans` and `signals` (N, T); `payoffs` (N, T, 2), expected given the profile, game's unit."""

    plans: Ints
    signals: Ints
    payoffs: Floats

    def discounted(self, discount: float) -> Floats:
        """Return the normalised discounted payoffs of each path, (N, 2), cut off at the last period."""
        weight = (1 - discount) * discount ** np.arange(self.payoffs.shape[1])
        found: Floats = np.einsum("t,nti->ni", weight, self.payoffs)
        return found

    def average(self) -> Floats:
        """Return the average payoffs over all paths and periods, (2,)."""
        found: Floats = self.payoffs.mean(axis=(0, 1))
        return found


def play(strategy: PublicStrategy, paths: int, periods: int, rng: np.random.Generator) -> Play:
    """Return `paths` independent paths of `periods` periods; raises `InputError` when there is none to simulate."""
    if paths < 1 or periods < 1:
        raise InputError.single("simulation", "paths", f"needs at least one path and period, got {paths} and {periods}")
    stages, pairs = strategy.game.stages, list(zip(strategy.publics, strategy.profiles, strict=True))
    flow = np.array([stages[s].payoff(profile) for s, profile in pairs])
    seen, lotteries = _steps(strategy.signals), _steps(strategy.transition)
    plans, signals = np.zeros((paths, periods), dtype=np.int64), np.zeros((paths, periods), dtype=np.int64)
    here = _drawn(np.broadcast_to(_steps(strategy.initial), (paths, strategy.n_plans)), rng)
    for period in range(periods):
        plans[:, period] = here
        signals[:, period] = _drawn(seen[here], rng)
        here = _drawn(lotteries[here, signals[:, period]], rng)
    return Play(plans, signals, flow[plans])


def _steps(chances: Floats) -> Floats:
    """Return cumulative chances whose last positive step is exactly 1, so that rounding draws nothing impossible."""
    total = chances.cumsum(axis=-1)
    found: Floats = np.where(total >= total[..., -1:] * (1 - 1e-15), 1.0, total)
    return found


def _drawn(steps: Floats, rng: np.random.Generator) -> Ints:
    """Draw one number for each row of cumulative chances."""
    found: Ints = (rng.random(len(steps))[:, None] >= steps).sum(axis=1)
    return found


def automaton_of(strategy: PublicStrategy) -> Automaton:
    """Return the plans of a repeated game's strategy as an automaton, which starts in plan 0 without a lottery."""
    observed = strategy.game.monitoring[0].observed
    answer = [strategy.worst[0, i] if i in observed else -1 for i in range(2)]
    return Automaton(
        tuple(f"plan {w + 1}" for w in range(strategy.n_plans)),
        strategy.actions,
        strategy.transition,
        np.tile(answer, (strategy.n_plans, 1)),
        np.zeros((strategy.n_plans, 2, *strategy.game.stage.shape)),
    )
