"""Formulas of the stage game: import markets, mineral damage, leverage, shipments as a public signal."""
