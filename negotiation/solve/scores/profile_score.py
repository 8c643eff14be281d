"""The score of one profile in every direction: how far equilibria that start with it can go when players are patient.

The programme k(a, lambda) and why it is piecewise linear within a quadrant: docs/patient-limit.md (Fudenberg, Levine
1994). The loss lambda.g(a) - k = |lambda_1| sum_1 mu gain + |lambda_2| sum_2 mu gain is the support function of the
multipliers mu >= 0 of the incentive rows with

    sign_1 sum_1 mu Delta(z) = sign_2 sum_2 mu Delta(z) = d(z),   d(z) >= -rho(z | a).
"""

from fractions import Fraction

from negotiation.solve.exact.rational_programme import rational_optimum
from negotiation.solve.scores.incentive_rows import ONE, ZERO, IncentiveRow, ProfileIncentives, enforceable
from negotiation.solve.scores.piecewise_linear import AffineFunction, concave_lines

Signs = tuple[int, int]
QUADRANTS: tuple[Signs, ...] = ((1, 1), (-1, 1), (-1, -1), (1, -1))  # signs of both weights, in order of the angle


def static_line(condition: ProfileIncentives, signs: Signs) -> AffineFunction:
    """Return lambda.g(a) for lambda = (signs_1 (1 - t), signs_2 t) as a line in t: no loss at all."""
    first, second = signs[0] * condition.payoffs[0], signs[1] * condition.payoffs[1]
    return AffineFunction(first, second - first)


def score_lines(condition: ProfileIncentives, signs: Signs) -> list[AffineFunction]:
    """Return the score of an enforceable profile for lambda = (signs_1 (1 - t), signs_2 t), t in (0, 1), as lines.

    The score is their minimum; the limits at t = 0 and 1 belong to it. Two players.
    """
    top = static_line(condition, signs)
    rows = [row for row in condition.rows if not row.away]
    if all(row.gain <= 0 for row in rows):
        return [top]
    table, limits = _quadrant_rows(condition, rows, signs)

    def oracle(t: Fraction) -> AffineFunction:
        weights = (1 - t, t)
        optimum = rational_optimum([weights[row.player] * row.gain for row in rows], table, limits)
        losses = [ZERO, ZERO]
        for row, price in zip(rows, optimum.point, strict=True):
            losses[row.player] += price * row.gain
        return AffineFunction(top.intercept - losses[0], top.slope - losses[1] + losses[0])

    return concave_lines(oracle(ZERO), oracle(ONE), oracle)


def _quadrant_rows(
    condition: ProfileIncentives, rows: list[IncentiveRow], signs: Signs
) -> tuple[list[list[Fraction]], list[Fraction]]:
    """Return the dual conditions of a quadrant as (table, limits)."""
    table: list[list[Fraction]] = []
    limits: list[Fraction] = []
    for y, chance in enumerate(condition.chances):
        burnt = [-signs[row.player] * row.delta[y] for row in rows]
        linked = [entry if row.player == 0 else -entry for row, entry in zip(rows, burnt, strict=True)]
        first = [entry if row.player == 0 else ZERO for row, entry in zip(rows, burnt, strict=True)]
        table += [linked, [-entry for entry in linked], first]
        limits += [ZERO, ZERO, chance]
    return table, limits


def axis_score(condition: ProfileIncentives, player: int, sign: int) -> Fraction | None:
    """Return the score in direction sign * e_player, None when no continuation enforces the profile.

    Only `player` matters there: the others' continuations are free. In direction -e_player it is minus the least payoff
    to which the profile can hold the player: rewards, never fines, may move it.
    """
    if not all(enforceable(condition, other) for other in range(len(condition.payoffs))):
        return None
    rows = [row for row in condition.of(player) if sign < 0 or not row.away]
    payoff = sign * condition.payoffs[player]
    if all(row.gain <= 0 for row in rows):
        return payoff
    table = [[-sign * row.delta[y] for row in rows] for y in range(len(condition.chances))]
    return payoff - rational_optimum([row.gain for row in rows], table, list(condition.chances)).value
