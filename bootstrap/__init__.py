"""Setting up a checkout: what `python3 tests` and `python3 experiments` load by file path; no part of the package."""
