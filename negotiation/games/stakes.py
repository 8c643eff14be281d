"""What a bad signal must cost player 1 so that no share is worth withholding: the supremum over a continuum.

At a profile where player 1 withholds x*, a stake s deters every share when g(x) - g(x*) <= s [q(x) - q(x*)] for all x,
with g its payoff and q the chance of a bad signal. Shares that are caught more often ask for a stake of at least
(g - g*) / (q - q*), those caught less often allow at most that. Payoffs and chances are smooth but for jumps at x = 0
and just above `jump`: each piece is searched on a grid, then the neighbourhood of the best point is narrowed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from negotiation._values import Floats, Ints

# gain (..., G) and how much more often it is caught (..., G), at shares (..., G) withheld, here and elsewhere
Shares = Callable[[Floats, Floats], tuple[Floats, Floats]]

SURELY = 1e-15  # change of a chance of being caught that counts as none
WORTHWHILE = 1e-9  # gain that no stake deters, beyond rounding
ABOVE = 1e-9  # how far above a jump its upper side is looked at
# points of each piece; half as many may begin the narrowing beside a lower one of two peaks. A peak near 0 may be
# narrower than a step: there each point is twice as far as the one before
STEPS, UPPER, ELSEWHERE = np.linspace(0.0, 1.0, 33), np.linspace(0.0, 1.0, 13), np.linspace(0.0, 1.0, 6)
LOWER = np.concatenate([STEPS[:1], 2.0 ** np.arange(-14, -5), STEPS[1:]])
# each round narrows a neighbourhood to what lies between a point and the next on either side, so that no part of a peak
# is lost: seven leave 1e-5 of a step, and 1e-10 of what it asks for
ROUNDS, NARROWER = 7, 4.0
NEARBY, NEAR_ELSEWHERE = np.linspace(-1.0, 1.0, 9), np.linspace(-1.0, 1.0, 3)


def stake_bounds(net: Floats, more: Floats) -> tuple[Floats, Floats]:
    """Return the least and largest s with net <= more s for every level (G, ...), by the other axes.

    A level that gains although it is caught no more often makes the least stake infinite.
    """
    least, largest = _asked(net, more)
    return least.max(axis=0, initial=-np.inf), largest.min(axis=0, initial=np.inf)


def _asked(net: Floats, more: Floats) -> tuple[Floats, Floats]:
    """Return the least and the largest stake that each level asks for, infinite where it asks for none."""
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        ratio = net / more
    hopeless = np.where((net > WORTHWHILE) & (more > -SURELY), np.inf, -np.inf)
    return np.where(more > SURELY, ratio, hopeless), np.where(more < -SURELY, ratio, np.inf)


def every_share_bounds(shares: Shares, jump: Floats, elsewhere: bool = False) -> tuple[Floats, Floats, Floats]:
    """Return the least and the largest stake (..., R) that deter every share in [0, 1], and what asks most (..., R, 2).

    What asks most is a share withheld, and the share withheld from others meanwhile.
    jump: (..., R, 1), the share above which payoffs jump. elsewhere: whether shares withheld from others count too.
    """
    above = np.minimum(jump + ABOVE, 1.0)
    levels = np.concatenate(
        [np.zeros_like(jump), np.full_like(jump, ABOVE), jump * LOWER[1:], above, jump + (1 - jump) * UPPER[1:]],
        axis=-1,
    )
    beside = ELSEWHERE if elsewhere else ELSEWHERE[:1]
    x = np.repeat(levels, len(beside), axis=-1)
    e = np.broadcast_to(np.tile(beside, levels.shape[-1]), x.shape)
    least, largest = _asked(*shares(x, e))
    top, *binding = _narrowed(shares, least, (x, e), jump, elsewhere=elsewhere)
    if np.isfinite(largest).any():
        bottom, *_ = _narrowed(shares, largest, (x, e), jump, elsewhere=elsewhere, largest=True)
    else:
        bottom = np.full_like(top, np.inf)
    return top[..., 0], bottom[..., 0], np.concatenate(binding, axis=-1)


def _narrowed(
    shares: Shares,
    asked: Floats,
    tried: tuple[Floats, Floats],
    jump: Floats,
    *,
    elsewhere: bool,
    largest: bool = False,
) -> tuple[Floats, Floats, Floats]:
    """Return the largest of what is asked for at points (..., G), narrowed within its piece, and where, (..., 1).

    With `largest` what is asked for is a largest stake, and the smallest of them counts.
    """
    sign = -1.0 if largest else 1.0
    best = (sign * asked).argmax(axis=-1)[..., None]
    top, middle, aside = (np.take_along_axis(part, best, axis=-1) for part in (sign * asked, *tried))
    if not np.isfinite(top).any():
        return sign * top, middle, aside
    upper = middle > jump
    low, high = np.where(upper, np.minimum(jump + ABOVE, 1.0), ABOVE), np.where(upper, 1.0, jump)
    wide, deep = (high - low) / np.where(upper, len(UPPER) - 1, len(STEPS) - 1), 1 / (len(ELSEWHERE) - 1)
    across, along = (grid.ravel() for grid in np.meshgrid(NEARBY, NEAR_ELSEWHERE if elsewhere else [0.0]))
    for _ in range(ROUNDS):
        x = np.clip(middle + wide * across, low, high)
        e = np.clip(aside + deep * along, 0.0, 1.0)
        score = sign * _asked(*shares(x, e))[int(largest)]
        best = score.argmax(axis=-1)[..., None]
        nearer = np.take_along_axis(score, best, axis=-1)
        better = nearer > top
        top = np.where(better, nearer, top)
        middle = np.where(better, np.take_along_axis(x, best, axis=-1), middle)
        aside = np.where(better, np.take_along_axis(e, best, axis=-1), aside)
        wide, deep = wide / NARROWER, deep / NARROWER
    return sign * top, middle, aside


# parts of the stake that months with a delay may take, where a bound is looked up between two of them, closer together
# at both ends; with half as many two changes of the binding share may fall between three of them
LATE_PARTS = (1 - np.cos(np.pi * np.linspace(0.0, 1.0, 33))) / 2


class StakeTable(NamedTuple):
    """The stakes that deter every share where a bad signal costs more in one kind of month than in another.

    least, largest: (J, R), one over both stakes, by the J parts of the stake that may fall to months with a delay.
    What a share asks for is its gain over a chance that is linear in that part: while the same share binds, one over
    the stake is a straight line. Between two entries the lines of the neighbours on either side are drawn on, and the
    one that asks for more counts: exact where the binding share changes once.
    """

    least: Floats
    largest: Floats

    @classmethod
    def of(cls, asked: Callable[[Floats], tuple[Floats, Floats]]) -> StakeTable:
        """Return the table of what gives least and largest stakes (len(parts), R)."""
        least, largest = asked(LATE_PARTS)
        return cls(1 / np.maximum(least, SURELY), 1 / np.maximum(largest, SURELY))

    def take(self, rows: Ints) -> StakeTable:
        """Return some of the R rows."""
        return StakeTable(self.least[:, rows], self.largest[:, rows])

    def between(self, late: Floats) -> tuple[Floats, Floats]:
        """Return both stakes at parts `late` (P, K, N), where R is K trigger sets, or P pacts with one set each."""
        last = len(LATE_PARTS) - 1
        place = np.clip(np.searchsorted(LATE_PARTS, late, side="right") - 1, 0, last - 1)
        rows = np.arange(self.least.shape[1])
        rows = rows[:, None] if late.shape[1] == len(rows) else rows[:, None, None]
        spots = [np.clip(place + step, 0, last) for step in (-1, 0, 1, 2)]
        parts, asked = [LATE_PARTS[spot] for spot in spots], [self.least[spot, rows] for spot in spots]
        first, then = asked[1:3]
        inner, *outer = (_line(parts, asked, late, pair) for pair in ((1, 2), (0, 1), (2, 3)))
        between = (place > 0) & (place < last - 1)
        lines = np.where(between, np.maximum(np.minimum(*outer), inner), inner)
        # what no stake deters at one end may be beyond any stake in between
        least = np.where((first > 0) & (then > 0), lines, 0.0)
        largest = _line(parts, [self.largest[spot, rows] for spot in spots], late, (1, 2))
        with np.errstate(divide="ignore"):
            return 1 / least, 1 / largest


def _line(parts: list[Floats], values: list[Floats], late: Floats, pair: tuple[int, int]) -> Floats:
    """Return what the straight line through two of the entries gives."""
    first, then = pair
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (values[then] - values[first]) / (parts[then] - parts[first])
    return np.asarray(values[first] + slope * (late - parts[first]))
