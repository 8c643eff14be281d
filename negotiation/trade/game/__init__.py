"""Scenario -> Pact / DynamicGame."""
