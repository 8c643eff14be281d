"""What one profile offers when players may pay each other: joint payoff and punishments against liquidity.

U(L | a), concave, and v_i(L | a), convex, are piecewise linear in the liquidity L from the least L that enforces a,
with exact knots (docs/transfers.md; Goldluecke, Kranz 2012). Both are subject to the incentive rows of `scores` and to
x_i(z) >= 0, sum_i x_i(z) <= L, what player i keeps of the stake after outcome z.
"""

from fractions import Fraction

from negotiation.solve.exact.linear_programme import UnboundedError
from negotiation.solve.exact.rational_programme import rational_optimum
from negotiation.solve.scores.incentive_rows import ONE, ZERO, ProfileIncentives
from negotiation.solve.scores.piecewise_linear import AffineFunction, Pieces, concave_lines, lower_envelope, negative

Table = list[list[Fraction]]


def least_liquidity(condition: ProfileIncentives) -> Fraction | None:
    """Return the least L at which the profile can be enforced, None when no L does."""
    if condition.is_static:
        return ZERO
    prices = _prices(condition)
    rows = [*prices, [ZERO] * len(condition.rows) + [ONE] * len(condition.chances)]
    limits = [ZERO] * len(prices) + [ONE]
    try:
        return rational_optimum(_gains(condition) + [ZERO] * len(condition.chances), rows, limits).value
    except UnboundedError:
        return None


def joint_payoff(condition: ProfileIncentives, least: Fraction) -> Pieces:
    """Return U(L | a) for L >= `least`, tagged with the profile.

    Dual: nu(z) = rho(z | a) + up(z) - down(z) >= 0 is the price of liquidity after outcome z.
    """
    width, depth = len(condition.rows), len(condition.chances)
    table: Table = [[*row, *(-entry for entry in row[width:])] for row in _prices(condition)]
    limits = [ZERO] * len(table)
    for y, chance in enumerate(condition.chances):
        table.append([ZERO] * (width + depth) + [ONE if other == y else ZERO for other in range(depth)])
        limits.append(chance)
    gains = _gains(condition)

    def line(liquidity: Fraction | None) -> AffineFunction:
        if liquidity is None:  # in the limit the price of liquidity is zero: sum nu = 1
            rows = [*table, [ZERO] * width + [ONE] * depth + [-ONE] * depth]
            best = rational_optimum(gains + [ZERO] * (2 * depth), rows, [*limits, ZERO])
        else:
            objective = gains + [-liquidity] * depth + [liquidity] * depth
            best = rational_optimum(objective, table, limits)
        slope = sum(best.point[width : width + depth], ZERO) - sum(best.point[width + depth :], ZERO)
        lost = sum((price * gain for price, gain in zip(best.point, gains, strict=False)), ZERO)
        return AffineFunction(condition.joint - lost, slope)

    if condition.is_static:
        return _whole(condition.joint, condition)
    lines = concave_lines(line(least), line(None), line)
    return lower_envelope(lines, least, condition.profile)


def punishment(condition: ProfileIncentives, player: int, least: Fraction) -> Pieces:
    """Return v_i(L | a) for L >= `least`: the least that the profile can hold `player` to."""
    width, depth, gains = len(condition.rows), len(condition.chances), _gains(condition)
    payoff = condition.payoffs[player]
    if condition.is_static:
        return _whole(payoff, condition)
    table = _prices(condition)
    limits = [
        chance if each == player else ZERO for each in range(len(condition.payoffs)) for chance in condition.chances
    ]

    def line(liquidity: Fraction | None) -> AffineFunction:
        """Minus the payoff, so that the function is concave."""
        if liquidity is None:
            best = rational_optimum(gains, [row[:width] for row in table], limits)
            return AffineFunction(-payoff - best.value, ZERO)
        best = rational_optimum(gains + [-liquidity] * depth, table, limits)
        lost = sum((price * gain for price, gain in zip(best.point, gains, strict=False)), ZERO)
        return AffineFunction(-payoff - lost, sum(best.point[width:], ZERO))

    return negative(lower_envelope(concave_lines(line(least), line(None), line), least, condition.profile))


def _whole(level: Fraction, condition: ProfileIncentives) -> Pieces:
    return lower_envelope([AffineFunction(level, ZERO)], ZERO, condition.profile)


def _gains(condition: ProfileIncentives) -> list[Fraction]:
    return [row.gain for row in condition.rows]


def _prices(condition: ProfileIncentives) -> Table:
    """Return one row a player and outcome: sum_k eta_k Delta_k(z) over the player's rows, minus nu(z)."""
    depth = len(condition.chances)
    return [
        [row.delta[y] if row.player == player else ZERO for row in condition.rows]
        + [-ONE if other == y else ZERO for other in range(depth)]
        for player in range(len(condition.payoffs))
        for y in range(depth)
    ]
