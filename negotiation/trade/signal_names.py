"""Names of the public signals: bins of shipments between edges, and "verified" for a delay shown to be genuine."""

from __future__ import annotations

from itertools import pairwise

VERIFIED = "verified"


def bin_names(edges: tuple[float, ...]) -> tuple[str, ...]:
    """Return the signal names of bins between `edges`, lowest first, and "verified" last.

    >>> bin_names((0.25, 0.5))
    ('<.25', '.25-.5', '>.5', 'verified')
    """
    texts = [f"{edge:g}".removeprefix("0") if edge < 1 else f"{edge:g}" for edge in edges]
    middle = [f"{low}-{high}" for low, high in pairwise(texts)]
    return (f"<{texts[0]}", *middle, f">{texts[-1]}", VERIFIED)
