"""Game JSON."""
