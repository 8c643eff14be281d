"""Simple regimes with the response by public lottery: the least one that enforces the deal, for every trigger set.

With a public lottery the response is exactly as strong as needed, so that a change in what is seen is not mixed up with
the rounding of whole months, and a second signal cannot gain by serving as a lottery. For a trigger set with chances p,
q_j the low month must carry G = max_j g_j / (q_j - p), listed deviations and every level of the fine grid; a is already
staked as an audience cost, the rest R = max(0, G - a) comes from the regime:

    reversion       war for ever with chance rho:  R = rho delta / (1 - delta) (V_1 - war_1)
    snapback        a month of the war action with chance pi:  R = pi delta h
    compensation    b = R, of which eta reaches player 0

It holds when player 1 rather bears it than leaves, player 0 rather stays, and chance or cap is not exceeded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from negotiation._values import Bools, Floats
from negotiation.calls.closed_forms import stakes_needed
from negotiation.games.pact import Pact

REVERSION, SNAPBACK, COMPENSATION = "mutual_reversion", "proportional_snapback", "compensation"
REGIMES = (REVERSION, SNAPBACK, COMPENSATION)
LABELS = {REVERSION: "mutual reversion", SNAPBACK: "snapback for a month", COMPENSATION: "compensation"}
NO_VIOLATION = 1e-12  # violation, in the unit per month or as a chance, that counts as none: rounding


@dataclass(frozen=True)
class LotteryRegimes:
    """A regime for K trigger sets: `strength` (K,) (chance rho or pi, or payment b), `values` (2, K), `holds` (K,)."""

    strength: Floats
    values: Floats
    holds: Bools


def lottery_regimes(pact: Pact, regime: str, masks: Floats) -> LotteryRegimes:
    """Return the least regime for each trigger set (K, Y); values where it does not hold are those of no use."""
    p, needed = _stakes(pact, masks)
    loss = np.maximum(0.0, needed - pact.pledges.column_audience_cost)
    finite = np.isfinite(loss)
    second = _second(pact, p, np.where(finite, loss, 0.0))
    ahead = pact.discount / (1 - pact.discount) * (second - pact.stage.payoffs[(1, *pact.punishment)])
    if regime == REVERSION:
        strength, most = loss / np.where(ahead > 0, ahead, np.nan), 1.0
    elif regime == SNAPBACK:
        strength, most = loss / (pact.discount * _response(pact)[1]), 1.0
    else:
        strength, most = loss, pact.pledges.compensation_cap
    strength = np.where(loss == 0, 0.0, strength)
    values = np.stack([_first(pact, regime, p, np.where(finite, strength, 0.0)), second])
    with np.errstate(invalid="ignore"):
        fits = finite & (strength <= most + NO_VIOLATION) & (loss <= ahead + NO_VIOLATION)
    return LotteryRegimes(strength, values, fits & _stays(pact, regime, values[0]))


def values_at_strength(pact: Pact, regime: str, mask: Floats, strength: float) -> tuple[float, ...] | None:
    """Return both values under a given strength; None where it no longer enforces the deal."""
    p, needed = _stakes(pact, mask[None, :])
    cost, outside = pact.pledges.column_audience_cost, float(pact.stage.payoffs[(1, *pact.punishment)])
    if regime == REVERSION:
        weight = strength * pact.discount / (1 - pact.discount)
        loss = weight * (_second(pact, p, np.zeros(1)) - outside) / (1 + p * weight)
    elif regime == SNAPBACK:
        loss = np.full(1, strength * pact.discount * _response(pact)[1])
    else:
        loss = np.full(1, strength)
    second, first = _second(pact, p, loss), _first(pact, regime, p, np.full(1, strength))
    ahead = pact.discount / (1 - pact.discount) * (second - outside)
    enforces = (loss + cost >= needed - 1e-9) & (loss <= ahead + NO_VIOLATION) & _stays(pact, regime, first)
    return (float(first[0]), float(second[0])) if enforces[0] else None


def _stakes(pact: Pact, masks: Floats) -> tuple[Floats, Floats]:
    """Return p (K,) and the stake (K,) that a low month must carry against listed and unlisted deviations."""
    row, column = pact.deal
    low = masks @ pact.monitoring.likelihood[row].T
    gains, base = pact.stage.payoffs[1, row] - pact.stage.payoffs[1, row, column], low[:, column]
    if pact.fine is not None:
        low = np.concatenate([low, masks @ pact.fine.likelihood.T], axis=1)
        gains = np.concatenate([gains, pact.fine.payoffs[row] - pact.stage.payoffs[1, row, column]])
    tempting = np.where(gains > 1e-9, gains, 0.0)
    return base, stakes_needed(np.broadcast_to(tempting, low.shape), low - base[:, None]).max(axis=1)


def _second(pact: Pact, p: Floats, loss: Floats) -> Floats:
    """Return player 1's value while a low month costs it `loss` beside the audience cost."""
    standing = pact.stage.payoffs[(1, *pact.deal)] + pact.pledges.side_payment
    value: Floats = standing - p * (pact.pledges.column_audience_cost + loss)
    return value


def _first(pact: Pact, regime: str, p: Floats, strength: Floats) -> Floats:
    """Return player 0's value."""
    standing = pact.stage.payoffs[(0, *pact.deal)] - pact.pledges.side_payment
    d, outside = pact.discount, pact.stage.payoffs[(0, *pact.punishment)]
    if regime == REVERSION:
        weight = p * np.nan_to_num(strength) * d / (1 - d)
        value: Floats = (standing + weight * outside) / (1 + weight)
        return value
    each = d * _response(pact)[0] if regime == SNAPBACK else pact.pledges.compensation_efficiency
    gained: Floats = standing + p * strength * each
    return gained


def _response(pact: Pact) -> tuple[float, float]:
    """Return what a month of the war action brings player 0 and costs player 1, against the deal."""
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
