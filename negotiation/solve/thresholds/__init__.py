"""Parameter thresholds with proven yes / proven no."""
