"""Formulas: markets, leverage, shipments as a signal."""
