"""What a set solver answers: an inner and an outer set of equilibrium payoffs for each state, and why it stopped.

Symbols: S states, n players. Every payoff vector in `inner[s]` is an equilibrium payoff in state s, none outside
`outer[s]` is; the gap is the largest Hausdorff distance between the two as a share of the payoff range. The bounds
speak of pure strategies with public randomisation (Abreu, Pearce, Stacchetti 1990).
"""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

import numpy as np

from negotiation._results import Result
from negotiation._values import Floats, Value
from negotiation.errors import InputError
from negotiation.games.dynamic import DynamicGame
from negotiation.games.payoff_set import PayoffSet

GAP_ROUNDING = 1e-9  # share of the payoff range by which rounding may put the inner set outside the outer one
CHECKED_EXACTLY = "Checked exactly: "  # head of the note that says what a certificate proves


class Status(enum.Enum):
    """Why a solver stopped; the value is the sentence shown, in which CHECKED names the gap.

    EXACT has gap 0; CHECKED is for two bounds that a certificate proves to agree within the tolerance.
    """

    SOLVED = "Solved: inner and outer set agree within the tolerance."
    EXACT = "Solved exactly: every vertex was checked in rational arithmetic."
    CHECKED = "Solved: bounds checked exactly, gap {gap:.2g} of the payoff range."
    EMPTY = "No equilibrium in pure strategies: the set is empty, and that is proven."
    KNIFE_EDGE = "Knife edge: the answer changes within rounding of the input, so only the two bounds are claimed."
    GAP = "Both bounds hold, but the gap between them is larger than the tolerance."
    ITERATION_LIMIT = "Outer bound only: stopped at the iteration limit."
    TIME_LIMIT = "Outer bound only: stopped at the time limit."


class Solution(Result):
    """Inner and outer equilibrium payoff sets of a game.

    game: what was solved. method: name and source of the algorithm, and what was added to the concept. options: the
    settings used. inner, outer: one set a state, in the units of the game, inner within outer. gap: share of the payoff
    range, infinite when only one of the two is empty. iterations: applications of the operator. convergence: (T,), how
    far the outer set moved at each recorded step, as a share of the payoff range. certificate: plain data for an
    independent checker, or None. notes: what a reader must know besides, one sentence each.
    """

    game: DynamicGame
    method: str
    options: Value
    inner: tuple[PayoffSet, ...]
    outer: tuple[PayoffSet, ...]
    gap: float
    status: Status
    iterations: int
    convergence: Floats = field(default_factory=lambda: np.empty(0))
    certificate: Mapping[str, Any] | None = None
    notes: tuple[str, ...] = ()

    def _check(self) -> None:
        count = self.game.n_states
        if len(self.inner) != count or len(self.outer) != count:
            raise InputError.single("solution", "inner", f"needs an inner and an outer set for each of {count} states")
        if self.gap < 0 or np.isnan(self.gap):
            raise InputError.single("solution", "gap", f"must be at least 0, got {self.gap}")
        points = np.concatenate([stage.points() for stage in self.game.stages])
        unit = points.max(axis=0) / 2 - points.min(axis=0) / 2  # halves, as the whole range may be no double
        unit[unit <= 0] = 1.0
        for name, inner, outer in zip(self.game.states, self.inner, self.outer, strict=True):
            if not inner.within(outer, GAP_ROUNDING, unit):
                raise InputError.single("solution", f"inner.{name}", "the inner set is not contained in the outer set")

    @property
    def solved(self) -> bool:
        """Whether both bounds are proven and agree within the tolerance."""
        return self.status in SOLVED_STATUSES

    @property
    def bounds(self) -> Floats:
        """Payoff bounds (S, n, 4), as `payoff_bounds` gives them."""
        return payoff_bounds(self.inner, self.outer)

    def words(self) -> str:
        """Return the answer in plain sentences: the status, then the kind of set in each state."""
        return words(self.status, self.gap, self.game.states, inner=self.inner, outer=self.outer, notes=self.notes)


SOLVED_STATUSES = (Status.SOLVED, Status.EXACT, Status.CHECKED, Status.EMPTY)
BOUNDS = ("none_below", "some_as_low_as", "some_as_high_as", "none_above")


def payoff_bounds(inner: Sequence[PayoffSet], outer: Sequence[PayoffSet]) -> Floats:
    """Return payoff bounds, shape (S, n, 4), in the order of `BOUNDS`, increasing along the last axis.

    No equilibrium gives player i less than the first number; some gives as little as the second; some gives as much as
    the third; none gives more than the fourth. NaN where a set is empty.
    """
    table = np.full((len(inner), outer[0].vertices.shape[1], 4), np.nan)
    for state, sets in enumerate(zip(inner, outer, strict=True)):
        for columns, payoffs in zip((slice(1, 3), slice(0, 4, 3)), sets, strict=True):
            if len(vertices := payoffs.vertices):
                table[state, :, columns] = np.stack([vertices.min(axis=0), vertices.max(axis=0)], axis=1)
    return table


def words(
    status: Status,
    gap: float,
    states: Sequence[str],
    inner: Sequence[PayoffSet],
    outer: Sequence[PayoffSet],
    notes: Sequence[str],
) -> str:
    """Return an answer in plain sentences; `verify` forms them anew from a printed answer."""
    sentences = [status.value.format(gap=gap)]
    for name, proven, bound in zip(states, inner, outer, strict=True):
        where = f"In state {name} the" if len(states) > 1 else "The"
        if status in SOLVED_STATUSES:
            sentences.append(f"{where} set of equilibrium payoffs is {proven.words()}.")
        else:
            sentences.append(f"{where} outer set is {bound.words()}; the proven inner set is {proven.words()}.")
    return " ".join([*sentences, *notes])
