"""The independent exact checker: rational arithmetic, no code shared with the solvers."""
