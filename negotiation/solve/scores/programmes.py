"""Exact optima of small linear programmes: guessed in doubles where that saves time, always proven in ratios.

max c.x subject to A x <= b, x >= 0 with b >= 0, in ratios. Small programmes go to the exact simplex of
`linear_programme`. With many or long numbers its tableau grows costly; then HiGHS names the rows that bind and the
columns that are used, one square system each gives x and the prices y in ratios, and the answer counts only if
A x <= b, x >= 0, A'y >= c, y >= 0 and c.x = b.y hold exactly (strong duality). Otherwise, and for programmes without a
largest value, the exact simplex method decides.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from scipy.linalg import qr
from scipy.optimize import linprog

from negotiation._values import Bools, Floats
from negotiation.solve.exact.linear_programme import Optimum, Tableau, maximise

EXACT_PIVOT_SIZE = 60_000  # entries of the tableau times their bits: up to here exact pivots are the faster way
POSITIVE = 1e-7  # in doubles: what counts as used, binding, or priced

Whole = list[int]


def rational_optimum(
    objective: Sequence[Fraction], rows: Sequence[Sequence[Fraction]], limits: Sequence[Fraction]
) -> Optimum:
    """Return the exact optimum of max objective.x subject to rows x <= limits, x >= 0, with limits of at least 0.

    The prices are those of the rows divided down to whole numbers, not of the rows as given. Raises `UnboundedError`.

    >>> one, two = Fraction(1), Fraction(2)
    >>> rational_optimum([one, one], [[two, one], [one, two]], [one, one]).value
    Fraction(2, 3)
    """
    whole, scale = _whole(objective)
    table = [_whole((*row, limit))[0] for row, limit in zip(rows, limits, strict=True)]
    left, right = [row[:-1] for row in table], [row[-1] for row in table]
    bits = max((abs(entry).bit_length() for row in table for entry in row), default=0)
    found = None
    if (len(whole) + len(table)) * len(table) * bits > EXACT_PIVOT_SIZE:
        found = _confirmed_guess(whole, left, right)
    if found is None:
        found = maximise(whole, left, right)
    return found._replace(value=found.value / scale)


def _whole(numbers: Sequence[Fraction]) -> tuple[Whole, Fraction]:
    """Return numbers times a factor that makes them whole without a common divisor, and the factor."""
    denominator = math.lcm(*(number.denominator for number in numbers))
    whole = [number.numerator * (denominator // number.denominator) for number in numbers]
    common = math.gcd(*whole) or 1
    return [number // common for number in whole], Fraction(denominator, common)


def _confirmed_guess(costs: Whole, rows: list[Whole], limits: Whole) -> Optimum | None:
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
    if point is None or prices is None or not _optimal(costs, rows, columns, limits, point, prices):
        return None
    value = sum((cost * share for cost, share in zip(costs, point, strict=True)), Fraction(0))
    return Optimum(value, tuple(point), tuple(prices))


def _doubles(costs: Whole, rows: list[Whole], limits: Whole) -> tuple[Floats, Floats, Floats]:
    """Return (table, limits, costs) in doubles, each row with largest coefficient 1, the costs likewise."""
    sizes = [max(map(abs, row), default=0) or 1 for row in rows]
    table = np.array([[entry / size for entry in row] for row, size in zip(rows, sizes, strict=True)])
    right = np.array([limit / size for limit, size in zip(limits, sizes, strict=True)])
    most = max(map(abs, costs), default=0) or 1
    return table, right, np.array([cost / most for cost in costs])


def _solution(rows: list[Whole], right: Whole, table: Floats, used: Bools, tight: Bools) -> list[Fraction] | None:
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
    chosen = [int(binding[at]) for at in order[: len(columns)]]
    system: Tableau = [[*(rows[row][int(column)] for column in columns), right[row]] for row in chosen]
    solved = _square(system)
    if solved is None:
        return None
    for column, number in zip(columns, solved, strict=True):
        answer[int(column)] = number
    return answer


def _square(system: Tableau) -> list[Fraction] | None:
    """Solve a square system (rows end with the right-hand side) without a division that leaves a rest (Bareiss 1968).

    None when it is singular. With det the last pivot, det x is whole (Cramer's rule), so is the way back.
    """
    size, scale = len(system), 1
    for at in range(size):
        swap = next((row for row in range(at, size) if system[row][at]), None)
        if swap is None:
            return None
        system[at], system[swap] = system[swap], system[at]
        chosen = system[at]
        entry = chosen[at]
        for row in range(at + 1, size):
            other = system[row]
            factor = other[at]
            for column in range(at + 1, size + 1):
                other[column] = (entry * other[column] - factor * chosen[column]) // scale
        scale = entry
    whole = [0] * size
    for at in range(size - 1, -1, -1):
        rest = sum(system[at][column] * whole[column] for column in range(at + 1, size))
        whole[at] = (system[at][-1] * scale - rest) // system[at][at]
    return [Fraction(number, scale) for number in whole]


def _optimal(
    costs: Whole, rows: list[Whole], columns: list[Whole], limits: Whole, point: list[Fraction], prices: list[Fraction]
) -> bool:
    """Whether point and prices prove each other optimal, in ratios."""
    if min(point) < 0 or min(prices) < 0:
        return False
    shared, priced = _whole(point), _whole(prices)
    feasible = all(_dot(row, shared[0]) <= limit * shared[1] for row, limit in zip(rows, limits, strict=True))
    if not feasible or any(
        _dot(column, priced[0]) < cost * priced[1] for column, cost in zip(columns, costs, strict=True)
    ):
        return False
    return _dot(costs, shared[0]) / shared[1] == _dot(limits, priced[0]) / priced[1]


def _dot(first: Whole, second: Whole) -> int:
    return sum(a * b for a, b in zip(first, second, strict=True))
