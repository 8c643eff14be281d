"""The cheapest package that makes the deal enforce itself, as a linear programme for given verification and patience.

A low month costs player 1 the stake a + b + R: audience cost, compensation, and an expected loss from a threat, a
lottery over war for ever or over a month of one of player 0's actions. Rows (docs/call.md, where the symbols are too):

    obedience   a + b + R >= max_j g_j / (q_j - p)
    paying      (1 - delta)(b + R) + delta p (a + b + R) <= delta (L_1 + z)
    staying     z - p (eta b + sigma R) <= delta L_0 - (1 - delta)(g_U - a_U)
    response    R <= delta h

sigma, what player 0 gets of each unit that the threat costs player 1, is f / h for a month of an action, and for war
-(V_0 + L_0) / (V_1 + L_1), with V the values in good standing: a fixed point.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linprog

from negotiation._values import Floats, Value
from negotiation.calls.agreement.instruments import (
    AUDIENCE,
    COMMITMENT,
    COMPENSATION,
    SIDE,
    Punishment,
)
from negotiation.calls.closed_forms import primitives
from negotiation.games.pact import Pact

LINEAR = (AUDIENCE, COMPENSATION, SIDE, COMMITMENT)
VARIABLES = (*LINEAR, "threat")
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

Amounts = Mapping[str, float]
Bounds = tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True)
class AgreementProgramme:
    """Rows A x <= b over `VARIABLES`, and for each variable its lower and upper bound, what it burns and what it brings
    both players, (2, 5), on the path.
    """

    names: tuple[str, ...]
    matrix: Floats
    right: Floats
    bounds: Bounds
    burn: Floats
    values: Floats


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
    pact: Pact,
    threat: Punishment,
    low: Amounts,
    high: Amounts,
    goal: Callable[[AgreementProgramme], Floats],
    signing: bool = False,
) -> ProgrammePoint | None:
    """Return the point between bounds with the smallest `goal`; None when there is none.

    signing: also ask that both sides get at least what war gives them, or they would not sign.
    """

    def programme_at(sigma: float) -> AgreementProgramme:
        programme = agreement_programme(pact, threat, low, high, sigma)
        if not signing:
            return programme
        return replace(
            programme,
            names=(*programme.names, FIRST_SIGNS, SECOND_SIGNS),
            matrix=np.vstack([programme.matrix, -programme.values]),
            right=np.append(programme.right, _punishment_losses(pact)),
        )

    def solve(programme: AgreementProgramme) -> Floats | None:
        return _solve(goal(programme), programme.matrix, programme.right, programme.bounds)

    solved = _at_fixed_point(pact, threat, programme_at, solve)
    if solved is None:
        return None
    programme, point = solved
    first, second = programme.values @ point
    return ProgrammePoint(
        threat=threat,
        amounts=tuple(point.tolist()),
        value=float(goal(programme) @ point),
        burn=float(programme.burn @ point),
        binding=_binding(programme, point),
        values=(float(first), float(second)),
    )


def _at_fixed_point(
    pact: Pact,
    threat: Punishment,
    programme_at: Callable[[float], AgreementProgramme],
    solve: Callable[[AgreementProgramme], Floats | None],
) -> tuple[AgreementProgramme, Floats] | None:
    """Return the programme at the sigma, what player 0 gets of each unit of the threat, that its own solution implies,
    and that solution; None without one.
    """
    sigma, count = threat.gain / threat.loss, len(VARIABLES)
    for _ in range(FIXED_POINT_STEPS):
        programme = programme_at(sigma)
        point = solve(programme)
        if point is None or threat.row is not None or point[count - 1] <= SLACK:
            return None if point is None else (programme, point)
        first, second = programme.values @ point[:count] + _punishment_losses(pact)
        if abs(-first / second - sigma) <= RATE_TOLERANCE:
            return programme, point
        sigma = float(-first / second)
    return None


def _punishment_losses(pact: Pact) -> Floats:
    return np.subtract(pact.stage.payoff(pact.deal), pact.stage.payoff(pact.punishment))


def agreement_programme(
    pact: Pact, threat: Punishment, low: Amounts, high: Amounts, sigma: float
) -> AgreementProgramme:
    """Return the programme of one threat between bounds; sigma: what player 0 gets of each unit of the threat."""
    p, d, eta = primitives(pact).low_if_deal, pact.discount, pact.pledges.compensation_efficiency
    first_loss, second_loss = _punishment_losses(pact)
    bounded = threat.row is not None
    rows = [
        (-1.0, -1.0, 0.0, 0.0, -1.0),
        (d * p, 1 - d + d * p, -d, 0.0, 1 - d + d * p),
        (0.0, -p * eta, 1.0, -(1 - d), -p * sigma),
        (0.0, 0.0, 0.0, 0.0, float(bounded)),
    ]
    right = [
        -threat.needed,
        d * second_loss,
        d * first_loss - (1 - d) * threat.leaving,
        d * threat.loss if bounded else 1.0,
    ]
    return AgreementProgramme(
        names=(OBEDIENCE, PAYING, STAYING, RESPONSE),
        matrix=np.array(rows),
        right=np.array(right),
        bounds=(*((low[name], high[name]) for name in LINEAR), (0.0, np.inf)),
        burn=p * np.array([1.0, 1 - eta, 0.0, 0.0, 1 - sigma]),
        values=np.array([(0.0, p * eta, -1.0, 0.0, p * sigma), (-p, -p, 1.0, 0.0, -p)]),
    )


def least_of(points: Sequence[ProgrammePoint | None]) -> ProgrammePoint | None:
    """Return the design with the smallest value, the least burn among equals; None when there is none."""
    possible = [point for point in points if point is not None]
    return min(possible, key=lambda point: (round(point.value, 10), round(point.burn, 10))) if possible else None


def relaxations(pact: Pact, threat: Punishment, low: Amounts, high: Amounts) -> dict[str, float]:
    """Return for each row, and for each cap, by how much it alone must give way for a package to exist.

    A row that does not help however far it is relaxed is left out. Amounts are in the row's unit: per month for the
    rows on paying and staying, per low month for obedience and the response.
    """
    names = [OBEDIENCE, PAYING, STAYING, RESPONSE, *(f"cap on {name}" for name in LINEAR)]
    least = {
        name: _least_extra(pact, threat, low, high, index)
        for index, name in enumerate(names)
        if name != RESPONSE or threat.row is not None
    }
    return {name: by for name, by in least.items() if by is not None}


def _least_extra(pact: Pact, threat: Punishment, low: Amounts, high: Amounts, constraint: int) -> float | None:
    """Return the least by which a constraint, a row or then a cap, must give way; None when that never helps."""

    def programme_at(sigma: float) -> AgreementProgramme:
        return agreement_programme(pact, threat, low, high, sigma)

    def solve(programme: AgreementProgramme) -> Floats | None:
        slack = np.column_stack([-np.eye(4), programme.matrix])[:, constraint]
        matrix, objective = np.column_stack([programme.matrix, slack]), np.append(np.zeros(len(VARIABLES)), 1.0)
        return _solve(objective, matrix, programme.right, (*programme.bounds, (0.0, np.inf)))

    solved = _at_fixed_point(pact, threat, programme_at, solve)
    return None if solved is None else float(solved[1][-1])


def _solve(objective: Floats, matrix: Floats, right: Floats, bounds: Bounds) -> Floats | None:
    answer = linprog(
        objective,
        matrix,
        right,
        bounds=bounds,
        method="highs-ds",
        options={"primal_feasibility_tolerance": HIGHS_TOLERANCE, "dual_feasibility_tolerance": HIGHS_TOLERANCE},
    )
    return np.asarray(answer.x, dtype=np.float64) if answer.status == 0 else None


def _binding(programme: AgreementProgramme, point: Floats) -> tuple[str, ...]:
    slack = programme.right - programme.matrix @ point
    rows = zip(programme.names, slack, programme.matrix, strict=True)
    tight = [name for name, room, row in rows if room <= SLACK and row.any()]
    caps = zip(VARIABLES, point, programme.bounds, strict=True)
    at_cap = [f"cap on {name}" for name, x, (least, cap) in caps if x >= cap - SLACK and cap > least]
    return (*tight, *at_cap)
