"""Simple enforcement regimes (trigger strategies, compensation)."""
