"""Random games with public monitoring for the tests: ties, impossible signals, certain signals, several states."""

import numpy as np

from negotiation.games import DynamicGame, Monitoring, StageGame

OBSERVED = ((), (0,), (1,), (0, 1))


def random_game(rng, actions=(2, 4), signals=(1, 6), states=(1, 3), discount=None):
    """Return a two-player game; numbers of actions, signals and states within the bounds given."""
    count = int(rng.integers(states[0], states[1] + 1))
    size = tuple(int(x) for x in rng.integers(actions[0], actions[1] + 1, 2))
    outcomes = int(rng.integers(signals[0], signals[1] + 1))
    stages, monitoring = [], []
    for _ in range(count):
        names = tuple(tuple(str(a) for a in range(number)) for number in size)
        stages.append(StageGame(("row", "column"), names, _payoffs(rng, size)))
        observed = OBSERVED[rng.integers(4)]
        names = tuple(f"signal {y}" for y in range(outcomes))
        monitoring.append(Monitoring(names, _likelihood(rng, size, outcomes), observed))
    following = rng.integers(0, count, (count, outcomes))
    delta = float(rng.choice([0.3, 0.5, 0.6, 0.75, 0.9, 0.95])) if discount is None else discount
    return DynamicGame(tuple(f"state {s}" for s in range(count)), tuple(stages), tuple(monitoring), following, delta)


def _payoffs(rng, size):
    """Integers (many ties) or normal numbers; now and then common interests or a zero-sum game."""
    payoffs = rng.integers(-4, 5, (2, *size)).astype(float) if rng.random() < 0.6 else rng.normal(size=(2, *size))
    if rng.random() < 0.2:
        payoffs[1] = payoffs[0] if rng.random() < 0.5 else -payoffs[0]
    return payoffs


def _likelihood(rng, size, outcomes):
    kind = rng.integers(5)
    if kind == 0:
        return rng.dirichlet(np.ones(outcomes), size)
    if kind == 1:  # impossible signals
        rows = rng.dirichlet(np.ones(outcomes), size) * (rng.random((*size, outcomes)) < 0.6)
        rows[rows.sum(axis=-1) < 1e-6] = np.eye(outcomes)[0]
        return rows / rows.sum(axis=-1, keepdims=True)
    if kind == 2:  # deterministic signals
        return np.eye(outcomes)[rng.integers(0, outcomes, size)]
    if kind == 3:  # small ratios: columns in proportion, equal likelihoods
        rows = rng.integers(0, 4, (*size, outcomes)).astype(float)
        rows[..., -1] += 1
        return rows / rows.sum(axis=-1, keepdims=True)
    rows = rng.dirichlet(np.ones(outcomes), size[1])  # only the column player moves the signal
    return np.broadcast_to(rows, (size[0], *rows.shape)).copy()
