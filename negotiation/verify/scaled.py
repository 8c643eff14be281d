"""Profiles and half-planes in whole numbers over common denominators: what makes the outer check quick.

Directions, levels and multipliers are integers over 2^50; each profile's likelihoods share one denominator D. A
quotient is rounded UP to a multiple of 2^-96, so every bound here is a true bound. Doubles only guess which two
directions are the neighbours of a third.
"""

import bisect
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from negotiation._time_limit import checkpoint
from negotiation.verify.game import Deviation, Game

BITS = 50  # of directions, levels and multipliers: they are integers over 2^BITS, as the format says
GRID = 96  # quotients are rounded up to multiples of 2^-GRID; fewer bits make bounds larger than they need to be

Multipliers = Sequence[tuple[int, int]]
"""Multipliers: (number of the deviation, integer over 2^BITS)."""


def rounded_up(above: int, below: int) -> int:
    """Return above / below rounded up to a multiple of 2^-GRID, as that multiple."""
    return -((-above << GRID) // below)


class ScaledDeviation(NamedTuple):
    """A deviation: its gain (1 - delta) (g_i(b) - g_i(a)) as a ratio, rho(. | b) over D, whether it is seen."""

    deviation: Deviation
    gain: tuple[int, int]
    chance: tuple[int, ...]
    observed: bool


class ScaledProfile(NamedTuple):
    """One profile: (1 - delta) g over `below`, rho(. | a) over `common` = D, successors and deviations."""

    payoff: tuple[int, int]
    below: int
    common: int
    chance: tuple[int, ...]
    following: tuple[int, ...]
    moves: tuple[ScaledDeviation, ...]


class Units(NamedTuple):
    """payoff_i = offset_i + scale_i * normalised payoff, every scale positive."""

    offset: tuple[Fraction, ...]
    scale: tuple[Fraction, ...]


def normalised_payoffs(game: Game, units: Units, state: int, profile: int) -> list[Fraction]:
    """Return (g_i - offset_i) / scale_i of a profile."""
    payoffs = game.states[state].payoffs
    return [(payoffs[i][profile] - units.offset[i]) / units.scale[i] for i in range(2)]


def scaled_profile(game: Game, units: Units, state: int, profile: int) -> ScaledProfile:
    """Return a profile of a two-player game in whole numbers."""
    checkpoint()
    here, rest = game.states[state], 1 - game.discount
    deviations = here.deviations(profile)
    rows = [here.chances[profile], *(here.chances[deviation.to] for deviation in deviations)]
    common = math.lcm(*(chance.denominator for row in rows for chance in row))
    whole = [tuple(chance.numerator * (common // chance.denominator) for chance in row) for row in rows]
    payoffs = [rest * number for number in normalised_payoffs(game, units, state, profile)]
    below = math.lcm(payoffs[0].denominator, payoffs[1].denominator)
    moves = []
    for deviation, row in zip(deviations, whole[1:], strict=True):
        before, after = (here.payoffs[deviation.player][a] for a in (profile, deviation.to))
        gain = rest * (after - before) / units.scale[deviation.player]
        observed = deviation.player in here.observed
        moves.append(ScaledDeviation(deviation, (gain.numerator, gain.denominator), row, observed))
    first, second = (number.numerator * (below // number.denominator) for number in payoffs)
    return ScaledProfile(
        payoff=(first, second),
        below=below,
        common=common,
        chance=whole[0],
        following=here.following,
        moves=tuple(moves),
    )


class Side(NamedTuple):
    """A half-plane x v_0 + y v_1 <= level - t down, all over 2^BITS."""

    x: int
    y: int
    level: int
    down: int


def angle(x: int, y: int) -> float:
    """Return the angle of a direction of any length, as a double."""
    shift = max(x.bit_length(), y.bit_length(), 60) - 60
    return math.atan2(y >> shift, x >> shift)


class HalfPlanes:
    """Upper bounds of d.v over the polygons of a link, affine in t, from two neighbouring half-planes each."""

    def __init__(self, by_state: Sequence[Sequence[Side]]) -> None:
        self.sides: list[list[Side]] = []
        self.angles: list[list[float]] = []
        for sides in by_state:
            turned = sorted((angle(side.x, side.y), side) for side in sides)
            self.angles.append([turn for turn, _ in turned])
            self.sides.append([side for _, side in turned])

    def bound(self, state: int, x: int, y: int) -> tuple[int, int, int] | None:
        """Return (value, slope, below), the bound (value + t slope) / below over 2^BITS; None when no two suffice.

        d = (x, y) over 2^BITS; with d = mu_1 lam_1 + mu_2 lam_2, mu >= 0, the bound is mu_1 c_1 + mu_2 c_2.
        """
        sides, angles = self.sides[state], self.angles[state]
        count = len(sides)
        if count < 2:
            return None
        place = bisect.bisect_right(angles, angle(x, y))
        for turn in (0, -1, 1):
            a, b = sides[(place + turn - 1) % count], sides[(place + turn) % count]
            cross = a.x * b.y - a.y * b.x
            one, two = x * b.y - y * b.x, a.x * y - a.y * x
            if cross > 0 and one >= 0 and two >= 0:
                return one * a.level + two * b.level, -(one * a.down + two * b.down), cross
        return None


def dual_bound(
    profile: ScaledProfile,
    discount: Fraction,
    planes: HalfPlanes,
    direction: tuple[int, int],
    multipliers: Multipliers,
) -> tuple[int, int] | None:
    """Return the dual bound of a profile, value + t slope, in multiples of 2^-GRID; None when d is not surrounded.

    F(eta) = (1 - delta) lam.g - sum_k eta_k gain_k + delta sum_z h(d_z); direction (0, 0): enforceability alone.
    """
    checkpoint()
    x, y = direction
    total, slope = rounded_up(x * profile.payoff[0] + y * profile.payoff[1], profile.below << BITS), 0
    wanted: list[tuple[int, int, int]] = []  # state, direction: where support values of the half-planes are needed
    if not multipliers:  # signals that lead to one state are taken together
        into: dict[int, int] = {}
        for state, chance in zip(profile.following, profile.chance, strict=True):
            into[state] = into.get(state, 0) + chance
        wanted += [(state, chance * x, chance * y) for state, chance in into.items()]
    else:
        ahead = [[chance * x, chance * y] for chance in profile.chance]
        for number, weight in multipliers:
            move = profile.moves[number]
            player = move.deviation.player
            total += rounded_up(-weight * move.gain[0], move.gain[1] << BITS)
            for signal, chance in enumerate(profile.chance):
                if move.observed:
                    ahead[signal][player] += weight * chance
                    if other := move.chance[signal]:
                        low = -weight * other
                        wanted.append((profile.following[signal], low * (1 - player), low * player))
                else:
                    ahead[signal][player] += weight * (chance - move.chance[signal])
        wanted += [(state, d[0], d[1]) for state, d in zip(profile.following, ahead, strict=True)]
    below = discount.denominator * profile.common << BITS
    for state, dx, dy in wanted:
        if dx or dy:
            bound = planes.bound(state, dx, dy)
            if bound is None:
                return None
            total += rounded_up(discount.numerator * bound[0], below * bound[2])
            slope += rounded_up(discount.numerator * bound[1], below * bound[2])
    return total, slope
