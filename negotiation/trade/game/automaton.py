"""From a user's regime in a scenario file to an automaton on the game's actions and signals.

Pledges count in the states that play the deal; what counts as a low month for them is the pact's default trigger.
"""

from __future__ import annotations

import numpy as np

from negotiation.games.automaton import Automaton
from negotiation.games.pact import Pact
from negotiation.trade.scenario.regime_spec import RegimeSpec


def compile_automaton(spec: RegimeSpec, pact: Pact) -> Automaton:
    """Return the automaton of `spec` on the actions and signals of `pact`."""
    place = {name: index for index, name in enumerate(spec.states)}
    actions = np.array([pact.stage.profile(*play) for play in spec.plays])
    transition = np.zeros((len(place), pact.monitoring.n_signals, len(place)))
    for state, row in enumerate(spec.transitions):
        for index, signal in enumerate(pact.monitoring.signals):
            for target, probability in row[signal].items():
                transition[state, index, place[target]] = probability
    after_deviation = [place[spec.deviation] if player in pact.monitoring.observed else -1 for player in (0, 1)]
    adjustments = np.zeros((len(place), 2, *pact.stage.shape))
    standing = pact.standing_payoffs(pact.mask(pact.trigger)) - pact.stage.payoffs
    adjustments[(actions == np.array(pact.deal)).all(axis=1)] = standing
    return Automaton(spec.states, actions, transition, np.array([after_deviation] * len(place)), adjustments)
