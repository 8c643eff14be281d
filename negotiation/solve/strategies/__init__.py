"""The room makes an equilibrium strategy for any payoff of the inner set."""
