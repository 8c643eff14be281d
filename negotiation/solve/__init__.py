"""From a game to its equilibria: stage-game analysis, regimes, payoff sets, thresholds, bargaining. Knows no tariff."""

import sys

from negotiation._door import CallableRoom

sys.modules[__name__].__class__ = CallableRoom  # `negotiation.solve(...)` is the front door's function of that name
