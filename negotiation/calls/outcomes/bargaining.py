"""Bargaining points on an efficient frontier, for several threat points.

On the stage game's feasible set: what the two would split if any profile, or lottery over profiles, could be made
binding. On a set of equilibrium payoffs: what they can agree on when every promise must enforce itself. Solutions: Nash
(1950), Kalai-Smorodinsky (1975), egalitarian (Kalai 1977) and utilitarian.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from negotiation._values import Value
from negotiation.calls.outcomes.stage_game import StageAnalysis
from negotiation.errors import InputError
from negotiation.games.payoff_set import PayoffSet
from negotiation.solve.bargaining.solutions import bargain

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
    return bargaining_on_set(stage.frontier.feasible, threat_points(stage))


def equilibrium_bargaining(region: PayoffSet, stage: StageAnalysis) -> tuple[BargainingPoint, ...]:
    """Return the solutions on a set of equilibrium payoffs of the stage game repeated.

    Threat points: "stage Nash", "pure minmax" and "worst equilibrium", the vector of each player's least payoff in the
    set. Minmax may lie outside the set: then it is a yardstick, not something that can be carried out.
    """
    threats = threat_points(stage)
    if not region.is_empty:
        least = tuple(float(payoff) for payoff in region.vertices.min(axis=0))
        threats = {**threats, "worst equilibrium": least}
    return bargaining_on_set(region, threats)


def threat_points(stage: StageAnalysis) -> dict[str, tuple[float, ...]]:
    """Return the threat points of a stage game by name; "stage Nash" only where an equilibrium was found."""
    threats = {"pure minmax": tuple(security.pure for security in stage.minmax)}
    if stage.equilibria.equilibria:
        threats = {"stage Nash": stage.equilibria.equilibria[0].payoffs, **threats}
    return threats


def bargaining_on_set(region: PayoffSet, threats: Mapping[str, tuple[float, ...]]) -> tuple[BargainingPoint, ...]:
    """Return the solutions on any two-player payoff set for named threat points that leave something to agree on."""
    points: list[BargainingPoint] = []
    for name, threat in threats.items():
        try:
            solved = bargain(region, threat)
        except InputError:
            continue
        for solution in SOLUTIONS:
            payoffs = tuple(float(value) for value in getattr(solved, solution))
            points.append(BargainingPoint(solution.replace("_", "-"), name, payoffs))
    return tuple(points)
