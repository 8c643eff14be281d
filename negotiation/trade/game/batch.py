"""From many variations of a scenario to many pacts at once: `build_pact` for thousands of points.

The economics is that of a single scenario, read from columns instead of single numbers.
"""

from __future__ import annotations

import numpy as np

from negotiation._values import Floats, Reals
from negotiation.games.pact import PLEDGES, PactBatch
from negotiation.trade.game.build import read_blocks
from negotiation.trade.game.matrix_payoffs import matrix_pact, pledge_value
from negotiation.trade.scenario.parameter_columns import ParameterColumns


def pact_batch(points: ParameterColumns) -> PactBatch:
    """Return the pacts of many points; every point must be legal."""
    scenario, count = points.scenario, points.count
    if scenario.kind == "payoffs":
        payoffs, low, observed = _own(points)
    else:
        blocks = read_blocks(scenario, points.value)
        payoffs = np.stack(np.broadcast_arrays(*blocks.political()), axis=-3)
        rows = blocks.figures.likelihood(blocks.withheld, blocks.elsewhere)
        hit = blocks.figures.bad_signals(points.value("monitoring.trigger"), points.value("monitoring.common_trigger"))
        low, observed = (rows * hit[..., None, :]).sum(axis=-1)[..., None, :], (0,)
    sizes = tuple(len(names) for names in scenario.actions)
    pledges = [_column(pledge_value(points.scenario, points.value, name), count) for name in PLEDGES]
    return PactBatch(
        payoffs=np.broadcast_to(payoffs, (count, 2, *sizes)),
        low=np.broadcast_to(low, (count, *sizes)),
        discount=points.discount,
        pledges=np.concatenate(pledges, axis=1),
        deal=_profile(scenario.actions, scenario.deal),
        punishment=_profile(scenario.actions, scenario.punishment),
        observed=observed,
    )


def _own(points: ParameterColumns) -> tuple[Floats, Floats, tuple[int, ...]]:
    """Return payoffs, chances of a low month and who is observed, for payoffs given directly."""
    scenario, pact = points.scenario, matrix_pact(points.scenario)
    rows, columns = scenario.actions
    paths = (f"payoffs.{player}.{row}.{column}" for player in scenario.players for row in rows for column in columns)
    numbers = np.concatenate([_column(points.value(path), points.count) for path in paths], axis=1)
    payoffs = numbers.reshape(points.count, 2, len(rows), len(columns))
    return payoffs, pact.monitoring.likelihood @ pact.mask(pact.trigger), pact.monitoring.observed


def _column(value: Reals, count: int) -> Floats:
    return np.broadcast_to(value, (count, 1))


def _profile(actions: tuple[tuple[str, ...], ...], names: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(options.index(name) for options, name in zip(actions, names, strict=True))
