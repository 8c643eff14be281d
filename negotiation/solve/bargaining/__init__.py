"""Nash, Kalai-Smorodinsky, egalitarian, utilitarian."""
