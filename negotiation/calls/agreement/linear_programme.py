"""The cheapest package that makes the deal enforce itself, as a linear programme for given verification and patience.

A low month costs player 1 the stake a + b + R: audience cost, compensation, and an expected loss from a threat, a
lottery over the punishment for ever or over a month of one of player 0's actions. Rows (docs/call.md, where the symbols
are too):

    obedience   a + b + R >= max_j g_j / (q_j - p)
    paying      (1 - delta)(b + R) + delta p (a + b + R) <= delta (L_1 + z)
    staying     z - p (eta b + sigma R) <= delta L_0 - (1 - delta)(g_U - a_U)
    response    R <= delta h

sigma, what player 0 gets of each unit that the threat costs player 1, is f / h for a month of an action, and for the
punishment -(V_0 + L_0) / (V_1 + L_1), with V the values in good standing: a fixed point.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from operator import methodcaller
from typing import Self

import numpy as np
from scipy.optimize import linprog

from negotiation._values import Floats
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
CAP_ON = "cap on "
EVERY_ROW = "every row"
# templates: `agreement.text` puts the players' names in
ROWS: Mapping[str, str] = {
    OBEDIENCE: "{second} must lose enough in a low month not to hold back",
    PAYING: "{second} must rather pay and bear the response than leave the deal",
    STAYING: "{first} must rather stay than take the gain of leaving",
    RESPONSE: "one month of the response can only cost so much",
    FIRST_SIGNS: "{first} must get at least what war gives it",
    SECOND_SIGNS: "{second} must get at least what war gives it",
}
ROW_SLACK = 1e-9  # room in the unit per month below which a row or cap binds: ten times what HiGHS may leave
RATE_TOLERANCE = 1e-12  # change of sigma, what player 0 gets of a unit of the threat, at which the fixed point stands
FIXED_POINT_STEPS = 100  # most steps towards it; a package is dropped where it does not come to rest
HIGHS_TOLERANCE = 1e-10  # the least tolerance that HiGHS takes

Bounds = tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True)
class AgreementProgramme:
    """Least `objective` under rows A x <= b and bounds over `VARIABLES`.

    burn: what a unit of each variable burns on the path. values: what it brings both players there, (2, 5). losses:
    what the punishment costs both, (2,).
    """

    names: tuple[str, ...]
    matrix: Floats
    right: Floats
    bounds: Bounds
    objective: Floats
    burn: Floats
    values: Floats
    losses: Floats

    def signed(self, player: int) -> Self:
        """Return the programme of the least for a player, both getting at least what the punishment gives them."""
        return replace(
            self,
            names=(*self.names, FIRST_SIGNS, SECOND_SIGNS),
            matrix=np.vstack([self.matrix, -self.values]),
            right=np.append(self.right, self.losses),
            objective=self.values[player],
        )

    def relaxed(self, constraint: str) -> Self:
        """Return the programme of the least by which a row or a cap must give way; of the most room in `EVERY_ROW`."""
        if constraint.startswith(CAP_ON):
            column = self.matrix[:, VARIABLES.index(constraint.removeprefix(CAP_ON))]
        else:
            every = constraint == EVERY_ROW  # but how much a response can cost: that chance may well be 1
            column = np.array([-float(name == constraint or (every and name != RESPONSE)) for name in self.names])
        return replace(
            self,
            matrix=np.column_stack([self.matrix, column]),
            bounds=(*self.bounds, (-np.inf, 0.0) if constraint == EVERY_ROW else (0.0, np.inf)),
            objective=np.append(np.zeros(len(self.burn)), 1.0),
            burn=np.append(self.burn, 0.0),
            values=np.pad(self.values, ((0, 0), (0, 1))),
        )

    def solved(self) -> Floats | None:
        """Return the optimal point, None when there is none."""
        answer = linprog(
            self.objective,
            self.matrix,
            self.right,
            bounds=self.bounds,
            method="highs-ds",
            options={"primal_feasibility_tolerance": HIGHS_TOLERANCE, "dual_feasibility_tolerance": HIGHS_TOLERANCE},
        )
        return np.asarray(answer.x, dtype=np.float64) if answer.status == 0 else None

    def binding(self, point: Floats) -> tuple[str, ...]:
        """Return the rows and caps that bind at a point."""
        slack = self.right - self.matrix @ point
        rows = zip(self.names, slack, self.matrix, strict=True)
        caps = zip(VARIABLES, point, self.bounds, strict=False)  # one more variable where something is relaxed
        tight = [name for name, room, row in rows if room <= ROW_SLACK and row.any()]
        return (*tight, *(f"{CAP_ON}{name}" for name, x, (low, cap) in caps if x >= cap - ROW_SLACK and cap > low))


def agreement_programme(pact: Pact, threat: Punishment, bounds: Bounds, sigma: float) -> AgreementProgramme:
    """Return the programme of the least burn with one threat; sigma: what player 0 gets of each unit of it."""
    p, d, eta = primitives(pact).low_if_deal, pact.discount, pact.pledges.compensation_efficiency
    losses = np.subtract(pact.stage.payoff(pact.deal), pact.stage.payoff(pact.punishment))
    bounded = threat.row is not None
    rows = [
        (-1.0, -1.0, 0.0, 0.0, -1.0),
        (d * p, 1 - d + d * p, -d, 0.0, 1 - d + d * p),
        (0.0, -p * eta, 1.0, -(1 - d), -p * sigma),
        (0.0, 0.0, 0.0, 0.0, float(bounded)),
    ]
    right = [
        -threat.needed,
        d * losses[1],
        d * losses[0] - (1 - d) * threat.leaving,
        d * threat.loss if bounded else 1.0,
    ]
    burn = p * np.array([1.0, 1 - eta, 0.0, 0.0, 1 - sigma])
    return AgreementProgramme(
        names=(OBEDIENCE, PAYING, STAYING, RESPONSE),
        matrix=np.array(rows),
        right=np.array(right),
        bounds=bounds,
        objective=burn,
        burn=burn,
        values=np.array([(0.0, p * eta, -1.0, 0.0, p * sigma), (-p, -p, 1.0, 0.0, -p)]),
        losses=losses,
    )


def optimum(
    pact: Pact, threat: Punishment, bounds: Bounds, aim: Callable[[AgreementProgramme], AgreementProgramme]
) -> tuple[AgreementProgramme, Floats] | None:
    """Return the programme at the sigma that its own solution implies, and that solution; None without one.

    aim: puts the objective of the search into the programme, and what it asks beside the rows.
    """
    sigma = threat.gain / threat.loss
    for _ in range(FIXED_POINT_STEPS):
        programme = aim(agreement_programme(pact, threat, bounds, sigma))
        point = programme.solved()
        if point is None:
            return None
        if threat.row is not None or point[VARIABLES.index("threat")] <= ROW_SLACK:
            return programme, point
        first, second = programme.values @ point + programme.losses
        if abs(-first / second - sigma) <= RATE_TOLERANCE:
            return programme, point
        sigma = float(-first / second)
    return None


def relaxations(pact: Pact, threat: Punishment, bounds: Bounds) -> dict[str, float]:
    """Return for each row, and for each cap, by how much it alone must give way for a package to exist.

    A row that does not help however far it is relaxed is left out. Amounts are in the row's unit: per month for the
    rows on paying and staying, per low month for obedience and the response.
    """
    least = {}
    for name in (OBEDIENCE, PAYING, STAYING, RESPONSE, *(f"{CAP_ON}{name}" for name in LINEAR)):
        if name != RESPONSE or threat.row is not None:
            solved = optimum(pact, threat, bounds, methodcaller("relaxed", name))
            if solved is not None:
                least[name] = float(solved[1][-1])
    return least
