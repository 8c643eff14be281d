"""The cheapest package that makes the deal enforce itself, as a linear programme for given verification and patience.

After a low month player 1 loses the stake a + b + R: audience cost, compensation, and an expected loss R from a threat,
a lottery over war for ever ("reversion") or over one month of one of player 0's actions ("response"), which costs
player 1 h and brings player 0 f. A package enforces the deal when

    obedience   a + b + R >= max_j g_j / (q_j - p)
    paying      (1 - delta)(b + R) + delta p (a + b + R) <= delta (L_1 + z)
    staying     z - p (eta b + sigma R) <= delta L_0 - (1 - delta)(g_U - a_U)
    response    R <= delta h

and the caps hold; sigma is what player 0 gets of each unit that the threat costs player 1: f / h under a response, and
-(V_0 + L_0) / (V_1 + L_1) under reversion, with V the values in good standing, found as a fixed point (it is -L_0 / L_1
where nothing else is delivered). Player 1 then licenses, pays and bears the threat rather than leave; player 0 stays,
in a month of the response too. All is memoryless, so that one-shot deviations from the automaton are these
rows exactly. The cost of a package is what it burns on the path, p (a + (1 - eta) b + (1 - sigma) R), and the
stated price of each instrument.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from scipy.optimize import linprog

from negotiation._values import Floats, Value
from negotiation.calls.agreement.instruments import (
    AUDIENCE,
    COMMITMENT,
    COMPENSATION,
    SIDE,
    EnforcementTerms,
    Punishment,
)

VARIABLES = (AUDIENCE, COMPENSATION, SIDE, COMMITMENT, "threat")
OBEDIENCE, PAYING, STAYING, RESPONSE = "obedience", "paying", "staying", "response"
FIRST_SIGNS, SECOND_SIGNS = "the first player signs", "the second player signs"
# templates: `agreement.text` puts the players' names in
ROWS: Mapping[str, str] = {
    OBEDIENCE: "{second} must lose enough in a low month not to hold back",
    PAYING: "{second} must rather pay and bear the response than leave the deal",
    STAYING: "{first} must rather stay than take the gain of leaving",
    RESPONSE: "one month of the response can only cost so much",
    FIRST_SIGNS: "{first} must get at least what war gives it",
    SECOND_SIGNS: "{second} must get at least what war gives it",
}
SLACK = 1e-9  # room in the unit per month below which a row or cap binds: ten times what HiGHS may leave
RATE_TOLERANCE = 1e-12  # change of sigma, what player 0 gets of a unit of the threat, at which the fixed point stands
FIXED_POINT_STEPS = 100  # most steps towards it; a package is dropped where it does not come to rest
HIGHS_TOLERANCE = 1e-10  # the least tolerance that HiGHS takes

Bounds = Mapping[str, float]
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class AgreementProgramme:
    """Rows A x <= b over `VARIABLES`, lower and upper bounds, and what each variable burns and brings on the path."""

    names: tuple[str, ...]
    matrix: Floats
    right: Floats
    lower: Floats
    upper: Floats
    burn: Floats
    first_value: Floats
    second_value: Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class ProgrammePoint(Value):
    """A point of the programme.

    amounts: by variable. value: of the objective. burn: lost on the path each month. binding: rows and caps that bind.
    values: of both players, relative to the deal kept smoothly.
    """

    threat: Punishment
    amounts: tuple[float, ...]
    value: float
    burn: float
    binding: tuple[str, ...]
    values: tuple[float, float]


def optimal_point(
    terms: EnforcementTerms,
    threat: Punishment,
    low: Bounds,
    high: Bounds,
    goal: Callable[[AgreementProgramme], Floats],
    signing: bool = False,
) -> ProgrammePoint | None:
    """Return the point between bounds with the smallest `goal`; None when there is none.

    signing: also ask that both sides get at least what war gives them.
    """

    def at_rate(sigma: float) -> tuple[ProgrammePoint, tuple[float, float], float] | None:
        programme = agreement_programme(terms, threat, low, high, sigma)
        programme = with_participation_rows(programme, terms) if signing else programme
        point = _minimise(programme, goal(programme), threat)
        return None if point is None else (point, point.values, point.amounts[-1])

    return _at_fixed_point(terms, threat, at_rate)


def _at_fixed_point(
    terms: EnforcementTerms, threat: Punishment, at_rate: Callable[[float], tuple[T, tuple[float, float], float] | None]
) -> T | None:
    """Return the answer at the sigma, what player 0 gets of each unit of the threat, that the answer itself implies.

    at_rate: sigma -> (answer, both values, stake), None where there is no answer.
    """
    primitives, sigma = terms.primitives, threat.gain / threat.loss
    for _ in range(FIXED_POINT_STEPS):
        step = at_rate(sigma)
        if step is None:
            return None
        answer, values, stake = step
        if threat.row is not None or stake <= SLACK:
            return answer
        ahead = -(values[0] + primitives.row_punishment_loss) / (values[1] + primitives.column_punishment_loss)
        if abs(ahead - sigma) <= RATE_TOLERANCE:
            return answer
        sigma = ahead
    return None


def agreement_programme(
    terms: EnforcementTerms, threat: Punishment, low: Bounds, high: Bounds, sigma: float
) -> AgreementProgramme:
    """Return the programme of one threat between bounds; sigma: what player 0 gets of each unit of the threat."""
    primitives, d = terms.primitives, terms.delta
    p, eta = primitives.low_if_deal, terms.efficiency
    bounded = threat.row is not None
    rows = [
        (-1.0, -1.0, 0.0, 0.0, -1.0),
        (d * p, 1 - d + d * p, -d, 0.0, 1 - d + d * p),
        (0.0, -p * eta, 1.0, -(1 - d), -p * sigma),
        (0.0, 0.0, 0.0, 0.0, float(bounded)),
    ]
    right = [
        -threat.needed,
        d * primitives.column_punishment_loss,
        d * primitives.row_punishment_loss - (1 - d) * threat.leaving,
        d * threat.loss if bounded else 1.0,
    ]
    return AgreementProgramme(
        names=(OBEDIENCE, PAYING, STAYING, RESPONSE),
        matrix=np.array(rows),
        right=np.array(right),
        lower=np.array([*(low[name] for name in VARIABLES[:4]), 0.0]),
        upper=np.array([*(high[name] for name in VARIABLES[:4]), np.inf]),
        burn=p * np.array([1.0, 1 - eta, 0.0, 0.0, 1 - sigma]),
        first_value=np.array([0.0, p * eta, -1.0, 0.0, p * sigma]),
        second_value=np.array([-p, -p, 1.0, 0.0, -p]),
    )


def with_participation_rows(programme: AgreementProgramme, terms: EnforcementTerms) -> AgreementProgramme:
    """Return the programme with two more rows: neither side gets less than war gives it, or it would not sign."""
    return replace(
        programme,
        names=(*programme.names, FIRST_SIGNS, SECOND_SIGNS),
        matrix=np.vstack([programme.matrix, -programme.first_value, -programme.second_value]),
        right=np.append(
            programme.right, [terms.primitives.row_punishment_loss, terms.primitives.column_punishment_loss]
        ),
    )


def least_of(points: Sequence[ProgrammePoint | None]) -> ProgrammePoint | None:
    """Return the design with the smallest value, the least burn among equals; None when there is none."""
    possible = [point for point in points if point is not None]
    return min(possible, key=lambda point: (round(point.value, 10), round(point.burn, 10))) if possible else None


def relaxations(terms: EnforcementTerms, threat: Punishment, low: Bounds, high: Bounds) -> dict[str, float]:
    """Return for each row, and for each cap, by how much it alone must give way for a package to exist.

    A row that does not help however far it is relaxed is left out. Amounts are in the row's unit: per month for the
    rows on paying and staying, per low month for obedience and the response.
    """
    rows = (OBEDIENCE, PAYING, STAYING) if threat.row is None else (OBEDIENCE, PAYING, STAYING, RESPONSE)
    steps = {name: _least_extra(terms, threat, low, high, row=index) for index, name in enumerate(rows)}
    for index, name in enumerate(VARIABLES[:4]):
        steps[f"cap on {name}"] = _least_extra(terms, threat, low, high, variable=index)
    return {name: by for name, by in steps.items() if by is not None}


def _least_extra(
    terms: EnforcementTerms, threat: Punishment, low: Bounds, high: Bounds, row: int | None = None, variable: int = 0
) -> float | None:
    """Return the least by which a row, or the cap of a variable, must give way; None when that never helps."""

    def at_rate(sigma: float) -> tuple[float, tuple[float, float], float] | None:
        programme = agreement_programme(terms, threat, low, high, sigma)
        point = _solve(
            np.array([*(0.0 for _ in VARIABLES), 1.0]),
            np.column_stack([programme.matrix, programme.matrix[:, variable] if row is None else -np.eye(4)[row]]),
            programme.right,
            np.append(programme.lower, 0.0),
            np.append(programme.upper, np.inf),
        )
        if point is None:
            return None
        values = float(programme.first_value @ point[:-1]), float(programme.second_value @ point[:-1])
        return float(point[-1]), values, float(point[-2])

    return _at_fixed_point(terms, threat, at_rate)


def _minimise(programme: AgreementProgramme, objective: Floats, threat: Punishment) -> ProgrammePoint | None:
    point = _solve(objective, programme.matrix, programme.right, programme.lower, programme.upper)
    if point is None:
        return None
    return ProgrammePoint(
        threat=threat,
        amounts=tuple(float(amount) for amount in point),
        value=float(objective @ point),
        burn=float(programme.burn @ point),
        binding=_binding(programme, point),
        values=(float(programme.first_value @ point), float(programme.second_value @ point)),
    )


def _solve(objective: Floats, matrix: Floats, right: Floats, lower: Floats, upper: Floats) -> Floats | None:
    answer = linprog(
        objective,
        A_ub=matrix,
        b_ub=right,
        bounds=[(float(low), float(high)) for low, high in zip(lower, upper, strict=True)],
        method="highs-ds",
        options={"primal_feasibility_tolerance": HIGHS_TOLERANCE, "dual_feasibility_tolerance": HIGHS_TOLERANCE},
    )
    return np.asarray(answer.x, dtype=np.float64) if answer.status == 0 else None


def _binding(programme: AgreementProgramme, point: Floats) -> tuple[str, ...]:
    slack = programme.right - programme.matrix @ point
    rows = zip(programme.names, slack, programme.matrix, strict=True)
    tight = [name for name, room, row in rows if room <= SLACK and row.any()]
    bounds = zip(VARIABLES, point, programme.lower, programme.upper, strict=True)
    at_cap = [f"cap on {name}" for name, x, least, cap in bounds if x >= cap - SLACK and cap > least]
    return (*tight, *at_cap)
