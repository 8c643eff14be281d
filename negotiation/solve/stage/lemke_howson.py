"""Lemke-Howson paths in exact arithmetic: some equilibria of games too large to enumerate.

Dropping label k at the artificial equilibrium (0, 0) of the polytopes {x >= 0 : B'x <= 1}, {y >= 0 : A y <= 1} and
pivoting complementarily ends in an equilibrium (Lemke, Howson 1964). The lexicographic rule for the leaving variable
keeps the path from cycling in degenerate games (von Stengel 2002, sec. 2.6). Every label gives one path; together they
need not find all equilibria.
"""

from fractions import Fraction

from negotiation.solve.exact.linear_programme import Tableau, pivot
from negotiation.solve.exact.payoffs import IntTable, Mix


def lemke_howson(row: IntTable, column: IntTable, label: int) -> tuple[Mix, Mix]:
    """Return the equilibrium at the end of the path that drops `label`.

    row: (|A_0|, |A_1|) payoffs of player 0, own actions first; column: (|A_1|, |A_0|) payoffs of player 1, likewise.
    label: 0 to |A_0| - 1 for actions of player 0, then those of player 1.

    >>> lemke_howson(((3, 1), (5, 0)), ((3, 1), (5, 0)), 0)
    ((Fraction(1, 1), Fraction(0, 1)), (Fraction(0, 1), Fraction(1, 1)))
    """
    first, second = len(row), len(column)
    # in the polytope of x the variables are x (labels 0..) and the slacks of the column player's actions, and so on
    sides = (_Side(column, list(range(first)), first), _Side(row, list(range(first, first + second)), 0))
    side = 0 if label < first else 1
    entering = label
    while True:
        entering = sides[side].enter(entering)
        if entering == label:
            return sides[0].mix(), sides[1].mix()
        side = 1 - side


class _Side:
    """One polytope {z >= 0 : table z + slack = 1} as an integer tableau; every variable carries a label."""

    def __init__(self, table: IntTable, actions: list[int], slack: int) -> None:
        height = len(table)
        shift = 1 - min(cell for line in table for cell in line)
        self.tableau: Tableau = [
            [*(cell + shift for cell in line), *(int(row == other) for other in range(height)), 1]
            for row, line in enumerate(table)
        ]
        self.width = len(actions)
        self.labels: list[int] = [*actions, *range(slack, slack + height)]
        self.basis: list[int] = list(range(self.width, self.width + height))
        self.scale = 1

    def enter(self, label: int) -> int:
        """Bring the variable with `label` into the basis; return the label of the one that leaves."""
        column = self.labels.index(label)
        rows = [row for row, line in enumerate(self.tableau) if line[column] > 0]
        leaving = min(rows, key=lambda row: self._ratios(row, column))
        left = self.basis[leaving]
        self.scale = pivot(self.tableau, leaving, column, self.scale)
        self.basis[leaving] = column
        return self.labels[left]

    def _ratios(self, row: int, column: int) -> list[Fraction]:
        """Return the row's limit and inverse-basis entries over its entry in `column`: the lexicographic ratio."""
        line = self.tableau[row]
        return [Fraction(cell, line[column]) for cell in (line[-1], *line[self.width : -1])]

    def mix(self) -> Mix:
        """Return the weights of the own variables, scaled to sum to one."""
        weights = [0] * self.width
        for row, variable in enumerate(self.basis):
            if variable < self.width:
                weights[variable] = self.tableau[row][-1]
        total = sum(weights)
        return tuple(Fraction(weight, total) for weight in weights)
