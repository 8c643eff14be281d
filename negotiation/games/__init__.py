"""What a game and a strategy ARE: the waist of the hourglass between the economics and the solvers.

Types: `StageGame`, `Monitoring`, `DynamicGame`, `OneShotGame`, `PayoffSet`, `Automaton`, `Solution`, `Status`. No
economics and no solver lives here.
Axis convention, for everyone, always: axis 0 of a payoff array is the player whose payoff it is, then come the
actions in player order.
"""

from negotiation.games.automaton import Automaton
from negotiation.games.dynamic import DynamicGame, OneShotGame
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.solution import Solution, Status
from negotiation.games.stage import Monitoring, StageGame

__all__ = ["Automaton", "DynamicGame", "Monitoring", "OneShotGame", "PayoffSet", "Solution", "StageGame", "Status"]
