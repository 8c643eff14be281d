"""Simple regimes with the response by public lottery: the least one that enforces the deal, for every trigger set.

The response is exactly as strong as needed, so a change in what is seen is not mixed up with the rounding of whole
months. The low month must carry max_j g_j / (q_j - p), listed deviations and every level of the fine grid; what is not
staked as an audience cost, R, comes from the regime:

    reversion       the punishment for ever with chance rho:  R = rho delta / (1 - delta) (V_1 - punishment_1)
    snapback        a month of the punishing action with chance pi:  R = pi delta h
    compensation    b = R, of which eta reaches player 0
"""

from dataclasses import dataclass

import numpy as np

from negotiation._values import Bools, Floats
from negotiation.calls.closed_forms import stakes_needed
from negotiation.games.pact import Pact

REVERSION, SNAPBACK, COMPENSATION = "mutual_reversion", "proportional_snapback", "compensation"
LOTTERY_REGIMES = (REVERSION, SNAPBACK, COMPENSATION)
LOTTERY_LABELS = {REVERSION: "mutual reversion", SNAPBACK: "snapback for a month", COMPENSATION: "compensation"}
ENOUGH = 1e-9  # gain or stake per month that counts as none: a strength is known no better
NO_VIOLATION = 1e-12  # violation, in the unit per month or as a chance, that counts as none: rounding


@dataclass(frozen=True)
class LotteryRegimes:
    """A regime for K trigger sets: `strength` (K,) (chance rho or pi, or payment b), `values` (2, K), `holds` (K,)."""

    strength: Floats
    values: Floats
    holds: Bools


def lottery_regimes(pact: Pact, regime: str, masks: Floats, given: float | None = None) -> LotteryRegimes:
    """Return the least regime for each trigger set (K, Y), or that of a `given` strength, which may not be enough.

    Values where it does not hold are those of no use.
    """
    p, needed = _stakes(pact, masks)
    cost, patience = pact.pledges.column_audience_cost, pact.discount / (1 - pact.discount)
    outside = pact.stage.payoffs[(1, *pact.punishment)]
    each = pact.discount * _response(pact)[1] if regime == SNAPBACK else 1.0  # loss in a low month for each unit
    if given is None:
        loss = np.maximum(0.0, needed - cost)
    elif regime == REVERSION:
        weight = given * patience
        loss = weight * (_second(pact, p, np.zeros(1)) - outside) / (1 + p * weight)
    else:
        loss = np.full(len(masks), given * each)
    finite = np.isfinite(loss)
    second = _second(pact, p, np.where(finite, loss, 0.0))
    ahead = patience * (second - outside)
    if given is None:
        strength = loss / (np.where(ahead > 0, ahead, np.nan) if regime == REVERSION else each)
        strength = np.where(loss == 0, 0.0, strength)
    else:
        strength = np.full(len(masks), given)
    most = pact.pledges.compensation_cap if regime == COMPENSATION else 1.0
    first = _first(pact, regime, p, np.where(finite, strength, 0.0))
    with np.errstate(invalid="ignore"):
        fits = finite & (strength <= most + NO_VIOLATION) & (loss <= ahead + NO_VIOLATION)
        fits &= loss + cost >= needed - ENOUGH
    return LotteryRegimes(strength, np.stack([first, second]), fits & _stays(pact, regime, first))


def _stakes(pact: Pact, masks: Floats) -> tuple[Floats, Floats]:
    """Return p (K,) and the stake (K,) that a low month must carry against listed and unlisted deviations."""
    row, column = pact.deal
    needed = []
    for case in pact.cases:
        low = masks @ case.monitoring.likelihood[row].T
        gains, base = case.stage.payoffs[1, row] - case.stage.payoffs[1, row, column], low[:, column]
        if case.fine is not None:
            low = np.concatenate([low, masks @ case.fine.likelihood.T], axis=1)
            gains = np.concatenate([gains, case.fine.payoffs[row] - case.stage.payoffs[1, row, column]])
        tempting = np.where(gains > ENOUGH, gains, 0.0)
        needed.append(stakes_needed(np.broadcast_to(tempting, low.shape), low - base[:, None]).max(axis=1))
    return (masks @ pact.monitoring.likelihood[row].T)[:, column], np.max(needed, axis=0)


def _second(pact: Pact, p: Floats, loss: Floats) -> Floats:
    """Return player 1's value while a low month costs it `loss` beside the audience cost."""
    standing = pact.stage.payoffs[(1, *pact.deal)] + pact.pledges.side_payment
    return np.asarray(standing - p * (pact.pledges.column_audience_cost + loss))


def _first(pact: Pact, regime: str, p: Floats, strength: Floats) -> Floats:
    """Return player 0's value."""
    standing = pact.stage.payoffs[(0, *pact.deal)] - pact.pledges.side_payment
    d, outside = pact.discount, pact.stage.payoffs[(0, *pact.punishment)]
    if regime == REVERSION:
        weight = p * np.nan_to_num(strength) * d / (1 - d)
        return np.asarray((standing + weight * outside) / (1 + weight))
    each = d * _response(pact)[0] if regime == SNAPBACK else pact.pledges.compensation_efficiency
    return np.asarray(standing + p * strength * each)


def _response(pact: Pact) -> tuple[float, float]:
    """Return what a month of the punishing action brings player 0 and costs player 1, against the deal."""
    month = (pact.punishment[0], pact.deal[1])
    first, second = (pact.stage.payoffs[(i, *month)] - pact.stage.payoffs[(i, *pact.deal)] for i in (0, 1))
    return float(first), float(-second)


def _stays(pact: Pact, regime: str, value: Floats) -> Bools:
    """Whether player 0 rather stays than exits, from good standing and from a month of the response."""
    d, column = pact.discount, pact.deal[1]
    payoffs, outside = pact.stage.payoffs[0, :, column], pact.stage.payoffs[(0, *pact.punishment)]
    cost = pact.pledges.row_audience_cost
    exits = np.delete(payoffs, pact.deal[0]).max(initial=-np.inf) - cost
    stays: Bools = value >= (1 - d) * exits + d * outside - NO_VIOLATION
    if regime == SNAPBACK:
        month = value + (1 - d) * _response(pact)[0]
        stays = stays & (
            month >= (1 - d) * (np.delete(payoffs, pact.punishment[0]).max() - cost) + d * outside - NO_VIOLATION
        )
    return stays & (pact.stage.largest_gain(pact.punishment) <= NO_VIOLATION)
