"""The pledges of a scenario, and a pact from a user's own payoff matrices, in place of the economics.

Without signals monitoring is perfect: the column player's action is the signal, and every action but the deal's counts
as a breach. With signals, the file's likelihood and trigger are used.
"""

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from negotiation._numbers import ratios_of
from negotiation._values import Reals
from negotiation.games.pact import AsWritten, Pact, Pledges
from negotiation.games.stage import Monitoring, StageGame
from negotiation.trade.scenario.scenario import Scenario

# what the pact calls a pledge: what a scenario file calls it
LEAVES = {
    "side_payment": "side_payment",
    "row_audience_cost": "us_audience_cost",
    "column_audience_cost": "china_audience_cost",
    "compensation_efficiency": "compensation_efficiency",
    "compensation_cap": "compensation_cap",
}


def pledges(scenario: Scenario) -> Pledges:
    """Return the pledges; a scenario of own payoffs may leave any of them out, and then nothing is pledged."""
    return Pledges(**{name: float(pledge_value(scenario, scenario.value, name)) for name in LEAVES})


def pledge_value(scenario: Scenario, value: Callable[[str], Reals], name: str) -> Reals:
    """Return one pledge by its name in the pact, through `value`, which reads a path."""
    path = f"pledges.{LEAVES[name]}"
    return value(path) if path in scenario.parameters else 0.0


def matrix_pact(scenario: Scenario) -> Pact:
    """Return the pact of a scenario of kind "payoffs"."""
    rows, columns = scenario.actions
    cells = [
        [scenario.value(f"payoffs.{player}.{row}.{column}") for row in rows for column in columns]
        for player in scenario.players
    ]
    stage = StageGame(
        scenario.players, scenario.actions, np.reshape(cells, (2, len(rows), len(columns))), scenario.unit
    )
    monitoring, chances = _monitoring(scenario, stage)
    deal = stage.profile(*scenario.deal)
    trigger = scenario.trigger or tuple(name for name in columns if name != scenario.deal[1])
    return Pact(
        stage,
        monitoring,
        scenario.discount,
        deal,
        stage.profile(*scenario.punishment),
        trigger=trigger,
        eligible=monitoring.signals,
        pledges=pledges(scenario),
        written=_written(scenario, cells, chances),
    )


def _written(
    scenario: Scenario, cells: list[list[float]], chances: tuple[tuple[Fraction, ...], ...] | None
) -> AsWritten:
    """Return the numbers of the file as ratios; those that a change has computed are doubles only."""
    payoffs = [ratios for ratios in map(ratios_of, cells) if ratios is not None]
    discount = ratios_of([scenario.value("patience.discount")])
    return AsWritten(discount[0] if discount else None, tuple(payoffs) if len(payoffs) == len(cells) else None, chances)


def _monitoring(scenario: Scenario, stage: StageGame) -> tuple[Monitoring, tuple[tuple[Fraction, ...], ...] | None]:
    """Return what is seen, and the chances of each profile as ratios, None where they are doubles only."""
    rows, columns = scenario.actions
    if not scenario.signals:
        perfect = np.broadcast_to(np.eye(len(columns)), (*stage.shape, len(columns)))
        return Monitoring(columns, perfect, observed=(0,)), None
    given = [scenario.vector(f"signals.{row}.{column}") for row in rows for column in columns]
    exact = [ratios for ratios in map(ratios_of, given) if ratios is not None]
    observed = tuple(index for index, name in enumerate(scenario.players) if name in scenario.observed)
    # a file may round its chances to nine digits; a game needs exact distributions
    likelihood = np.array(given)
    likelihood /= likelihood.sum(axis=-1, keepdims=True)
    chances = None
    if len(exact) == len(given):
        chances = tuple(tuple(chance / sum(ratios) for chance in ratios) for ratios in exact)
        likelihood = np.array(chances, dtype=np.float64)
    return Monitoring(scenario.signals, likelihood.reshape(*stage.shape, -1), observed), chances
