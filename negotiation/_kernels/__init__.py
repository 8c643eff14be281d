"""Compiled kernels on raw arrays. They know numpy and numba, nothing else of this package."""
