"""Integer payoffs, exact simplex, double description: what every exact answer stands on."""
