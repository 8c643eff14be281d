"""negotiation: will a deal on tariffs and critical minerals enforce itself, and what must a leaders' call deliver?

A scenario file with sourced parameters becomes a repeated game; a diplomatic call changes the parameters;
the solver says which payoffs, promises and punishments are self-enforcing in each case; the report shows it.

    >>> from negotiation.games import StageGame
    >>> StageGame(("us", "china"), (("keep", "exit"), ("ship", "hold")), [[[3, 0], [5, 1]], [[3, 5], [0, 1]]]).shape
    (2, 2)
"""

__version__ = "0.1.0"
