"""From a game to its equilibria: stage-game analysis, regimes, payoff sets, thresholds, bargaining. Knows no tariff."""
