"""Which trigger set, length or payment makes a regime enforce the deal, and from which discount factor on.

A regime is judged on all trigger sets and lengths at once (`trigger_strategies`, `compensation`); the best one has the
largest joint value among those with no profitable deviation, ties to the shorter length, then to the smaller set.
"""

import functools
import itertools
import math
from dataclasses import dataclass

import numpy as np

from negotiation._values import Bools, Floats, Ints
from negotiation.games.pact import Pact
from negotiation.games.stakes import WORTHWHILE
from negotiation.solve.regimes.compensation import compensation_values
from negotiation.solve.regimes.kinds import RegimeKind
from negotiation.solve.regimes.lasting_delays import lasting_trigger_values
from negotiation.solve.regimes.pact_arrays import PactArrays
from negotiation.solve.regimes.trigger_strategies import RegimeValues, trigger_values

# months of punishment tried: every length to two years, then coarser, and for ever
LENGTHS = np.array([*range(1, 25), 30, 36, 48, 60, math.inf])
TOLERANCE = 1e-12  # slack and joint value that count as none; doubled, more regimes count as holding
MOST_FREE_SIGNALS = 10  # eligible signals of which every subset is tried; each one more doubles the time
DISCOUNTS = np.linspace(0.01, 0.99, 50)  # where crossings are looked for; two between neighbours are missed


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
    columns = [index for index, name in enumerate(pact.monitoring.signals) if name in pact.eligible]
    table = _subsets(len(columns)) if len(columns) <= most else np.tri(len(columns))
    if len(columns) > most:
        row = pact.monitoring.likelihood[pact.deal[0]]
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.nan_to_num(row / row[pact.deal[1]], nan=0.0, posinf=np.inf)
        columns.sort(key=lambda index: -float(np.delete(ratio[:, index], pact.deal[1]).max(initial=0.0)))
    masks = np.zeros((len(table), pact.monitoring.n_signals))
    masks[:, columns] = table
    useful = _catches(pact, masks)
    return masks[useful] if useful.any() else masks


@functools.lru_cache(maxsize=16)
def _subsets(count: int) -> Floats:
    """Return every subset of so many signals but the empty one (2^count - 1, count), smaller first."""
    subsets = sorted(itertools.product((1.0, 0.0), repeat=count), key=sum)
    return np.array(subsets[1:]).reshape(2**count - 1, count)


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
    tempting = gains - pact.stage.payoffs[1, row, column] > WORTHWHILE
    caught: Bools = (likelihood[tempting] @ masks.T > base + TOLERANCE).all(axis=0)
    return caught


def regime_values(pacts: PactArrays, kind: RegimeKind, restore: float = 0.0) -> RegimeValues:
    """Return values, margin and payment of a regime; N runs over `LENGTHS` for trigger regimes and is 1 for others."""
    if kind.form == "trigger" and pacts.delays is not None:
        return lasting_trigger_values(pacts, kind, LENGTHS, restore)
    if kind.form == "trigger":
        return trigger_values(pacts, kind, LENGTHS, restore)
    if kind.form == "payment":
        return compensation_values(pacts, restore)
    margin = -(1 - pacts.discount) * pacts.largest_gain(pacts.punishment)
    row, column = pacts.punishment
    return RegimeValues(pacts.payoffs[:, row, column] + 0.0 * margin, margin)


def best_places(values: RegimeValues) -> tuple[Ints, Ints]:
    """Return each pact's (set, length) of the largest joint value among margins >= 0, else of the largest margin."""
    feasible, joint = values.margin >= -TOLERANCE, values.values.sum(axis=0)
    some = feasible.any(axis=(1, 2), keepdims=True)
    score = np.where(some, np.where(feasible, joint, -np.inf), values.margin)
    top = score.max(axis=(1, 2), keepdims=True)
    # equal to rounding counts as a tie: shorter length first, then the smaller set, which comes first in the masks
    ties = score >= top - TOLERANCE * np.maximum(1.0, np.abs(top))
    flat = ties.swapaxes(1, 2).reshape(len(ties), math.prod(ties.shape[1:]))
    lengths, sets = np.divmod(flat.argmax(axis=1), score.shape[1])
    return sets, lengths


def best_choice(pact: PactArrays, kind: RegimeKind, restore: float = 0.0) -> Choice:
    """Return the best trigger set with its length or payment; the least violated one when none holds."""
    values = regime_values(pact, kind, restore)
    (index,), (place,) = best_places(values)
    length = float(LENGTHS[place]) if kind.form == "trigger" else 0.0
    payment = 0.0 if values.payment is None else float(values.payment[0, index, 0])
    return Choice(int(index), length, payment, float(values.margin[0, index, place]))


def crossings(pact: PactArrays, kind: RegimeKind, restore: float = 0.0) -> tuple[tuple[float, bool], ...]:
    """Return the discount factors at which the regime starts (True) or stops (False) to hold, to about 1e-10.

    The set and the length are chosen anew at every discount factor.
    """

    def room(discounts: Floats) -> Floats:
        best: Floats = regime_values(pact.at_discounts(discounts), kind, restore).margin.max(axis=(1, 2))
        return best

    holds = room(DISCOUNTS) >= -TOLERANCE
    changes = [(float(DISCOUNTS[0]), True)] if holds[0] else []
    for index in np.flatnonzero(holds[1:] != holds[:-1]):
        low, high = DISCOUNTS[index], DISCOUNTS[index + 1]
        for _ in range(9):
            grid = np.linspace(low, high, 9)
            here = room(grid) >= -TOLERANCE
            step = int(np.flatnonzero(here[1:] != here[:-1])[0])
            low, high = grid[step], grid[step + 1]
        changes.append((float(high if holds[index + 1] else low), bool(holds[index + 1])))
    return tuple(changes)


def least_discount(pact: PactArrays, kind: RegimeKind, restore: float = 0.0) -> float | None:
    """Return the least discount factor at which the regime holds, or None when it never does."""
    changes = crossings(pact, kind, restore)
    return changes[0][0] if changes else None
