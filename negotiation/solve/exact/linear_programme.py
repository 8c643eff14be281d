"""Small linear programmes in exact integer arithmetic: the simplex method with fraction-free pivots.

max c.x subject to A x <= b, x >= 0, with integers and b >= 0, so that x = 0 is a feasible start. Bland's rule ends
every run (Bland 1977); all entries of the tableau stay integers over one common denominator, the last pivot (Edmonds
1967; Bareiss 1968). The programmes here have a handful of rows; nothing is rounded and no tolerance is needed.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from negotiation._time_limit import checkpoint
from negotiation.solve.exact.payoffs import IntTable

Tableau = list[list[int]]


class Optimum(NamedTuple):
    """Optimal `value`, a maximiser `point` (one entry a column of A) and dual `prices` (one a row), all exact."""

    value: Fraction
    point: tuple[Fraction, ...]
    prices: tuple[Fraction, ...]


class UnboundedError(ArithmeticError):
    """The programme has no largest value; never happens to the bounded programmes of this package."""


def maximise(objective: Sequence[int], rows: Sequence[Sequence[int]], limits: Sequence[int]) -> Optimum:
    """Return the optimum of max objective.x subject to rows x <= limits, x >= 0; every limit must be at least 0.

    >>> maximise([3, 2], [[1, 1], [2, 1]], [4, 6]).value
    Fraction(10, 1)
    """
    width, height = len(objective), len(rows)
    tableau: Tableau = []
    for number, (row, limit) in enumerate(zip(rows, limits, strict=True)):
        tableau.append([*row, *(int(number == other) for other in range(height)), limit])
    tableau.append([*(-cost for cost in objective), *(0 for _ in range(height)), 0])
    basis = list(range(width, width + height))
    scale = 1
    while True:
        entering = next((column for column in range(width + height) if tableau[-1][column] < 0), None)
        if entering is None:
            break
        ratios = [
            (Fraction(tableau[number][-1], tableau[number][entering]), variable, number)
            for number, variable in enumerate(basis)
            if tableau[number][entering] > 0
        ]
        if not ratios:
            raise UnboundedError("the linear programme has no largest value")
        _, _, leaving = min(ratios)  # the smallest variable among ties (Bland's rule)
        scale = pivot(tableau, leaving, entering, scale)
        basis[leaving] = entering
    point = [Fraction(0)] * (width + height)
    for number, variable in enumerate(basis):
        point[variable] = Fraction(tableau[number][-1], scale)
    prices = tuple(Fraction(price, scale) for price in tableau[-1][width:-1])
    return Optimum(Fraction(tableau[-1][-1], scale), tuple(point[:width]), prices)


def pivot(tableau: Tableau, row: int, column: int, scale: int) -> int:
    """Pivot in place on a positive entry; entries stay integers over the returned scale, which was `scale` before.

    Raises `OutOfTimeError` at a time limit: a pivot is the unit in which exact programmes stop.
    """
    checkpoint()
    chosen = tableau[row]
    entry = chosen[column]
    for number, other in enumerate(tableau):
        if number != row:
            factor = other[column]
            tableau[number] = [(entry * a - factor * b) // scale for a, b in zip(other, chosen, strict=True)]
    return entry


class MatrixGame(NamedTuple):
    """Solution of a zero-sum game: `value`, an optimal mix of the rows (who maximise) and of the columns."""

    value: Fraction
    row_mix: tuple[Fraction, ...]
    column_mix: tuple[Fraction, ...]


def matrix_game(table: IntTable) -> MatrixGame:
    """Return value and optimal mixes of the zero-sum game in which the row player gets `table` (von Neumann 1928).

    The columns solve max sum y subject to (table + shift) y <= 1 with a positive table; the rows' mix is the dual.

    >>> matrix_game(((3, 1), (0, 2))).value
    Fraction(3, 2)
    """
    shift = 1 - min(cell for row in table for cell in row)
    lifted = [[cell + shift for cell in row] for row in table]
    best = maximise([1] * len(table[0]), lifted, [1] * len(table))
    level = 1 / best.value
    column_mix = tuple(weight * level for weight in best.point)
    row_mix = tuple(price * level for price in best.prices)
    return MatrixGame(level - shift, row_mix, column_mix)
