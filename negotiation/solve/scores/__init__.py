"""Fudenberg-Levine scores and the patient limit, exact."""
