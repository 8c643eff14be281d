"""The parameters of the model of hidden causes: meaning, unit, prior, and the three priors that a reader may hold.

Each parameter is a transformed standard normal. Priors are judgement (docs/evidence.md); the three differ in how soon
targeted conduct begins and in how unevenly a queue of licences falls on the US.
"""

import math

import numpy as np
from scipy.special import expit, ndtri

from negotiation._values import Floats, Value
from negotiation.errors import InputError, nearest


class Prior(Value, kw_only=True):
    """One parameter: theta = T(centre + width z), z ~ N(0, 1).

    kind: "identity", "exp" or "logit" (then theta lies between `low` and `high`).
    """

    name: str
    meaning: str
    unit: str
    kind: str
    centre: float
    width: float
    low: float = 0.0
    high: float = 1.0

    def value(self, z: Floats) -> Floats:
        """Return theta for standard normal z of any shape."""
        inner = self.centre + self.width * z
        if self.kind == "exp":
            return np.exp(inner)
        if self.kind == "logit":
            return self.low + (self.high - self.low) * np.asarray(expit(inner))
        return inner

    def quantile(self, share: float) -> float:
        """Return a prior quantile."""
        return float(self.value(np.asarray(ndtri(share))))


# spread of every logit: odds at the 5 and 95 % quantiles are 3.7 times below and above those of the median; doubled, 14
# times, and the prior says little
LOGIT_WIDTH = 0.8


def _share(name: str, meaning: str, median: float, low: float = 0, high: float = 1) -> Prior:
    odds = (median - low) / (high - low)
    centre = math.log(odds / (1 - odds))
    return Prior(
        name=name, meaning=meaning, unit="share", kind="logit", centre=centre, width=LOGIT_WIDTH, low=low, high=high
    )


def _chance(name: str, meaning: str, median: float) -> Prior:
    return _share(name, meaning, median).replace(unit="probability")


def _positive(name: str, meaning: str, unit: str, median: float, width: float) -> Prior:
    return Prior(name=name, meaning=meaning, unit=unit, kind="exp", centre=math.log(median), width=width)


def _real(name: str, meaning: str, unit: str, centre: float, width: float) -> Prior:
    return Prior(name=name, meaning=meaning, unit=unit, kind="identity", centre=centre, width=width)


# prior name -> (median entry probability of targeted conduct, median extra spread of the ratio in a disturbance)
PRIORS = {"sceptical": (0.01, 0.45), "neutral": (0.05, 0.30), "suspicious": (0.20, 0.20)}
PRIOR_MEANING = {
    "sceptical": "a licensing queue falls unevenly on destinations, and conduct aimed at the US is rare",
    "neutral": "between the two",
    "suspicious": "a queue hits everyone about alike, and conduct aimed at the US is to be expected",
}
WITHHOLD_SHARE = 0.3  # of entries into targeted conduct: withholding at once, the rest slow-walks; judgement
SWITCH = 0.2  # monthly probability of a switch between slow-walk and withholding; judgement
# moves of the level in a month, each at most one step of the grid: a drift of up to .14; doubled, up to .2
SUBSTEPS = 4
LEVELS = np.linspace(-2.66, -1.06, 17)  # log of US-bound over other exports, four widths either side of the centre
LEVEL_CENTRE, LEVEL_WIDTH = -1.86, 0.20  # 2020: 4,924 of 31,058 t to others; doubled, the grid cuts the prior off
REFERENCE_MONTH = 12 * 2024  # January 2024, from which growth is counted
# of the trend, where it is in the model: a quarter more or less in a year is unusual. US-bound over other exports fell
# by 2 % a year from 2020 to 2024; doubled, the trend takes over from the random walk of the level
TREND_WIDTH = 0.15
INFORMAL_FACTOR = 0.1  # on entries before licences are required, by informal means only; judgement

# columns of theta, in the order of `priors` and of the kernel
LEVEL, GROWTH, FEBRUARY, NOISE, COMMON_ENTRY, COMMON_STAY, DELAY_LEAST, DELAY_GREATEST = range(8)
TARGET_ENTRY, TARGET_STAY, SLOW_WALK, WITHHOLD, RATIO_NOISE, QUEUE, DRIFT, TARIFF, TREND = range(8, 17)


def priors(name: str = "neutral", trend: bool = False) -> tuple[Prior, ...]:
    """Return the parameters under one of three priors, in the order of the kernel: sixteen, and the trend if wanted.

    Raises `InputError` with the nearest name.
    """
    if name not in PRIORS:
        raise InputError.single("prior", name, "is unknown", nearest(name, PRIORS))
    entry, queue = PRIORS[name]
    demand = _real("trend", "trend of US demand relative to others: diversion", "log a year", 0.0, TREND_WIDTH)
    return (
        _real("level", "log of exports to the rest of the world, January 2024", "log t/month", 8.3, 0.25),
        _real("growth", "growth of exports to the rest of the world", "log a year", 0.06, 0.06),
        _real("february", "effect of the new-year holidays", "log", -0.2, 0.15),
        _positive("noise", "monthly noise of exports to the rest of the world", "log", 0.09, 0.4),
        _chance("delay_entry", "monthly probability that a common disturbance begins", 0.12),
        _chance("delay_stay", "probability that it lasts another month", 0.6),
        _share("delay_min", "least share of exports held up in a disturbance", 0.20, 0.05, 0.45),
        _share("delay_max", "greatest share held up", 0.85, 0.5, 0.98),
        _chance("target_entry", "monthly probability that targeted conduct begins", entry),
        _chance("target_stay", "probability that it lasts another month", 0.6),
        _share("slow_walk", "share of US-bound exports withheld by a slow-walk", 0.40, 0.15, 0.65),
        _share("withhold", "share withheld by withholding", 0.88, 0.70, 0.98),
        _positive("ratio_noise", "monthly noise of the ratio of US-bound to other exports", "log", 0.09, 0.4),
        _positive("queue", "extra spread of the ratio in a disturbance: licences come unevenly", "log", queue, 0.6),
        _positive("drift", "monthly drift of US demand relative to others", "log", 0.03, 0.5),
        _positive("tariff", "fall of the ratio for each log point of US add-on tariff", "elasticity", 0.25, 0.8),
        *((demand,) if trend else ()),
    )


def theta_of(table: tuple[Prior, ...], z: Floats) -> Floats:
    """Return theta (N, 17) for standard normal z (N, P): a trend that is not in the table is 0."""
    columns = [prior.value(z[:, i]) for i, prior in enumerate(table)]
    return np.ascontiguousarray(np.stack([*columns, *[np.zeros(len(z))] * (TREND + 1 - len(table))], axis=1))


def level_start() -> Floats:
    """Return the prior of the level grid in the first month, (17,)."""
    weight = np.exp(-0.5 * ((LEVELS - LEVEL_CENTRE) / LEVEL_WIDTH) ** 2)
    return np.asarray(weight / weight.sum())


def chain_constants() -> Floats:
    """Return the stated constants of the action chain: (withhold share of entries, switch, substeps)."""
    return np.array([WITHHOLD_SHARE, SWITCH, float(SUBSTEPS)])
