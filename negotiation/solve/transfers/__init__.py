"""Goldluecke-Kranz equilibria with voluntary transfers."""
