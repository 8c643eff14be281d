"""What is proven of the repeated game after a call outcome: payoffs of all its equilibria, not only of simple regimes.

The simple regimes answer "does this clause hold?"; the payoff sets answer "what could any arrangement attain?". Both
bounds of a set are proofs, and both speak of pure public strategies with public randomisation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from negotiation._values import Floats, Value
from negotiation.calls.bargain import BargainingPoint, bargaining_on
from negotiation.calls.outcome import Outcome
from negotiation.calls.stage import analyse_stage
from negotiation.games.dynamic import DynamicGame
from negotiation.games.pact import Pact
from negotiation.games.solution import Solution
from negotiation.solve.playable import Answer, playable
from negotiation.solve.public import solve_public

TOGETHER = np.array([1.0, 1.0])


class Bounds(NamedTuple):
    """Equilibrium payoffs of one outcome: vertices (V, 2) of the inner and of the outer set, in the game's unit."""

    inner: Floats
    outer: Floats


@dataclass(frozen=True, eq=False)
class Proven(Value):
    """The repeated game after one call outcome, solved.

    outcome: its name. solution: inner and outer payoff sets, of the state in which play starts first. first_month:
    whether some equilibrium starts with the deal. bargaining: points on the frontier of the inner set.
    """

    outcome: str
    solution: Solution
    first_month: Answer
    bargaining: tuple[BargainingPoint, ...]

    @property
    def bounds(self) -> Bounds:
        """Vertices of the sets of the state in which play starts."""
        return Bounds(self.solution.inner[0].vertices, self.solution.outer[0].vertices)

    @property
    def best_joint(self) -> tuple[float, float]:
        """Largest joint payoff: some equilibrium gives the first number, none more than the second."""
        return (self.solution.inner[0].support(TOGETHER), self.solution.outer[0].support(TOGETHER))


def outcome_game(pact: Pact) -> DynamicGame:
    """Return the repeated game that is played after a call outcome."""
    return DynamicGame.repeated(pact.stage, pact.discount, pact.monitoring)


def prove(outcome: Outcome) -> Proven:
    """Solve the repeated game of one call outcome."""
    pact = outcome.game.pact
    solution = solve_public(outcome_game(pact))
    points = bargaining_on(solution.inner[0], analyse_stage(pact.stage)).points
    return Proven(outcome.call.name, solution, playable(solution, pact.deal), points)


def prove_all(outcomes: Iterable[Outcome]) -> tuple[Proven, ...]:
    """Solve the repeated games of several call outcomes, in order."""
    return tuple(prove(outcome) for outcome in outcomes)
