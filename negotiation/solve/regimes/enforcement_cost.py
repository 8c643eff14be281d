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
from negotiation.games.pact import FineGrid, Pact
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

    The amount is infinite when a tempting deviation is caught no more often than the deal itself.
    """
    if kind.form == "punishment":
        return None
    row, column = pact.deal
    low = pact.monitoring.likelihood[row] @ mask
    gains = pact.stage.payoffs[1, row] - pact.stage.payoffs[1, row, column]
    costs = _costs(gains, low, float(low[column]))
    worst = int(costs.argmax())
    if gains[worst] <= 0:
        return None
    amount = float(costs[worst])
    fine_amount, fine_level = None, None
    if pact.fine is not None:
        place, fine_amount = binding_level(pact, pact.fine, mask)
        fine_level = float(pact.fine.levels[place])
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


def binding_level(pact: Pact, fine: FineGrid, mask: Floats) -> tuple[int, float]:
    """Return which unlisted level makes a trigger set (Y,) cost most, and W against it."""
    row, column = pact.deal
    gains = fine.payoffs[row] - pact.stage.payoffs[1, row, column]
    low = pact.monitoring.likelihood[row] @ mask
    costs = _costs(gains, fine.likelihood @ mask, float(low[column]))
    place = int(costs.argmax())
    return place, float(costs[place])


def _costs(gains: Floats, low: Floats, base: float) -> Floats:
    """Return p g / (q - p) for each deviation: 0 if it does not tempt, infinite if it is not caught more often."""
    more = low - base
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
