"""An equilibrium strategy for any payoff of the inner set."""
