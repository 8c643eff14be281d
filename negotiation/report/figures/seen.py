"""What is seen in a month, in words: the public signals as readers know them."""

from __future__ import annotations

from negotiation.calls.outcomes.trigger_clause import trigger_words
from negotiation.trade.game.build import TradeGame
from negotiation.trade.parameters.labels import VERIFIED


def signal_words(game: TradeGame, signals: tuple[str, ...], short: bool = False) -> str:
    """Return what is seen in words: "shipments fall below 80 % of normal", "the signal is 'low'"; `short`: a label."""
    if game.shipments is None:
        return f"the signal {trigger_words(game, signals)}"
    bins = tuple(name for name in signals if name != VERIFIED)
    words = [f"shipments {trigger_words(game, bins, short)}"] if bins else []
    return " or ".join([*words, "a delay is verified"] if VERIFIED in signals else words)
