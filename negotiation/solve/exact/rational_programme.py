"""Exact optima of small linear programmes: guessed in doubles where that saves time, always proven in ratios.

max c.x subject to A x <= b, x >= 0 with b >= 0, in ratios. Small programmes go to the exact simplex of
`linear_programme`. With many or long numbers its tableau grows costly; then HiGHS names the rows that bind and the
columns that are used, one square system each gives x and the prices y in ratios, and the answer counts only if
A x <= b, x >= 0, A'y >= c, y >= 0 and c.x = b.y hold exactly (strong duality). Otherwise, and for programmes without a
largest value, the exact simplex method decides.
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from scipy.linalg import qr
from scipy.optimize import linprog

from negotiation._values import Bools, Floats
from negotiation.solve.exact.linear_programme import Optimum, maximise
from negotiation.solve.exact.rationals import coprime_integers, integer_multiple, solve_square

# Entries of the tableau times their bits up to which exact pivots are the faster way; changes the time only.
EXACT_PIVOT_SIZE = 60_000
# In doubles, with rows and costs of size 1: what counts as used, binding or priced. A wrong guess costs time only.
POSITIVE = 1e-7

Integers = Sequence[int]


def rational_optimum(
    objective: Sequence[Fraction], rows: Sequence[Sequence[Fraction]], limits: Sequence[Fraction]
) -> Optimum:
    """Return the exact optimum of max objective.x subject to rows x <= limits, x >= 0, with limits of at least 0.

    The prices are those of the rows divided down to whole numbers, not of the rows as given. Raises `UnboundedError`.

    >>> one, two = Fraction(1), Fraction(2)
    >>> rational_optimum([one, one], [[two, one], [one, two]], [one, one]).value
    Fraction(2, 3)
    """
    costs, scale = integer_multiple(objective)
    table = [coprime_integers((*row, limit)) for row, limit in zip(rows, limits, strict=True)]
    left, right = [row[:-1] for row in table], [row[-1] for row in table]
    bits = max((abs(entry).bit_length() for row in table for entry in row), default=0)
    optimum = None
    if (len(costs) + len(table)) * len(table) * bits > EXACT_PIVOT_SIZE:
        optimum = _confirmed_guess(costs, left, right)
    if optimum is None:
        optimum = maximise(costs, left, right)
    return optimum._replace(value=optimum.value / scale)


def _confirmed_guess(costs: Integers, rows: Sequence[Integers], limits: Integers) -> Optimum | None:
    """Return the optimum that doubles point to if ratios confirm it, None otherwise."""
    table, right, unit = _doubles(costs, rows, limits)
    guess = linprog(-unit, A_ub=table, b_ub=right, method="highs-ds")
    if guess.status != 0 or guess.x is None:
        return None
    used, cost = np.asarray(guess.x), -np.asarray(guess.ineqlin.marginals)
    point = _solution(rows, limits, table, used > POSITIVE, right - table @ used < POSITIVE)
    flat = np.abs(table.T @ cost - unit) < POSITIVE
    columns = [list(column) for column in zip(*rows, strict=True)]
    prices = _solution(columns, costs, table.T, cost > POSITIVE, flat)
    if point is None or prices is None or not _optimal(costs, rows, limits, point, prices):
        return None
    value = sum((cost * share for cost, share in zip(costs, point, strict=True)), Fraction(0))
    return Optimum(value, tuple(point), tuple(prices))


def _doubles(costs: Integers, rows: Sequence[Integers], limits: Integers) -> tuple[Floats, Floats, Floats]:
    """Return (table, limits, costs) in doubles, each row with largest coefficient 1, the costs likewise."""
    sizes = [max(map(abs, row), default=0) or 1 for row in rows]
    table = np.array([[entry / size for entry in row] for row, size in zip(rows, sizes, strict=True)])
    right = np.array([limit / size for limit, size in zip(limits, sizes, strict=True)])
    most = max(map(abs, costs), default=0) or 1
    return table, right, np.array([cost / most for cost in costs])


def _solution(
    rows: Sequence[Integers], right: Integers, table: Floats, used: Bools, tight: Bools
) -> list[Fraction] | None:
    """Return x, zero but for the columns `used`, with rows x = right in as many tight rows as there are columns."""
    binding = np.flatnonzero(tight)
    filled = np.count_nonzero(table[binding], axis=0)
    columns = sorted(np.flatnonzero(used), key=lambda column: int(filled[column]))  # short columns keep numbers short
    answer = [Fraction(0)] * len(used)
    if not columns:
        return answer
    if len(binding) < len(columns):
        return None
    order = qr(table[np.ix_(binding, columns)].T, mode="r", pivoting=True)[1]
    chosen = [int(binding[place]) for place in order[: len(columns)]]
    solution = solve_square([[*(rows[row][int(column)] for column in columns), right[row]] for row in chosen])
    if solution is None:
        return None
    for column, (number,) in zip(columns, solution, strict=True):
        answer[int(column)] = number
    return answer


def _optimal(
    costs: Integers, rows: Sequence[Integers], limits: Integers, point: list[Fraction], prices: list[Fraction]
) -> bool:
    """Whether point and prices prove each other optimal, in ratios."""
    if min(point) < 0 or min(prices) < 0:
        return False
    (played, x_scale), (paid, y_scale) = integer_multiple(point), integer_multiple(prices)
    table, cost, limit, x, y = (np.array(numbers, dtype=object) for numbers in (rows, costs, limits, played, paid))
    within, priced = (table @ x <= limit * x_scale).all(), (table.T @ y >= cost * y_scale).all()
    return bool(within and priced and (cost @ x) / x_scale == (limit @ y) / y_scale)
