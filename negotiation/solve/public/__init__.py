"""Imperfect public monitoring: the APS operator, outer and inner approximation, refinement of directions."""
