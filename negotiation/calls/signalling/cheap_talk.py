"""What cheap talk about the severity of a delay can reveal (Crawford, Sobel 1982, the uniform-quadratic case).

China knows the severity theta, uniform on [0, 1]; the US wants a leniency y = theta, China y = theta + b. Only the
interval of a partition is said, one of at most N(b) = ceil(-1/2 + sqrt(1 + 2/b)/2); 1/(12 N^2) + b^2 (N^2 - 1)/3 of the
variance of 1/12 is left.
"""

import math

from negotiation._values import Value
from negotiation.errors import InputError

PRIOR_VARIANCE = 1 / 12  # of the severity, uniform on [0, 1]
# of the sender, states in [0, 1]: from five intervals down to none that tell (above 1/4)
BIASES = (0.02, 0.05, 0.1, 0.2, 0.3)
MOST_INTERVALS = 10_000  # bounds the partition where the bias is next to nothing: what is left unsaid is 1e-8 of it


class PartitionEquilibrium(Value):
    """The most that can be said at a bias: `intervals` N, their `borders` (N + 1), `variance` left, `revealed`
    share.
    """

    bias: float
    intervals: int
    borders: tuple[float, ...]
    variance: float

    @property
    def revealed(self) -> float:
        """Share of the prior variance that the words remove: the verification they are worth, 0 to 1."""
        return 1 - self.variance / PRIOR_VARIANCE


def cheap_talk(bias: float) -> PartitionEquilibrium:
    """Return the most informative equilibrium; raises `InputError` for a negative bias.

    Without a bias everything can be said: the finest partition is limited to 10,000 intervals.

    >>> talk = cheap_talk(0.05)
    >>> talk.intervals, round(talk.revealed, 2)
    (3, 0.81)
    """
    if not (math.isfinite(bias) and bias >= 0):
        raise InputError.single("cheap talk", "bias", f"must be at least 0, got {bias:g}")
    count = MOST_INTERVALS if bias == 0 else min(MOST_INTERVALS, most_intervals(bias))
    # indifference at each border: a_{i+1} - a_i = a_i - a_{i-1} + 4 b, so a_i = i a_1 + 2 b i (i - 1), with a_N = 1
    first = (1 - 2 * bias * count * (count - 1)) / count
    borders = (*(i * first + 2 * bias * i * (i - 1) for i in range(count)), 1.0)
    variance = 1 / (12 * count**2) + bias**2 * (count**2 - 1) / 3
    return PartitionEquilibrium(bias, count, borders, variance)


def most_intervals(bias: float) -> int:
    """Return N(b): the largest N with 2 b N (N - 1) < 1, so that every interval has some length."""
    above = math.ceil(-0.5 + 0.5 * math.sqrt(1 + 2 / bias)) + 1  # by one, which rounding may have taken
    return next(count for count in range(above, 0, -1) if 2 * bias * count * (count - 1) < 1)
