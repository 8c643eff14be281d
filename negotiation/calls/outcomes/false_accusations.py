"""Wrong accusations: what a low month proves, by Bayes' rule, and how often the innocent are hit.

The prior that player 1 withholds is a reduced form, no equilibrium belief about a type.
"""

import numpy as np

from negotiation._values import Floats, Value
from negotiation.games.pact import Pact
from negotiation.solve.automata.pact_checks import quiet_chance

DEVIATION_PRIORS = (0.1, 0.25, 0.5, 0.75)  # that player 1 withholds
MONTHS_IN_YEAR = 12  # over which a false alarm is counted: one calendar year
NEVER = 1e-12  # chances below are sums of rounding errors


class FalseAccusations(Value, kw_only=True):
    """What one trigger says. posteriors: P(withheld | low month) for each of `PRIORS`, against the named deviation."""

    trigger: tuple[str, ...]
    deviation: str
    low_if_deal: float
    low_if_deviation: float
    posteriors: tuple[float, ...]
    false_within_year: float


def false_accusations(pact: Pact, trigger: tuple[str, ...]) -> FalseAccusations:
    """Return what a low month proves under a trigger set, against the deviation that tempts player 1 most."""
    row, column = pact.deal
    low = pact.monitoring.likelihood[row] @ pact.mask(trigger)
    payoffs = pact.stage.payoffs[1, row].copy()
    payoffs[column] = -float("inf")
    worst = int(payoffs.argmax())
    p, q = float(low[column]), float(low[worst])
    return FalseAccusations(
        trigger=trigger,
        deviation=pact.stage.actions[1][worst],
        low_if_deal=p,
        low_if_deviation=q,
        posteriors=tuple(posterior(prior, p, q) for prior in DEVIATION_PRIORS),
        false_within_year=1 - quiet_chance(pact, pact.mask(trigger), MONTHS_IN_YEAR),
    )


def posterior(prior: float, low_if_deal: float, low_if_deviation: float) -> float:
    """Return P(deviation | low month); the prior when a low month is impossible either way.

    >>> round(posterior(0.5, 0.2, 0.8), 3)
    0.8
    """
    total = prior * low_if_deviation + (1 - prior) * low_if_deal
    return prior if total == 0 else prior * low_if_deviation / total


def likelihood_ratios(pact: Pact) -> dict[str, list[float | None]]:
    """Return each other action's likelihood ratio to the deal's by signal; None where neither occurs."""
    table = ratios_to_deal(np.asarray(pact.monitoring.likelihood[pact.deal[0]]), pact.deal[1])
    return {
        name: [None if np.isnan(value) else float(value) for value in table[index]]
        for index, name in enumerate(pact.stage.actions[1])
        if index != pact.deal[1]
    }


def ratios_to_deal(rows: Floats, deal: int) -> Floats:
    """Return rho(y | action) / rho(y | deal), shape (|A_1|, Y): infinite where only the action gives the signal.

    NaN where neither does, or so rarely that the ratio is rounding.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios: Floats = np.where(np.maximum(rows, rows[deal]) < NEVER, np.nan, rows / rows[deal])
    return ratios
