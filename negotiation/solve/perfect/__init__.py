"""Perfect monitoring: Abreu-Sannikov kernel, exact set in rationals."""
