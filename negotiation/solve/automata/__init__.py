"""Finite automata: one-shot deviations, simulation."""
