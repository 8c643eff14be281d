"""Five forecasts that know nothing of causes, four log-normal and one with heavy tails: what a model has to beat.

Each sees the single months of US-bound shipments known at the origin. Spreads are estimated with a weak prior (two
pseudo-observations of .30), because the first origins have three months only.
"""

import math

import numpy as np
from scipy.special import ndtr

from negotiation._values import Floats, Value

# the weak prior of every spread: as many observations of this spread (log); doubled, it outweighs the first origins
PSEUDO_OBSERVATIONS, PSEUDO_SPREAD = 2.0, 0.30
BASELINES = ("last value", "mean of 12 months", "mean of all", "AR(1)", "t(3) walk")
PERSISTENCE = np.linspace(0.0, 0.95, 20)  # candidates of the AR(1); at 1 it has no mean


class LogNormal(Value):
    """A forecast: log tonnes are normal with `mean` and spread `sd`."""

    name: str
    mean: float
    sd: float

    def log_density(self, tonnes: float) -> float:
        """Return the log density per unit of log tonnes."""
        z = (np.log(tonnes) - self.mean) / self.sd
        return float(-0.5 * z * z - np.log(self.sd) - 0.5 * np.log(2 * np.pi))

    def crps(self, tonnes: float) -> float:
        """Return the continuous ranked probability score in tonnes (Baran, Lerch 2015, closed form)."""
        z, s = (np.log(tonnes) - self.mean) / self.sd, self.sd
        scale = 2 * np.exp(self.mean + s * s / 2)
        return float(tonnes * (2 * ndtr(z) - 1) - scale * (ndtr(z - s) + ndtr(s / np.sqrt(2)) - 1))


class StudentWalk(Value):
    """A forecast: log tonnes are `mean` plus `steps` independent t(3) innovations, each of spread `sd`."""

    name: str
    mean: float
    sd: float
    steps: int

    def log_density(self, tonnes: float) -> float:
        """Return the log density per unit of log tonnes, exact for any number of steps.

        One innovation has the characteristic function (1 + sd |u|) exp(-sd |u|); the density of their sum is the
        integral of its power, term by term: n! / (n - k)! sd^k Re (n sd - i x)^-(k + 1), divided by pi.
        """
        pole = 1 / complex(self.steps * self.sd, -(math.log(tonnes) - self.mean))
        term, total = pole, pole.real
        for left in range(self.steps, 0, -1):
            term *= left * self.sd * pole
            total += term.real
        return math.log(total / math.pi)

    def crps(self, _tonnes: float) -> float:
        """Return infinity: the tail of tonnes falls so slowly that its square has no integral."""
        return math.inf


def baselines(months: Floats, logs: Floats, month: int) -> tuple[LogNormal | StudentWalk, ...]:
    """Return the five forecasts of a month, in the order of `BASELINES`.

    months (n,), logs (n,): the single months known at the origin and the logs of their tonnes, in order.
    """
    changes = np.diff(logs) / np.sqrt(np.diff(months))
    ahead = month - months[-1]
    value, spread = float(logs[-1]), _spread(changes, 0.0)
    last = LogNormal(BASELINES[0], value, spread * float(np.sqrt(ahead)))
    walk = StudentWalk(BASELINES[4], value, spread, round(float(ahead)))
    recent = logs[months > month - 1 - 12]
    recent = recent if len(recent) else logs[-1:]
    means = _mean(BASELINES[1], recent), _mean(BASELINES[2], logs)
    return (last, *means, _autoregression(months, logs, month), walk)


def _spread(values: Floats, mean: float) -> float:
    square = np.square(values - mean).sum() + PSEUDO_OBSERVATIONS * PSEUDO_SPREAD**2
    return float(np.sqrt(square / (len(values) + PSEUDO_OBSERVATIONS)))


def _mean(name: str, logs: Floats) -> LogNormal:
    mean = float(logs.mean())
    return LogNormal(name, mean, _spread(logs, mean) * float(np.sqrt(1 + 1 / len(logs))))


def _autoregression(months: Floats, logs: Floats, month: int) -> LogNormal:
    """Return the AR(1) of greatest likelihood over a grid of persistence, gaps treated exactly."""
    best: tuple[float, float, float] | None = None
    gaps, n = np.abs(months[:, None] - months[None, :]), len(logs)
    for phi in PERSISTENCE:
        shape = phi**gaps
        ones = np.ones(n)
        weight = np.linalg.solve(shape, ones)
        mean = float(weight @ logs / (weight @ ones))
        errors = logs - mean
        square = float(errors @ np.linalg.solve(shape, errors))
        variance = (square + PSEUDO_OBSERVATIONS * PSEUDO_SPREAD**2) / (n + PSEUDO_OBSERVATIONS)
        _, volume = np.linalg.slogdet(shape)
        likelihood = -0.5 * ((n + PSEUDO_OBSERVATIONS) * np.log(variance) + volume)
        if best is None or likelihood > best[0]:
            near = phi ** (month - months)
            gain = np.linalg.solve(shape, near)
            left = max(float(1 - gain @ near), 1e-6) + (1 - gain @ ones) ** 2 / float(weight @ ones)
            best = (float(likelihood), mean + float(gain @ errors), float(np.sqrt(variance * left)))
    assert best is not None
    return LogNormal(BASELINES[3], best[1], best[2])
