"""From a scenario to the game that it states: payoffs, signals, pledges, the pact and its dynamic game."""
