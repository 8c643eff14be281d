"""Perfect Bayesian equilibria of sender-receiver games."""
