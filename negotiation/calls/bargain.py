"""Bargaining points on the stage game's efficient frontier, for several threat points.

What the two would split if any profile, or lottery over profiles, could be made binding: Nash (1950),
Kalai-Smorodinsky (1975), egalitarian (Kalai 1977) and utilitarian.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from negotiation._values import Value
from negotiation.calls.stage import StageAnalysis
from negotiation.errors import InputError
from negotiation.solve.bargaining import bargain

SOLUTIONS = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian")


@dataclass(frozen=True, eq=False)
class BargainingPoint(Value):
    """One solution for one threat point: payoffs (2,) in the game's unit."""

    solution: str
    threat: str
    payoffs: tuple[float, ...]


def bargaining_points(stage: StageAnalysis) -> tuple[BargainingPoint, ...]:
    """Return the solutions for the threat points "stage Nash" (the first equilibrium) and "pure minmax".

    A threat point that some player prefers to every feasible agreement is left out: there is nothing to bargain about.
    """
    return tuple(_points(stage))


def _points(stage: StageAnalysis) -> Iterator[BargainingPoint]:
    threats = {"pure minmax": tuple(item.pure for item in stage.minmax)}
    if stage.equilibria.equilibria:
        threats = {"stage Nash": stage.equilibria.equilibria[0].payoffs, **threats}
    for name, threat in threats.items():
        try:
            found = bargain(stage.frontier.feasible, threat)
        except InputError:
            continue
        for solution in SOLUTIONS:
            payoffs = tuple(float(value) for value in getattr(found, solution))
            yield BargainingPoint(solution.replace("_", "-"), name, payoffs)
