"""Call outcomes at thousands of points a second: which regimes hold, on which terms, and what they are worth.

`analyse_points(call, points)` is `outcome.analyse_outcome` on columns of points, without the trigger sets: first the
economics (`trade.game.batch`), then the regimes (`solve.regimes.batch`). Points that the model refuses are left out;
`plain_fault` says why, in the words of the plain path.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from negotiation._values import Bools, Floats, Value
from negotiation.calls.enforcement import STAGE_NASH
from negotiation.errors import InputError
from negotiation.games.pact import PactBatch
from negotiation.solve.regimes.batch import KEYS, RegimeBatch, regime_batch
from negotiation.trade.game.batch import pact_batch
from negotiation.trade.parameters.changes import Change
from negotiation.trade.scenario.call_outcome import CallOutcome
from negotiation.trade.scenario.parameter_columns import ParameterColumns
from negotiation.trade.scenario.scenario import Scenario


@dataclass(frozen=True, eq=False)
class OutcomePoints(Value):
    """One call outcome at N points; regimes in the order of `KEYS`. Rows of points that are not `legal` are NaN.

    war: (N, 2), the players' payoffs where nothing holds. deal: (N, 2), payoffs while the deal is kept.
    """

    call: CallOutcome
    legal: Bools
    regimes: RegimeBatch
    punishment: Floats
    deal: Floats

    @property
    def holds(self) -> Bools:
        """Whether the deal enforces itself under the selected regime, (N,); never so under stage Nash."""
        if self.call.regime == STAGE_NASH:
            return np.zeros(len(self.legal), dtype=np.bool_)
        return self.regimes.holds[:, KEYS.index(self.call.regime)]

    @property
    def possible(self) -> Bools:
        """Whether any simple regime (stage Nash aside) would hold, (N,)."""
        return np.asarray(self.regimes.holds[:, 1:].any(axis=1), dtype=np.bool_)

    @property
    def values(self) -> Floats:
        """Values of both players under the selected regime, those of war where it does not hold, (N, 2)."""
        selected = self.regimes.values[:, KEYS.index(self.call.regime)]
        return np.where(self.holds[:, None], selected, self.punishment)


def has_column_path(scenario: Scenario) -> bool:
    """Whether columns cover a scenario: users' own automata need the plain one."""
    return not scenario.regimes and all(call.regime in KEYS for call in scenario.calls)


def analyse_points(call: CallOutcome, points: ParameterColumns, last: Collection[str] = ()) -> OutcomePoints:
    """Return one call outcome at many points, all regimes, lengths and payments chosen anew at each.

    last: paths at which the point's own number stands whatever the call does. Raises `InputError` when the call's
    changes are illegal at every point.
    """
    after = points.after([change for change in call.changes if change.path not in last])
    batch = pact_batch(after.where(after.legal))
    regimes = regime_batch(batch)
    return OutcomePoints(
        call,
        after.legal,
        _spread_batch(regimes, after.legal),
        _spread(_payoffs_at(batch, batch.punishment), after.legal),
        _spread(_payoffs_at(batch, batch.deal), after.legal),
    )


def plain_fault(call: CallOutcome, points: ParameterColumns, index: int, last: Collection[str] = ()) -> str:
    """Return why a point is refused, in the words of the plain path; empty when it is not."""
    changes_at_point = points.changes_at(index)
    changes: list[Change] = [*changes_at_point, *(change for change in call.changes if change.path not in last)]
    try:
        points.scenario.after(changes)
    except InputError as error:
        return "; ".join(problem.sentence() for problem in error.problems)
    return ""


def _payoffs_at(batch: PactBatch, profile: tuple[int, ...]) -> Floats:
    payoffs: Floats = batch.payoffs[:, :, profile[0], profile[1]]
    return payoffs


def _spread_batch(regimes: RegimeBatch, legal: Bools) -> RegimeBatch:
    if legal.all():
        return regimes
    return RegimeBatch(
        *(
            _spread(getattr(regimes, name), legal)
            for name in ("margin", "length", "payment", "values", "punished", "low")
        )
    )


def _spread(rows: Floats, legal: Bools) -> Floats:
    """Return rows for every point, NaN where a point is not legal."""
    if legal.all():
        return rows
    every = np.full((len(legal), *rows.shape[1:]), np.nan)
    every[legal] = rows
    return every
