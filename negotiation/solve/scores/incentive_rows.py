"""The incentive conditions of a pure profile, exactly: what scores and transfers are computed from.

Symbols: profile a, public outcome z = (seen actions, signal y), rho(z | a); x_i(z) is what player i gets after z on top
of its stage payoff. Playing a_i is best when for every deviation k of player i

    sum_z Delta_k(z) x_i(z) - away_k x_i(off)  >=  gain_k,     Delta_k(z) = rho(z | a) - rho(z | a'),

over the outcomes z that can occur on the path or after deviations of several players; away_k is the probability of
outcomes that only player i can cause, all answered alike, with the worst for i. Outcomes whose likelihoods move in
proportion are one outcome, deviations with the same Delta are one row with the largest gain: neither changes the answer
(Fudenberg, Levine, Maskin 1994, product structure). Any number of players.

Ratios given with the game are taken literally. Doubles are known to half a unit in the last place only: where a payoff
table or a likelihood stands within that rounding of simple fractions (`exact.payoffs`), the fractions are taken, so
that ties such as .4 - .1 = .7 - .4 are ties again; otherwise the doubles are taken as they are, each an exact ratio.
"""

from fractions import Fraction
from typing import NamedTuple

import numpy as np

from negotiation.errors import InputError
from negotiation.games.dynamic import DynamicGame, ratios
from negotiation.games.stage import Profile, StageGame
from negotiation.solve.exact.payoffs import integer_payoffs
from negotiation.solve.exact.rational_programme import rational_optimum
from negotiation.solve.exact.rationals import DOUBLE_ROUNDING, simple_fractions

Vector = tuple[Fraction, ...]
ZERO, ONE = Fraction(0), Fraction(1)


class RationalGame(NamedTuple):
    """payoffs[a]: one ratio a player; chances[a]: one a signal, adding up to 1; observed players."""

    shape: tuple[int, ...]
    payoffs: dict[Profile, Vector]
    chances: dict[Profile, Vector]
    observed: tuple[int, ...]


def rational_game(game: DynamicGame) -> RationalGame:
    """Return the numbers of a one-state game; raise `InputError` when there are several states."""
    if game.n_states != 1:
        raise InputError.single(
            "game", "states", f"{game.n_states} states: scores and transfers are for repeated games, with one state"
        )
    stage, monitoring, given = game.stage, game.monitoring[0], ratios(game)
    columns = given.payoffs[0]
    if game.exact_payoffs is None:
        columns = tuple(tuple(_payoffs(stage, player)) for player in range(stage.n_players))
    rows = given.chances[0]
    if game.exact_likelihood is None:
        doubles = [Fraction(chance) for chance in monitoring.likelihood.ravel().tolist()]
        simple, width = simple_fractions(doubles, DOUBLE_ROUNDING) or [], monitoring.n_signals
        simple_rows = tuple(tuple(simple[first : first + width]) for first in range(0, len(simple), width))
        if simple_rows and all(sum(row) == 1 for row in simple_rows):
            rows = simple_rows
    profiles = list(stage.profiles())
    payoffs = dict(zip(profiles, zip(*columns, strict=True), strict=True))
    return RationalGame(stage.shape, payoffs, dict(zip(profiles, rows, strict=True)), monitoring.observed)


def _payoffs(stage: StageGame, player: int) -> list[Fraction]:
    """Return a player's payoffs by profile, read as simple fractions where they can be."""
    integers = integer_payoffs(stage, player)
    table = np.array(integers.table, dtype=object).reshape(stage.shape[player], *np.delete(stage.shape, player))
    return [integers.value(Fraction(cell)) for cell in np.moveaxis(table, 0, player).ravel().tolist()]


class IncentiveRow(NamedTuple):
    """One incentive condition of `player`: `gain`, `delta` (one entry an outcome) and `away` (see the module)."""

    player: int
    gain: Fraction
    delta: Vector
    away: Fraction


