"""Which trigger set, length or payment makes a regime enforce the deal, and from which discount factor on.

A regime is judged on all trigger sets and lengths at once (`trigger_values`, `compensation`); the best one has the
largest joint value among those with no profitable deviation, ties to the shorter length, then to the smaller set.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from negotiation._values import Bools, Floats
from negotiation.games.pact import Pact
from negotiation.solve.regimes.compensation import payments
from negotiation.solve.regimes.kinds import RegimeKind
from negotiation.solve.regimes.trigger_strategies import TriggerGrid, trigger_values

LENGTHS = np.array([*range(1, 25), 30, 36, 48, 60, math.inf])
TOLERANCE = 1e-12
MOST_FREE_SIGNALS = 10
DISCOUNTS = np.linspace(0.01, 0.99, 50)


@dataclass(frozen=True)
class Choice:
    """The best trigger set (index into the masks), length T and payment b; `margin` < 0 when nothing holds."""

    index: int
    length: float
    payment: float
    margin: float

    @property
    def holds(self) -> bool:
        """Whether no deviation is profitable."""
        return self.margin >= -TOLERANCE


def trigger_masks(pact: Pact, most: int = MOST_FREE_SIGNALS) -> Floats:
    """Return candidate trigger sets (K, Y): all subsets of the eligible signals that can work, smaller first.

    With more than `most` eligible signals only the sets of the k signals that most speak for a deviation by player 1:
    the best sets against a single deviation, but not always against several (a mixed ratio may order them otherwise).
    """
    eligible = [index for index, name in enumerate(pact.monitoring.signals) if name in pact.eligible]
    if len(eligible) <= most:
        masks = _subsets(tuple(eligible), pact.monitoring.n_signals)
    else:
        row = pact.monitoring.likelihood[pact.deal[0]]
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.nan_to_num(row / row[pact.deal[1]], nan=0.0, posinf=np.inf)
        order = sorted(eligible, key=lambda index: -float(np.delete(ratio[:, index], pact.deal[1]).max(initial=0.0)))
        masks = _masks([tuple(order[:size]) for size in range(1, len(order) + 1)], pact.monitoring.n_signals)
    useful = _catches(pact, masks)
    return masks[useful] if useful.any() else masks


@functools.lru_cache(maxsize=16)
def _subsets(eligible: tuple[int, ...], n_signals: int) -> Floats:
    """Return every subset of the eligible signals but the empty one, smaller first, read-only."""
    sizes = range(1, len(eligible) + 1)
    masks = _masks([subset for size in sizes for subset in itertools.combinations(eligible, size)], n_signals)
    masks.flags.writeable = False
    return masks


def _masks(sets: Sequence[tuple[int, ...]], n_signals: int) -> Floats:
    masks = np.zeros((len(sets), n_signals))
    for row, subset in enumerate(sets):
        masks[row, list(subset)] = 1
    return masks


def _catches(pact: Pact, masks: Floats) -> Bools:
    """Return which sets make every tempting deviation of player 1 more likely to be caught than keeping the deal.

    No punishment that hurts player 1 can work with any other set.
    """
    row, column = pact.deal
    likelihood, gains = pact.monitoring.likelihood[row], pact.stage.payoffs[1, row]
    base = likelihood[column] @ masks.T
    if pact.fine is not None:
        likelihood = np.concatenate([likelihood, pact.fine.likelihood])
        gains = np.concatenate([gains, pact.fine.payoffs[row]])
    tempting = gains - pact.stage.payoffs[1, row, column] > 1e-9
    caught: Bools = (likelihood[tempting] @ masks.T > base + 1e-12).all(axis=0)
    return caught


def margins(
    pact: Pact, kind: RegimeKind, masks: Floats, discounts: Floats, check_fine: bool = False, restore: float = 0.0
) -> Floats:
    """Return the room left by the tightest condition, shape (D, K, N); at least 0 where the regime holds.

    N runs over `LENGTHS` for trigger regimes and is 1 for the others.
    """
    if kind.form == "war":
        gain = pact.stage.largest_gain(pact.punishment)
        return np.broadcast_to(-(1 - discounts[:, None, None]) * gain, (len(discounts), len(masks), 1))
    if kind.form == "payment":
        return payments(pact, masks, discounts, check_fine, restore).margin[:, :, None]
    grid = TriggerGrid(kind.punishment, kind.restart, masks, LENGTHS, discounts, restore)
    return trigger_values(pact, grid, check_fine).margin


def best_choice(pact: Pact, kind: RegimeKind, masks: Floats, check_fine: bool = False, restore: float = 0.0) -> Choice:
    """Return the best trigger set with its length or payment; the least violated one when none holds."""
    discounts = np.array([pact.discount])
    if kind.form == "war":
        return Choice(0, math.inf, 0.0, float(margins(pact, kind, masks[:1], discounts)[0, 0, 0]))
    if kind.form == "payment":
        found = payments(pact, masks, discounts, check_fine, restore)
        margin, payment = found.margin[0], np.clip(found.least[0], 0.0, pact.pledges.compensation_cap)
        low = pact.monitoring.likelihood[pact.deal] @ masks.T
        flow = pact.standing_payoffs(masks)[:, :, pact.deal[0], pact.deal[1]].sum(axis=0)
        joint = flow - (1 - pact.pledges.compensation_efficiency) * payment * low
        index = _best(joint[:, None], margin[:, None])[0]
        return Choice(index, 0.0, float(payment[index]), float(margin[index]))
    grid = TriggerGrid(kind.punishment, kind.restart, masks, LENGTHS, discounts, restore)
    values = trigger_values(pact, grid, check_fine)
    index, place = _best(values.good[:, 0].sum(axis=0), values.margin[0])
    return Choice(index, float(LENGTHS[place]), 0.0, float(values.margin[0, index, place]))


def _best(joint: Floats, margin: Floats) -> tuple[int, int]:
    """Return (set, length) with the largest joint value among margins >= 0, else with the largest margin."""
    feasible = margin >= -TOLERANCE
    score = np.where(feasible, joint, -np.inf) if feasible.any() else margin
    top = score.max()
    # equal to rounding counts as a tie: shorter length first, then the smaller set, which comes first in the masks
    ties = np.argwhere(score >= top - 1e-12 * max(1.0, abs(float(top))))
    row, column = min(ties.tolist(), key=lambda pair: (pair[1], pair[0]))
    return int(row), int(column)


def crossings(
    pact: Pact, kind: RegimeKind, masks: Floats, check_fine: bool = False, restore: float = 0.0
) -> tuple[tuple[float, bool], ...]:
    """Return the discount factors at which the regime starts (True) or stops (False) to hold, to about 1e-10.

    The set and the length are chosen anew at every discount factor.
    """

    def room(discounts: Floats) -> Floats:
        best: Floats = margins(pact, kind, masks, discounts, check_fine, restore).max(axis=(1, 2))
        return best

    holds = room(DISCOUNTS) >= -TOLERANCE
    found = [(float(DISCOUNTS[0]), True)] if holds[0] else []
    for index in np.flatnonzero(holds[1:] != holds[:-1]):
        low, high = DISCOUNTS[index], DISCOUNTS[index + 1]
        for _ in range(9):
            grid = np.linspace(low, high, 9)
            here = room(grid) >= -TOLERANCE
            step = int(np.flatnonzero(here[1:] != here[:-1])[0])
            low, high = grid[step], grid[step + 1]
        found.append((float(high if holds[index + 1] else low), bool(holds[index + 1])))
    return tuple(found)


def least_discount(
    pact: Pact, kind: RegimeKind, masks: Floats, check_fine: bool = False, restore: float = 0.0
) -> float | None:
    """Return the least discount factor at which the regime holds, or None when it never does."""
    found = crossings(pact, kind, masks, check_fine, restore)
    return found[0][0] if found else None
