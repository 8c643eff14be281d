"""A pact from a user's own payoff matrices, in place of the economics.

Without signals monitoring is perfect: the column player's action is the signal, and every action but the deal's counts
as a breach. With signals, the file's likelihood and trigger are used.
"""

from __future__ import annotations

import numpy as np

from negotiation.games.monitoring import Monitoring
from negotiation.games.pact import Pact
from negotiation.games.stage import StageGame
from negotiation.trade.pledges import pledges
from negotiation.trade.scenario import Scenario


def own_pact(scenario: Scenario) -> Pact:
    """Return the pact of a scenario of kind "payoffs"."""
    rows, columns = scenario.actions
    payoffs = np.array(
        [
            [[scenario.value(f"payoffs.{player}.{row}.{column}") for column in columns] for row in rows]
            for player in scenario.players
        ]
    )
    stage = StageGame(scenario.players, scenario.actions, payoffs, scenario.unit)
    monitoring = _monitoring(scenario, stage)
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
    )


def _monitoring(scenario: Scenario, stage: StageGame) -> Monitoring:
    rows, columns = scenario.actions
    if not scenario.signals:
        return Monitoring(columns, np.broadcast_to(np.eye(len(columns)), (*stage.shape, len(columns))), observed=(0,))
    likelihood = np.array([[scenario.vector(f"signals.{row}.{column}") for column in columns] for row in rows])
    # a file may round its chances to nine digits; a game needs exact distributions
    likelihood /= likelihood.sum(axis=-1, keepdims=True)
    observed = tuple(index for index, name in enumerate(scenario.players) if name in scenario.observed)
    return Monitoring(scenario.signals, likelihood, observed)
