"""Weak renegotiation-proofness (Farrell-Maskin)."""
