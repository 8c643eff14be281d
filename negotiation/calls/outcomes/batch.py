"""Call outcomes at thousands of points a second: which regimes hold, on which terms, and what they are worth.

The compiled twin of `outcome.analyse_outcome` without the trigger sets. Points that the model refuses are not computed.
"""

import numpy as np

from negotiation._values import Bools, Floats, Value
from negotiation.errors import InputError
from negotiation.solve.regimes.batch import REGIME_KEYS, RegimeBatch, regime_batch
from negotiation.trade.game.build import pact_batch
from negotiation.trade.scenario.call_outcome import STAGE_NASH, CallOutcome
from negotiation.trade.scenario.parameter_columns import ParameterColumns
from negotiation.trade.scenario.scenario import Scenario


class OutcomePoints(Value):
    """One call outcome at N points; regimes in the order of `KEYS`. Rows of points that are not `legal` are NaN.

    punishment: (N, 2), the players' payoffs where nothing holds. deal: (N, 2), payoffs while the deal is kept.
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
        return self.regimes.holds[:, REGIME_KEYS.index(self.call.regime)]

    @property
    def values(self) -> Floats:
        """Values of both players under the selected regime, those of the punishment where it does not hold, (N, 2)."""
        selected = self.regimes.values[:, REGIME_KEYS.index(self.call.regime)]
        return np.where(self.holds[:, None], selected, self.punishment)


def has_column_path(scenario: Scenario) -> bool:
    """Whether columns cover a scenario: users' own automata need the plain one."""
    return not scenario.regimes and all(call.regime in REGIME_KEYS for call in scenario.calls)


def analyse_points(call: CallOutcome, points: ParameterColumns) -> OutcomePoints:
    """Return one call outcome at many points, all regimes, lengths and payments chosen anew at each.

    Raises `InputError` when the call's changes are illegal at every point.
    """
    after = points.after(call.changes)
    batch = pact_batch(after.where(after.legal))
    regimes = regime_batch(batch)
    every = {name: _spread(getattr(regimes, name), after.legal) for name in RegimeBatch.__annotations__}
    rows, columns = batch.punishment.T
    punishment = _spread(batch.payoffs[np.arange(len(rows)), :, rows, columns], after.legal)
    row, column = batch.deal
    deal = _spread(batch.payoffs[:, :, row, column], after.legal)
    return OutcomePoints(call, after.legal, RegimeBatch(**every), punishment, deal)


def plain_fault(call: CallOutcome, points: ParameterColumns, index: int) -> str:
    """Return why a point is refused, in the words of the plain path; empty when it is not."""
    try:
        points.scenario.after(points.changes_at(index), call.changes)
    except InputError as error:
        return "; ".join(problem.sentence() for problem in error.problems)
    return ""


def _spread(rows: Floats, legal: Bools) -> Floats:
    """Return rows for every point, NaN where a point is not legal."""
    if legal.all():
        return rows
    every = np.full((len(legal), *rows.shape[1:]), np.nan)
    every[legal] = rows
    return every