class ProfileIncentives(NamedTuple):
    """A profile with its payoffs (n,), the probabilities of its outcomes, and every incentive condition.

    best: each player's largest payoff from its own actions against the others' part of the profile.
    """

    profile: Profile
    payoffs: Vector
    chances: Vector
    rows: tuple[IncentiveRow, ...]
    best: Vector

    @property
    def joint(self) -> Fraction:
        """Sum of the payoffs."""
        return sum(self.payoffs, ZERO)

    @property
    def is_static(self) -> bool:
        """Whether nobody gains by deviating: a Nash equilibrium of the stage game."""
        return self.best == self.payoffs

    def of(self, player: int) -> list[IncentiveRow]:
        """Return the conditions of one player."""
        return [row for row in self.rows if row.player == player]


def profile_incentives(numbers: RationalGame, profile: Profile) -> ProfileIncentives:
    """Return the incentive conditions of a pure profile."""
    usual = numbers.chances[profile]
    deviations = [
        (player, (*profile[:player], other, *profile[player + 1 :]))
        for player in range(len(numbers.shape))
        for other in range(numbers.shape[player])
        if other != profile[player]
    ]
    reach = [
        {player for player, to in deviations if player not in numbers.observed and numbers.chances[to][signal]}
        for signal in range(len(usual))
    ]
    inside = [bool(chance) or len(reach[signal]) > 1 for signal, chance in enumerate(usual)]
    rows = []
    best = list(numbers.payoffs[profile])
    for player, to in deviations:
        observed, other = player in numbers.observed, numbers.chances[to]
        delta = tuple(usual[y] - (ZERO if observed else other[y]) for y in range(len(usual)) if inside[y])
        payoff = numbers.payoffs[to][player]
        best[player] = max(best[player], payoff)
        rows.append(IncentiveRow(player, payoff - numbers.payoffs[profile][player], delta, sum(delta, ZERO)))
    chances = tuple(chance for chance, possible in zip(usual, inside, strict=True) if possible)
    return ProfileIncentives(profile, numbers.payoffs[profile], *_merge(chances, rows), tuple(best))


def _merge(chances: Vector, rows: list[IncentiveRow]) -> tuple[Vector, tuple[IncentiveRow, ...]]:
    """Join outcomes whose likelihoods move in proportion, then rows of a player with the same Delta."""
    groups: dict[Vector, list[int]] = {}
    for y in range(len(chances)):
        column = (chances[y], *(row.delta[y] for row in rows))
        size = sum(map(abs, column), ZERO)
        if size:
            groups.setdefault(tuple(entry / size for entry in column), []).append(y)
    joined: dict[tuple[int, Vector], IncentiveRow] = {}
    for row in rows:
        delta = tuple(sum((row.delta[y] for y in members), ZERO) for members in groups.values())
        before = joined.get((row.player, delta))
        if before is None or before.gain < row.gain:
            joined[row.player, delta] = row._replace(delta=delta)
    return tuple(sum((chances[y] for y in members), ZERO) for members in groups.values()), tuple(joined.values())


def enforceable(condition: ProfileIncentives, player: int) -> bool:
    """Whether some continuation makes the profile a best reply for `player`.

    Fails exactly when a mix of deviations is profitable and undetectable: mu >= 0 with sum mu Delta = 0 for every
    outcome, no weight on outcomes that the player alone can cause, and sum mu gain > 0.
    """
    rows = [row for row in condition.of(player) if not row.away]
    if all(row.gain <= 0 for row in rows):
        return True
    columns = [[row.delta[y] for row in rows] for y in range(len(condition.chances))]
    opposite = [[-entry for entry in column] for column in columns]
    limits = [ZERO] * (2 * len(columns)) + [ONE]
    optimum = rational_optimum([row.gain for row in rows], [*columns, *opposite, [ONE] * len(rows)], limits)
    return optimum.value <= 0
