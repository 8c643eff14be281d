"""The enforcement wedge: what any punishment that just deters costs on the path, and who receives it.

With g the gain from a deviation, p and q the chances that the trigger fires without and with it, and l = q / p, every
punishment that only destroys value for player 1 costs it W = g / (l - 1) = p g / (q - p) per period at any discount
factor (Abreu, Milgrom, Pearce 1991). Instruments differ in what player 0 gets out of it. This is a wedge per trigger,
no bound on what the best equilibrium loses.

A review punishes only when all n periods of a block are low (no discounting inside the block): the expected loss per
period falls to W / n, while the stake that deters a single deviation grows to g / ((q - p) p^(n-1)).
"""

import numpy as np

from negotiation._values import Floats, Value
from negotiation.games.pact import Pact
from negotiation.solve.regimes.kinds import RegimeKind


class Wedge(Value):
    """The wedge W of a trigger in the game's unit per period.

    gain, low_if_deal, low_if_deviation: g, p, q of the listed deviation that binds. amount: W against the listed
    actions; fine_amount: W against every level of the fine grid, with the level that binds. received: what player 0
    gets of it under this regime (negative when it loses too); joint: what both lose together.
    """

    gain: float
    low_if_deal: float
    low_if_deviation: float
    amount: float
    fine_amount: float | None
    fine_level: float | None
    received: float
    joint: float


def wedge(pact: Pact, kind: RegimeKind, mask: Floats) -> Wedge | None:
    """Return the wedge of a trigger set under a regime; None without a trigger or when nothing tempts player 1.

    None too where delays last: what a bad signal must cost then turns on the kind of month.

    The amount is infinite when a tempting deviation is caught no more often than the deal itself.
    """
    if kind.form == "punishment" or pact.delays is not None:
        return None
    row, column = pact.deal
    low = pact.monitoring.likelihood[row] @ mask
    gains = pact.stage.payoffs[1, row] - pact.stage.payoffs[1, row, column]
    costs = _costs(gains, low - low[column], float(low[column]))
    worst = int(costs.argmax())
    if gains[worst] <= 0:
        return None
    amount = float(costs[worst])
    fine_amount, fine_level = None, None
    if pact.fine is not None:
        fine_amount, fine_level, _ = binding_level(pact, mask)
    share = _received_share(pact, kind)
    received = amount * share if share else 0.0
    return Wedge(
        gain=float(gains[worst]),
        low_if_deal=float(low[column]),
        low_if_deviation=float(low[worst]),
        amount=amount,
        fine_amount=fine_amount,
        fine_level=fine_level,
        received=received,
        joint=amount - received,
    )


def binding_level(pact: Pact, mask: Floats) -> tuple[float, float, float]:
    """Return W against the unlisted level that makes a trigger set (Y,) cost most, and that level, here and beside.

    Raises `ValueError` when the pact has no unlisted levels.
    """
    (row, column), by_case = pact.deal, []
    base = float((pact.monitoring.likelihood[row] @ mask)[column])
    for case in pact.cases:
        fine = case.fine
        if fine is not None:
            gains = fine.payoffs[row] - case.stage.payoffs[1, row, column]
            licensed_low = float((case.monitoring.likelihood[row] @ mask)[column])
            costs = _costs(gains, fine.likelihood @ mask - licensed_low, base)
            place = int(costs.argmax())
            by_case.append((float(costs[place]), float(fine.levels[place]), float(fine.beside[place])))
    return max(by_case, key=lambda each: each[0])


def _costs(gains: Floats, more: Floats, base: float) -> Floats:
    """Return p g / (q - p) from g, q - p and p: 0 without a gain, infinite if a gain is caught no more often."""
    with np.errstate(divide="ignore", invalid="ignore"):
        cost = np.where(more > 1e-15, base * gains / more, np.inf)
    tempting: Floats = np.where(gains > 1e-9, cost, 0.0)
    return tempting


def _received_share(pact: Pact, kind: RegimeKind) -> float:
    """Return what player 0 gets for each unit that player 1 loses in the punishment."""
    if kind.form == "payment":
        return pact.pledges.compensation_efficiency
    change = [pact.stage.payoffs[(i, *kind.punishment)] - pact.stage.payoffs[(i, *pact.deal)] for i in (0, 1)]
    return float(-change[0] / change[1]) if change[1] else 0.0


class ReviewBlock(Value):
    """A review of `periods` together: `burn` per period and the `stake` it needs, in the game's unit."""

    periods: int
    burn: float
    stake: float


def review_block(gain: float, low_if_deal: float, low_if_deviation: float, periods: int) -> ReviewBlock:
    """Return burn and stake of a review block; requires 0 < p < q.

    >>> round(review_block(1.0, 0.1, 0.4, 1).burn, 4)
    0.3333
    """
    more = low_if_deviation - low_if_deal
    burn = low_if_deal * gain / more / periods
    return ReviewBlock(periods, burn, gain / (more * low_if_deal ** (periods - 1)))
