"""Scenario files: TOML is read into a `Scenario` with every fault at its line, written back, and explained."""
